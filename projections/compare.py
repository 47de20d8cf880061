"""Held against each other: the fund as it is folded from nothing, and as the tables tell it.

for each in await compared(pool, await replay(log, position, effective)):
    each.difference            # "" : row for row the same
"""

from collections.abc import Mapping, Sequence
from typing import Any

from events.rules import value
from projections.database import PATIENCE_SECONDS, Pool
from projections.model import Model
from projections.projection import Key
from projections.replay import Replay
from projections.tables import Table

ROWS_AHEAD = 5_000


@value
class Compared:
    """One read model at one moment."""

    name: str
    replayed: int
    stored: int
    difference: str
    """The first row, in the order of keys, that only one of them has, or that differs."""

    @property
    def agrees(self) -> bool:
        """Whether they are the same, row for row."""
        return not self.difference


async def compared(pool: Pool, replayed: Replay) -> Sequence[Compared]:
    """Every read model at the moment of a replay, all read from one state of the database."""
    found = []
    async with (
        pool.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        for projection, table in Model().tables.items():
            own = dict(replayed.table(projection))
            at = (replayed.position, replayed.effective)
            stored, differing = 0, dict[Key, tuple[Any, Any]]()
            async for record in connection.cursor(
                table.at, *at, prefetch=ROWS_AHEAD, timeout=PATIENCE_SECONDS
            ):
                stored += 1
                row = table.read(tuple(record))
                key = projection.key_of_row(row)
                ours = own.pop(key, None)
                if ours != row:
                    differing[key] = (ours, row)
            differing |= {key: (row, None) for key, row in own.items()}
            found.append(
                Compared(
                    name=projection.name,
                    replayed=len(replayed.table(projection)),
                    stored=stored,
                    difference=_first(table, differing),
                )
            )
    return found


def _first(table: Table, differing: Mapping[Key, tuple[Any, Any]]) -> str:
    """The columns in which the first of them differ."""
    if not differing:
        return ""
    key = min(differing, key=repr)
    name = " ".join(str(each) for each in key)
    ours, theirs = differing[key]
    if ours is None or theirs is None:
        return f"{name}: only {'the table' if ours is None else 'the replay'} has it"
    for column in table.columns:
        own, told = getattr(ours, column.name), getattr(theirs, column.name)
        if own != told:
            return f"{name}: {column.name} is {told}, and {own} by the events"
    return ""
