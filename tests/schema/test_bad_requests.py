"""Whatever is sent, the answer is JSON that says what is wrong; never a 5xx, never an incident.

Bodies are bytes as they come off the wire, so that nothing on our side tidies them up first.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from httpx2 import ASGITransport, AsyncClient, Response

from schema.http.app import graphql_app
from schema.http.asking import BODY_BYTES_MAX
from service.runtime import Runtime
from tests.schema.doors import opened
from tests.schema.hostile import HOSTILE

JSON = {"content-type": "application/json"}
WRONG: list[Any] = [0, 1.5, True, "", "x", [], [1], {}, {"a": 1}]
EDGES: list[Any] = [
    2**31 - 1,
    2**31,
    -(2**31) - 1,
    2**53,
    2**63 - 1,
    2**63,
    2**64,
    10**40,
    -1,
    1e300,
]
TEXTS = [
    "",
    "\0",
    "a\0b",
    "\x1b",
    "\u202e",
    "\ufffe",
    "e\u0301",
    "Thái Nguyên",
    "🏭",
    "x" * 5_000,
    "'; --",
]

POSITION = "query ($x: Position!) { event(position: $x) { id } }"
INSTANT = "query ($x: DateTime) { asOf(recordedAt: $x) { ledger { position } } }"
DATE = "query ($x: Date) { asOf(effectiveOn: $x) { schemes { totalCount } } }"
PAGE = "query ($x: Int!) { schemes(first: $x) { totalCount } }"
PERIOD = "query ($x: String!) { period(code: $x) { name } }"
NODE = "query ($x: ID!) { node(id: $x) { id } }"
CURSOR = "query ($x: String) { schemes(after: $x) { totalCount } }"
WHO = """circumstances: { effectiveOn: "2019-01-01"
    actor: { id: "lan", role: "CLERK", organisation: "tt1" } }
    commandId: "0190aaaa-0000-7000-8000-000000000001\""""
NAME = f"""mutation ($x: String!) {{ openPeriod({WHO} input: {{
    code: "p" name: $x startsOn: "2018-01-01" endsOn: "2020-12-31" }}) {{ __typename }} }}"""
CODE = f"""mutation ($x: String!) {{ openPeriod({WHO} input: {{
    code: $x name: "n" startsOn: "2018-01-01" endsOn: "2020-12-31" }}) {{ __typename }} }}"""
AMOUNT = f"""mutation ($x: VND!) {{ reduceCommitment({WHO} input: {{
    schemeId: "s" commitmentId: "c" amount: $x reason: "r" }}) {{ __typename }} }}"""
VERSION = f"""mutation ($x: Int) {{ closeFacility({WHO} expectedVersion: $x input: {{
    facilityId: "f" reason: "r" }}) {{ __typename }} }}"""
INPUT = f"mutation ($x: CloseFacilityInput!) {{ closeFacility({WHO} input: $x) {{ __typename }} }}"
DATES = ["0001-01-01", "9999-12-31", "2019-02-29", "0000-01-01", "infinity", "10000-01-01", "now"]
INSTANTS = [
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "2020-01-01T00:00:00",
    "2020-01-01",
    "2020-01-01T00:00:00+99:99",
    "2020-02-30T00:00:00Z",
    "infinity",
]
QUESTIONS: dict[str, tuple[str, list[Any]]] = {
    "position": (POSITION, [*WRONG, *EDGES, "9" * 5_000, "-0", "１"]),
    "instant": (INSTANT, [*WRONG, *INSTANTS]),
    "date": (DATE, [*WRONG, *DATES]),
    "page": (PAGE, [*WRONG, *EDGES]),
    "code": (PERIOD, [*WRONG, *TEXTS]),
    "node": (NODE, [*WRONG, *EDGES, *TEXTS, "period-", "-", "event-99999999999999999999"]),
    "cursor": (CURSOR, [*WRONG, *TEXTS, "AAAA", "W10="]),
}
COMMANDS: dict[str, tuple[str, list[Any]]] = {
    "name": (NAME, [*WRONG, *TEXTS]),
    "stream": (CODE, [*WRONG, *TEXTS]),
    "amount": (AMOUNT, [*WRONG, *EDGES, "9" * 5_000, "1e9", "0x10", " 1", "1.0", "١"]),
    "version": (VERSION, [*WRONG, *EDGES]),
    "input": (INPUT, [*WRONG, {"facilityId": "f"}, {"facilityId": None, "reason": "r"}]),
}

