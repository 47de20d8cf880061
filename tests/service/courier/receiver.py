"""A receiver of webhooks on loopback: a real HTTP server that answers whatever a test wants.

async with receiving() as receiver:
    receiver.answers = [status(500), status(204)]      # the last one for ever
    receiver.got[0].body
"""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import orjson
from standardwebhooks.webhooks import Webhook

ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
TRICKLING = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
"""After which a receiver that answers so never stops."""

Answer: TypeAlias = bytes | float | None
"""Bytes as they are; seconds to say nothing for; None: the connection is cut."""


def status(code: int, *headers: str, body: str = "") -> bytes:
    """An answer with this status."""
    lines = (f"HTTP/1.1 {code} X", *headers, f"Content-Length: {len(body)}", "", body)
    return "\r\n".join(lines).encode()


GRANTED = status(200, "WebHook-Allowed-Origin: *", "WebHook-Allowed-Rate: *")


@dataclass(frozen=True, slots=True, kw_only=True)
class Got:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def told(self) -> dict[str, Any]:
        """The body, as JSON."""
        return dict(orjson.loads(self.body))

    @property
    def position(self) -> int:
        """Of the event in it."""
        return int(self.told["sequence"])

    def verified(self, secret: str) -> Any:
        """Its content, by the verifier that receivers use."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass(slots=True)
class Receiver:
    """What it answers, and what it was sent."""

    url: str = ""
    answers: list[Answer] = field(default_factory=lambda: [status(204)])
    """To each POST one, in order; the last one for all that follow."""
    grants: list[Answer] = field(default_factory=lambda: [GRANTED])
    """The same, to each question whether it wants any."""
    got: list[Got] = field(default_factory=list)
    asked: list[Got] = field(default_factory=list)
    more: asyncio.Condition = field(default_factory=asyncio.Condition)
    tasks: set[asyncio.Task[Any]] = field(default_factory=set)

    @property
    def positions(self) -> Sequence[int]:
        """Of the events that were sent, in the order in which they came."""
        return [each.position for each in self.got]

    async def until(self, count: int, seconds: float = 60.0) -> Sequence[Got]:
        """Until it was sent so many."""
        async with asyncio.timeout(seconds), self.more:
            await self.more.wait_for(lambda: len(self.got) >= count)
        return self.got

    async def until_asked(self, count: int, seconds: float = 60.0) -> Sequence[Got]:
        """Until it was asked so often whether it wants any."""
        async with asyncio.timeout(seconds), self.more:
            await self.more.wait_for(lambda: len(self.asked) >= count)
        return self.asked

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._answer(await _request(reader), writer)
        finally:
            self.tasks.discard(task)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, got: Got, writer: asyncio.StreamWriter) -> None:
        kept, answers = (
            (self.asked, self.grants) if got.method == "OPTIONS" else (self.got, self.answers)
        )
        kept.append(got)
        async with self.more:
            self.more.notify_all()
        answer = answers[0] if len(answers) == 1 else answers.pop(0)
        if isinstance(answer, bytes):
            writer.write(answer)
            await writer.drain()
            while answer in {ENDLESS, TRICKLING}:
                writer.write(b"x" * 4096 if answer == ENDLESS else b"x")
                await writer.drain()
                await asyncio.sleep(0 if answer == ENDLESS else 0.05)
        elif answer is not None:
            await asyncio.sleep(answer)


async def _request(reader: asyncio.StreamReader) -> Got:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii").split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {
        name.lower(): told.strip() for name, _, told in (each.partition(":") for each in head[1:])
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    at = asyncio.get_running_loop().time()
    return Got(method=method, path=path, headers=headers, body=body, at=at)


@asynccontextmanager
async def receiving(tls: ssl.SSLContext | None = None) -> AsyncGenerator[Receiver]:
    """A receiver for the length of the block."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    receiver.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}/hooks"
    try:
        yield receiver
    finally:
        server.close()
        for each in list(receiver.tasks):
            each.cancel()
        await asyncio.gather(*receiver.tasks, return_exceptions=True)
