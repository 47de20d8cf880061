"""Sums of entries by intervals of the calendar: what moved in each, and what stood at its end.

Every interval between the first and the last is there, whether anything moved in it or not, so that
a chart needs no guessing.
"""

from collections.abc import Callable

from graphql import FieldNode, GraphQLField

from schema.planner.arguments import Arguments
from schema.planner.cost import MANY
from schema.planner.given import Variables
from schema.planner.refusals import QueryRefusedError
from schema.planner.rows import Compiles, Rows, object_type
from schema.planner.source import Series
from schema.planner.sums import Account, measures_of

YEARS_MAX = 50
"""Between `from` and `to`: 600 months."""
_STEPS = {"MONTH": "1 month", "QUARTER": "3 months", "YEAR": "1 year"}


def series(
    compiler: Compiles,
    source: Series,
    definition: GraphQLField,
    nodes: list[FieldNode],
    rows: Rows,
    arguments: Arguments,
) -> str:
    """A list of intervals, earliest first."""
    of = object_type(definition.type)
    account = Account(compiler, source.on, rows, arguments)
    other = Rows(compiler.alias(), rows.moment)
    with compiler.cost.inside(MANY):
        written = compiler.object(of, nodes, other)
    first, last = arguments.parameter("from", "date"), arguments.parameter("to", "date")
    arguments.parameters.checks.append(_bounded(arguments))
    unit = arguments.input("interval").said or ""
    measures = measures_of(of)
    starts = f"date_trunc('{unit.lower()}', {{self}}.effective_on)::date"
    reading = account.read(compiler.alias(), measures, measures, [starts])
    moved = (
        f"SELECT {starts.replace('{self}', reading.alias)} AS starts, {', '.join(reading.chosen)}"
        f" FROM {reading.item} WHERE {reading.kept} GROUP BY 1"
    )
    intervals = _intervals(unit, list(measures), first, last)
    return (
        f"(WITH moved AS MATERIALIZED ({moved})"
        f" SELECT concat('[', string_agg({written}, ',' ORDER BY {other.alias}.starts_on), ']')"
        f" FROM ({intervals}) AS {other.alias} {' '.join(other.joins)}"
        f" WHERE ({first} IS NULL OR {other.alias}.ends_on >= {first})"
        f" AND ({last} IS NULL OR {other.alias}.starts_on <= {last}))"
    )


def _intervals(unit: str, measures: list[str], first: str, last: str) -> str:
    """Every interval, with what moved in it and what stood at its end."""
    step = f"interval '{_STEPS[unit]}'"
    flows = ", ".join(f'coalesce(m."{name}", 0) AS flow_{name}' for name in measures)
    stocks = ", ".join(
        f'coalesce(sum(m."{name}") OVER (ORDER BY d.starts), 0)::bigint AS stock_{name}'
        for name in measures
    )
    ends = (
        f"date_trunc('{unit.lower()}', least((SELECT min(starts) FROM moved), {first})),"
        f" greatest((SELECT max(starts) FROM moved), {last})"
    )
    return (
        f"SELECT d.starts::date AS starts_on, (d.starts + {step})::date - 1 AS ends_on,"
        f" {flows}, {stocks} FROM generate_series({ends}, {step}) AS d(starts)"
        " LEFT JOIN moved AS m ON m.starts = d.starts::date"
    )


def _bounded(arguments: Arguments) -> Callable[[Variables], None]:
    first, last = arguments.getter("from"), arguments.getter("to")

    def check(variables: Variables) -> None:
        start, end = first(variables), last(variables)
        for day in (start, end):
            if day is not None and abs(day.year - 2020) > YEARS_MAX:  # type: ignore[attr-defined]
                raise QueryRefusedError(
                    "SERIES_TOO_LONG",
                    f"A series lies within {YEARS_MAX} years of 2020; {day} was asked for.",
                    f"Chuỗi thời gian nằm trong {YEARS_MAX} năm quanh năm 2020; đã hỏi {day}.",
                    limit=YEARS_MAX,
                    value=str(day),
                )

    return check
