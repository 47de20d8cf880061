"""Before anything is timed: who can answer what, with which variables, and do all answer alike."""

import http.client
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from benchmarks.query.ledger import Ledger, with_position
from benchmarks.query.load import Request
from benchmarks.query.questions import Question, Variables
from benchmarks.query.servers import Server, say

COMPARED = 5
PAGES_MAX = 400
CURSOR = re.compile(rb'"endCursor":(?:"[^"]*"|null)')
"""A cursor is each contestant's own; the rest is not."""
ENDING = b',"extensions":'


class Disagreement(Exception):  # noqa: N818 - two answers, of which one is wrong
    """Contestants answer the same question differently, so that no time means anything."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A question that one contestant can be asked, with all its requests."""

    server: Server
    question: Question
    requests: Sequence[Request]


def agreed(question: Question, servers: Sequence[Server], ledger: Ledger) -> Sequence[Ready]:
    """The contestants that can be asked, after they were found to answer alike."""
    found = [each for server in servers for each in _prepared(question, server, ledger)]
    if not found:
        say(f"{question.title}: left out, for nobody can answer it")
        return found
    for number in range(min(COMPARED, *(len(each.requests) for each in found))):
        answers = {each.server.name: _asked(each, number) for each in found}
        meant = {name: _meaning(answer) for name, answer in answers.items()}
        first = next(iter(meant))
        for name, meaning in meant.items():
            if meaning != meant[first]:
                told = f"{answers[first]!r}\n{answers[name]!r}"
                raise Disagreement(f"{question.title}: {first} and {name}\n{told}")
        if {"ours", "raw"} <= set(answers) and _bytes(answers["ours"]) != _bytes(answers["raw"]):
            say(f"{question.title}: ours and raw say the same in other bytes")
            break
    return found


def posted(port: int, request: Request) -> tuple[bytes, str]:
    """One answer, and its ETag if it has one."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    method = "POST" if request.body else "GET"
    connection.request(method, request.path, request.body or None, headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return body, response.getheader("ETag") or ""


def written(question: Question, server: Server, variables: Variables) -> Request | None:
    """What this contestant is sent; None if the question is none for it."""
    path = question.path if server.name == "raw" else "/graphql"
    document = question.theirs if server.name == "postgraphile" else question.ours
    if document is None:
        return None
    body = orjson.dumps({"query": document, "variables": variables})
    return Request(path, body.decode())


def _prepared(question: Question, server: Server, ledger: Ledger) -> Iterator[Ready]:
    position = ledger.half if question.as_of else None
    if question.wants == "after":
        drawn: Sequence[Variables] = [
            {"after": each} for each in _cursors(question, server, position)
        ]
    else:
        drawn = ledger.samples[question.wants]
    requests = [written(question, server, with_position(each, position)) for each in drawn]
    able = [each for each in requests if each is not None]
    if able and not _refused(question, server, able[0]):
        yield Ready(server, question, able)


def _refused(question: Question, server: Server, request: Request) -> bool:
    answer = orjson.loads(posted(server.port, request)[0])
    errors = answer.get("errors") if isinstance(answer, dict) else [answer]
    if errors:
        say(f"{question.title}: {server.name} cannot: {str(errors[0])[:160]}")
    return bool(errors)


def _cursors(question: Question, server: Server, position: int | None) -> Sequence[str]:
    """The ends of the pages up to the middle, so that whole pages follow each of them."""
    found: list[str] = []
    after: str | None = None
    while len(found) < PAGES_MAX:
        request = written(question, server, with_position({"after": after}, position))
        if request is None:
            return []
        answer = orjson.loads(posted(server.port, request)[0])
        if "errors" in answer:
            say(f"{question.title}: {server.name} cannot: {str(answer['errors'][0])[:160]}")
            return []
        page = _within(answer["data"], "pageInfo")
        if not page["hasNextPage"]:
            break
        after = str(page["endCursor"])
        found.append(after)
    return found[: max(len(found) // 2, 1)]


def _within(answer: dict[str, Any], name: str) -> dict[str, Any]:
    """The object of this name, however deep it is."""
    while name not in answer:
        (answer,) = answer.values()
    found: dict[str, Any] = answer[name]
    return found


def _asked(ready: Ready, number: int) -> bytes:
    return posted(ready.server.port, ready.requests[number])[0]


def _meaning(answer: bytes) -> object:
    """What is said, whatever the order of fields and of totals."""
    told = orjson.loads(CURSOR.sub(b'"endCursor":null', answer))
    totals = told["data"].get("totals", told["data"].get("asOf", {}).get("totals"))
    if totals:
        totals.sort(key=orjson.dumps)
    return told["data"]


def _bytes(answer: bytes) -> bytes:
    """Everything but cursors and extensions."""
    return CURSOR.sub(b"", answer).rpartition(ENDING)[0]
