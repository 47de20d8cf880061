"""The maintenance window (cửa sổ bảo trì): outside it the database refuses to be changed.

Both ends are events, so that whoever reads the log sees when its tables could be touched, and why.
A window ends by itself. `wall.py` is what refuses.
"""

from collections.abc import Sequence
from typing import TypeAlias, assert_never

from events.identity import stream_of
from events.rules import (
    Aggregate,
    HistoryBrokenError,
    Occasion,
    Refusal,
    command,
    fact,
    refusal,
    value,
)
from events.text import InvalidText, required

MINUTES_MAX = 480
"""A day's work. What takes longer is done in several windows."""


@fact
class MaintenanceOpened:
    """A maintenance window was opened (mở cửa sổ bảo trì): the database may be changed."""

    reason: str
    minutes: int


@fact
class MaintenanceClosed:
    """The maintenance window was closed (đóng cửa sổ bảo trì)."""

    applied: tuple[str, ...]


@command
class OpenMaintenance:
    """Open a maintenance window (mở cửa sổ bảo trì). It ends by itself after so many minutes."""

    reason: str
    minutes: int


@command
class CloseMaintenance:
    """Close the maintenance window (đóng cửa sổ bảo trì), and say what was applied in it."""

    applied: tuple[str, ...] = ()


@refusal(rule="a maintenance window is closed before another is opened")
class WindowIsOpen(Refusal):
    """A maintenance window is open already: "{reason}".

    Đang có cửa sổ bảo trì mở: "{reason}".
    """

    reason: str


@refusal(rule="only a maintenance window that was opened is closed")
class NoWindowIsOpen(Refusal):
    """No maintenance window is open.

    Không có cửa sổ bảo trì nào đang mở.
    """


@refusal(rule="a maintenance window lasts from 1 to 480 minutes")
class InvalidWindow(Refusal):
    """A maintenance window cannot last {minutes} minutes.

    Cửa sổ bảo trì không thể kéo dài {minutes} phút.
    """

    minutes: int


MaintenanceEvent: TypeAlias = MaintenanceOpened | MaintenanceClosed
MaintenanceCommand: TypeAlias = OpenMaintenance | CloseMaintenance
MaintenanceRefusal: TypeAlias = WindowIsOpen | NoWindowIsOpen | InvalidWindow | InvalidText


@value
class Maintenance:
    """The windows as the rules see them: the last one, and whether it was closed."""

    opening: MaintenanceOpened
    is_open: bool


def stream() -> str:
    """The one stream of them: a ledger has one database."""
    return stream_of("maintenance", "database")


def decide(
    command: MaintenanceCommand, maintenance: Maintenance | None, _occasion: Occasion
) -> Sequence[MaintenanceEvent]:
    """Answer a command with the facts it causes. A window that has ended is still to be closed."""
    match command:
        case OpenMaintenance():
            return _open(command, maintenance)
        case CloseMaintenance():
            if maintenance is None or not maintenance.is_open:
                raise NoWindowIsOpen
            return (MaintenanceClosed(applied=command.applied),)
        case _:
            assert_never(command)


def evolve(maintenance: Maintenance | None, event: MaintenanceEvent) -> Maintenance:
    """Apply one recorded fact. Total: history is never refused."""
    match event:
        case MaintenanceOpened():
            return Maintenance(opening=event, is_open=True)
        case MaintenanceClosed():
            if maintenance is None:
                raise HistoryBrokenError("maintenance begins with an opening")
            return Maintenance(opening=maintenance.opening, is_open=False)
        case _:
            assert_never(event)


def _open(command: OpenMaintenance, maintenance: Maintenance | None) -> Sequence[MaintenanceEvent]:
    if maintenance is not None and maintenance.is_open:
        raise WindowIsOpen(reason=maintenance.opening.reason)
    if not 1 <= command.minutes <= MINUTES_MAX:
        raise InvalidWindow(minutes=command.minutes)
    reason = required("reason", command.reason)
    return (MaintenanceOpened(reason=reason, minutes=command.minutes),)


MAINTENANCE: Aggregate[MaintenanceCommand, Maintenance, MaintenanceEvent] = Aggregate(
    name="maintenance",
    stream=lambda _: stream(),
    decide=decide,
    evolve=evolve,
)
