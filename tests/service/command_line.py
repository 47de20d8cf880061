"""The command line as a person runs it: a program of its own, its words, its exit code.

`anew` it is run by a new interpreter; otherwise by a fork that has imported it (`forked.py`).
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.service.forked import Forked

ROOT = Path(__file__).parents[2]
DEADLINE_SECONDS = 90
POLL_SECONDS = 0.05
ADDRESS = re.compile(r"http://[^\s/]+(?=/graphql)")


def environment(**told: str) -> dict[str, str]:
    """Ours, without any SOCAI_* of the machine, and with these. Nobody waits for a balancer."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("SOCAI_")}
    # Nor does every server have to verify a few events, and take half of a processor for it.
    return kept | {"SOCAI_DRAIN_SECONDS": "0", "SOCAI_VERIFY_AT": "off"} | told


def socai(*arguments: str, anew: bool = False, **told: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    if anew:
        return subprocess.run(
            [sys.executable, "-m", "service", *arguments],
            cwd=ROOT,
            env=environment(**told),
            capture_output=True,
            text=True,
            check=False,
            timeout=DEADLINE_SECONDS,
        )
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        program = Forked(arguments, environment(**told), out=out, err=err)
        try:
            code = program.wait(DEADLINE_SECONDS)
        finally:
            program.kill()
        words = out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8")
        return subprocess.CompletedProcess(arguments, code, *words)


WATCHED = "the database does not refuse what it must: see `socai doctor`"


@dataclass
class Running:
    """A command that goes on until it is told to stop."""

    program: subprocess.Popen[bytes] | Forked
    said: Path

    @property
    def words(self) -> str:
        """What it said so far, on either stream."""
        return self.said.read_text(encoding="utf-8", errors="replace")

    @property
    def url(self) -> str:
        """Where it answers, as it says itself."""
        self.until(lambda: ADDRESS.search(self.words))
        found = ADDRESS.search(self.words)
        assert found is not None
        return found[0]

    def ready(self) -> str:
        """Wait until it may be sent requests; where.

        The database of the tests does not write through, and is rightly complained of for it.
        """
        self.until(lambda: _said(f"{self.url}/readyz") in {"", WATCHED})
        return self.url

    def key(self, role: str) -> str:
        """The throw-away key that a demo prints for a role."""
        wanted = re.compile(rf"^ +{role} +(socai_\w+)$", re.MULTILINE)
        self.until(lambda: wanted.search(self.words))
        found = wanted.search(self.words)
        assert found is not None
        return found[1]

    def until(self, is_so: Callable[[], object]) -> None:
        """Wait for something, for as long as the program lives."""
        began = time.monotonic()
        while not is_so():
            assert self.program.poll() is None, f"it ended: {self.words}"
            assert time.monotonic() - began < DEADLINE_SECONDS, f"it never came: {self.words}"
            time.sleep(POLL_SECONDS)

    def signal(self, number: signal.Signals) -> None:
        """Tell it something."""
        self.program.send_signal(number)

    def end(self) -> int:
        """Wait for its end; its exit code, negative for a signal."""
        return self.program.wait(DEADLINE_SECONDS)


@contextmanager
def running(folder: Path, *arguments: str, anew: bool = False, **told: str) -> Iterator[Running]:
    """A command in the background; killed at the end of the block if it is still there."""
    said = folder / f"said-{time.monotonic_ns()}.txt"
    program = (
        _begun(said, arguments, environment(**told))
        if anew
        else Forked(arguments, environment(**told), out=said, err=said)
    )
    try:
        yield Running(program, said)
    finally:
        with suppress(ProcessLookupError):
            program.terminate()
        try:
            program.wait(DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()


def until(is_so: Callable[[], object]) -> None:
    """Wait for something that nobody announces."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < DEADLINE_SECONDS, "it never came"
        time.sleep(POLL_SECONDS)


def _said(url: str) -> str:
    """Why it is not ready; nothing if it is."""
    try:
        return httpx2.get(url, timeout=5).json().get("reason", "")
    except httpx2.TransportError as error:
        return str(error) or "it does not answer"


def _begun(said: Path, arguments: tuple[str, ...], told: dict[str, str]) -> subprocess.Popen[bytes]:
    """A new interpreter, at work on a command."""
    with said.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-u", "-m", "service", *arguments],
            cwd=ROOT,
            env=told,
            stdout=file,
            stderr=subprocess.STDOUT,
            # A job in the background of a shell ignores Ctrl-C, and so would its children.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        )
