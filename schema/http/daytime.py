"""Today in Vietnam, where an answer that depends on it may be kept until midnight."""

from datetime import UTC, datetime, timedelta

VIETNAM = timedelta(hours=7)
"""No summer time since 1979."""


def today(now: datetime | None = None) -> str | None:
    """The date, or None within a minute of midnight: the database's clock may say another."""
    there = (now or datetime.now(UTC)) + VIETNAM
    minute = timedelta(minutes=1)
    if (there - minute).date() != (there + minute).date():
        return None
    return there.date().isoformat()
