"""Timelines out of the database and what a page did into it, in bulk.

Stored versions are closed before new ones come in, so that no key ever has two at the head.
"""

import asyncpg

from events.rules import LedgerError
from projections.columns import INFINITY
from projections.database import Connection
from projections.projection import Key, Row
from projections.standing import Standing
from projections.tables import Table
from projections.timeline import Version


class ModelBrokenError(LedgerError):
    """A read model is not as this process left it: something else wrote to it."""


class WriteRefusedError(LedgerError):
    """The database would not take what was folded into this read model."""

    def __init__(self, table: Table, cause: Exception) -> None:
        super().__init__(f"{table.name}: {cause}")
        self.table = table


async def bring(connection: Connection, standing: Standing, keys: set[Key]) -> None:
    """Read the timelines of these keys, which are not at hand."""
    table = standing.table
    wanted = map(table.key_written, keys)
    for record in await connection.fetch(table.standing, *zip(*wanted, strict=True)):
        *got, since, _, valid_from, valid_to = record
        row = table.read(tuple(got))
        end = INFINITY if valid_to == INFINITY else valid_to
        version = Version(row, since, valid_from, end, is_stored=True)
        standing.young.setdefault(table.projection.key_of_row(row), []).append(version)


async def write(connection: Connection, table: Table, opened: list[Row], closed: list[Row]) -> None:
    """New versions, and the ends of stored ones."""
    try:
        if closed:
            done = await connection.execute(table.close, *zip(*closed, strict=True))
            if done != f"UPDATE {len(closed)}":
                raise ModelBrokenError(
                    f"{table.name}: {done} where {len(closed)} were to be closed"
                )
        if opened:
            await connection.copy_records_to_table(
                table.projection.name,
                schema_name=table.schema,
                columns=table.names,
                records=opened,
            )
    except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, OverflowError) as error:
        raise WriteRefusedError(table, error) from error