BODIES: dict[str, bytes] = {
    "nothing": b"",
    "a space": b" ",
    "half an object": b'{"query":',
    "a mark of byte order": b'\xef\xbb\xbf{"query":"{__typename}"}',
    "UTF-16": '{"query":"{__typename}"}'.encode("utf-16"),
    "Latin-1": '{"query":"{__typename} # é"}'.encode("latin-1"),
    "an overlong slash": b'{"query":"{__typename} # \xc0\xaf"}',
    "a surrogate in UTF-8": b'{"query":"{__typename} # \xed\xa0\x80"}',
    "half a pair, escaped": b'{"query":"{__typename}","variables":{"a":"\\ud800"}}',
    "half a pair in a document": b'{"query":"{node(id:\\"\\\\ud800\\"){id}}"}',
    "half a pair as braces": b'{"query":"{node(id:\\"\\\\u{d800}\\"){id}}"}',
    "beyond Unicode": b'{"query":"{node(id:\\"\\\\u{110000}\\"){id}}"}',
    "a raw NUL": b'{"query":"{__typename}\x00"}',
    "an escaped NUL as a document": b'{"query":"\\u0000"}',
    "a NUL in a string of a document": b'{"query":"{node(id:\\"\\\\u0000\\"){id}}"}',
    "not a number": b'{"query":"{__typename}","variables":{"a":NaN}}',
    "infinity": b'{"query":"{__typename}","variables":{"a":1e999}}',
    "deep JSON": b"[" * 100_000,
    "deep closed JSON": b'{"query":"{__typename}","variables":'
    + b'{"a":' * 900
    + b"1"
    + b"}" * 901,
    "deep lists": b'{"query":"{__typename}","variables":{"a":' + b"[" * 500 + b"]" * 500 + b"}}",
    "a long list": b'{"query":"{__typename}","variables":{"a":[' + b"1," * 5_000 + b"1]}}",
    "a batch": b'[{"query":"{__typename}"},{"query":"{__typename}"}]',
    "an empty batch": b"[]",
    "null": b"null",
    "a number": b"1",
    "a string": b'"{__typename}"',
    "two bodies": b'{"query":"{__typename}"}{"query":"{__typename}"}',
    "no query": b"{}",
    "an empty query": b'{"query":""}',
    "a query of space": b'{"query":" \\n "}',
    "too much": b'{"query":"' + b" " * BODY_BYTES_MAX + b'"}',
    "a number of 5,000 digits": b'{"query":"{event(position:' + b"9" * 5_000 + b'){id}}"}',
    "a decimal of 5,000 digits": b'{"query":"{event(position:1.' + b"9" * 5_000 + b'){id}}"}',
    "an exponent": b'{"query":"{event(position:1e400){id}}"}',
    **{f"query is {value!r}": json.dumps({"query": value}).encode() for value in (*WRONG, None)},
    **{
        f"variables is {value!r}": json.dumps({"query": "{nope}", "variables": value}).encode()
        for value in WRONG
    },
    **{
        f"operationName is {value!r}": json.dumps(
            {"query": "query A {__typename}", "operationName": value}
        ).encode()
        for value in WRONG
        if value != ""
    },
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reader(evaluation_url: str) -> AsyncIterator[AsyncClient]:
    """One service for all of it: what was refused must leave it able to answer the next."""
    async with opened(evaluation_url) as fund, client(fund) as http:
        yield http


@pytest.fixture
async def writer(empty: Runtime) -> AsyncIterator[AsyncClient]:
    async with client(empty) as http:
        yield http


def client(runtime: Runtime) -> AsyncClient:
    transport = ASGITransport(app=graphql_app(runtime), raise_app_exceptions=True)
    return AsyncClient(transport=transport, base_url="http://socai")


def errors(response: Response) -> list[Any]:
    """The errors of an answer that is typed JSON and no failure of ours."""
    assert response.status_code < 500, response.text
    assert "json" in response.headers["content-type"]
    body = response.json()
    assert isinstance(body, dict)
    assert body.keys() & {"data", "errors"}
    found = body.get("errors", [])
    assert all(each["message"] for each in found)
    codes = {each.get("extensions", {}).get("code") for each in found}
    assert not codes & {"INTERNAL", "UNAVAILABLE"}, found
    return found


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
async def test_a_bad_body_is_refused_with_an_error(reader: AsyncClient, body: bytes) -> None:
    response = await reader.post("/graphql", content=body, headers=JSON)
    assert errors(response)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_hostile_document_is_refused_with_an_error(
    reader: AsyncClient, source: str
) -> None:
    accepted = {"accept": "application/graphql-response+json"}
    response = await reader.post("/graphql", json={"query": source}, headers=accepted)
    assert errors(response)
    assert 400 <= response.status_code < 500


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("which", QUESTIONS)
async def test_any_variable_of_a_question_is_taken_or_refused(
    reader: AsyncClient, which: str
) -> None:
    await every_value(reader, *QUESTIONS[which])


@pytest.mark.parametrize("which", COMMANDS)
async def test_any_variable_of_a_command_is_taken_or_refused(
    writer: AsyncClient, which: str
) -> None:
    await every_value(writer, *COMMANDS[which])


async def every_value(http: AsyncClient, query: str, values: list[Any]) -> None:
    for value in (*values, None):
        content = json.dumps({"query": query, "variables": {"x": value}})  # beyond 64 bits too
        errors(await http.post("/graphql", content=content, headers=JSON))


@pytest.mark.asyncio(loop_scope="module")
async def test_no_variables_are_as_good_as_none(reader: AsyncClient) -> None:
    for rest in (b"", b',"variables":null', b',"variables":{}', b',"operationName":null'):
        content = b'{"query":"{__typename}"' + rest + b"}"
        response = await reader.post("/graphql", content=content, headers=JSON)
        assert response.json()["data"] == {"__typename": "Query"}


@pytest.mark.asyncio(loop_scope="module")
async def test_of_a_key_that_is_sent_twice_the_last_one_counts(reader: AsyncClient) -> None:
    content = b'{"query":"{nope}","query":"{__typename}"}'
    response = await reader.post("/graphql", content=content, headers=JSON)
    assert errors(response) == []


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("text", ["2018-01-01T00:00:00", "0001-01-01T00:00:00+14:00"])
async def test_an_instant_that_is_none_is_refused_by_its_scalar(
    reader: AsyncClient, text: str
) -> None:
    """Without an offset it is another one for every reader; before year 1 there is none."""
    sent = {"query": INSTANT, "variables": {"x": text}}
    (error,) = errors(await reader.post("/graphql", json=sent))
    assert text in error["message"]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "asked",
    [
        "asOf(position: 3) { __typename }",
        'asOf(position: 3) { provinces(at: "2020-01-01") { code } }',
        'asOf(effectiveOn: "2019-01-01") { ledger { position } }',
        'asOf(effectiveOn: "2019-01-01") { asOf(effectiveOn: "2018-01-01") { __typename } }',
        'asOf(position: 3) { asOf(recordedAt: "2019-01-01T00:00:00Z") { __typename } }',
    ],
)
async def test_a_moment_that_nothing_asked_for_depends_on_is_no_failure(
    reader: AsyncClient, asked: str
) -> None:
    response = await reader.post("/graphql", json={"query": f"{{ {asked} }}"})
    assert errors(response) == []


async def test_what_is_decomposed_is_recorded_composed(writer: AsyncClient) -> None:
    """NFD, as some keyboards send it, is the same name in the ledger as NFC."""
    sent = {"query": NAME, "variables": {"x": "Tha\u0301i Nguye\u0302n"}}
    assert errors(await writer.post("/graphql", json=sent)) == []
    found = await writer.post("/graphql", json={"query": '{ period(code: "p") { name } }'})
    assert found.json()["data"]["period"]["name"] == "Th\u00e1i Nguy\u00ean"
