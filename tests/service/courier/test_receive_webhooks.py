"""`docs/how-to/receive-webhooks.md`, followed to the letter: receiver, commands, errands."""

import asyncio
import re
import shlex
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from schema.feed.filters import Filter
from service.access.door import FrontDoor
from service.cli.exits import Exit
from service.consumers.desk import WebhookDesk
from service.runtime import Runtime
from service.seed.callers import principal
from service.webhooks import VARIABLES
from tests.schema.callers import Known
from tests.schema.errands import Tell, telling
from tests.service.command_line import ROOT, socai
from tests.service.courier.hooks import (
    KEY,
    SETTINGS,
    TEMPO,
    audience_of,
    delivering,
    head,
    seen,
    standing,
)
from tests.service.courier.receiver import Receiver

PAGE = (ROOT / "docs/how-to/receive-webhooks.md").read_text(encoding="utf-8")
WHO = principal("integrator")
ADDRESS = "https://hooks.example.vn/socai"
WANTED = Filter(types=frozenset({"SupportCommitted", "AdvancePaid"}))


def blocks(language: str) -> Sequence[str]:
    """What stands in fences of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def operation(name: str) -> str:
    """The page's operation of this name."""
    (found,) = [each for each in blocks("graphql") if re.search(rf"\b{name} {{", each)]
    return found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


async def listening(port: int) -> None:
    """Until somebody listens there."""
    async with asyncio.timeout(30):
        while True:
            with suppress(ConnectionRefusedError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                await writer.wait_closed()
                return
            await asyncio.sleep(0.05)


@asynccontextmanager
async def received(script: Path, port: int, secret: str) -> AsyncIterator[Process]:
    """The page's receiver at work."""
    program = await asyncio.create_subprocess_exec(
        sys.executable, str(script), str(port), secret, stdout=PIPE, stderr=DEVNULL
    )
    try:
        await listening(port)
        yield program
    finally:
        program.terminate()
        await program.wait()


async def lines(program: Process, count: int) -> list[int]:
    """The positions of so many events that it prints."""
    assert program.stdout is not None
    async with asyncio.timeout(30):
        told = [(await program.stdout.readline()).decode() for _ in range(count)]
    return [int(each.split()[0]) for each in told]


@asynccontextmanager
async def owner(fund: Runtime) -> AsyncIterator[Tell]:
    """Tells the desk in the name of the demonstration's integrator."""
    assert isinstance(fund.door, FrontDoor)
    known = {str(WHO): await fund.door.known(WHO)}
    desk = WebhookDesk(fund.pool, KEY, SETTINGS.networks)
    async with telling(replace(fund, door=Known(known), desk=desk)) as tell:
        yield tell


async def did(tell: Tell, name: str, url: str = ADDRESS) -> dict[str, Any]:
    """What one of the page's errands answers."""
    body = await tell(operation(name).replace(ADDRESS, url), WHO)
    assert "errors" not in body, body
    (answer,) = body["data"].values()
    assert "code" not in answer, answer
    return dict(answer)


async def test_the_page_is_followed(fund: Runtime, tmp_path: Path) -> None:
    script, port, end = tmp_path / "receive.py", free_port(), await head(fund)
    script.write_text(blocks("python")[0], encoding="utf-8")
    expected = await seen(fund, await audience_of(fund, WHO), WANTED)
    async with owner(fund) as tell, delivering(fund, replace(TEMPO, failures_max=10_000)):
        first = (await did(tell, "Register", f"http://127.0.0.1:{port}/hooks"))["secret"]
        async with received(script, port, first) as program:
            assert await lines(program, len(expected)) == expected
            await standing(fund, position=end)
        second = (await did(tell, "Rotate"))["secret"]
        assert second != first
        async with received(script, port, second) as program:
            await did(tell, "Redeliver")
            assert await lines(program, 1) == [74]
            await did(tell, "Rewind")
            others = [each for each in expected if each != 74]
            assert await lines(program, len(others)) == others, "that one is known already"
            await standing(fund, position=end)
        assert (await did(tell, "Resume"))["webhook"]["lagPositions"] == 0
        tried = (await tell(operation("Tried"), WHO))["data"]["webhooks"][0]
        assert {each["status"] for each in tried["deliveries"]} == {204}
        assert (await did(tell, "Pause"))["webhook"] == {"status": "PAUSED"}
        assert (await did(tell, "Remove"))["webhook"]["removedAt"]


async def test_its_command_brings_what_it_says(receiver: Receiver, told_url: str) -> None:
    (command,) = blocks("sh")
    words = shlex.split(command.replace("http://127.0.0.1:3000/hooks", receiver.url))
    ran = await asyncio.to_thread(socai, *words[1:], SOCAI_DATABASE_URL=told_url)
    assert ran.returncode == Exit.OK, ran.stderr
    assert [each.told["type"] for each in receiver.got] == ["vn.socai.SupportCommitted"] * 3
    assert "whsec_" in ran.stderr


def test_its_variables_are_those_that_there_are() -> None:
    assert set(re.findall(r"^\| `(SOCAI_\w+)`", PAGE, re.MULTILINE)) == set(VARIABLES)
