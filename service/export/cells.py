"""What stands in a cell of a table for people, and what a program makes of it.

A spreadsheet takes a text that begins with one of `= + - @` or a tab for a formula, and would run
it. So such a text gets an apostrophe in front, and so does a text that begins with one: whoever
reads the file back takes one apostrophe off a text that begins with it, and has what was recorded.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeAlias
from uuid import UUID

import orjson

from projections.columns import Column

Cell: TypeAlias = Callable[[Any], str]

QUOTE = "'"
DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠" + QUOTE)
"""First letters of what a spreadsheet would not take for text; the wide ones by some of Excel's."""


def guarded(text: str) -> str:
    """The text as a spreadsheet leaves it alone."""
    return f"{QUOTE}{text}" if text[:1] in DANGEROUS and text else text


def plain(column: Column) -> Cell:
    """How the values of a column are written as text; nothing for null."""
    if column.is_array:
        return lambda got: "" if got is None else orjson.dumps(list(got)).decode()
    if column.kind is bool:
        return lambda got: "" if got is None else "true" if got else "false"
    if column.kind is datetime:
        return lambda got: "" if got is None else instant(got)
    if column.kind is date:
        return lambda got: "" if got is None else got.isoformat()
    if column.kind in {int, UUID}:
        return lambda got: "" if got is None else str(got)
    return lambda got: "" if got is None else guarded(got)


def instant(got: datetime) -> str:
    """As the log and GraphQL write it: UTC, with its microseconds."""
    return got.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
