"""A program that follows the fund, killed in the middle, and then its server: what it printed.

    crashed((sys.executable, CONSUMER), folder, tmp_path)

It is run twice at once: as the public, and with the key of an auditor, who sees every event.
"""

import asyncio
import fcntl
import os
import signal
import socket
import subprocess
from collections.abc import Sequence
from pathlib import Path

import httpx2

from events.catalogue import FACTS
from events.clock import today
from service.config import Config
from service.database import database, recording
from service.seed.sample.cast import fresh
from service.seed.sample.story import orders
from tests.service.command_line import running, until

PIPE_BYTES = 4096
"""What a consumer may print before somebody reads it: it is killed amid the events."""
AFTERWARDS = ("DisbursementPaid", "ContactErased", "FacilityClosed", "PeriodOpened")
"""What happens after the crash: the public sees the last of it, and not all before."""
PUBLISHED = "{ events(first: 1000) { nodes { position } pageInfo { hasNextPage } } }"


class Consumer:
    """One that follows, with the file in which it keeps its cursor."""

    def __init__(self, words: Sequence[str | Path], folder: Path, key: str | None) -> None:
        folder.mkdir()
        self._words, self._key = [str(each) for each in words], key
        self._cursor, self._printed = folder / "cursor", folder / "printed"

    @property
    def cursor(self) -> int:
        """Where it would go on."""
        return int(self._cursor.read_text(encoding="utf-8")) if self._cursor.exists() else 0

    @property
    def printed(self) -> list[int]:
        """The positions that it printed since it was started again."""
        return _positions(self._printed.read_bytes())

    def killed(self, address: str) -> list[int]:
        """Start it, and kill it when it has printed something; the positions."""
        ours, its = os.pipe()
        fcntl.fcntl(its, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        program = self._start(address, its)
        os.close(its)
        with os.fdopen(ours, "rb") as lines:
            first = lines.readline()
            program.kill()
            program.wait()
            return _positions(first + lines.read())

    def started(self, address: str) -> "subprocess.Popen[bytes]":
        """Start it, for good."""
        with self._printed.open("wb") as file:
            return self._start(address, file.fileno())

    def _start(self, address: str, output: int) -> "subprocess.Popen[bytes]":
        shown = {"API_KEY": self._key} if self._key else {}
        return subprocess.Popen(
            [*self._words, address, str(self._cursor)],
            stdout=output,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], **shown},
        )


def crashed(words: Sequence[str | Path], ledger: Path, below: Path) -> None:
    """Kill both and follow on: nothing is missed, repeated after its cursor, or out of order."""
    port = _free_port()
    serve = ("--port", str(port), "--data", str(ledger))
    address = f"http://127.0.0.1:{port}/events"
    with running(below, "demo", *serve) as server:
        server.ready()
        consumers = [
            Consumer(words, below / "public", None),
            Consumer(words, below / "auditor", server.key("auditor")),
        ]
        before = [each.killed(address) for each in consumers]
        cursors = [each.cursor for each in consumers]
        programs = [each.started(address) for each in consumers]
        try:
            until(lambda: all(each.printed for each in consumers))
            server.signal(signal.SIGKILL)
            server.end()
            with running(below, "serve", *serve) as again:
                again.ready()
                head = asyncio.run(_recorded(ledger))
                until(lambda: all(each.cursor == head for each in consumers))
                expected = [_published(again.url), list(range(1, head + 1))]
        finally:
            for each in programs:
                each.kill()
                each.wait()
    for all_, first, cursor, then in zip(
        expected, before, cursors, [each.printed for each in consumers], strict=True
    ):
        assert 0 < cursor < head
        assert first == all_[: len(first)]
        # What was printed and not yet acknowledged may come again; nothing else does.
        assert len(first) - 1 <= len([each for each in all_ if each <= cursor]) <= len(first)
        assert then == [each for each in all_ if each > cursor]
    assert set(expected[0]) < set(expected[1])


async def _recorded(ledger: Path) -> int:
    """Something more; the head after it."""
    head = 0
    async with (
        database(Config(data=ledger), share=True) as found,
        recording(found.service_url) as door,
    ):
        for name in AFTERWARDS:
            for _, order in orders(FACTS[name], fresh(today())):
                head = (await door.handle(order)).position
    return head


def _published(url: str) -> list[int]:
    """What the public may see, as GraphQL answers it."""
    answer = httpx2.post(f"{url}/graphql", json={"query": PUBLISHED}, timeout=30).json()
    events = answer["data"]["events"]
    assert not events["pageInfo"]["hasNextPage"]
    return [int(each["position"]) for each in events["nodes"]]


def _positions(printed: bytes) -> list[int]:
    return [int(line.split()[0]) for line in printed.splitlines()]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
