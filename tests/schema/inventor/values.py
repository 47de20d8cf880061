"""Arguments that find something: their values are drawn from the ledger that is asked."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random
from typing import Any
from uuid import UUID

from graphql import GraphQLEnumType, GraphQLObjectType, GraphQLSchema

from events.text import fold
from tests.schema.inventor.writing import Word
from tests.schema.oracle.declared import table_of
from tests.schema.oracle.derived import sums
from tests.schema.oracle.execute import Oracle
from tests.schema.oracle.rows import ENTRY, EVENT, Moment, Row, around, today

CODES: Mapping[str, tuple[str, str]] = {
    "sectorCodes.version": ("model.sector", "version"),
    "period.code": ("model.period", "code"),
    "scheme.code": ("model.scheme", "scheme_id"),
    "facility.code": ("model.facility", "facility_id"),
    "organisation.code": ("model.organisation", "organisation_id"),
    "evaluation.code": ("model.evaluation", "evaluation_id"),
    "source.code": ("model.source", "source_id"),
    "commitment.scheme": ("model.commitment", "scheme_id"),
    "commitment.code": ("model.commitment", "commitment_id"),
    "history.stream": (EVENT, "stream"),
}
"""Which column an argument of Query names."""
NOTHING = ("", "x", "scheme-none", "facility-", "event-0", "entry-01", "province-15", "Đ%_\\'\"")

COMPUTED = frozenset(
    {"Change", "Coverage", "DiffEvent", "FigureChange", "Restatement", "StatusChange"}
)
"""Types whose rows are made by a sub-select: no table has a row to draw."""


@dataclass(slots=True)
class Draws:
    """Draws values from a world."""

    random: Random
    oracle: Oracle
    schema: GraphQLSchema

    def row(self, type_: GraphQLObjectType) -> Row | None:
        """Any row that the type ever had."""
        world, moment = self.oracle.world, Moment(self.oracle.world.head)
        if type_.name in {"Totals", "GroupTotals"}:
            some = self.random.choices(world.tables[ENTRY], k=self.random.randint(1, 9))
            whole = sums(world, moment, world.tables[ENTRY])
            told = {
                **sums(world, moment, some),
                "whole_total": whole["total"],
                "whole_grant": whole["grant"],
            }
            return Row(type_.name, told, moment)
        rows = world.tables.get(table_of(type_), ()) if type_.name not in COMPUTED else ()
        return Row(type_.name, self.random.choice(rows), moment) if rows else None

    def value(self, type_: GraphQLObjectType, field: str) -> Any:
        """A value that the field had, or one like it."""
        row = self.row(type_)
        try:
            value = self.oracle.value(type_, field, row, {}) if row else None
        except KeyError:  # a column of a sub-select
            value = None
        return self.like(value, type_, field)

    def like(self, value: Any, type_: GraphQLObjectType, field: str) -> Any:
        """A value as it is written, sometimes one beside it."""
        kind: Any = type_.fields[field].type
        while hasattr(kind, "of_type"):
            kind = kind.of_type
        if isinstance(kind, GraphQLEnumType):
            names = list(kind.values)
            is_member = isinstance(value, str) and self.random.random() < 0.7
            return Word(value if is_member else self.random.choice(names))
        match kind.name, value:
            case "Boolean", _:
                return self.random.random() < 0.5
            case "VND" | "Figure", _:
                number = self.beside(value if isinstance(value, int) else 0)
                return self.random.choice([number, str(number)])
            case "Int" | "Position", _:
                return max(0, self.beside(value if isinstance(value, int) else 3))
            case "Ratio", _:
                return self.random.choice(["0", "0.5", "1", "0.25", str(_near(value)), "-1e2"])
            case "Date", _:
                return self.day(value).isoformat()
            case "DateTime", _:
                return self.instant(value)
            case "UUID", UUID():
                return str(value)
            case "UUID", _:
                return str(UUID(int=self.random.getrandbits(128)))
            case _:
                text = self.random.choice(value) if isinstance(value, list) and value else value
                return self.text(text if isinstance(text, str) else "")

    def beside(self, number: int) -> int:
        """A number or its neighbour."""
        return number + self.random.choice((0, 0, 0, 1, -1))

    def text(self, text: str) -> str:
        """A text, sometimes in its other spelling, which is the same text."""
        if self.random.random() < 0.1:
            return unicodedata.normalize("NFD", text)
        return text or self.random.choice(NOTHING)

    def pattern(self, text: str) -> str:
        """A pattern that may well match."""
        start = self.random.randrange(len(text) + 1)
        piece = text[start : start + self.random.randint(0, 6)]
        piece = piece.replace("\\", "\\\\").replace("%", "\\%")
        ends = ("", "", "", "", "", "", "\\", "\\\\")
        made = self.random.choice((f"%{piece}%", f"{text[:3]}%", f"%{piece}_%", text, "%", piece))
        return made + self.random.choice(ends)

    def words(self, text: str) -> str:
        """Some of its words, as people type them."""
        chosen = [each for each in text.split() if self.random.random() < 0.5]
        typed = " ".join(chosen)
        return self.random.choice(
            (typed, typed.upper(), fold(typed), f" {typed[:3]}  ", typed + " 0")
        )

    def day(self, value: Any = None) -> date:
        """A day on which something changed, or one beside it."""
        world = self.oracle.world
        choices = [
            today(),
            date(2025, 7, 1),
            date(2008, 8, 1),
            date.max,
            date(2000, 1, 1),
            *(each["effective_on"] for each in self.random.choices(world.tables[ENTRY], k=4)),
            self.random.choice(world.tables[EVENT])["effective_on"],
        ]
        day = value if type(value) is date else self.random.choice(choices)
        return day if day == date.max else self.random.choice((day, day, *around(day)))

    def instant(self, value: Any = None) -> str:
        """An instant at which something was recorded, or one beside it."""
        recorded = self.random.choice(self.oracle.world.tables[EVENT])["recorded_at"]
        instant = value if isinstance(value, datetime) else recorded
        moved = instant + timedelta(microseconds=self.random.choice((0, 0, -1, 1)))
        return moved.astimezone(UTC).isoformat()

    def position(self) -> int:
        """A position of the ledger."""
        head = self.oracle.world.head
        return self.random.choice((0, 1, head, head - 1, *(self.random.randint(0, head),) * 4))

    def identity(self) -> str:
        """The identity of something, or of nothing."""
        if self.random.random() < 0.15:
            return self.random.choice(NOTHING)
        node: Any = self.schema.type_map["Node"]
        type_ = self.random.choice(self.schema.get_possible_types(node))
        row = self.row(type_)
        return str(self.oracle.value(type_, "id", row, {})) if row else "node-none"

    def event(self) -> str:
        """The identity of an event, or of something else."""
        return self.identity() if self.random.random() < 0.2 else f"event-{self.position()}"

    def code(self, field: str, argument: str) -> str:
        """A code that the argument of a field of Query may name."""
        table, column = CODES[f"{field}.{argument}"]
        rows: Sequence[Mapping[str, Any]] = self.oracle.world.tables[table]
        found = str(self.random.choice(rows)[column]) if rows else "none"
        return found if self.random.random() < 0.9 else self.text("")


def _near(value: Any) -> float | int:
    return round(float(value), 3) if isinstance(value, Fraction) else 2
