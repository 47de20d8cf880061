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
from service.cli.exits import Exit
from service.config import Config
from service.database import database
from tests.entries import fill_many
from tests.jetstream import STREAM, Jetstream, joined, read, until_holds
from tests.service.command_line import ROOT, running, socai, until

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")
PAGE = (ROOT / "docs/how-to/relay-to-nats.md").read_text(encoding="utf-8")
LINES = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
"""The commands of the page: courier; status; pause, resume; pause, purge, resume."""


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
async def test_a_courier_that_is_killed_again_and_again_brings_everything_once(
    tmp_path: Path, jetstream: Jetstream, database_url: str, appender: Appender
) -> None:
    told = {
        "SOCAI_DATABASE_URL": database_url,
        "SOCAI_NATS_URL": jetstream.url,
        "SOCAI_NATS_WHOLE": "on",
    }
    with running(tmp_path, "serve", "--port", "0", **told) as service:
        service.ready()
        pid = service.program.pid
        for turn in range(2):
            await fill_many(appender, 600)
            await until_holds(jetstream.url, 1_200 * turn + 1)
            os.kill(couriers(pid)[0], signal.SIGKILL)
            await fill_many(appender, 600)
        await until_holds(jetstream.url, 2_400)
        assert service.words.count("the courier ended with code -9; starting it again") == 2
        left = couriers(pid)
        service.signal(signal.SIGTERM)
        assert service.end() == Exit.OK
    assert left
    assert not any(map(lives, left))
    assert await positions(jetstream) == list(range(1, 2_401))


@ON_LINUX
async def test_when_a_machine_dies_the_courier_of_another_goes_on(
    tmp_path: Path, jetstream: Jetstream, database_url: str, appender: Appender
) -> None:
    told = {
        "SOCAI_DATABASE_URL": database_url,
        "SOCAI_NATS_URL": jetstream.url,
        "SOCAI_NATS_WHOLE": "on",
    }
    await fill_many(appender, 10)
    with running(tmp_path, "courier", **told) as first:
        first.until(lambda: "relaying to stream SOCAI" in first.words)
        with running(tmp_path, "courier", **told) as second:
            second.until(lambda: "stands by" in second.words)
            await until_holds(jetstream.url, 10)
            first.signal(signal.SIGKILL)
            await fill_many(appender, 10)
            await until_holds(jetstream.url, 20)
            second.signal(signal.SIGTERM)
            assert second.end() == Exit.OK
    assert await positions(jetstream) == list(range(1, 21))


@ON_LINUX
async def test_a_postgresql_that_is_killed_delays_the_relay_and_no_more(
    tmp_path: Path, jetstream: Jetstream, folder: Path
) -> None:
    told = {"SOCAI_NATS_URL": jetstream.url, "SOCAI_NATS_WHOLE": "on"}
    with running(tmp_path, "serve", "--port", "0", "--data", str(folder), **told) as service:
        service.ready()
        async with database(Config(data=folder), share=True) as found:
            url = found.service_url
        async with Appender(url) as appender:
            before = [each.last for each in await fill_many(appender, 50)]
        await until_holds(jetstream.url, max(before))
        postmaster = int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(postmaster, signal.SIGKILL)
        await asyncio.to_thread(until, lambda: "started again" in service.words)
        async with Appender(url) as appender:
            after = [each.last for each in await fill_many(appender, 50)]
        await until_holds(jetstream.url, max(after))
    assert await positions(jetstream) == list(range(1, max(after) + 1))


async def test_the_page_is_followed_from_the_settings_to_a_consumer_and_back_again(
    tmp_path: Path, jetstream: Jetstream, database_url: str, appender: Appender
) -> None:
    await fill_many(appender, 3)
    told = dict(re.findall(r"^(SOCAI_NATS_\w+)=(\S+)$", PAGE, re.MULTILINE))
    told |= {"SOCAI_NATS_URL": jetstream.url, "SOCAI_DATABASE_URL": database_url}
    told |= {"SOCAI_NATS_WHOLE": "on"}  # entries of these tests are of no scheme
    assert LINES[0] == "socai courier"
    with running(tmp_path, "courier", **told) as courier:
        await until_holds(jetstream.url, 3)
        courier.until(lambda: socai("relay", "status", **told).returncode == Exit.OK)
        assert await consumed(tmp_path, jetstream, 3) == ["1", "2", "3"]
        for line in LINES[LINES.index("socai relay pause") :]:
            if line.startswith("nats stream purge"):
                await asyncio.sleep(2)
                async with joined(jetstream.url) as client:
                    await client.purge_stream(STREAM)
            else:
                done = socai(*line.split()[1:], **told)
                assert done.returncode == Exit.OK, done.stderr
        courier.until(lambda: "takes for a duplicate" in courier.words)
        status = socai("relay", "status", "-o", "json", **told)
        assert status.returncode == Exit.NEGATIVE
        (row,) = json.loads(status.stdout)
        assert (row["name"], row["position"], row["lag"]) == ("nats/SOCAI", 0, 3)


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
