"""Whatever the contract allows to be asked and told is answered: Schemathesis makes it up.

It reads the committed SDL and invents documents, arguments and whole inputs for every root field.
The examples are the same in every run; SOCAI_SOAK asks for so many times as many.
"""

import os
import re
from collections.abc import AsyncIterator

import hypothesis.strategies as st
import pytest
import pytest_asyncio
import schemathesis
from graphql import FloatValueNode, IntValueNode, StringValueNode
from httpx2 import ASGITransport, AsyncClient
from hypothesis import HealthCheck, Phase, given, settings

from schema.http.app import graphql_app
from schema.root import sdl
from service.postgres import Postgres
from service.runtime import Runtime
from tests.conftest import create
from tests.schema.answers import typed
from tests.schema.doors import opened

EXAMPLES = 6 * int(os.environ.get("SOCAI_SOAK", "1"))
AT_THE_EDGES = st.sampled_from([0, 1, 2**31 - 1, 2**31, 2**53, 2**63 - 1, 2**63, 10**40])


def _digits(numbers: st.SearchStrategy[int]) -> st.SearchStrategy[StringValueNode | IntValueNode]:
    """Whole numbers, as text or as numbers."""
    return numbers.flatmap(
        lambda number: st.sampled_from(
            [StringValueNode(value=str(number)), IntValueNode(value=str(number))]
        )
    )


WHOLE = _digits(st.integers(-(2**40), 2**40) | AT_THE_EDGES | AT_THE_EDGES.map(lambda each: -each))
NOT_WHOLE = st.sampled_from(
    [FloatValueNode(value="1.5"), FloatValueNode(value="1e400"), StringValueNode(value="x")]
)
for scalar in ("VND", "Figure", "Position"):
    schemathesis.graphql.scalar(scalar, WHOLE | NOT_WHOLE)
RATIO = st.sampled_from(
    ["0", "0.5", "1", "1.0000", "-0.25", "1e9", "9" * 400, "0." + "3" * 400, "x"]
)
schemathesis.graphql.scalar("Ratio", RATIO.map(lambda text: StringValueNode(value=text)))
schemathesis.graphql.scalar("Personal", st.text().map(lambda text: StringValueNode(value=text)))
CONTRACT = schemathesis.graphql.from_file(sdl())
ASKED = {each.ok().label: each.ok() for each in CONTRACT.get_all_operations()}  # type: ignore[missing-attribute]
PAGE = re.compile(r"\b(first|last): (-?\d+)")
asks = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reader(evaluation_url: str) -> AsyncIterator[AsyncClient]:
    async with opened(evaluation_url) as fund, client(fund) as http:
        yield http


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def writer(cluster: Postgres, template: str) -> AsyncIterator[AsyncClient]:
    """One ledger that is told everything: what one command records is there for the next."""
    await create(cluster, "socai_told", template)
    async with opened(cluster.url("socai_service", "socai_told")) as told, client(told) as http:
        yield http


def client(runtime: Runtime) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app=graphql_app(runtime)), base_url="http://socai")


def labels(kind: str) -> list[str]:
    return sorted(label for label in ASKED if label.startswith(kind))


def _within_a_page(document: str) -> str:
    """Most numbers are no size of a page; one in four stays, so that this refusal is met too."""

    def small(match: re.Match[str]) -> str:
        name, number = match[1], int(match[2])
        return f"{name}: {number if number % 4 == 0 else abs(number) % 100 + 1}"

    return PAGE.sub(small, document)


async def check(http: AsyncClient, document: str) -> None:
    """An answer, or a refusal by name; never a failure of ours."""
    response = await http.post("/graphql", json={"query": document})
    assert response.status_code in {200, 400}, (document, response.text)
    typed([response.json()], document)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("label", labels("Query."))
@asks
@given(st.data())
async def test_every_question_of_the_contract_has_an_answer(
    reader: AsyncClient, label: str, data: st.DataObject
) -> None:
    await check(reader, _within_a_page(data.draw(ASKED[label].as_strategy()).body))


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("label", labels("Mutation."))
@asks
@given(st.data())
async def test_every_command_of_the_contract_has_an_answer(
    writer: AsyncClient, label: str, data: st.DataObject
) -> None:
    await check(writer, data.draw(ASKED[label].as_strategy()).body)


def test_nothing_of_the_contract_is_left_out() -> None:
    roots = {"Query", "Mutation", "Subscription"}
    assert {label.partition(".")[0] for label in ASKED} <= roots
    assert len(labels("Query.")) + len(labels("Mutation.")) >= 40
