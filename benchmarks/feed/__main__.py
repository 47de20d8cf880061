"""Followers of the ledger: how soon they have what was acknowledged, and what that costs us.

    python -m benchmarks.feed [--seconds 10] [--subscribers 1 200 2000] [--doors graphql events]

One PostgreSQL of its own, fsync on; the server as anybody starts it; the followers in a process of
their own, over event streams. Events arrive at 1,000 a second whether or not the last one is
through. Measured from the moment the appender's caller goes on to the moment a follower's socket
has the event; CPU is the server's, of all its threads, as the kernel counts it.
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import uvloop

from benchmarks.feed.stock import URL
from benchmarks.query.servers import Contestant, Server, free_port, ours
from benchmarks.query.usage import cpu_seconds
from events.appender import Appender
from service.config import Config
from service.database import database
from service.maintenance import migrated
from tests.entries import entry

ROOT = Path(__file__).parents[2]
RATE = 1_000
WARM_EVENTS = 1_000
LIMITS = {
    "SOCAI_GRAPHQL_STREAMS_MAX": "10000",
    "SOCAI_GRAPHQL_STREAMS_EACH_MAX": "10000",
    "SOCAI_GRAPHQL_POINTS_PER_MINUTE": "0",
}
FIELDS = "position eventId type stream version recordedAt effectiveOn leaf"
OURS = f"subscription ($n: Position!) {{ events(after: $n) {{ cursor events {{ {FIELDS} }} }} }}"
STOCK = f"subscription ($n: Int!) {{ events(after: $n) {{ cursor events {{ {FIELDS} }} }} }}"


class Result(NamedTuple):
    """One line of the table."""

    door: str
    subscribers: int
    p50: float
    p99: float
    cpu: float
    """Microseconds of the server for an event and follower."""


@dataclass(frozen=True, slots=True)
class Door:
    """One way of following."""

    name: str
    contestant: Contestant
    request: str


def doors(url: str, wanted: Sequence[str]) -> list[Door]:
    """Those that were asked for."""
    own = ours("socai", url, 1, LIMITS)
    assert own is not None
    command = [sys.executable, "-m", "uvicorn", "benchmarks.feed.stock:app", "--port", "PORT"]
    loop = ["--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"]
    stock = Contestant("strawberry", [*command, *loop], {URL: url})
    found = [
        Door("graphql", own, _posted("/graphql", OURS)),
        Door("events", own, _got("/events?after=%d")),
        Door("strawberry", stock, _posted("/graphql/", STOCK)),
    ]
    return [each for each in found if each.name in wanted]


def _posted(path: str, document: str) -> str:
    body = json.dumps({"query": document, "variables": {"n": 987654321}})
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )


def _got(path: str) -> str:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"


async def measure(url: str, door: Door, subscribers: int, seconds: float) -> Result:
    """One door with so many followers."""
    server = Server(door.contestant, free_port())
    total = int(RATE * seconds)
    try:
        server.ready()
        async with Appender(url) as appender:
            start = (await appender.append(entry(_fresh()))).last
            last = start + WARM_EVENTS + total
            with tempfile.NamedTemporaryFile() as file:
                clients = await _clients(door, server.port, subscribers, start, last, file.name)
                await _write(appender, WARM_EVENTS)
                before = cpu_seconds(server.pid)
                acknowledged = await _write(appender, total)
                assert await clients.wait() == 0
                spent = cpu_seconds(server.pid) - before
                pieces = array("d", file.read())
        waits = _waits(pieces, acknowledged)
        assert len(waits) == subscribers * total, (len(waits), subscribers * total)
        p50, p99 = (1000 * waits[int(len(waits) * part)] for part in (0.5, 0.99))
        return Result(door.name, subscribers, p50, p99, 1e6 * spent / len(waits))
    finally:
        server.leave()


async def _clients(
    door: Door, port: int, count: int, start: int, last: int, file: str
) -> asyncio.subprocess.Process:
    """The followers; they have all asked when this returns."""
    arguments = ["-m", "benchmarks.feed.clients", str(port), str(count), str(last), file]
    clients = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert clients.stdin is not None
    assert clients.stdout is not None
    request = door.request.replace("987654321", f"{start:>9}").replace("%d", str(start))
    clients.stdin.write(request.encode())
    clients.stdin.close()
    assert await clients.stdout.readline() == b"connected\n"
    return clients


async def _write(appender: Appender, events: int) -> dict[int, float]:
    """So many, evenly; when each was acknowledged, by position."""
    acknowledged: dict[int, float] = {}

    async def write() -> None:
        placed = await appender.append(entry(_fresh()))
        acknowledged[placed.first] = time.perf_counter()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(events):
            await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
            group.create_task(write())
    return acknowledged


_numbers = iter(range(10**12))


def _fresh() -> str:
    return f"period-f{next(_numbers)}-{time.time_ns():x}"


def _waits(pieces: "array[float]", acknowledged: dict[int, float]) -> "array[float]":
    """Seconds from acknowledgement to each follower, sorted."""
    waits = array("d")
    for at in range(0, len(pieces), 4):
        _, first, last, now = pieces[at : at + 4]
        for position in range(int(first), int(last) + 1):
            told = acknowledged.get(position)
            if told is not None:
                # Whoever has it before its own writer waited for nothing.
                waits.append(max(0.0, now - told))
    return array("d", sorted(waits))


async def main() -> None:
    """Print the table that README quotes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--subscribers", type=int, nargs="+", default=[1, 200, 2_000])
    parser.add_argument("--doors", nargs="+", default=["graphql", "events", "strawberry"])
    told = parser.parse_args()
    print(f"At {RATE:,} events/s for {told.seconds:g} s, over event streams, one server process.\n")
    print("| door | followers | p50 ms | p99 ms | CPU µs an event and follower |")
    print("|---|--:|--:|--:|--:|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        async with database(Config(data=Path(folder) / "socai")) as found:
            await migrated(found)
            url = found.service_url
            for door in doors(url, told.doors):
                for subscribers in told.subscribers:
                    result = await measure(url, door, subscribers, told.seconds)
                    shown = f"{result.p50:.1f} | {result.p99:.1f} | {result.cpu:.2f}"
                    print(f"| {result.door} | {result.subscribers:,} | {shown} |", flush=True)


if __name__ == "__main__":
    uvloop.run(main())
