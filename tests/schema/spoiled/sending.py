"""Requests as they come off the wire, put to the ASGI app with nothing between to tidy them up."""

import asyncio
from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
from starlette.types import ASGIApp, Message, Scope

ANSWER_SECONDS_MAX = 20
Header = tuple[bytes, bytes]
JSON: tuple[Header, ...] = ((b"content-type", b"application/json"),)


class Sent(NamedTuple):
    """One request over HTTP."""

    body: bytes = b""
    headers: Sequence[Header] = JSON
    method: str = "POST"
    query: bytes = b""


class Heard(NamedTuple):
    """One response."""

    status: int
    headers: dict[bytes, bytes]
    body: bytes


async def send(app: ASGIApp, sent: Sent) -> Heard:
    """Send one request, and hang up once it is said."""
    said: list[Message] = [
        {"type": "http.request", "body": sent.body, "more_body": False},
        {"type": "http.disconnect"},
    ]
    heard: list[Message] = []

    async def receive() -> Message:
        return said.pop(0) if len(said) > 1 else said[0]

    async def take(message: Message) -> None:
        heard.append(message)

    async with asyncio.timeout(ANSWER_SECONDS_MAX):
        await app(_scope("http", sent.headers, method=sent.method, query=sent.query), receive, take)
    start, *parts = heard
    return Heard(
        start["status"], dict(start["headers"]), b"".join(each.get("body", b"") for each in parts)
    )


async def talk(app: ASGIApp, messages: Sequence[str | bytes]) -> tuple[list[Any], int | None]:
    """Say all of it over one WebSocket and hang up; what was heard, and how they hung up."""
    said: asyncio.Queue[Message] = asyncio.Queue()
    heard: list[Any] = []
    code: int | None = None

    async def take(message: Message) -> None:
        nonlocal code
        if message["type"] == "websocket.send":
            heard.append(orjson.loads(message["text"]))
        elif message["type"] == "websocket.close":
            code = message["code"]

    said.put_nowait({"type": "websocket.connect"})
    for each in messages:
        kind = "text" if isinstance(each, str) else "bytes"
        said.put_nowait({"type": "websocket.receive", kind: each})
    open_ = asyncio.ensure_future(
        app(_scope("websocket", (), subprotocols=["graphql-transport-ws"]), said.get, take)
    )
    await _answered(open_, heard, messages)
    said.put_nowait({"type": "websocket.disconnect", "code": 1000})
    async with asyncio.timeout(ANSWER_SECONDS_MAX):
        await open_
    return heard, code


async def _answered(open_: "asyncio.Future[None]", heard: list[Any], said: Sequence[Any]) -> None:
    """Until each operation has ended, or the socket has."""
    asked = sum(1 for each in said if isinstance(each, str) and '"subscribe"' in each)
    async with asyncio.timeout(ANSWER_SECONDS_MAX):
        while not open_.done() and asked:
            if sum(1 for each in heard if each["type"] in {"complete", "error"}) >= asked:
                return
            await asyncio.wait({open_}, timeout=0.001)


def _scope(kind: str, headers: Sequence[Header], **more: Any) -> Scope:
    query = more.pop("query", b"")
    path = {"path": "/graphql", "raw_path": b"/graphql", "query_string": query, "root_path": ""}
    asgi = {"asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http"}
    ends = {"client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)}
    return {"type": kind, "headers": list(headers), **path, **asgi, **ends, **more}
