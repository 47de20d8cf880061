"""A command line whose imports are made already: a fork of a process that did nothing but import.

An interpreter imports for 0.2 to 1.6 s of the processor before a command begins. A fork has its
own process id, environment, folder, streams, signals and exit code, as a new interpreter would;
what it shares with the other forks is that the modules are loaded. Whether a command loads what it
needs is shown where it is run `anew` (`command_line.py`): by README, for one.

    process = Forked(("version",), {}, out=Path("out.txt"), err=Path("err.txt"))
    assert process.wait(10) == 0
"""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from service.cli import COMMANDS, main

ROOT = Path(__file__).parents[2]
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([where.partition(":")[0] for where, _ in COMMANDS.values()])


class Forked:
    """A command at work, to be watched and ended like a `subprocess.Popen`."""

    def __init__(
        self, arguments: tuple[str, ...], told: Mapping[str, str], *, out: Path, err: Path
    ) -> None:
        self._arguments = arguments
        for each in (out, err):
            each.touch()  # whoever reads what it said may be earlier than it
        self._process = _FORKS.Process(target=_run, args=(arguments, dict(told), out, err))
        self._process.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; nothing while it lives."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code; `subprocess.TimeoutExpired` if it lives on for so many seconds."""
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(self._arguments, timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Tell it something, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to leave."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


def _run(arguments: tuple[str, ...], told: dict[str, str], out: Path, err: Path) -> None:
    """In the fork: become the command, whose words are to be read while it runs."""
    for descriptor, path in ((1, out), (2, err)):
        file = os.open(path, os.O_WRONLY | os.O_APPEND)
        os.dup2(file, descriptor)
        os.close(file)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[missing-attribute]
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(told)
    sys.argv = [str(ROOT / "service" / "__main__.py"), *arguments]
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main(arguments)
