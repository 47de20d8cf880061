"""A cursor: where a row stands in an order, at a position of the ledger.

The position is part of it, so that the pages of one list belong to one moment, however many events
arrive between them. In the order of the log itself the position is all there is to say, and the
cursor is that number: whoever reads on can see that nothing is missing.
"""

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson

from schema.planner.arguments import Parameters
from schema.planner.inputs import Getter
from schema.planner.order import Key, Order
from schema.planner.refusals import QueryRefusedError

_DIGITS = re.compile(r"[0-9]{1,18}")
_POSITION_MAX = 2**63 - 1
DECODED_MAX = 64
"""Cursors that are remembered: those of the requests at hand."""


def _instant(text: str) -> datetime:
    """With its offset, and within the calendar of UTC."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError(text)
    return read.astimezone(UTC)


_FROM_TEXT: Mapping[str, Callable[[Any], Any]] = {
    "bigint": int,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": date.fromisoformat,
    "numeric": Decimal,
    "timestamptz": _instant,
    "uuid": UUID,
}
"""How PostgreSQL's text of a key is read again; everything else is text."""


@dataclass(frozen=True, slots=True)
class Cursors:
    """The cursors of one connection in one order."""

    order: Order

    @property
    def is_position(self) -> bool:
        """Whether rows stand in the order of the log, and their cursor is a position."""
        (first, *more) = self.order.keys
        return not self.order.named and not more and first.sql.endswith(".position")

    def written(self, keys: Sequence[str], position: str) -> str:
        """A cursor as SQL: JSON in base64 (RFC 4648 §5), or the position."""
        if self.is_position:
            return f"{keys[0]}::text"
        texts = ", ".join(f"{key}::text" for key in keys)
        told = f"json_build_array({position}, '{self.order.mark}', {texts})::text"
        encoded = f"encode(convert_to({told}, 'UTF8'), 'base64')"
        return f"translate({encoded}, E'+/\\n', '-_')"

    def values(self, read: Getter, parameters: Parameters) -> list[str]:
        """The keys that a client's cursor names, as parameters."""

        def key(number: int) -> Getter:
            return lambda variables: self._read(str(read(variables)), number)

        return [
            parameters.add(key(number), each.type) for number, each in enumerate(self.order.keys)
        ]

    def _read(self, sent: str, number: int) -> object:
        """One of the keys that a cursor names."""
        if self.is_position:
            if not _DIGITS.fullmatch(sent):
                raise _foreign()
            return int(sent)
        _, mark, *keys = _decoded(sent)
        if mark != self.order.mark or len(keys) != len(self.order.keys):
            raise _foreign()
        return _parsed(keys[number], self.order.keys[number])


def position_of(read: Getter, parameters: Parameters) -> str:
    """The position that a client's cursor carries, in whatever order, as a parameter."""
    return parameters.add(lambda variables: _decoded(str(read(variables)))[0], "bigint")


def _parsed(told: object, key: Key) -> object:
    """One key of a cursor as the driver wants it."""
    if told is None and key.nullable:
        return None
    if not isinstance(told, str):
        raise _foreign()
    try:
        got = _FROM_TEXT.get(key.type, str)(told)
    except (ArithmeticError, LookupError, ValueError):
        raise _foreign() from None
    if key.type == "bigint" and abs(got) > _POSITION_MAX:
        raise _foreign()
    return got


@lru_cache(DECODED_MAX)
def _decoded(sent: str) -> Sequence[object]:
    """Position, mark and keys. A request reads one cursor for each of them."""
    told: object = None
    with suppress(binascii.Error, ValueError):
        told = orjson.loads(urlsafe_b64decode(sent))
    match told:
        case [int(position), str(), *_] if 0 <= position <= _POSITION_MAX and position is not True:
            return tuple(told)
        case _:
            raise _foreign()


def _foreign() -> QueryRefusedError:
    return QueryRefusedError(
        "BAD_CURSOR",
        "This cursor is not one of this connection's in this order.",
        "Con trỏ trang không thuộc danh sách này theo thứ tự này.",
    )
