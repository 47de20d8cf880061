"""Processes that are killed and started again, and consumers among them.

program = Program("server", command, said)
program.start(); program.signal(signal.SIGKILL)
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from events.rules import value
from tests.proxy import Proxy
from tests.service.command_line import ROOT
from tests.service.feed.consumer import Terms

WEBHOOK = "webhook"
EXAMPLE = "example"
"""`examples/consumer.py`, which prints what it gets."""


@dataclass
class Program:
    """A command on this machine."""

    name: str
    command: Sequence[str]
    said: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    cursor: Path | None = None
    """Of one whose words are its journal: where it will go on is written before each start."""
    starts: int = 0
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def has_ended(self) -> bool:
        """Whether it is not there."""
        return self.process is None or self.process.poll() is not None

    def start(self) -> None:
        """Start it; what it says comes after what it said before."""
        self.starts += 1
        with self.said.open("ab") as file:
            if self.cursor is not None:
                file.write(f"after {_number(self.cursor)}\n".encode())
                file.flush()
            errors = subprocess.STDOUT if self.cursor is None else subprocess.DEVNULL
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=file, stderr=errors
            )

    def signal(self, number: signal.Signals) -> None:
        """Tell it something, if it is there."""
        if self.process is not None:
            self.process.send_signal(number)

    def end(self) -> None:
        """Whatever state it is in."""
        self.signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()


@value
class Wish:
    """How somebody follows."""

    door: str
    types: tuple[str, ...] = ()
    is_public: bool = False


@dataclass
class Client:
    """A consumer, the wire between it and the ledger, and what it wrote down."""

    wish: Wish
    program: Program
    wire: Proxy
    folder: Path

    @property
    def journal(self) -> Path:
        """What it was brought."""
        return self.folder / "journal"

    @property
    def size(self) -> int:
        """Of its journal, in bytes: it grows with every event."""
        return self.journal.stat().st_size if self.journal.exists() else 0

    @property
    def cursor(self) -> int:
        """How far it is."""
        return _number(self.folder / "cursor")

    @property
    def mark(self) -> int:
        """Another one whenever it has got something."""
        return self.size if self.wish.door == WEBHOOK else self.cursor

    @property
    def has_deadline(self) -> bool:
        """Whether it gives a wire up that has gone dead, within seconds."""
        return self.wish.door != EXAMPLE


def client(wish: Wish, wire: Proxy, folder: Path, key: str, flaw: str = "") -> Client:
    """One that is not started yet."""
    folder.mkdir()
    shown = "" if wish.is_public else key
    if wish.door == EXAMPLE:
        cursor = folder / "cursor"
        command = [sys.executable, "examples/consumer.py", f"{wire.url}/events", str(cursor)]
        told = {"PATH": os.environ["PATH"], "API_KEY": shown}
        program = Program(wish.door, command, folder / "journal", told, cursor)
    else:
        terms = Terms(
            door=wish.door,
            url=wire.url,
            folder=str(folder),
            key=shown,
            types=wish.types,
            flaw=flaw,
        )
        told = json.dumps(terms._asdict())
        command = [sys.executable, "-m", "tests.service.feed.consumer", told]
        program = Program(wish.door, command, folder / "said.txt")
    return Client(wish, program, wire, folder)


def receiver(port: int, wire: Proxy, folder: Path, flaw: str = "") -> Client:
    """A receiver of webhooks that is not started yet."""
    folder.mkdir()
    command = [sys.executable, "-m", "tests.service.feed.receiver", str(port), str(folder), flaw]
    return Client(Wish(door=WEBHOOK), Program(WEBHOOK, command, folder / "said.txt"), wire, folder)


def free_port() -> int:
    """One that nobody has just now."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _number(path: Path) -> int:
    return int(path.read_text(encoding="utf-8")) if path.exists() else 0
