"""Sums that the running totals answer: when they do, and from which rows.

`model.tally` (`projections/tally.py`) says of each cell, a period, a province and a group of
industries, what its entries came to after each of them. A sum over those rows is the sum over the
entries, if the question speaks of entries by nothing but their cell: groups, filter, and condition
name its columns alone. Conditions are written as over entries, for the columns have the same names.
"""

import re
from collections.abc import Iterable

from graphql import GraphQLObjectType

from projections import tally
from schema.planner.inputs import Input
from schema.planner.moment import Moment
from schema.planner.rows import column_of, source_of
from schema.planner.source import Column, Expression, One

_CELL = frozenset(tally.CELL)
_NAMED = re.compile(r"\{(self|other)\}(?:\.(\w+))?")


def by_cell(fragments: Iterable[str], word: str) -> bool:
    """Whether fragments of SQL name nothing of an entry, `{word}`, but its cell."""
    found = (match for sql in fragments for match in _NAMED.finditer(sql))
    return all(match[2] in _CELL for match in found if match[1] == word)


def kept_by_cell(entry: GraphQLObjectType, wanted: Input | None) -> bool:
    """Whether a filter of entries looks at nothing but their cell."""
    return wanted is None or all(
        _is_cell(entry, name, each) for name, each in wanted.fields.items()
    )


def _is_cell(entry: GraphQLObjectType, name: str, got: Input) -> bool:
    match name:
        case "and" | "or":
            return all(kept_by_cell(entry, each) for each in got.items)
        case "not":
            return kept_by_cell(entry, got)
    definition = entry.fields[name]
    match source_of(definition):
        case Column(name=column):
            return (column or column_of(definition, name)) in _CELL
        case Expression(sql=sql) | One(on=sql, rows=None):
            return by_cell([sql], "self")
        case _:
            return False


def cells(moment: Moment) -> str:
    """Every cell with its totals at a position, as a sub-select: there since the last carry.

    A piece of the log may be ahead of the read models, and so of the carry.
    """
    stood = moment.recorded("t")
    if moment.position is not None:
        reached = f"least({moment.position}, {Moment().at})"
        stood += f" AND t.since >= {reached} / {tally.CARRY} * {tally.CARRY}"
    return f"(SELECT * FROM model.tally AS t WHERE {stood})"
