"""Documents are read once, kept within bounds, and let in one by one."""

import asyncio

import pytest
from graphql import NoSchemaIntrospectionCustomRule

from schema.planner import document
from schema.planner.document import Documents
from schema.planner.gate import COLD_DOCUMENTS_BUSY, Gate
from schema.planner.recent import Recent
from schema.planner.refusals import QueryRefusedError
from schema.root import build
from tests.schema.hostile import TREE, times

GOOD = "{ it { word } }"


def test_the_value_that_was_not_asked_for_longest_gives_way() -> None:
    recent = Recent[int](2, 1_000)
    recent.keep("a", 1)
    recent.keep("b", 2)
    assert recent.recall("a") == 1
    recent.keep("c", 3)
    assert (recent.recall("a"), recent.recall("b"), recent.recall("c")) == (1, None, 3)


def test_what_is_kept_is_bounded_in_bytes_not_only_in_number() -> None:
    recent = Recent[int](1_000, 10)
    for text in ("four", "đồ", "more"):
        recent.keep(text, 1)
    assert [recent.recall(text) for text in ("four", "đồ", "more")] == [None, 1, 1]
    recent.keep("x" * 11, 1)
    assert len(recent) == 0


def test_keeping_again_weighs_once() -> None:
    recent = Recent[int](1_000, 10)
    for value in range(100):
        recent.keep("four", value)
    recent.keep("fours!", 1)
    assert recent.recall("four") == 99


def test_a_document_is_read_once_whether_good_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    parse = document.parse

    def counted(source: str, *, max_tokens: int) -> object:
        read.append(source)
        return parse(source, max_tokens=max_tokens)

    monkeypatch.setattr(document, "parse", counted)
    documents = Documents(TREE)
    for _ in range(3):
        for source in (GOOD, "{ nope }", "{"):
            documents.prepare(source)
    assert read == [GOOD, "{ nope }", "{"]


def test_a_flood_of_bad_documents_drives_out_no_good_one() -> None:
    documents = Documents(TREE)
    good = documents.prepare(GOOD)
    for number in range(document.DOCUMENTS_MAX + 1):
        documents.prepare(f"{{{number}")
    assert documents.prepare(GOOD) is good


def test_the_errors_of_a_refused_document_do_not_keep_it() -> None:
    """They still say where: line and column come from the source."""
    (error,) = Documents(TREE).prepare("{ it {\n nope } }").errors
    assert error.nodes is None
    assert error.formatted.get("locations") == [{"line": 2, "column": 2}]


def test_plans_are_bounded_for_each_document_and_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "PLANS_MORE_MAX", 40)
    documents = Documents(build()._schema)
    switches = [f"v{number}" for number in range(5)]
    declared = " ".join(f"${name}: Boolean!" for name in switches)
    for which in range(4):
        fields = " ".join(f"{name}: position @skip(if: ${name})" for name in switches)
        prepared = documents.prepare(
            f"query ({declared}) {{ ledger {{ q{which}: position {fields} }} }}"
        )
        operation = prepared.operation(None)
        assert operation is not None
        for number in range(32):
            on = {name: bool(number >> bit & 1) for bit, name in enumerate(switches)}
            documents.plan(prepared, operation, on)
        assert len(prepared.plans) == document.PLANS_MAX
    assert 0 < sum(len(each.plans) - 1 for each in documents._kept) <= 40


def test_rules_can_be_added() -> None:
    asked = "{ __schema { queryType { name } } }"
    assert Documents(TREE).prepare(asked).errors == ()
    assert Documents(TREE, rules=[NoSchemaIntrospectionCustomRule]).prepare(asked).errors


def test_what_was_perhaps_meant_is_said_only_where_it_may_be() -> None:
    def said(documents: Documents) -> str:
        return documents.prepare("{ wordd }").errors[0].message

    assert "Did you mean" in said(Documents(TREE))
    assert "Did you mean" not in said(Documents(TREE, hide_suggestions=True))


async def test_a_document_that_many_ask_for_at_once_is_read_once() -> None:
    documents = Documents(TREE)
    one, *others = await asyncio.gather(*(documents.admit(GOOD) for _ in range(8)))
    assert all(each is one for each in others)


async def test_new_documents_beyond_the_bound_are_refused_by_name_and_the_rest_are_read() -> None:
    gate = Gate(most=3)
    documents = Documents(TREE)
    documents._gate = gate
    asked = [documents.admit(f"{{ it {{ a{number}: word }} }}") for number in range(5)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    refused = [each for each in answers if isinstance(each, QueryRefusedError)]
    assert len(refused) == 2
    assert refused[0].code == COLD_DOCUMENTS_BUSY
    assert refused[0].extensions == {
        "code": COLD_DOCUMENTS_BUSY,
        "messageVi": "Đang có quá nhiều truy vấn mới; xin thử lại sau.",
        "limit": 3,
        "value": 4,
        "retryAfter": 1,
    }
    assert not (await documents.admit("{ it { later: word } }")).errors


async def test_a_known_document_needs_no_turn() -> None:
    documents = Documents(TREE)
    documents.prepare(GOOD)
    documents.prepare("{ nope }")
    documents._gate = Gate(most=0)
    assert (await documents.admit(GOOD)).document
    assert (await documents.admit("{ nope }")).errors


async def test_others_have_a_turn_between_two_new_documents() -> None:
    documents = Documents(TREE)
    happened: list[str] = []

    async def cold(number: int) -> None:
        await documents.admit(f"{{ it {{ {times(number + 1, 'a#: word')} }} }}")
        happened.append("cold")

    async def warm() -> None:
        while happened.count("cold") < 8:
            happened.append("warm")
            await asyncio.sleep(0)

    await asyncio.gather(*(cold(number) for number in range(8)), warm())
    assert "cold cold" not in " ".join(happened)


async def test_whoever_gives_up_waiting_leaves_the_gate_open() -> None:
    gate = Gate(most=2)
    async with gate.turn():
        waiting = asyncio.create_task(gate.turn().__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        waiting = asyncio.create_task(gate.turn().__aenter__())
        await asyncio.sleep(0)
        assert not waiting.done()
    await asyncio.wait_for(waiting, 5)
