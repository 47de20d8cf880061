"""What readers see, and what a replay in memory says they should."""

from datetime import date
from typing import Any

import asyncpg

from projections.catalogue import PROJECTIONS
from projections.columns import INFINITY
from projections.model import Model
from projections.replay import Replay


async def shown(
    pool: asyncpg.Pool, position: int, effective: date = INFINITY, model: Model | None = None
) -> dict[str, list[Any]]:
    """Every read model as a reader at a moment sees it."""
    tables = (model or Model()).tables
    return {
        each.name: sorted(
            (table.read(tuple(row)) for row in await pool.fetch(table.at, position, effective)),
            key=repr,
        )
        for each, table in tables.items()
    }


def folded(replayed: Replay) -> dict[str, list[Any]]:
    return {each.name: sorted(replayed.table(each).values(), key=repr) for each in PROJECTIONS}
