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
    NullValueNode,
    OperationDefinitionNode,
    VariableNode,
)

from schema.planner.arguments import Given, Parameters, Variables
from schema.planner.compile import Compiler
from schema.planner.fields import Fields
from schema.planner.moment import Moment
from schema.planner.refusals import QueryRefusedError
from schema.planner.rows import NotPlannedError, Rows

_MODEL = re.compile(r"\bmodel\.([a-z_]+)")


class Connection(Protocol):
    """What a plan needs of a database connection."""

    async def fetchrow(self, query: str, *args: object) -> Any:
        """One row."""
        ...


class Answer(NamedTuple):
    """The JSON text of an answer, and the position it was computed at."""

    json: str
    position: int


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One SQL statement that answers a document, or one root field of it."""

    statement: str
    parameters: Parameters
    fixed: bool = False
    """The answer depends on asked positions alone: no later event changes it."""
    daily: bool = False
    """The answer depends on the date it is in Vietnam."""

    def values(self, variables: Variables) -> list[Any]:
        """The values of the parameters, checked."""
        for check in self.parameters.checks:
            check(variables)
        return [read(variables) for read in self.parameters.getters]

    def cost(self, variables: Variables) -> int:  # noqa: ARG002 - one statement costs one, for now
        """What the answer is reckoned to cost."""
        return 1

    def awaits(self, variables: Variables) -> int | None:  # noqa: ARG002 - nobody can ask, for now
        """The position that the read models must have reached before the question is put."""
        return None

    async def run(self, connection: Connection, values: Sequence[Any]) -> Answer:
        """Ask."""
        row = await connection.fetchrow(self.statement, *values)
        self._within(row["position"], values)
        return Answer(_whole(row), row["position"])

    def _within(self, head: int, values: Sequence[Any]) -> None:
        """A position that the read models have not reached has no answer yet."""
        for number in self.parameters.asked:
            asked = values[number]
            if isinstance(asked, int) and asked > head:
                code = "POSITION_AHEAD"
                raise QueryRefusedError(
                    code,
                    f"Position {asked} was asked for; the ledger's read models stand at {head}.",
                    f"Vị trí {asked} chưa có; sổ cái đang ở vị trí {head}.",
                    asked=asked,
                    head=head,
                )


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
    rows = over(compiler.parameters)
    written = compiler.root(type_, keyed, rows)
    moments = "".join(f", {each}" for each in compiler.moments)
    question = f"{written} AS answer FROM moment {' '.join(rows.joins)}"
    statement = (
        "WITH moment AS MATERIALIZED (SELECT position FROM model.moment)"
        f"{moments} SELECT moment.position, ({_stopped(question)}) AS stopped, {question}"
    )
    return Plan(
        statement,
        compiler.parameters,
        fixed=all(_is_fixed(each, fields) for nodes in keyed.values() for each in nodes),
        daily="'Asia/Ho_Chi_Minh'" in statement,
    )


def _is_fixed(node: FieldNode, fields: Fields) -> bool:
    """Whether a root field is `asOf` with a position, and so the same for ever."""
    if node.name.value != "asOf":
        return False
    given = {each.name.value: each.value for each in node.arguments or ()}
    position = given.get("position")
    if isinstance(position, VariableNode):
        return position.name.value not in fields.given.null
    return position is not None and not isinstance(position, NullValueNode)


def _stopped(question: str) -> str:
    """Which of the read models behind this question have stopped."""
    names = ", ".join(f"'{name}'" for name in sorted(set(_MODEL.findall(question)))) or "''"
    return (
        "SELECT array_agg(p.name::text ORDER BY p.name) FROM model.projection AS p"
        f" WHERE p.state <> 'LIVE' AND p.name IN ({names})"
    )


def _whole(row: Mapping[str, Any]) -> str:
    """The answer, unless a read model behind it has stopped."""
    if row["stopped"]:
        code = "READ_MODEL_STOPPED"
        names = ", ".join(row["stopped"])
        raise QueryRefusedError(
            code,
            f"These read models have stopped and cannot answer: {names}.",
            f"Các bảng tổng hợp sau đang dừng, chưa trả lời được: {names}.",
            stopped=list(row["stopped"]),
        )
    return row["answer"]
