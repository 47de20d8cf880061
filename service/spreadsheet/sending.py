"""Bring commands to a ledger over its own contract, and hear what became of each.

    told = await sent(ledger, lines, how=How.EACH)

With `How.DRY` nothing is recorded: each is decided on what those before it would leave behind.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from enum import Enum
from typing import Any, Final
from urllib.parse import SplitResult

import orjson

from events.rules import value
from service.fetch import Answer, Request, asked
from service.spreadsheet.lines import Line, Wrong

CHUNK_MAX: Final = 500
"""Commands in one request, unless they go together."""
SECONDS_MAX: Final = 60.0
_OK: Final = 200
_BATCH: Final = """mutation ($commands: [BatchCommand!]!, $mode: BatchMode!) {
    batch(commands: $commands, mode: $mode) { results { nth outcome {
        ... on Recorded { repeated position } ... on Refusal { code message messageVi } } } } }"""
_PREVIEW: Final = """query ($commands: [BatchCommand!]!) { preview {
    batch(commands: $commands) { results { nth outcome {
        ... on Previewed { version } ... on Refusal { code message messageVi } } } } } }"""


class How(Enum):
    """What is done with the commands."""

    EACH = "each for itself"
    TOGETHER = "all or nothing"
    DRY = "nothing is recorded"


class NotAnsweredError(Exception):
    """The ledger does not carry it out at all: who asks may not, or it cannot be reached."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@value
class Ledger:
    """Where commands are sent, and by whom."""

    parts: SplitResult
    """Address of GraphQL."""
    key: str
    """An API key or an access token."""


@value
class Told:
    """What became of some lines."""

    recorded: int
    repeated: int
    """Of these, so many had been carried out before."""
    wrong: Sequence[Wrong]


async def sent(ledger: Ledger, lines: Sequence[Line], how: How) -> AsyncIterator[Told]:
    """Each request's answer, in order."""
    for chunk in _chunks(lines, how):
        results = await _results(ledger, [each.sent for each in chunk], how)
        outcomes = [each["outcome"] for each in results]
        refused = [
            Wrong(
                place=line.place,
                code=each["code"],
                message=each["message"],
                message_vi=each["messageVi"],
            )
            for line, each in zip(chunk, outcomes, strict=True)
            if "code" in each
        ]
        yield Told(
            recorded=len(chunk) - len(refused),
            repeated=sum(bool(each.get("repeated")) for each in outcomes),
            wrong=refused,
        )


def _chunks(lines: Sequence[Line], how: How) -> Iterator[Sequence[Line]]:
    size = CHUNK_MAX if how is How.EACH else max(len(lines), 1)
    for start in range(0, len(lines), size):
        yield lines[start : start + size]


async def _results(ledger: Ledger, commands: Sequence[Any], how: How) -> Sequence[Any]:
    is_dry = how is How.DRY
    variables: dict[str, Any] = {"commands": commands}
    if not is_dry:
        variables["mode"] = how.name
    asks = {"query": _PREVIEW if is_dry else _BATCH, "variables": variables}
    answer = await asked(
        Request(
            method="POST",
            parts=ledger.parts,
            headers=[
                ("Content-Type", "application/json"),
                ("Authorization", f"Bearer {ledger.key}"),
            ],
            body=orjson.dumps(asks),
            seconds=SECONDS_MAX,
        )
    )
    data = _answered(answer)
    batch = data["preview"]["batch"] if is_dry else data["batch"]
    return batch["results"]


def _answered(answer: Answer) -> Any:
    """What was answered; whoever may not, or asks too much, is told so by name."""
    try:
        body = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        raise NotAnsweredError("NO_LEDGER", f"no ledger answers there: {answer.status}") from None
    for error in body.get("errors") or ():
        told = error.get("extensions") or {}
        raise NotAnsweredError(told.get("code", str(answer.status)), error["message"])
    return body["data"]
