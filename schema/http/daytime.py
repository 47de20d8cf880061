"""Today in Vietnam, where an answer that depends on it may be kept until midnight."""

from datetime import UTC, datetime, timedelta

from events.dates import VIETNAM


def today(now: datetime | None = None) -> str | None:
    """The date, or None within a minute of midnight: the database's clock may say another."""
    there = (now or datetime.now(UTC)).astimezone(VIETNAM)
    minute = timedelta(minutes=1)
    if (there - minute).date() != (there + minute).date():
        return None
    return there.date().isoformat()
