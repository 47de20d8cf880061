"""Two executors that share nothing but the declarations answer alike, byte for byte.

One is the endpoint with the planner behind it; the other is graphql-core over rows in memory
(`oracle/execute.py`). Documents are invented over the contract (`inventor/documents.py`) from fixed
seeds; a failure prints the seed, the document, its variables and the first difference. Half of them
ask the evaluation, half a random history in which facts come late. SOCAI_SOAK asks for so many
times as many.
"""

import os
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql import (
    FieldNode,
    GraphQLObjectType,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    get_operation_ast,
    is_abstract_type,
    parse,
    visit,
)

from schema.root import build
from service.runtime import Runtime
from tests.schema.apart import TYPES
from tests.schema.differing import Differs
from tests.schema.doors import context_of
from tests.schema.inventor.documents import OF_THE_CALLER, invent
from tests.schema.oracle.refusals import NOT_COVERED
from tests.schema.oracle.wire import naive
from tests.schema.test_reads import DOCUMENTS

SOAK = int(os.environ.get("SOCAI_SOAK", "1"))
CHUNKS, EACH = 8 * SOAK, 64
ROOT = Path(__file__).parents[2]
EXAMPLES = [each.read_text(encoding="utf-8") for each in (ROOT / "examples").glob("*.graphql")]
README = re.findall(
    r"```graphql\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
)


