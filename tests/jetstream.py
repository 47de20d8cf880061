"""A real nats-server with JetStream, to be killed and started again on the same port and store.

    with Jetstream(folder) as server:
        server.kill(); server.start()

`read(url)` says what is in a stream: what a relay has brought there.
"""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, NoReturn, Self

import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js import JetStreamContext
from nats.js.api import StreamConfig

START_SECONDS_MAX = 20.0
STREAM = "SOCAI"


class Found(NamedTuple):
    """A message in a stream."""

    subject: str
    position: int
    headers: dict[str, str]
    body: bytes


class Jetstream:
    """The server, for the length of a block."""

    def __init__(self, folder: Path) -> None:
        program = shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin")
        if program is None:
            _lacking("nats-server is not installed: apt-get install nats-server")
        self._program, self._folder = program, folder
        with socket.create_server(("127.0.0.1", 0)) as taken:
            self._port = taken.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    @property
    def url(self) -> str:
        """Where it is, or will be."""
        return f"nats://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Return when it answers."""
        self._folder.mkdir(parents=True, exist_ok=True)
        store, said = self._folder / "store", self._folder / "said.txt"
        with said.open("ab") as file:
            self._process = subprocess.Popen(
                [self._program, "-a", "127.0.0.1", "-p", str(self._port), "-js", "-sd", str(store)],
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        began = time.monotonic()
        while not self._answers():
            assert self._process.poll() is None, said.read_text()
            assert time.monotonic() - began < START_SECONDS_MAX, said.read_text()
            time.sleep(0.01)

    def kill(self) -> None:
        """As the kernel does it when memory runs out."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), 1) as connection:
                return connection.recv(5) == b"INFO "
        except OSError:
            return False


@asynccontextmanager
async def joined(url: str) -> AsyncIterator[JetStreamContext]:
    """A client of its own; `manage` what is there with it."""

    async def quiet(_: Exception) -> None:
        """A server that is killed is what the tests are about."""

    client = Client()
    try:
        await client.connect(
            url,
            error_cb=quiet,
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
        )
        yield client.jetstream()
    finally:
        await client.close()


async def make(url: str, name: str = STREAM, duplicate_s: float = 0.1) -> None:
    """A stream that remembers what it got for a moment only."""
    async with joined(url) as jetstream:
        await jetstream.add_stream(
            StreamConfig(name=name, subjects=["socai.events.>"], duplicate_window=duplicate_s)
        )


async def read(url: str, name: str = STREAM) -> Sequence[Found]:
    """Everything in a stream, in its order."""
    async with joined(url) as jetstream:
        state = (await jetstream.stream_info(name)).state
        if not state.messages:
            return []
        subscription = await jetstream.subscribe(
            "socai.events.>", stream=name, ordered_consumer=True
        )
        found = []
        for _ in range(state.messages):
            message = await subscription.next_msg(10)
            headers = message.headers or {}
            position = int(headers["Nats-Msg-Id"])
            found.append(Found(message.subject, position, headers, message.data))
        return found


async def count(url: str, name: str = STREAM) -> int:
    """How many messages are in it; 0 if there is none."""
    try:
        async with joined(url) as jetstream:
            return (await jetstream.stream_info(name)).state.messages
    except (NatsError, OSError):
        return 0


async def until_holds(url: str, messages: int, name: str = STREAM) -> None:
    """Wait until so many messages are there."""
    async with asyncio.timeout(30):
        while await count(url, name) < messages:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)


def _lacking(what: str) -> NoReturn:
    """Skip what cannot run here, and say so where it is seen. In CI nothing may be lacking."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"in CI the relay is always tested, but: {what}")
    pytest.skip(what)
