"""How fast a follower catches up from the first event, and what the server holds meanwhile.

    python -m benchmarks.feed.catching_up [EVENTS]

One PostgreSQL of its own, the server as anybody starts it, one reader at a time, over its socket.
The server's memory is looked at after each tenth of the way: it should not grow with the log.
"""

import asyncio
import re
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from benchmarks.feed.__main__ import FIELDS, LIMITS
from benchmarks.query.servers import Server, free_port, ours
from benchmarks.query.usage import cpu_seconds, memory
from events.appender import Appender
from service.config import Config
from service.database import database
from service.maintenance import migrated
from tests.entries import entry

EVENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
LINES = 100
TOGETHER = 50
READ_BYTES = 1 << 20
_ID = re.compile(rb"\nid: (\d+)\n")
GRAPHQL = (
    f'subscription {{ events(after: \\"0\\", batchSize: 500) {{ cursor events {{ {FIELDS} }} }} }}'
)


def requests() -> dict[str, bytes]:
    """Each door's name, and what is sent to it."""
    body = f'{{"query": "{GRAPHQL}"}}'
    head = "HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n"
    posted = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    return {
        "graphql": f"POST /graphql {head}{posted}".encode(),
        "events": f"GET /events {head}\r\n".encode(),
    }


async def filled(url: str) -> None:
    """A log of so many events."""
    async with Appender(url) as appender:
        for start in range(0, EVENTS // LINES, TOGETHER):
            some = range(start, min(start + TOGETHER, EVENTS // LINES))
            await asyncio.gather(
                *(appender.append(entry(f"period-{each}", lines=LINES)) for each in some)
            )


async def caught_up(server: Server, request: bytes) -> tuple[float, float, list[float]]:
    """Seconds, the server's processor seconds, and its megabytes on the way."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=READ_BYTES)
    began, before = time.perf_counter(), cpu_seconds(server.pid)
    writer.write(request)
    held: list[float] = []
    tail, has = b"", 0
    while has < EVENTS:
        data = tail + await reader.read(READ_BYTES)
        named = _ID.findall(data)
        tail = data[-30:]
        if named:
            has = int(named[-1])
        if has * 10 // EVENTS > len(held):
            held.append(memory(server.pid).own)
    writer.close()
    return time.perf_counter() - began, cpu_seconds(server.pid) - before, held


async def main() -> None:
    """Print the table that README quotes."""
    with tempfile.TemporaryDirectory() as folder:
        async with database(Config(data=Path(folder) / "socai")) as found:
            await migrated(found)
            await filled(found.service_url)
            own = ours("socai", found.service_url, 1, {**LIMITS, "SOCAI_VERIFY_AT": "off"})
            assert own is not None
            server = Server(own, free_port())
            try:
                server.ready()
                print(f"Catching up with {EVENTS:,} events, one reader.\n")
                print(
                    "| door | events/s | CPU µs an event | MB after each tenth |\n|---|--:|--:|---|"
                )
                for name, request in requests().items():
                    seconds, spent, held = await caught_up(server, request)
                    rate, each = EVENTS / seconds, 1e6 * spent / EVENTS
                    shown = " ".join(f"{megabytes:.0f}" for megabytes in held)
                    print(f"| {name} | {rate:,.0f} | {each:.1f} | {shown} |", flush=True)
            finally:
                server.leave()


if __name__ == "__main__":
    uvloop.run(main())
