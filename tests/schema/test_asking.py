"""`docs/reference/asking.md`: each question is asked, each answer is the one there."""

import ast
import json
import re
from collections.abc import Iterator

from httpx2 import AsyncClient

from schema.planner.limits import Limit, Limits
from service.runtime import Runtime
from tests.house.tree import ROOT, python_files
from tests.schema.answers import answered
from tests.schema.conftest import Ask
from tests.schema.served import served
from tests.schema.test_sse import payload, streamed

PAGE = (ROOT / "docs" / "reference" / "asking.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(graphql|json)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"^\| `([A-Z_]+)` \|([^|]*)\|", re.MULTILINE)


def asked() -> Iterator[tuple[str, str | None]]:
    """Each question, with the answer that follows it."""
    question = None
    for language, text in FENCE.findall(PAGE):
        if language == "graphql":
            if question:
                yield question, None
            question = text
        elif question:
            yield question, text
            question = None
    if question:
        yield question, None


def codes() -> Iterator[str]:
    """Every code that the planner refuses a question with, and every limit of a document."""
    yield from (each.code for each in limits())
    for source in python_files("schema/planner"):
        constants = {
            target.id: node.value.value
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "QueryRefusedError":
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    yield str(code.value)
                elif isinstance(code, ast.Name) and code.id in constants:
                    yield str(constants[code.id])


def limits() -> Iterator[Limit]:
    for name in Limits.__dataclass_fields__:
        yield getattr(Limits(), name)


async def test_every_question_of_the_page_has_the_answer_that_stands_there(ask: Ask) -> None:
    questions = list(asked())
    assert len(questions) > 12
    assert sum(expected is not None for _, expected in questions) >= 5
    for question, expected in questions:
        if question.startswith(("subscription", "query Before(")):
            continue  # below; the other needs a key: test_preview.py
        data = answered(await ask(question))
        assert expected is None or data == json.loads(expected), question


async def test_every_subscription_of_the_page_begins(fund: Runtime) -> None:
    subscriptions = [each for each, _ in asked() if each.startswith("subscription")]
    assert len(subscriptions) == 2
    async with served(fund) as address, AsyncClient(base_url=f"http://{address}/graphql") as http:
        for query in subscriptions:
            async with streamed(http, "POST", json={"query": query}) as feed:
                told = payload(await feed.frame())
            assert "errors" not in told, told
            (root,) = told["data"].values()
            assert "position" in root or root["cursor"] > 0


def test_every_code_of_the_planner_stands_in_the_table() -> None:
    known = set(codes())
    assert len(known) > 25
    assert known - {code for code, _ in CODE.findall(PAGE)} == set()


def test_every_limit_of_a_document_stands_there_as_it_is() -> None:
    told = dict(CODE.findall(PAGE))
    for limit in limits():
        assert re.search(rf"\b{limit.most:,}\b", told[limit.code]), limit.code
