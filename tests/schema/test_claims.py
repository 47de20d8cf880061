"""Every claim of the article is asked for, and the answer names its source."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from events.identity import SourceId
from events.source import RegisterSourceDocument
from service.postgres import Postgres
from service.runtime import Runtime, running
from service.seed import claims, evaluation
from tests.conftest import create
from tests.schema.conftest import asker
from tests.schema.doors import opened

CLAIMS = Path(__file__).parents[2] / "examples" / "claims"
QUESTIONS = sorted(CLAIMS.glob("*.graphql"))
NAMED = {evaluation.ARTICLE, claims.SUMMARY, claims.SECOND}


@pytest.fixture(scope="module")
def claims_url(cluster: Postgres, template: str) -> str:
    """What a demonstration holds: the evaluation, then the claims; only to be read."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, _seeded(cluster, template)).result()


async def _seeded(cluster: Postgres, template: str) -> str:
    await create(cluster, "socai_claims", template)
    url = cluster.url("socai_service", "socai_claims")
    async with running(url) as runtime:
        await evaluation.record(runtime.ledger)
        assert await claims.record(runtime.ledger) == len(list(claims.orders()))
        assert await claims.record(runtime.ledger) == 0
        await runtime.projector.wait_for((await runtime.log.head()).position, 60)
    return url


@pytest.fixture
async def claimed(claims_url: str) -> AsyncIterator[Runtime]:
    async with opened(claims_url) as runtime:
        yield runtime


def asked(question: Path) -> str:
    return question.read_text(encoding="utf-8")


def expected(question: Path) -> Any:
    """The answer that is committed beside it."""
    return json.loads(question.with_suffix(".json").read_text(encoding="utf-8"))["data"]


def told(answer: Any) -> Iterator[tuple[str, Any]]:
    """Every field of an answer with its value, however deep."""
    if isinstance(answer, dict):
        for name, value in answer.items():
            yield name, value
            yield from told(value)
    elif isinstance(answer, list):
        for each in answer:
            yield from told(each)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.stem)
async def test_a_claim_is_answered_and_names_its_source(question: Path, claimed: Runtime) -> None:
    answer = await asker(claimed)(asked(question))
    assert "errors" not in answer
    assert answer["data"] == expected(question)
    sources = {value for name, value in told(answer["data"]) if name == "code"} & NAMED
    assert sources


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.stem)
def test_where_the_article_gives_no_number_there_is_none_and_its_words_are(question: Path) -> None:
    for name, value in told(expected(question)):
        if name == "nodes":
            for each in value:
                assert each["quote"]
                assert each.get("value") is None
                assert each.get("persons") is None


def test_all_twenty_claims_are_asked() -> None:
    assert [each.stem[:2] for each in QUESTIONS] == [f"{number:02}" for number in range(1, 21)]


def test_every_quotation_stands_in_the_text_that_is_hashed() -> None:
    texts = {
        claims.SUMMARY: claims.NARRATIVE.read_text(encoding="utf-8"),
        claims.SECOND: claims.CONFERENCE.read_text(encoding="utf-8"),
    }
    for order in claims.orders():
        command = order.command
        if not isinstance(command, RegisterSourceDocument):
            quote, source_id = getattr(command, "quote", ""), getattr(command, "source_id", None)
            assert quote
            assert quote in texts[SourceId(str(source_id))]


def test_what_is_told_of_an_invented_scheme_is_synthetic() -> None:
    for order in claims.orders():
        assert order.synthetic is (not hasattr(order.command, "evaluation_id"))
