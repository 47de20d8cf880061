"""The arguments that a field is called with."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    Undefined,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

from schema.planner.source import PAGE_DEFAULT, PAGE_MAX
from tests.schema.inventor.inputs import Inputs
from tests.schema.inventor.values import CODES, Draws
from tests.schema.inventor.writing import ABSENT, Variables, Word
from tests.schema.oracle.declared import is_page, node_of, source_of

GROUPS_DEFAULT, SHORT_LIST = 100, 10
_CHANCES = {"effectiveOn": 0.7, "recordedAt": 0.35, "geographyOn": 0.35}
Given = dict[str, Any]


@dataclass(slots=True)
class Calls:
    """Invents the calls of one document; one that is to be refused has faults in it."""

    random: Random
    draws: Draws
    inputs: Inputs
    variables: Variables
    is_refused: bool

    def given(self, name: str, definition: GraphQLField, room: int) -> tuple[Given, int]:
        """The arguments, and how many objects the field may answer."""
        made = self._page(definition, room) if is_page(definition.type) else {}
        for argument, each in definition.args.items():
            if argument not in made:
                made[argument] = self._value(name, argument, each.type, room)
        if "position" in made and "recordedAt" in made:
            self._one_moment(made)
        length = self._length(made, definition)
        if self.is_refused and definition.args and self.random.random() < 0.4:
            self._spoil(made, definition)
        return {
            argument: self._instead(definition, argument, each) for argument, each in made.items()
        }, length

    def _instead(self, definition: GraphQLField, name: str, value: Any) -> Any:
        of = definition.args[name]
        has_default = of.default_value is not Undefined
        return self.variables.instead(of.type, value, has_default=has_default)

    def _length(self, made: Given, definition: GraphQLField) -> int:
        if is_page(definition.type):
            told = [made.get(name, ABSENT) for name in ("first", "last")]
            return next((each for each in told if each is not ABSENT), PAGE_DEFAULT)
        if not is_list_type(get_nullable_type(definition.type)) or is_leaf_type(
            get_named_type(definition.type)
        ):
            return 1
        first = made.get("first", ABSENT)
        if "groupBy" in made or "geography" in made:
            return GROUPS_DEFAULT if first is ABSENT else first
        return SHORT_LIST

    def _page(self, definition: GraphQLField, room: int) -> Given:
        """Which page of a connection."""
        node = node_of(definition.type)
        keys = getattr(source_of(definition), "order", ())
        order = self._maybe(0.5, lambda: self.inputs.order(node))
        made: Given = dict.fromkeys(("first", "after", "last", "before"), ABSENT)
        size = self.random.randint(1, max(1, min(6, room // 2)))
        if room >= PAGE_DEFAULT * 2 and self.random.random() < 0.25:
            pass
        else:
            made["last" if self.random.random() < 0.35 else "first"] = size
        for end in ("after", "before"):
            if self.random.random() < 0.25:
                cursor = self.inputs.cursor(node, keys, None if order is ABSENT else order)
                made[end] = ABSENT if cursor is None else cursor
        made["filter"] = self._maybe(0.5, lambda: self.inputs.filter(node))
        made["orderBy"] = order
        return made

    def _value(self, field: str, name: str, of: Any, room: int) -> Any:
        """The value of an argument that is no connection's."""
        kind: Any = get_named_type(of)
        match name:
            case "filter":
                entry: Any = self.inputs.schema.type_map["Entry"]
                return self._maybe(0.35, lambda: self.inputs.filter(entry))
            case "having":
                group: Any = self.inputs.schema.type_map["GroupTotals"]
                return self._maybe(0.25, lambda: self.inputs.filter(group))
            case "orderBy":
                node: Any = self.inputs.schema.type_map["GroupTotals"]
                return self._maybe(0.35, lambda: self.inputs.order(node))
            case "groupBy":
                some = self.random.sample(list(kind.values), self.random.choice((0, 1, 1, 2, 3)))
                return self._maybe(0.9, lambda: [Word(each) for each in some])
            case "first":
                chance = 0.9 if room < GROUPS_DEFAULT else 0.5
                return self._maybe(chance, lambda: self.random.randint(1, max(1, min(12, room))))
            case "id":
                return self.draws.identity()
            case "ids":
                return [self.draws.identity() for _ in range(self.random.randint(0, 4))]
            case "event":
                return self.draws.event()
            case "minPosition":
                return self._maybe(0.1, lambda: 1)
            case _ if f"{field}.{name}" in CODES:
                return self.draws.code(field, name)
        optional = str(of)[-1] != "!"
        return self._maybe(_CHANCES.get(name, 0.5) if optional else 1, lambda: self._scalar(kind))

    def _scalar(self, kind: Any) -> Any:
        if isinstance(kind, GraphQLEnumType):
            return Word(self.random.choice(list(kind.values)))
        match kind.name:
            case "Position":
                return self.draws.position()
            case "DateTime":
                return self.draws.instant()
            case "Date":
                return self.draws.day().isoformat()
            case "Boolean":
                return self.random.random() < 0.5
            case _:
                raise AssertionError(kind)

    def _maybe(self, chance: float, make: Callable[[], Any]) -> Any:
        return make() if self.random.random() < chance else ABSENT

    def _one_moment(self, made: Given) -> None:
        made[self.random.choice(("position", "recordedAt"))] = ABSENT

    def _spoil(self, made: Given, definition: GraphQLField) -> None:
        """Ask for what has no answer."""
        faults = [
            fault
            for fault in self._faults(definition)
            if all(name in definition.args for name in fault)
        ]
        if faults:
            made |= self.random.choice(faults)

    def _faults(self, definition: GraphQLField) -> list[Given]:
        head = self.draws.oracle.world.head
        texts = ("", "x", "W10", "bm90IGpzb24=", "-1", "１", "9" * 19, "WzEsIiIsIlx1MDAwMCJd")
        return [
            {"after": ABSENT, "first": 0},
            {"after": ABSENT, "last": -1},
            {"first": PAGE_MAX + 1},
            {"first": 1, "last": 1},
            {"after": self.random.choice(texts)},
            {"before": self.random.choice(texts)},
            {"filter": self._null_inside(definition, "filter")},
            {"having": self._null_inside(definition, "having")},
            {"orderBy": [{"by": Word(self._order_field(definition))}] * 9},
            {"position": head + 1, "recordedAt": ABSENT},
            {"from": 0, "to": head + 7} if "interval" not in definition.args else {"no": 0},
            {"position": 0, "recordedAt": "2020-01-01T00:00:00Z"},
            {
                "groupBy": [Word("PROVINCE")],
                "geography": Word("TODAY"),
                "geographyOn": "2020-01-01",
            },
            {"from": "1900-01-01", "interval": Word("YEAR")},
            {"code": "a\x00b"},
            {"stream": "\x00"},
            *self._nulls(definition),
        ]

    def _nulls(self, definition: GraphQLField) -> list[Given]:
        """Null for what is not null and has a default: valid, and refused when it is read."""
        return [
            {name: self.variables.declare(str(each.type)[:-1], value=None)}
            for name, each in definition.args.items()
            if each.default_value is not Undefined and str(each.type).endswith("!")
        ]

    def _null_inside(self, definition: GraphQLField, name: str) -> Given:
        """A filter with a null somewhere in it."""
        if name not in definition.args:
            return {}
        of: Any = get_named_type(definition.args[name].type)
        field = self.random.choice(list(of.fields))
        return self.random.choice(({field: None}, {"not": {field: None}}, {"or": [{"and": None}]}))

    def _order_field(self, definition: GraphQLField) -> str:
        if "orderBy" not in definition.args:
            return ""
        of: Any = get_named_type(definition.args["orderBy"].type)
        fields: Any = get_named_type(of.fields["by"].type)
        return str(self.random.choice(list(fields.values)))
