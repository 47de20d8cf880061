"""The courier as a process beside the server: killed, relieved, and led out."""

import asyncio
import json
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from pathlib import Path

import pytest

from events.appender import Appender
from service.cli import front
from service.cli.exits import Exit
from service.database import OWNER, SERVICE, SUPERUSER, Database
from service.maintenance import migrated
from service.postgres import Postgres
from tests.entries import fill_many
from tests.jetstream import STREAM, Jetstream, joined, read, until_holds
from tests.service.command_line import ROOT, running
from tests.service.relay.conftest import Relaying

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
PAGE = (ROOT / "docs/how-to/relay-to-nats.md").read_text(encoding="utf-8")
LINES = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
"""The commands of the page: courier; list; pause, resume; pause, purge, reset, resume."""


def couriers(parent: int) -> Sequence[int]:
    """The processes that a server started to bring things to others."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            words = (each / "cmdline").read_bytes()
            told = (each / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if b"service.courier.run" in words and int(told[1]) == parent and told[0] != "Z":
            found.append(int(each.name))
    return found


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def positions(server: Jetstream) -> list[int]:
    return [each.position for each in await read(server.url)]


@ON_LINUX
async def test_couriers_that_are_killed_relieve_each_other_and_bring_everything_once(
    tmp_path: Path, jetstream: Jetstream, database_url: str, appender: Appender
) -> None:
    told = {
        "SOCAI_DATABASE_URL": database_url,
        "SOCAI_NATS_URL": jetstream.url,
        "SOCAI_NATS_WHOLE": "on",
    }
    with running(tmp_path, "serve", "--port", "0", **told) as service:
        service.until(lambda: "relaying to stream SOCAI" in service.words)
        with running(tmp_path, "courier", **told) as other:
            other.until(lambda: "another courier is at work" in other.words)
            await fill_many(appender, 600)
            await until_holds(jetstream.url, 1)
            os.kill(couriers(service.program.pid)[0], signal.SIGKILL)
            await fill_many(appender, 600)
            other.until(lambda: "relaying to stream SOCAI" in other.words)
            service.until(lambda: "the courier ended with code -9; starting" in service.words)
            service.until(lambda: "another courier is at work" in service.words)
            other.signal(signal.SIGKILL)
            await fill_many(appender, 600)
            await until_holds(jetstream.url, 1_800)
        left = couriers(service.program.pid)
        service.signal(signal.SIGTERM)
        assert service.end() == Exit.OK
    assert left
    assert not any(map(lives, left))
    assert await positions(jetstream) == list(range(1, 1_801))


async def test_a_postgresql_that_is_killed_delays_the_relay_and_no_more(
    jetstream: Jetstream, folder: Path, relaying: Relaying
) -> None:
    async with Postgres(folder, no_sync=True) as postgres:
        url, owner, root = (postgres.url(each) for each in (SERVICE, OWNER, SUPERUSER))
        await migrated(Database(service_url=url, owner_url=owner, superuser_url=root))
        async with relaying(url=url):
            async with Appender(url) as appender:
                first = max(each.last for each in await fill_many(appender, 50))
            await until_holds(jetstream.url, first)
            before = postgres.pid
            assert before is not None
            os.kill(before, signal.SIGKILL)
            while postgres.pid in {before, None}:  # noqa: ASYNC110 - its supervisor starts it again
                await asyncio.sleep(0.02)
            async with Appender(url) as appender:
                last = max(each.last for each in await fill_many(appender, 50))
            await until_holds(jetstream.url, last)
    assert await positions(jetstream) == list(range(1, last + 1))


async def test_the_page_is_followed_from_the_settings_to_a_consumer_and_back_again(
    tmp_path: Path,
    jetstream: Jetstream,
    database_url: str,
    appender: Appender,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await fill_many(appender, 3)
    told = dict(re.findall(r"^(SOCAI_NATS_\w+)=(\S+)$", PAGE, re.MULTILINE))
    told |= {"SOCAI_NATS_URL": jetstream.url, "SOCAI_DATABASE_URL": database_url}
    told |= {"SOCAI_NATS_WHOLE": "on"}  # entries of these tests are of no scheme
    for name, text in told.items():
        monkeypatch.setenv(name, text)
    assert LINES[0] == "socai courier"
    with running(tmp_path, "courier", **told) as courier:
        await until_holds(jetstream.url, 3)
        assert await consumed(tmp_path, jetstream, 3) == ["1", "2", "3"]
        for line in LINES[2:]:
            if line.startswith("nats stream purge"):
                await asyncio.sleep(1.2)  # a look, and a little
                async with joined(jetstream.url) as client:
                    await client.purge_stream(STREAM)
            else:
                await asyncio.to_thread(called, line)
        courier.until(lambda: "takes for a duplicate" in courier.words)
        capsys.readouterr()
        await asyncio.to_thread(called, f"{LINES[1]} -o json")
        (row,) = json.loads(capsys.readouterr().out)
        assert (row["name"], row["cursor"], row["lag"]) == ("nats/SOCAI", 0, 3)


def called(line: str) -> None:
    """A command of the page, in this process: there are many."""
    front()(line.split()[1:], exit_on_error=False, result_action="return_value")


async def consumed(folder: Path, server: Jetstream, events: int) -> Sequence[str]:
    """The first word of what the page's consumer prints of so many events."""
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    program = folder / "consume.py"
    program.write_text(block.replace("nats://127.0.0.1:4222", server.url), encoding="utf-8")
    ran = await asyncio.create_subprocess_exec(sys.executable, str(program), stdout=PIPE)
    assert ran.stdout is not None
    found = [(await ran.stdout.readline()).decode().split()[0] for _ in range(events)]
    ran.kill()
    await ran.wait()
    return found
