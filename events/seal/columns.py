"""What an event says of itself, read from its bytes, to be held against its columns.

    SEPARATOR.join(said(body)) == row["columns"]       # the columns, joined by `audit.PAGE`

The keys of the envelope stand in one order (RFC 8785), so that one pattern cuts a body apart in a
third of the time that reading it as JSON takes. Whatever does not fit the pattern is read as JSON.
"""

import re
from typing import Final

import orjson

SEPARATOR: Final = b"\x1f"
"""No JSON holds this byte as it is."""
FIELDS: Final = (
    "budgetYear", "command", "effectiveDate", "id", "recordedAt", "stream", "type", "version",
)  # fmt: skip
_FLAT = rb"\{[^{}]*\}"
_ENVELOPE = re.compile(
    rb'\{"actor":' + _FLAT + rb',"authority":(?:null|' + _FLAT + rb'),"budgetYear":(null|\d+)'
    rb',"causation":(?:null|".{36}"),"command":"(.{36})","correlation":(?:null|".{36}"),"data":.*'
    rb',"effectiveDate":"(.{10})","id":"(.{36})","recordedAt":"(.{27})","schema":\d+'
    rb',"stream":"([^"\\]*)","synthetic":(?:true|false),"type":"(\w*)","version":(\d+)\}',
    re.DOTALL,
)  # fmt: skip
"""Where forged bytes fit it by another reading than JSON's, no column holds what it cuts out."""


def said(body: bytes) -> tuple[bytes, ...]:
    """The values of `FIELDS`, as text; empty if these bytes are no event at all."""
    cut = _ENVELOPE.fullmatch(body)
    return cut.groups() if cut else _read(body)


def _read(body: bytes) -> tuple[bytes, ...]:
    try:
        event = orjson.loads(body)
        return tuple(_text(event[name]) for name in FIELDS)
    except (ValueError, TypeError, KeyError):
        return ()


def _text(told: object) -> bytes:
    return b"null" if told is None else str(told).encode()
