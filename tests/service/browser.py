"""A real browser, driven over the DevTools protocol: what a page shows, asks for, complains of."""

import asyncio
import itertools
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1400,900",
    "--remote-debugging-port=0",
)
DEADLINE_SECONDS = 60
POLL_SECONDS = 0.1


def program() -> str | None:
    """The browser of this machine, if there is one."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


class Page:
    """One open page."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.session: str | None = None
        self.requested: list[str] = []
        """Every address the page asked for."""
        self.complaints: list[str] = []
        """What the browser says of it: errors, and what its policy forbade."""

    async def listen(self) -> None:
        """Hear what the browser says, until it goes."""
        async for text in self._socket:
            said = json.loads(text)
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said)
            else:
                self._noted(said["method"], said["params"])

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Ask the browser for something."""
        number = next(self._numbers)
        told: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self.session is not None:
            told["sessionId"] = self.session
        self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send(json.dumps(told))
        said = await self._answers_within(number)
        assert "error" not in said, said["error"]
        return said["result"]

    async def value(self, expression: str) -> object:
        """What an expression is worth in the page."""
        found = await self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        return found["result"].get("value")

    async def until(self, expression: str) -> None:
        """Wait for something to become true in the page."""
        async with asyncio.timeout(DEADLINE_SECONDS):
            while not await self.value(expression):  # noqa: ASYNC110 - nobody tells us
                await asyncio.sleep(POLL_SECONDS)

    async def _answers_within(self, number: int) -> dict[str, Any]:
        return await asyncio.wait_for(self._answers[number], DEADLINE_SECONDS)

    def _noted(self, method: str, parameters: dict[str, Any]) -> None:
        match method:
            case "Network.requestWillBeSent" if not _is_inline(parameters["request"]["url"]):
                self.requested.append(parameters["request"]["url"])
            case "Network.webSocketCreated":
                self.requested.append(parameters["url"])
            case "Log.entryAdded" if parameters["entry"]["level"] == "error":
                self.complaints.append(parameters["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(parameters["exceptionDetails"])[:500])
            case _:
                pass


@asynccontextmanager
async def opened(folder: Path, url: str) -> AsyncIterator[Page]:
    """A page at `url` in a browser of its own, with an empty profile in `folder`."""
    browser = await asyncio.create_subprocess_exec(
        str(program()),
        *FLAGS,
        f"--user-data-dir={folder}",
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "HOME": str(folder)},
    )
    try:
        async with (
            asyncio.timeout(2 * DEADLINE_SECONDS),
            connect(await _address(browser), max_size=None, proxy=None) as socket,
        ):
            page = Page(socket)
            listening = asyncio.create_task(page.listen())
            await _navigate(page, url)
            yield page
            listening.cancel()
    finally:
        browser.kill()
        await browser.wait()


async def _navigate(page: Page, url: str) -> None:
    target = await page.call("Target.createTarget", url="about:blank")
    attached = await page.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
    page.session = attached["sessionId"]
    for domain in ("Network", "Log", "Runtime", "Page"):
        await page.call(f"{domain}.enable")
    await page.call("Page.navigate", url=url)


async def _address(browser: asyncio.subprocess.Process) -> str:
    assert browser.stderr is not None
    async with asyncio.timeout(DEADLINE_SECONDS):
        async for line in browser.stderr:
            text = line.decode(errors="replace")
            if "DevTools listening on " in text:
                return text.rpartition(" on ")[2].strip()
    raise AssertionError("the browser did not start")


def _is_inline(url: str) -> bool:
    """Part of the page itself, such as the icons inside a style sheet."""
    return url.startswith(("data:", "blob:"))
