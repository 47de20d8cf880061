"""Whether a filter keeps a row. What is not known to be true is not true, and its `not` is."""

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Protocol

from graphql import GraphQLField, GraphQLObjectType

from events.identity import nfc
from events.text import fold, sort_key
from schema.planner.source import Column, Expression, Many, One, Summed
from tests.schema.oracle.declared import node_of, source_of
from tests.schema.oracle.rows import Row

Filter = Mapping[str, Any]


class Reads(Protocol):
    """What a filter asks of a row."""

    def value(self, type_: GraphQLObjectType, name: str, row: Row, args: Filter) -> Any:
        """The value of a field, before it is written."""
        ...

    def related(self, type_: GraphQLObjectType, name: str, row: Row, args: Filter) -> Sequence[Row]:
        """The rows that a field leads to, or the one row of sums."""
        ...


def keeps(reads: Reads, type_: GraphQLObjectType, row: Row, wanted: Filter) -> bool:
    """Whether all that a filter says of a row holds."""
    return all(_holds(reads, type_, row, name, each) for name, each in wanted.items())


def _holds(reads: Reads, type_: GraphQLObjectType, row: Row, name: str, wanted: Any) -> bool:
    match name:
        case "and":
            return all(keeps(reads, type_, row, each) for each in wanted)
        case "or":
            return any(keeps(reads, type_, row, each) for each in wanted)
        case "not":
            return not keeps(reads, type_, row, wanted)
    definition = type_.fields[name]
    match source_of(definition):
        case One() | Summed():
            return any(_kept(reads, type_, row, name, wanted))
        case Many():
            return all(
                _quantified(word, _kept(reads, type_, row, name, each))
                for word, each in wanted.items()
            )
        case Column() | Expression():
            value = reads.value(type_, name, row, {})
            return all(_is(definition, word, value, each) for word, each in wanted.items())
        case source:
            raise AssertionError(f"no filter on {type_.name}.{name}: {source}")


def _kept(
    reads: Reads, type_: GraphQLObjectType, row: Row, name: str, wanted: Filter
) -> list[bool]:
    """Of each related row, whether it is kept."""
    of = node_of(type_.fields[name].type)
    return [keeps(reads, of, each, wanted) for each in reads.related(type_, name, row, {})]


def _quantified(word: str, kept: Sequence[bool]) -> bool:
    match word:
        case "some":
            return any(kept)
        case "none":
            return not any(kept)
        case "every":
            return all(kept)
        case _:
            raise AssertionError(word)


def _is(definition: GraphQLField, word: str, value: Any, wanted: Any) -> bool:
    if word == "isNull":
        return (value is None) is bool(wanted)
    if value is None:
        return False
    is_sorted = getattr(source_of(definition), "sort", None) is not None
    key = _alphabetical if is_sorted else plain
    match word:
        case "eq":
            return bool(value == plain(wanted))
        case "in":
            return value in [plain(each) for each in wanted]
        case "has":
            return plain(wanted) in value
        case "between":
            return bool(key(wanted["from"]) <= key(value) <= key(wanted["to"]))
        case "gt":
            return bool(key(value) > key(wanted))
        case "gte":
            return bool(key(value) >= key(wanted))
        case "lt":
            return bool(key(value) < key(wanted))
        case "lte":
            return bool(key(value) <= key(wanted))
        case "like":
            return _like(nfc(wanted)).fullmatch(value) is not None
        case "search":
            return all(part in fold(value) for part in fold(nfc(wanted)).split())
        case _:
            raise AssertionError(word)


def plain(wanted: Any) -> Any:
    """A value as the tables have it: members of enums by name, text composed."""
    if isinstance(wanted, Enum):
        return wanted.name
    return nfc(wanted) if isinstance(wanted, str) else wanted


def _alphabetical(text: str) -> str:
    return sort_key(plain(text))


def _like(pattern: str) -> re.Pattern[str]:
    """SQL's pattern as a regular expression."""
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    words = {"%": ".*", "_": "."}
    written = (words.get(each) or re.escape(each[-1]) for each in parts)
    return re.compile("".join(written), re.DOTALL)
