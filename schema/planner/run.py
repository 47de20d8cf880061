"""A plan: one statement, how to fill its parameters, and how to run it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
)

from events.seal.newest import Sealed
from projections.tally import NAME, SUMMED
from schema.planner.arguments import Parameters
from schema.planner.compile import Compiler
from schema.planner.cost import Cost, within
from schema.planner.fields import Fields
from schema.planner.given import Given, Variables
from schema.planner.inputs import Getter
from schema.planner.moment import Moment
from schema.planner.refusals import QueryRefusedError
from schema.planner.rows import NotPlannedError, Rows
from schema.planner.template import SEALED, TODAY

_MODEL = re.compile(r"\bmodel\.([a-z_]+)")
_SEAL, _COSIGNED = ("seal.", SEALED), "seal.cosignature"
_NEWEST = "SELECT size, root FROM seal.checkpoint ORDER BY size DESC LIMIT 1"
_SEALED = (f", sealed AS MATERIALIZED ({_NEWEST})", SEALED, "(SELECT root FROM sealed)")
"""The newest checkpoint, and its two columns."""


class Connection(Protocol):
    """What a plan needs of a database connection."""

    async def fetchrow(self, query: str, *args: object) -> Any:
        """One row."""
        ...


class Bound(NamedTuple):
    """One request: what the statement is asked with, and what that costs."""

    values: list[object]
    """Of the parameters, then the positions that were asked for."""
    cost: int
    """In points."""


class Answer(NamedTuple):
    """The JSON text of an answer, and the position it was computed at."""

    json: str
    position: int
    sealed: Sealed | None = None
    """How far the log was sealed then; None: the answer does not depend on it."""


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class Plan:
    """One SQL statement that answers a document, or one root field of it.

    A request is `bind` (its values, checked: the key of its answer beside the plan), then `run`.
    """

    statement: str
    getters: tuple[Getter, ...]
    """How to read the parameters of the statement, then the positions that were asked for."""
    parameters: int
    """How many of them are parameters."""
    checks: tuple[Getter, ...]
    awaited: tuple[Getter, ...]
    terms: Cost
    models: frozenset[str]
    """The read models behind it; of the running totals, the one that they sum and stop with."""
    is_fixed: bool
    """Whether the answer depends on the positions asked for alone: it never changes."""
    is_daily: bool
    """Whether the answer depends on which day it is in Vietnam."""
    is_of_seal: bool
    """Whether the answer depends on how far the log is sealed, at whatever position."""
    is_passing: bool
    """Whether the answer may change with nothing to tell it by: a witness signs when he likes."""

    def awaits(self, variables: Variables) -> int | None:
        """The position that the read models must have reached before this request is run."""
        if not self.awaited:
            return None
        asked = [read(variables) for read in self.awaited]
        return max((each for each in asked if isinstance(each, int)), default=None)

    def bind(self, variables: Variables) -> Bound:
        """What this request asks with, checked; refused if it costs too much."""
        for check in self.checks:
            check(variables)
        cost = within(self.terms.of(variables))
        return Bound([read(variables) for read in self.getters], cost)

    async def run(self, connection: Connection, values: Sequence[object]) -> Answer:
        """Ask the database."""
        row = await connection.fetchrow(self.statement, *values[: self.parameters])
        answer, position, stopped, size, root = row
        if stopped and not self.models.isdisjoint(stopped):
            raise _stopped(sorted(self.models.intersection(stopped)))
        asked = [each for each in values[self.parameters :] if isinstance(each, int)]
        if asked:
            _within(max(asked), position)
        sealed = Sealed(size or 0, root or b"") if self.is_of_seal else None
        return Answer(answer, max(asked) if self.is_fixed else position, sealed)


def _head(_: Parameters) -> Rows:
    """The one row of the moment: what `Query` stands on."""
    return Rows("moment", Moment())


def plan_operation(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    given: Given,
) -> Plan | None:
    """The plan of a whole query, or None where a part of it is the executor's business."""
    query = schema.query_type
    assert query is not None  # noqa: S101 - a schema has a query type
    fields = Fields(schema, fragments, given)
    try:
        return plan_fields(query, fields.of(query, [operation.selection_set]), fields)
    except NotPlannedError:
        return None


def plan_fields(
    type_: GraphQLObjectType,
    keyed: dict[str, list[FieldNode]],
    fields: Fields,
    over: Callable[[Parameters], Rows] = _head,
) -> Plan:
    """The plan of these fields of a root type, over the rows that it stands on."""
    compiler = Compiler(fields.schema, fields)
    parameters = compiler.parameters
    rows = over(parameters)
    written = compiler.root(type_, keyed, rows)
    moments = "".join(f", {each}" for each in compiler.moments)
    joins = " ".join(rows.joins)
    is_of_seal = any(told in each for told in _SEAL for each in (written, moments, joins))
    sealed, size, root = _SEALED if is_of_seal else ("", "NULL", "NULL")
    statement = parameters.settled(
        "WITH moment AS MATERIALIZED (SELECT position, stopped FROM model.moment)"
        f"{sealed}{moments} SELECT {written} AS answer, moment.position, moment.stopped,"
        f" {size} AS size, {root} AS root FROM moment {joins}"
    )
    return Plan(
        statement=statement,
        getters=(*parameters.getters, *parameters.asked),
        parameters=len(parameters.getters),
        checks=tuple(parameters.checks),
        awaited=tuple(parameters.awaited),
        terms=compiler.cost,
        models=frozenset(SUMMED if n == NAME else n for n in _MODEL.findall(statement)),
        is_fixed=bool(parameters.asked) and not parameters.reads_head and not is_of_seal,
        is_daily=TODAY in statement,
        is_of_seal=is_of_seal,
        is_passing=_COSIGNED in statement,
    )


def _stopped(names: Sequence[str]) -> QueryRefusedError:
    told = ", ".join(names)
    return QueryRefusedError(
        "READ_MODEL_STOPPED",
        f"These read models have stopped and cannot answer: {told}.",
        f"Các bảng tổng hợp sau đang dừng, chưa trả lời được: {told}.",
        stopped=list(names),
    )


def _within(asked: int, head: int) -> None:
    """A position that the read models have not reached has no answer yet."""
    if asked > head:
        raise QueryRefusedError(
            "POSITION_AHEAD",
            f"Position {asked} was asked for; the ledger's read models stand at {head}.",
            f"Vị trí {asked} chưa có; sổ cái đang ở vị trí {head}.",
            asked=asked,
            head=head,
        )
