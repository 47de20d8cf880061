"""What one command asks to be recorded, and what the log answers.

`Entry` goes in, `Placed` or a refusal comes out. `arguments` and `answer` are the two sides of the
database function `ledger.append`, whose migration says what each column means.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg

from events.catalogue import Command, Fact
from events.envelope import Order, Recorded
from events.log import IdempotencyMismatch, VersionConflict
from events.rules import AlreadyReserved, Refusal, value


@value
class Line:
    """One event of an entry: its canonical body with a gap, and what the columns repeat of it."""

    id: UUID
    type: str
    effective_on: date
    budget_year: int | None
    before: bytes
    after: bytes


@value
class Guard:
    """A stream that the rule looked at, and the version it saw."""

    stream: str
    version: int


@value
class Entry:
    """What one command asks to be recorded, all or nothing (bút toán)."""

    command_id: UUID
    fingerprint: bytes
    stream: str
    version: int
    """Of the stream as the rule saw it: the first line becomes the next version."""
    lines: Sequence[Line]
    guards: Sequence[Guard] = ()
    keys: Sequence[str] = ()


@value
class Placed:
    """Where the lines of an entry stand in the log."""

    first: int
    last: int
    recorded_at: datetime
    repeated: bool
    """The command was carried out before, perhaps in this very call; these are its positions."""


def arguments(entries: Sequence[Entry]) -> tuple[list[Any], ...]:
    """The columns that `ledger.append` takes: one row for each line, guard and key."""
    rows = [
        (
            entry.command_id,
            entry.fingerprint,
            entry.stream,
            entry.version + nth,
            nth,
            len(entry.lines),
            line.id,
            line.type,
            line.effective_on,
            line.budget_year,
            line.before,
            line.after,
        )
        for entry in entries
        for nth, line in enumerate(entry.lines, 1)
    ]
    guards = [
        (entry.command_id, guard.stream, guard.version)
        for entry in entries
        for guard in entry.guards
    ]
    keys = [(entry.command_id, key) for entry in entries for key in entry.keys]
    return (*_columns(rows, 12), *_columns(guards, 3), *_columns(keys, 2))


def _columns(rows: list[Any], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]


def answer(entry: Entry, row: asyncpg.Record) -> Placed | Refusal:
    """What became of an entry."""
    _place, outcome, first, last, recorded_at, subject, actual = row
    match outcome:
        case "recorded" | "repeated":
            is_repeated = outcome == "repeated"
            return Placed(first=first, last=last, recorded_at=recorded_at, repeated=is_repeated)
        case "conflict":
            seen = {guard.stream: guard.version for guard in entry.guards}
            expected = seen.get(subject, entry.version)
            return VersionConflict(stream=subject, expected=expected, actual=actual)
        case "reserved":
            return AlreadyReserved(key=subject)
        case _:
            return IdempotencyMismatch(command_id=entry.command_id)


def recorded(
    fact: Fact, placed: Placed, entry: Entry, nth: int, order: Order[Command]
) -> Recorded[Fact]:
    """The fact as the log would hand it out, without asking the log."""
    line = entry.lines[nth]
    return Recorded(
        position=placed.first + nth,
        id=line.id,
        stream=entry.stream,
        version=entry.version + nth + 1,
        type=line.type,
        recorded_at=placed.recorded_at,
        effective_on=order.effective_on,
        budget_year=line.budget_year,
        actor=order.actor,
        authority=order.authority,
        command_id=order.command_id,
        causation=order.causation,
        correlation=order.correlation,
        synthetic=order.synthetic,
        fact=fact,
    )
