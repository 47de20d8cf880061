"""`--format ndjson`: the log itself (sổ cái), each event on a line as the very bytes recorded.

The first line is no event: `{"socai": {…}}` says of which moment the file is. Whoever leaves it
out has the leaves of the hash tree in their order: SHA-256 of a zero byte and the line is each.
"""

from collections.abc import Callable
from typing import BinaryIO

import orjson

from service.export.fund import Fund
from service.export.moment import provenance


async def write(fund: Fund, into: BinaryIO, told: Callable[[int], None]) -> None:
    """The first line, then every event up to the position, whenever it takes effect."""
    about = {"socai": provenance(fund.moment)}
    into.write(orjson.dumps(about, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE))
    async for page in fund.events():
        into.write(b"".join([row[1] + b"\n" for row in page]))
        told(page[-1][0])