def fields_of(text: str) -> set[str]:
    """The fields that a document asks for, as `Type.field`."""
    types, found = TypeInfo(naive()), set()

    class Fields(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            parent = types.get_parent_type()
            assert parent
            found.add(f"{parent.name}.{node.name.value}")

    visit(parse(text), TypeInfoVisitor(types, Fields()))
    return found


KNOWN = [
    each
    for each in (*EXAMPLES, *README, *DOCUMENTS)
    if get_operation_ast(parse(each)).operation is OperationType.QUERY  # type: ignore[union-attr]
    and not fields_of(each) & {f"Query.{name}" for name in OF_THE_CALLER}
]
FOUND: Mapping[str, tuple[str, dict[str, Any], str]] = {
    "a page after a cursor at the earlier position of a diff": (
        """{ diff(from: 300) { before { commitments(first: 2,
             after: "WzQ4MiwgIiIsICJrY3FnLTIwMTgtbm9uZy1zYW4iLCAiY3MtMjMtbWF5Il0=") {
             totalCount edges { cursor node { facility { name } } } } } } }""",
        {},
        "",
    ),
    "the same through an `asOf` that says nothing": (
        """{ diff(from: 300) { before { asOf { commitments(first: 2,
             after: "WzQ4MiwgIiIsICJrY3FnLTIwMTgtbm9uZy1zYW4iLCAiY3MtMjMtbWF5Il0=") {
             totalCount } } } } }""",
        {},
        "",
    ),
    "a list in a recorded fact has no blanks": (
        """{ events(filter: {type: {eq: "SchemeProposed"}}) { nodes { fact {
             ... on SchemeProposed { contents } } } } }""",
        {},
        "",
    ),
    "null where a default stands": (
        "query ($i: Interval) { series(interval: $i) { from } }",
        {"i": None},
        "NULL_ARGUMENT",
    ),
    "null for the direction of an order": (
        "query ($d: Direction) { schemes(orderBy: {by: CODE, direction: $d}) { totalCount } }",
        {"d": None},
        "NULL_ARGUMENT",
    ),
    "a pattern that ends in its escape": (
        "query ($p: String!) { schemes(filter: {code: {like: $p}}) { totalCount } }",
        {"p": "kcqg\\"},
        "BAD_PATTERN",
    ),
    "all money on the map of a day before there were provinces": (
        """{ totals(groupBy: [PROVINCE], geographyOn: "1990-01-01") {
             total shareOfTotal province { code } entries(first: 1) { totalCount } } }""",
        {},
        "",
    ),
    "the last day there is": (
        """{ asOf(effectiveOn: "9999-12-31") { facilities { totalCount } }
             provinces(at: "9999-12-31") { code }
             totals(groupBy: [PROVINCE], geographyOn: "9999-12-31") { total } }""",
        {},
        "",
    ),
}
"""What this suite found, and what it is refused for: it was answered otherwise, or failed."""


@pytest.mark.parametrize("document", KNOWN)
async def test_the_executors_answer_what_people_ask_alike(
    fund: Runtime, evaluation_url: str, document: str
) -> None:
    async with Differs.over(fund, evaluation_url) as differs:
        assert await differs.on(document, {}) == ""


@pytest.mark.parametrize("name", FOUND)
async def test_the_executors_answer_what_once_differed_alike(
    fund: Runtime, evaluation_url: str, name: str
) -> None:
    document, variables, code = FOUND[name]
    async with Differs.over(fund, evaluation_url) as differs:
        assert await differs.on(document, variables) == code


@pytest.mark.parametrize("chunk", range(CHUNKS))
async def test_the_executors_answer_invented_documents_alike(
    fund: Runtime, evaluation_url: str, chunk: int
) -> None:
    await compare(fund, evaluation_url, 2 * chunk)


@pytest.mark.parametrize("chunk", range(CHUNKS))
async def test_the_executors_answer_alike_where_facts_come_late(
    late: Runtime, late_url: str, chunk: int
) -> None:
    await compare(late, late_url, 2 * chunk + 1)


async def compare(runtime: Runtime, url: str, chunk: int) -> None:
    """Compare one chunk. Most of what is invented has an answer, and it is one statement."""
    met: Counter[str] = Counter()
    async with Differs.over(runtime, url) as differs:
        for seed in range(chunk * EACH, (chunk + 1) * EACH):
            invented = invent(differs.oracle, seed)
            met[await differs.on(invented.text, invented.variables, f"seed {seed}")] += 1
    assert met[""] > EACH * 0.7, met
    assert sum(met[code] for code in NOT_COVERED) < EACH * 0.1, met


async def test_strawberrys_executor_answers_invented_documents_alike(
    fund: Runtime, evaluation_url: str
) -> None:
    """Where it meets a planned field it splices what the planner writes, root field by root field.

    A question that is refused may be refused for one of its root fields alone.
    """
    schema, answered = build(), 0
    async with Differs.over(fund, evaluation_url) as differs:
        for seed in range(48):
            invented = invent(differs.oracle, seed)
            told = differs.oracle.answer(parse(invented.text), invented.variables)
            context = context_of(fund)
            executed = await schema.execute(
                invented.text, variable_values=dict(invented.variables), context_value=context
            )
            what = f"seed {seed}\n{invented.text}\n{invented.variables}"
            if executed.errors is None:
                answered += 1
                assert orjson.dumps(executed.data) == told.data, what
            else:
                error = executed.errors[0].original_error or executed.errors[0]
                code = getattr(error, "code", "NULL_ARGUMENT")
                assert code in {*told.refusals, *NOT_COVERED}, (what, executed.errors)
    assert answered > 35


async def test_the_documents_ask_for_nearly_every_field_in_every_way(
    fund: Runtime, evaluation_url: str
) -> None:
    """A suite that never asks for something says nothing of it."""
    async with Differs.over(fund, evaluation_url) as differs:
        texts = [invent(differs.oracle, seed).text for seed in range(2 * 8 * EACH)]
    asked: set[str] = set()
    for text in texts:
        asked |= fields_of(text)
    of_the_caller = {f"Query.{name}" for name in OF_THE_CALLER}
    missed = {
        each
        for each in reachable() - asked - of_the_caller
        if each.partition(".")[0] not in TYPES | {"Me"}
    }
    assert len(missed) * 15 < len(reachable()), sorted(missed)
    every = "\n".join(texts)
    for piece in ("@include(if: $", "@skip(if: true)", "... on Sums", "... on Node", "... {"):
        assert every.count(piece) > 10, piece
    for pattern in (r"\w+: \w+\(", r"\.\.\.F\d+ @", r"\$v\d+: \w+ = null", r"\$v\d+: \S+! = "):
        assert len(re.findall(pattern, every)) > 10, pattern


def reachable() -> set[str]:
    """Every field that a read can reach."""
    schema, found, seen = naive(), set(), set()
    waiting: list[Any] = [schema.query_type]
    while waiting:
        type_ = waiting.pop()
        if type_.name in seen | TYPES:
            continue
        seen.add(type_.name)
        if is_abstract_type(type_):
            waiting += schema.get_possible_types(type_)
        elif isinstance(type_, GraphQLObjectType):
            found |= {f"{type_.name}.{name}" for name in type_.fields}
            waiting += [get_named_type(each.type) for each in type_.fields.values()]
    return found
