"""`--format csv --table NAME`: one read model as RFC 4180 has it.

UTF-8 with a byte order mark: without one Excel reads Vietnamese as another alphabet, and every
reader of note passes over it. Amounts are whole đồng in digits alone, days and instants ISO 8601,
lists JSON. A cell that a spreadsheet would run is quoted (`cells.py`). Where a file's lines may be
parted from each other, each says of which moment it is, in the last columns.
"""

import csv
from collections.abc import Callable, Sequence
from datetime import date
from io import StringIO
from typing import BinaryIO

from projections.columns import Column
from projections.projection import Projection
from service.export.cells import plain
from service.export.fund import Fund
from service.export.moment import Moment

MARK = b"\xef\xbb\xbf"
MOMENT = (
    Column("ledger_position", int, is_array=False, is_nullable=False),
    Column("ledger_effective_on", date, is_array=False, is_nullable=True),
    Column("checkpoint_size", int, is_array=False, is_nullable=True),
    Column("checkpoint_root", str, is_array=False, is_nullable=True),
)
"""The last columns: the same on every line."""


async def write(fund: Fund, into: BinaryIO, told: Callable[[int], None]) -> None:
    """The table that was asked for."""
    (table,) = fund.tables
    await write_table(fund, table, into, told)


async def write_table(
    fund: Fund, table: Projection, into: BinaryIO, told: Callable[[int], None]
) -> None:
    """One table; `told` of its rows."""
    columns = fund.columns(table)
    cells = [plain(each) for each in columns]
    said = tail(fund.moment)
    into.write(MARK)
    into.write(_lines([[each.name for each in (*columns, *MOMENT)]]))
    done = 0
    async for page in fund.pages(table):
        into.write(
            _lines(
                [
                    [*(cell(got) for cell, got in zip(cells, row, strict=True)), *said]
                    for row in page
                ]
            )
        )
        done += len(page)
        told(done)


def tail(moment: Moment) -> Sequence[str]:
    """What the last columns say; of a ledger that is not sealed yet, nothing of a checkpoint."""
    seal = moment.checkpoint
    size, root = (seal.size, seal.root) if seal else (None, None)
    told = (moment.position, moment.effective, size, root)
    return [plain(column)(got) for column, got in zip(MOMENT, told, strict=True)]


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
