"""A value of SQL as JSON text, by its GraphQL type.

`concat` with `to_json` where text is free is the fastest form; identifiers, numbers, dates and enum
names need no escaping and are quoted by hand.
"""

from collections.abc import Callable, Mapping
from typing import Self

from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLNonNull,
    GraphQLOutputType,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

NUMBERS = frozenset({"Int", "Float", "Boolean", "Position"})
PLAIN = frozenset({"ID", "VND", "Figure", "Date", "UUID"})
"""Scalars whose text never needs escaping inside JSON quotes."""
_RATIO_PLACES = 6
_ARGUMENTS_MAX = 90
"""PostgreSQL takes at most 100 arguments in one call."""
_INSTANT = """'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'"""


class Quoted(str):
    """SQL of a JSON string whose text needs no escaping, and never is NULL."""

    __slots__ = ("inner",)

    def __new__(cls, inner: str) -> Self:
        """`inner`: SQL of the text without its quotes."""
        made = super().__new__(cls, f"'\"' || {inner} || '\"'")
        made.inner = inner
        return made

    inner: str


def scalar(of: GraphQLOutputType, sql: str) -> str:
    """JSON text of a scalar, an enum or a list of them; never NULL."""
    text = _text(of, sql)
    return text if is_non_null_type(of) else f"coalesce({text}, 'null')"


def _text(of: GraphQLOutputType, sql: str) -> str:
    bare = of.of_type if isinstance(of, GraphQLNonNull) else of
    name = get_named_type(of).name
    if is_list_type(bare):
        return f"to_json({sql})::text"
    if name == "Ratio":
        return f"'\"' || trim_scale(round({sql}, {_RATIO_PLACES})) || '\"'"
    if name in NUMBERS:
        return f"({sql})::text"
    if name == "DateTime":
        return f"to_json(to_char({sql} AT TIME ZONE 'UTC', {_INSTANT}))::text"
    if name in PLAIN or isinstance(get_named_type(of), GraphQLEnumType):
        return Quoted(f"({sql})::text")
    return f"to_json({sql})::text"


def quoted(text: str) -> str:
    """A string literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


class Text:
    """Pieces of JSON text, joined by `concat`; neighbouring constants become one."""

    def __init__(self) -> None:
        self._pieces: list[tuple[bool, str]] = []

    def constant(self, text: str) -> None:
        """Text known when planning."""
        if self._pieces and self._pieces[-1][0]:
            text = self._pieces.pop()[1] + text
        self._pieces.append((True, text))

    def value(self, sql: str) -> None:
        """Text that SQL computes. Its quotes join the constants around it."""
        if isinstance(sql, Quoted):
            self.constant('"')
            self._pieces.append((False, sql.inner))
            self.constant('"')
        else:
            self._pieces.append((False, sql))

    def sql(self) -> str:
        """One expression."""
        pieces = self._written()
        while len(pieces) > _ARGUMENTS_MAX:
            pieces = [_concat(pieces[:_ARGUMENTS_MAX]), *pieces[_ARGUMENTS_MAX:]]
        return _concat(pieces)

    def strict(self) -> str:
        """One expression that is NULL if a piece of it is."""
        return " || ".join(self._written())

    def _written(self) -> list[str]:
        return [quoted(text) if known else text for known, text in self._pieces]


def written_object(
    type_name: str,
    keyed: Mapping[str, list[FieldNode]],
    value: Callable[[list[FieldNode]], str],
) -> Text:
    """A JSON object of selected fields: each key with the SQL text of its value."""
    text = Text()
    text.constant("{")
    for number, (key, nodes) in enumerate(keyed.items()):
        text.constant(f'{"," if number else ""}"{key}":')
        if nodes[0].name.value == "__typename":
            text.constant(f'"{type_name}"')
        else:
            text.value(value(nodes))
    text.constant("}")
    return text


def _concat(pieces: list[str]) -> str:
    return f"concat({', '.join(pieces)})"
