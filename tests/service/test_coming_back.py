"""A reader of GET /events whose server is killed, or whose stream ends, goes on where he was."""

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from signal import SIGKILL
from socket import create_server

import httpx2
import orjson
import pytest
from starlette.types import Message, Receive, Scope, Send

from service.app import application
from service.runtime import Runtime
from tests.schema.doors import opened
from tests.schema.test_stream import open_periods
from tests.service import browser
from tests.service.command_line import running
from tests.service.wires import serving

STREAM = {"accept": "text/event-stream"}
LISTEN = """
    window.got = []; window.opened = 0;
    const source = new EventSource('/events');
    source.onopen = () => { window.opened += 1 };
    source.onmessage = (each) => window.got.push(Number(JSON.parse(each.data).sequence));
"""


@pytest.fixture
async def empty(database_url: str) -> AsyncIterator[Runtime]:
    async with opened(database_url) as runtime:
        yield runtime


@pytest.fixture
def port() -> int:
    """One that is free, and will be taken twice."""
    with create_server(("127.0.0.1", 0)) as found:
        number: int = found.getsockname()[1]
    return number


@pytest.fixture
def seen(capsys: pytest.CaptureFixture[str]) -> None:
    """A browser; without one the test is skipped, loudly."""
    if browser.program() is None:
        with capsys.disabled():
            sys.stderr.write("\nEventSource is NOT TESTED in a browser: no chromium here\n")
        pytest.skip("no chromium here; Debian's package `chromium` has it")


def events(lines: Iterator[str], count: int) -> list[int]:
    """The positions of the next few."""
    found: list[int] = []
    while len(found) < count:
        line = next(lines)
        if line.startswith('data: {"specversion'):
            found.append(int(orjson.loads(line.removeprefix("data: "))["sequence"]))
    return found


async def test_a_program_whose_server_is_killed_goes_on_after_the_last_id_it_had(
    tmp_path: Path, empty: Runtime, database_url: str, port: int
) -> None:
    """What was on its way is sent again, what was recorded meanwhile is not missing."""
    told = {"SOCAI_DATABASE_URL": database_url}
    await open_periods(empty, 2001, 30)

    def begin() -> list[int]:
        with running(tmp_path, "serve", "--port", str(port), **told) as server:
            address = f"{server.ready()}/events"
            with httpx2.stream("GET", address, headers=STREAM) as stream:
                found = events(stream.iter_lines(), 12)
                server.signal(SIGKILL)
                server.end()
        return found

    def go_on(last: int) -> list[int]:
        with running(tmp_path, "serve", "--port", str(port), **told) as server:
            address, headers = f"{server.ready()}/events", STREAM | {"last-event-id": str(last)}
            with httpx2.stream("GET", address, headers=headers) as stream:
                return events(stream.iter_lines(), 28)

    before = await asyncio.to_thread(begin)
    await open_periods(empty, 2031, 10)
    after = await asyncio.to_thread(go_on, before[-1])
    assert before + after == list(range(1, 41))


class Cut:
    """An app whose event streams end when somebody says so."""

    def __init__(self, runtime: Runtime) -> None:
        self._app = application(runtime)
        self.now = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def ended() -> Message:
            await self.now.wait()
            return {"type": "http.disconnect"}

        await self._app(scope, ended if scope.get("path") == "/events" else receive, send)


@pytest.mark.usefixtures("seen")
async def test_a_browser_whose_stream_ends_goes_on_by_itself(
    tmp_path: Path, empty: Runtime
) -> None:
    await open_periods(empty, 2001, 5)
    app = Cut(empty)
    async with (
        serving(app) as port,
        browser.opened(tmp_path, f"http://127.0.0.1:{port}/") as page,
    ):
        await page.until("document.readyState === 'complete'")
        await page.value(LISTEN)
        await page.until("window.got.length === 5")
        app.now.set()
        await page.until("source.readyState === EventSource.CONNECTING")
        app.now.clear()
        await open_periods(empty, 2006, 5)
        await page.until("window.got.length >= 10")
        assert await page.value("window.got") == list(range(1, 11))
        assert await page.value("window.opened") == 2
        assert page.complaints == []
