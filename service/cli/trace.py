"""`socai trace`: what an event rests on, what followed from it, and what took it back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final, LiteralString
from uuid import UUID

import asyncpg
from rich.console import Console
from rich.tree import Tree

from events.dates import VIETNAM
from events.envelope import Recorded
from events.log import Log
from events.relations import Links, links
from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.cli.output import Output, Row, show, vnd
from service.config import Config
from service.database import database
from service.pools import reading

FOUND: Final[LiteralString] = """
    SELECT position
    FROM ledger.event
    WHERE event_id = $1
    UNION ALL
    SELECT first_position
    FROM ledger.command
    WHERE id = $1
    LIMIT 1
"""
STREAM: Final[LiteralString] = """
    SELECT stream
    FROM ledger.event
    WHERE position = $1
"""
RELATIONS: Final = {
    "command": "cùng lệnh",
    "cause": "căn cứ",
    "this": "sự kiện này",
    "effect": "hệ quả",
    "corrects": "đính chính cho",
    "corrected by": "bị đính chính bởi",
}
LATE: Final = timedelta(days=1)
"""Recorded on a later day than it took effect."""


def trace(event: str, /, *, data: DataFolder = None, output: Output = None) -> None:
    """Show what an event rests on and what followed from it, within its stream.

    EVENT is a position, the id of an event, or the id of the command that caused it.
    """
    position, rows = run(_traced(settings(data=data), event))
    if output is None and Console().is_terminal:
        Console().print(_tree(position, rows))
        return
    show(rows, output)


async def _traced(config: Config, event: str) -> tuple[int, Sequence[Row]]:
    async with database(config, share=True) as found, reading(found.service_url, 1) as pool:
        position = await _position(pool, event)
        stream = await pool.fetchval(STREAM, position)
        if stream is None:
            raise Stop(Exit.NOT_FOUND, f"there is no event at position {position}")
        return position, related(position, await Log(pool).stream(stream))


async def _position(pool: asyncpg.Pool, event: str) -> int:
    if event.isascii() and event.isdecimal():
        return int(event)
    try:
        found = await pool.fetchval(FOUND, UUID(event))
    except ValueError:
        raise Stop(Exit.USAGE, f"a position or an id, not {event!r}") from None
    if found is None:
        raise Stop(Exit.NOT_FOUND, f"neither an event nor a command has the id {event}")
    return int(found)


def related(position: int, events: Sequence[Recorded[Any]]) -> Sequence[Row]:
    """Everything that hangs together with one event of a stream, in the order of recording."""
    known, linked = {each.position: each for each in events}, links(events)
    this = known[position]
    relations: dict[int, str] = {position: "this"}
    cause = linked.causes.get(position)
    if cause is not None:
        relations[cause] = "corrects" if position in linked.corrected else "cause"
        while (cause := linked.causes.get(cause)) is not None:
            relations[cause] = "cause"
    for each in _followed(linked, position):
        direct = linked.causes[each] == position and each in linked.corrected
        relations[each] = "corrected by" if direct else "effect"
    for each in events:
        if each.command_id == this.command_id:
            relations.setdefault(each.position, "command")
    return [_row(relations[at], known[at], linked.causes.get(at)) for at in sorted(relations)]


def _followed(linked: Links, position: int) -> list[int]:
    found = linked.effects(position)
    return [*found, *(each for effect in found for each in _followed(linked, effect))]


def _row(relation: str, event: Recorded[Any], cause: int | None) -> Row:
    late = event.recorded_at.astimezone(VIETNAM).date() - event.effective_on
    return {
        "relation": relation,
        "position": event.position,
        "restsOn": cause,
        "type": event.type,
        "effectiveDate": event.effective_on,
        "recordedAt": event.recorded_at,
        "daysLate": late.days if late >= LATE else None,
        "amount": getattr(event.fact, "amount", None),
        "command": str(event.command_id),
        "causation": None if event.causation is None else str(event.causation),
    }


def _tree(position: int, rows: Sequence[Row]) -> Tree:
    """From what everything rests on down to the last thing that followed."""
    there = {row["position"] for row in rows}
    trees: dict[object, Tree] = {}
    top = Tree(f"event {position}", hide_root=True)
    for row in rows:
        relation = str(row["relation"])
        amount = row["amount"]
        money = f"  {vnd(amount)}" if isinstance(amount, int) else ""
        late = f"  {row['daysLate']} days late (ghi muộn)" if row["daysLate"] else ""
        said = f"{row['position']}  {row['type']}  {row['effectiveDate']}{money}{late}"
        mark = f"  ← {relation} ({RELATIONS[relation]})" if relation != "cause" else ""
        parent = trees[row["restsOn"]] if row["restsOn"] in there else top
        bold = "[bold]" if relation == "this" else ""
        trees[row["position"]] = parent.add(f"{bold}{said}{mark}")
    return top
