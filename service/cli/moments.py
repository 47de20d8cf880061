"""A moment as people write it: `head`, a position, or a recorded time."""

from datetime import date, datetime, time
from typing import Annotated, TypeAlias

from cyclopts import Parameter

from events.dates import VIETNAM
from events.log import Log
from service.cli.exits import Exit, Stop

EVER = date.max
"""As of no day: whatever is recorded."""

Effective: TypeAlias = Annotated[
    str | None, Parameter(help="Only what was in force on this day, such as 2019-12-31.")
]


async def position_of(log: Log, at: str, option: str = "--at") -> int:
    """The position that is meant. Times without a zone are Vietnam's; a day means its end."""
    head = (await log.head()).position
    if at == "head":
        return head
    if at.isdecimal() and at.isascii():
        if int(at) > head:
            raise Stop(Exit.NOT_FOUND, f"the ledger ends at position {head}")
        return int(at)
    return await log.position_at(instant(at, option))


def instant(text: str, option: str) -> datetime:
    """A recorded time."""
    try:
        if len(text) == len("2026-11-24"):
            return datetime.combine(date.fromisoformat(text), time.max, VIETNAM)
        told = datetime.fromisoformat(text)
    except ValueError:
        raise Stop(Exit.USAGE, f"{option} is `head`, a position or a time, not {text!r}") from None
    return told if told.tzinfo else told.replace(tzinfo=VIETNAM)


def day(text: str | None) -> date:
    """The day that is meant; ever, if none is."""
    if text is None:
        return EVER
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Stop(Exit.USAGE, f"--effective is a day such as 2019-12-31, not {text!r}") from None
