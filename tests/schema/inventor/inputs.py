"""Filters, orders and cursors: inputs with a structure, made from the contract."""

from dataclasses import dataclass
from random import Random
from types import SimpleNamespace
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_non_null_type,
)

from tests.schema.inventor.values import Draws
from tests.schema.inventor.writing import Use, Variables, Word
from tests.schema.oracle.declared import keys_of, node_of
from tests.schema.oracle.pages import order_of, written_cursor

_LOGIC = ("and", "or", "not")


@dataclass(slots=True)
class Inputs:
    """Invents the inputs of one document."""

    random: Random
    draws: Draws
    schema: GraphQLSchema
    variables: Variables
    conditions: int = 0

    def filter(self, type_: GraphQLObjectType, depth: int = 2) -> dict[str, Any]:
        """A filter of a type."""
        of = self._input(f"{type_.name}Filter")
        names = [name for name in of.fields if name not in _LOGIC]
        made: dict[str, Any] = {}
        for name in self._drawn(of, names, self.random.choice((0, 1, 1, 1, 1, 2, 2))):
            inner: Any = get_named_type(of.fields[name].type)
            condition = self._condition(type_, name, inner, depth)
            if condition is not None:
                made[name] = self._never_null(inner, condition)
        if depth and self.random.random() < 0.4:
            made |= self._logic(type_, depth)
        return made

    def _drawn(self, of: GraphQLInputObjectType, names: list[str], count: int) -> list[str]:
        """Some fields; more often those that may be null, or that have an order of their own."""
        kinds = (get_named_type(of.fields[name].type).name for name in names)
        weights = [4 if kind.startswith(("Nullable", "Text")) else 1 for kind in kinds]
        return list(dict.fromkeys(self.random.choices(names, weights, k=count)))

    def _logic(self, type_: GraphQLObjectType, depth: int) -> dict[str, Any]:
        word = self.random.choice((*_LOGIC, "not", "not"))
        if word == "not":
            return {word: self.filter(type_, depth - 1)}
        count = self.random.choice((0, 1, 2, 2))
        return {word: [self.filter(type_, depth - 1) for _ in range(count)]}

    def _condition(
        self, type_: GraphQLObjectType, field: str, of: GraphQLInputObjectType, depth: int
    ) -> dict[str, Any] | None:
        """A condition on a value, or on what is related."""
        below = get_named_type(type_.fields[field].type)
        if isinstance(below, GraphQLObjectType):
            return self._related(node_of(below), of, depth) if depth else None
        count = min(len(of.fields), self.random.choice((1, 1, 1, 2)))
        words = self.random.sample(list(of.fields), count)
        self.conditions += len(words)
        return {word: self._operand(type_, field, of, word) for word in words}

    def _related(
        self, node: GraphQLObjectType, of: GraphQLInputObjectType, depth: int
    ) -> dict[str, Any]:
        self.conditions += 1
        if "some" not in of.fields:
            return self.filter(node, depth - 1)
        words = self.random.sample(["some", "none", "every"], self.random.choice((1, 1, 2)))
        return {word: self.filter(node, depth - 1) for word in words}

    def _operand(
        self, type_: GraphQLObjectType, field: str, of: GraphQLInputObjectType, word: str
    ) -> Any:
        kind = of.fields[word].type

        def drawn() -> Any:
            return self.draws.value(type_, field)

        match word:
            case "isNull":
                made: Any = self.random.random() < 0.5
            case "in":
                some = [drawn() for _ in range(self.random.choice((0, 1, 3)))]
                made = some[0] if len(some) == 1 and self.random.random() < 0.5 else some
            case "between":
                made = {"from": drawn(), "to": drawn()}
            case "like":
                made = self.draws.pattern(str(drawn()))
            case "search":
                made = self.draws.words(str(drawn()))
            case _:
                made = drawn()
        # An unsent variable leaves the condition out; a null one is a refusal, asked elsewhere.
        return self._never_null(kind, made)

    def _never_null(self, of: GraphQLInputType, value: Any) -> Any:
        used = self.variables.instead(of, value)
        if isinstance(used, Use) and self.variables.is_null(used):
            return value
        return used

    def order(self, type_: GraphQLObjectType) -> Any:
        """A list of keys, or one that stands for a list of one."""
        of = self._input(f"{type_.name}Order")
        fields: Any = get_named_type(of.fields["by"].type)
        made = []
        by = {name: each.value for name, each in fields.values.items()}
        weights = [1 if is_non_null_type(type_.fields[each].type) else 4 for each in by.values()]
        for name in self.random.choices(list(by), weights, k=self.random.choice((1, 1, 2, 3))):
            key: dict[str, Any] = {"by": Word(name)}
            if self.random.random() < 0.6:
                direction = Word(self.random.choice(("ASC", "DESC")))
                of_direction = of.fields["direction"].type
                key["direction"] = self.variables.instead(of_direction, direction, has_default=True)
            if self.random.random() < 0.4:
                key["nulls"] = Word(self.random.choice(("FIRST", "LAST")))
            made.append(key)
        return made[0] if len(made) == 1 and self.random.random() < 0.3 else made

    def cursor(self, type_: GraphQLObjectType, keys: tuple[str, ...], order: Any) -> str | None:
        """The cursor of any row in an order, at any position; None: no row can be had."""
        row = self.draws.row(type_)
        if row is None:
            return None
        keyed = order if isinstance(order, list) else [order] if order else []
        asked = [self._coerced(type_, each) for each in keyed]
        found = order_of(self.draws.oracle, type_, keys or keys_of(type_), asked)
        return written_cursor(found, row, self.draws.position())

    def _input(self, name: str) -> GraphQLInputObjectType:
        of = self.schema.type_map[name]
        assert isinstance(of, GraphQLInputObjectType)
        return of

    def _coerced(self, type_: GraphQLObjectType, key: Any) -> dict[str, Any]:
        """One key of an order as an executor is handed it."""
        fields: Any = get_named_type(self._input(f"{type_.name}Order").fields["by"].type)
        direction = key.get("direction", "ASC")
        if isinstance(direction, Use):
            direction = self.variables.value(direction) or "ASC"
        nulls = key.get("nulls")
        return {
            "by": SimpleNamespace(value=fields.values[key["by"]].value),
            "direction": SimpleNamespace(name=str(direction)),
            "nulls": None if nulls is None else SimpleNamespace(name=str(nulls)),
        }
