"""`--format ndjson --table NAME`: one read model, each row an object on a line of its own.

The first line is no row: `{"socai": {…}}` says of which moment the file is, and which columns
there are. Names are those of every tabular format; amounts are whole numbers of đồng.
"""

from collections.abc import Callable
from typing import BinaryIO

import orjson

from service.export.fund import Fund
from service.export.moment import provenance


async def write(fund: Fund, into: BinaryIO, told: Callable[[int], None]) -> None:
    """The first line, then the rows of the table in the order of its key."""
    (table,) = fund.tables
    about = {
        **provenance(fund.moment),
        "view": fund.view.name,
        "table": table.name,
        "columns": [each.name for each in fund.columns(table)],
    }
    into.write(_line({"socai": about}))
    done = 0
    async for page in fund.pages(table):
        into.write(b"".join([_line(dict(row.items())) for row in page]))
        done += len(page)
        told(done)


def _line(told: dict[str, object]) -> bytes:
    return orjson.dumps(told, default=str, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)
