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
import time
from collections.abc import Sequence
from pathlib import Path

from events.catalogue import FACTS
from events.clock import today
from schema.feed.audience import PUBLIC_AUDIENCE
from schema.feed.filters import EVERYTHING
from service.config import Config
from service.database import database
from service.runtime import running as running_of
from service.seed.sample.cast import fresh
from service.seed.sample.story import orders
from tests.service.command_line import running, until

PIPE_BYTES = 16 * 1024
"""What a consumer may print before somebody reads it: more than a page, so that it is killed amid
the second."""
PAGE_EVENTS = 100
"""What a consumer that does not say how many is sent at once."""
AFTERWARDS = ("DisbursementPaid", "ContactErased", "FacilityClosed", "PeriodOpened")
"""What happens after the crash: the public sees the last of it, and not all before."""
REST_SECONDS = 0.3
EVENTS_MAX = 1_000


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
        """Start it, and kill it while it prints; the positions that it printed."""
        ours, its = os.pipe()
        fcntl.fcntl(its, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        program = self._start(address, its)
        os.close(its)
        with os.fdopen(ours, "rb") as lines:
            until(self._rests)
            program.kill()
            program.wait()
            return _positions(lines.read())

    def _rests(self) -> bool:
        """Whether it waits for whoever reads what it printed: in the middle of a page."""
        before = self.cursor
        time.sleep(REST_SECONDS)
        return 0 < before == self.cursor

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
                published = asyncio.run(_recorded(ledger))
                head = published[-1]
                until(lambda: all(each.cursor == head for each in consumers))
        finally:
            for each in programs:
                each.kill()
                each.wait()
    every = list(range(1, head + 1))
    assert set(published) < set(every)
    for all_, first, cursor, consumer in zip(
        (published, every), before, cursors, consumers, strict=True
    ):
        assert 0 < cursor < head
        assert first == all_[: len(first)]
        # What was printed and not yet acknowledged may come again, a page at most.
        assert 0 <= len(first) - len([each for each in all_ if each <= cursor]) <= PAGE_EVENTS
        assert consumer.printed == [each for each in all_ if each > cursor]


async def _recorded(ledger: Path) -> list[int]:
    """Record something more; the positions of all that the public sees of the feed."""
    async with (
        database(Config(data=ledger), share=True) as found,
        running_of(found.service_url, projecting=False) as runtime,
    ):
        for name in AFTERWARDS:
            for _, order in orders(FACTS[name], fresh(today())):
                await runtime.ledger.handle(order)
        page = await runtime.feed.read(0, EVENTS_MAX)
        shown = await runtime.feed.shown(page, EVERYTHING, PUBLIC_AUDIENCE)
        assert shown[-1].position == page.last < EVENTS_MAX
        return [each.position for each in shown]


def _positions(printed: bytes) -> list[int]:
    return [int(line.split()[0]) for line in printed.splitlines()]


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
