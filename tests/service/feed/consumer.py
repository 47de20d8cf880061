"""A client of the feed, to be killed: it writes down what it got, and then how far it is.

python -m tests.service.feed.consumer '{"door": "events", "url": …, "folder": …}'

A cursor moves only when all up to it is written down. So what comes between the two comes twice.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from random import random
from typing import Any, NamedTuple
from urllib.request import Request, urlopen

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.service.feed.journal import Journal

SILENCE_SECONDS = 3.0
"""A wire that says nothing for so long is given up: it may be half open."""
WAIT_SECONDS = 2
AGAIN_SECONDS = 0.1
BUSY, BUSY_SECONDS = 0.1, 0.05
"""How often it has more to do before it says how far it is: who is killed then gets it again."""
SLOW_SECONDS = 1.0
"""What a flawed one leaves between two steps that are in the wrong order."""
SAVES_FIRST, FROM_THE_HEAD = "saves first", "from the head"
BATCH_EVENTS = 20
FEED = """
    subscription Feed($after: Position!, $filter: EventFeedFilter, $batch: Int!) {
      events(after: $after, filter: $filter, batchSize: $batch) {
        cursor
        events { position eventId type stream version recordedAt effectiveOn }
      }
    }
"""


class Terms(NamedTuple):
    """What it follows, and how."""

    door: str
    url: str
    """Of the service: `http://HOST:PORT`."""
    folder: str
    key: str = ""
    types: tuple[str, ...] = ()
    flaw: str = ""
    """For the teeth: one of the two above."""


class Piece(NamedTuple):
    """What one message brought."""

    cursor: int
    events: list[tuple[int, str, bytes]]


class BrokenOffError(Exception):
    """The service said goodbye, or something else than was expected."""


def over_events(terms: Terms, cursor: int) -> Iterator[Piece]:
    """GET /events as Server-Sent Events."""
    types = f"?types={','.join(terms.types)}" if terms.types else ""
    headers = {"Accept": "text/event-stream", "Last-Event-ID": str(cursor)}
    with _asked(terms, f"/events{types}", headers) as answer:
        for frame in _frames(answer):
            if frame.get("event") == "error":
                raise BrokenOffError(frame["data"])
            is_event = "data" in frame and "event" not in frame
            if "id" in frame:
                yield Piece(int(frame["id"]), [_cloud(frame["data"].encode())] if is_event else [])


def over_pages(terms: Terms, cursor: int) -> Iterator[Piece]:
    """GET /events line by line, waiting for what comes."""
    while True:
        asked = f"/events?after={cursor}&limit={BATCH_EVENTS}&wait={WAIT_SECONDS}"
        with _asked(terms, asked, {"Accept": "application/x-ndjson"}) as answer:
            lines = answer.read().splitlines()
            cursor = int(answer.headers["Socai-Cursor"])
        yield Piece(cursor, [_cloud(line) for line in lines])


def over_sse(terms: Terms, cursor: int) -> Iterator[Piece]:
    """GraphQL over Server-Sent Events; it comes back as a browser does."""
    headers = {
        "Accept": "text/event-stream",
        "Content-Type": "application/json",
        "Last-Event-ID": str(cursor),
    }
    body = json.dumps(_question(terms, 0)).encode()
    with _asked(terms, "/graphql", headers, body) as answer:
        for frame in _frames(answer):
            if frame.get("event") == "next":
                yield _batch(json.loads(frame["data"]))


def over_socket(terms: Terms, cursor: int) -> Iterator[Piece]:
    """GraphQL over a WebSocket."""
    url = terms.url.replace("http", "ws", 1) + "/graphql"
    protocols = [Subprotocol("graphql-transport-ws")]
    with connect(
        url, subprotocols=protocols, open_timeout=SILENCE_SECONDS, close_timeout=0.1, proxy=None
    ) as socket:
        shown = {"authorization": f"Bearer {terms.key}"} if terms.key else {}
        socket.send(json.dumps({"type": "connection_init", "payload": shown}))
        question = _question(terms, cursor)
        socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": question}))
        while True:
            said = json.loads(socket.recv(SILENCE_SECONDS))
            if said["type"] == "next":
                yield _batch(said["payload"])
            elif said["type"] == "ping":
                socket.send('{"type":"pong"}')
            elif said["type"] != "connection_ack":
                raise BrokenOffError(said)


DOORS: Mapping[str, Callable[[Terms, int], Iterator[Piece]]] = {
    "events": over_events,
    "pages": over_pages,
    "sse": over_sse,
    "socket": over_socket,
}


def follow(terms: Terms) -> None:
    """Until it is killed."""
    folder = Path(terms.folder)
    journal, kept = Journal(folder / "journal"), folder / "cursor"
    while True:
        with suppress(BrokenOffError, OSError, HTTPException, WebSocketException, EOFError):
            cursor = int(kept.read_text(encoding="utf-8")) if kept.exists() else 0
            if terms.flaw == FROM_THE_HEAD:
                cursor = _head(terms)
            journal.went_on(cursor)
            for piece in DOORS[terms.door](terms, cursor):
                _take(terms, journal, kept, piece)
        time.sleep(AGAIN_SECONDS)


def _take(terms: Terms, journal: Journal, kept: Path, piece: Piece) -> None:
    if terms.flaw == SAVES_FIRST:
        _save(kept, piece.cursor)
        time.sleep(SLOW_SECONDS)
    for event in piece.events:
        journal.got(*event)
    if piece.events and random() < BUSY:
        time.sleep(BUSY_SECONDS)
    _save(kept, piece.cursor)


def _save(kept: Path, cursor: int) -> None:
    new = kept.with_suffix(".new")
    new.write_text(str(cursor), encoding="utf-8")
    new.replace(kept)


def _head(terms: Terms) -> int:
    body = b'{"query":"{ ledger { position } }"}'
    with _asked(terms, "/graphql", {"Content-Type": "application/json"}, body) as answer:
        return int(json.load(answer)["data"]["ledger"]["position"])


def _asked(
    terms: Terms, path: str, headers: Mapping[str, str], body: bytes | None = None
) -> HTTPResponse:
    shown = {"Authorization": f"Bearer {terms.key}"} if terms.key else {}
    request = Request(terms.url + path, body, {**headers, **shown})  # noqa: S310 - our own
    answer: HTTPResponse = urlopen(request, timeout=SILENCE_SECONDS + WAIT_SECONDS)  # noqa: S310
    return answer


def _frames(answer: HTTPResponse) -> Iterator[dict[str, str]]:
    told: dict[str, str] = {}
    for line in answer:
        name, _, text = line.decode().rstrip("\n").partition(":")
        if name:
            told[name] = text.removeprefix(" ")
        elif line == b"\n":
            yield told
            told = {}


def _question(terms: Terms, after: int) -> dict[str, object]:
    filter_ = {"types": list(terms.types)} if terms.types else None
    told = {"after": str(after), "filter": filter_, "batch": BATCH_EVENTS}
    return {"query": FEED, "variables": told}


def _batch(answer: dict[str, Any]) -> Piece:
    if answer.get("errors"):
        raise BrokenOffError(answer["errors"])
    told = answer["data"]["events"]
    return Piece(
        int(told["cursor"]),
        [
            (int(each["position"]), each["eventId"], json.dumps(each, sort_keys=True).encode())
            for each in told["events"]
        ],
    )


def _cloud(body: bytes) -> tuple[int, str, bytes]:
    told = json.loads(body)
    return int(told["sequence"]), told["id"], body


if __name__ == "__main__":
    follow(Terms(**json.loads(sys.argv[1])))
