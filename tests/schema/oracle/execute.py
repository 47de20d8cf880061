"""A second executor: graphql-core, resolvers that know nothing of SQL, and all rows in memory.

    oracle = Oracle(await load(connection))
    told = oracle.answer(parse(text), {"code": "2018-2020"})
    told.data       # the bytes of the answer, or None
    told.refusals   # the codes of which one is the answer instead

It shares with the planner what the schema declares (`declared.py`), and nothing else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    GraphQLObjectType,
    OperationDefinitionNode,
    execute_sync,
    get_nullable_type,
    is_list_type,
)
from graphql.execution.values import VariableValues, get_variable_values

from schema.planner.source import (
    AsOf,
    Behind,
    ByNodeId,
    ByNodeIds,
    Column,
    Document,
    Expression,
    Many,
    One,
    Part,
    Series,
    Summed,
)
from tests.schema.oracle.declared import (
    column_of,
    is_page,
    joined,
    keys_of,
    node_of,
    own,
    source_of,
    table_of,
)
from tests.schema.oracle.derived import ROWS, VALUES, sums
from tests.schema.oracle.filters import Filter, keeps
from tests.schema.oracle.pages import moment_of, order_of, page_of
from tests.schema.oracle.refusals import refusals
from tests.schema.oracle.rows import ENTRY, EVENT, LINES, Moment, Row, Values, World
from tests.schema.oracle.sums import COLUMNS, groups, series, trial
from tests.schema.oracle.wire import naive, recorded, type_name, wire

GROUPS_DEFAULT = 100


@dataclass(frozen=True, slots=True)
class Told:
    """What the oracle says: the bytes of an answer, or what to refuse it for."""

    data: bytes | None
    refusals: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Oracle:
    """Answers any read over one world."""

    world: World

    def answer(self, document: DocumentNode, sent: Mapping[str, Any]) -> Told:
        """Answer a document with one operation."""
        schema = naive()
        (operation,) = (
            each for each in document.definitions if isinstance(each, OperationDefinitionNode)
        )
        variables = get_variable_values(schema, operation.variable_definitions or (), dict(sent))
        assert isinstance(variables, VariableValues), variables
        codes = refusals(self, schema, document, variables, self.world.head)
        if codes:
            return Told(None, frozenset(codes))
        result = execute_sync(
            schema,
            document,
            variable_values=dict(sent),
            field_resolver=self._resolve,
            type_resolver=type_name,
        )
        for error in result.errors or ():
            raise error.original_error or error
        return Told(orjson.dumps(result.data))

    def _resolve(self, source: Any, info: Any, **args: Any) -> Any:
        if isinstance(source, dict):
            return source.get(info.field_name)
        row = source or Row("Query", {}, Moment(self.world.head))
        return self.field(info.parent_type, info.field_name, row, args)

    def field(self, type_: GraphQLObjectType, name: str, row: Row, args: Filter) -> Any:
        """One field of a row."""
        definition = type_.fields[name]
        source = source_of(definition)
        match source:
            case Column() | Expression():
                return wire(definition.type, self.value(type_, name, row, args))
            case Part():
                return Row(node_of(definition.type).name, row.values, row.moment)
            case Many() | Behind() if is_page(definition.type):
                return self._page(type_, name, row, args)
            case Many(order=order):
                of = node_of(definition.type)
                rows = self.related(type_, name, row, args)
                return order_of(self, of, order or keys_of(of), None).sorted(rows)
            case Summed(by=by) if is_list_type(get_nullable_type(definition.type)):
                return self._groups(type_, name, row, args, by)
            case One() | Summed():
                found = self.related(type_, name, row, args)
                assert len(found) <= 1
                return found[0] if found else None
            case Series():
                points = series(self._account(type_, name, row, args), args)
                return [Row("SeriesPoint", each, row.moment) for each in points]
            case Document(path=path):
                return recorded(definition, row, path[0] if path else name)
            case AsOf(at=at):
                moment = self._moved(row, at) if at else self._as_of(row.moment, args)
                return Row("Query", {}, moment)
            case ByNodeId(id=id, at=at):
                wanted = args["id"] if id.startswith("{arg") else row.values[own(id)]
                return self.node(wanted, self._moved(row, at) if at else row.moment)
            case ByNodeIds():
                return [self.node(each, row.moment) for each in args["ids"]]
            case _:
                raise AssertionError(source)

    def value(self, type_: GraphQLObjectType, name: str, row: Row, args: Filter) -> Any:
        """The value of a field, before it is written."""
        computed = VALUES.get(f"{type_.name}.{name}")
        if computed is not None:
            return computed(self.world, row, args)
        definition = type_.fields[name]
        source = source_of(definition)
        assert isinstance(source, Column), f"{type_.name}.{name} is not in derived.VALUES"
        return row.values[column_of(definition, source.name)]

    def related(self, type_: GraphQLObjectType, name: str, row: Row, args: Filter) -> Sequence[Row]:
        """The rows that a field leads to, at the moment of the row."""
        definition = type_.fields[name]
        source, of = source_of(definition), node_of(definition.type)
        match source:
            case Summed():
                entries = self._account(type_, name, row, args)
                return [Row(of.name, sums(self.world, row.moment, entries), row.moment, entries)]
            case Behind():
                found = self._behind(of, row)
            case One() | Many():
                derive = ROWS.get(f"{type_.name}.{name}")
                assert (derive is None) == (source.rows is None) or name == "ledger"
                found = (
                    derive(self.world, row, args)
                    if derive
                    else joined(self.world, table_of(of), row.moment, source.on, row, args)
                )
            case _:
                raise AssertionError(source)
        return [Row(of.name, each, row.moment) for each in found]

    def node(self, wanted: str | None, moment: Moment) -> Row | None:
        """Whatever has this identity; nothing has none."""
        if wanted is None:
            return None
        for type_ in naive().get_possible_types(naive().type_map["Node"]):  # type: ignore[bad-argument-type]
            if wanted.startswith(f"{type_.name.lower()}-"):
                for each in self.world.at(table_of(type_), moment):
                    row = Row(type_.name, each, moment)
                    if self.value(type_, "id", row, {}) == wanted:
                        return row
        return None

    def _page(self, type_: GraphQLObjectType, name: str, row: Row, args: Filter) -> Any:
        definition = type_.fields[name]
        source, of = source_of(definition), node_of(definition.type)
        keys = getattr(source, "order", ()) or keys_of(of)
        order = order_of(self, of, keys, args.get("orderBy"))
        is_versioned = "since" in next(iter(self.world.tables[table_of(of)]), {}) and (
            table_of(of) not in LINES
        )
        moment = moment_of(order, row.moment, args, is_versioned=is_versioned)
        there = Row(row.type, row.values, moment, row.entries)
        rows = self.related(type_, name, there, args)
        wanted = args.get("filter")
        if wanted is not None:
            rows = [each for each in rows if keeps(self, of, each, wanted)]
        return page_of(order, rows, moment, args)

    def _behind(self, of: GraphQLObjectType, row: Row) -> Sequence[Values]:
        if table_of(of) in LINES:
            return row.entries
        positions = {each["position"] for each in row.entries}
        events = self.world.at(EVENT, row.moment)
        return [each for each in events if each["position"] in positions]

    def _account(
        self, type_: GraphQLObjectType, name: str, row: Row, args: Filter
    ) -> tuple[Values, ...]:
        """The entries that sums are made of."""
        source: Any = source_of(type_.fields[name])
        on = source.on
        line: Any = naive().type_map[source.of.type_name]
        table = table_of(line)
        if type_.name == "Organisation":
            same = {"implementer": row.values["organisation_id"]}
            schemes = self.world.find("model.scheme", row.moment, same)
            codes = {each["scheme_id"] for each in schemes}
            found = [e for e in self.world.at(ENTRY, row.moment) if e["scheme_id"] in codes]
        else:
            found = list(joined(self.world, table, row.moment, on, row, args))
        wanted = args.get("filter")
        if wanted is None:
            return tuple(found)
        kept = (keeps(self, line, Row(line.name, each, row.moment), wanted) for each in found)
        return tuple(each for each, is_kept in zip(found, kept, strict=True) if is_kept)

    def _groups(
        self, type_: GraphQLObjectType, name: str, row: Row, args: Filter, by: Sequence[str]
    ) -> list[Row]:
        of = node_of(type_.fields[name].type)
        names = [each.name for each in args["groupBy"]] if "groupBy" in args else by
        entries = self._account(type_, name, row, args)
        found = [
            Row(of.name, each.values, row.moment, each.entries)
            for each in (
                trial(entries, names, args)
                if of.name == "TrialBalance"
                else groups(self.world, row.moment, entries, names, args)
            )
        ]
        having = args.get("having")
        if having is not None:
            found = [each for each in found if keeps(self, of, each, having)]
        keys = [each for name in names for each in COLUMNS[name]]
        ordered = order_of(self, of, keys, args.get("orderBy")).sorted(found)
        return ordered[: GROUPS_DEFAULT if args.get("first") is None else args["first"]]

    def _as_of(self, here: Moment, args: Filter) -> Moment:
        """The moment that the arguments name; what they leave open stays as it is."""
        position, instant = args.get("position"), args.get("recordedAt")
        if instant is not None:
            known = [last for at, last in self.world.commits if at <= instant]
            position = min(known[-1] if known else 0, self.world.head)
        effective = args.get("effectiveOn")
        return Moment(
            here.position if position is None else position,
            here.effective if effective is None else effective,
        )

    def _moved(self, row: Row, at: str) -> Moment:
        return Moment(row.values[own(at)], row.moment.effective)
