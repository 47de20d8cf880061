"""How far a long command is: a bar on a terminal, plain lines elsewhere. Always on stderr."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from service.cli.output import say

LINE_SECONDS = 5.0
LINE_SHARE = 0.1


class Meter(Protocol):
    """Told how much is done."""

    def __call__(self, done: int) -> None:
        """So much is done, of the total."""
        ...


@contextmanager
def metered(what: str, total: int, unit: str = "events") -> Iterator[Meter]:
    """Show how far `what` is for the length of the block, and at the end how long it took."""
    began = time.monotonic()
    last = 0

    def remember(done: int) -> None:
        nonlocal last
        last = done
        shown(done)

    if sys.stderr.isatty():
        with _bar(what, total, unit) as shown:
            yield remember
    else:
        shown = _Lines(what, total, unit)
        yield remember
    took = max(time.monotonic() - began, 1e-6)
    say(f"{what}: {last:,} {unit} in {took:.1f} s, {last / took:,.0f} {unit}/s")


@contextmanager
def _bar(what: str, total: int, unit: str) -> Iterator[Meter]:
    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:,.0f} " + unit + "/s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total, rate=0.0)

        def shown(done: int) -> None:
            rate = progress.tasks[0].speed or 0.0
            progress.update(task, completed=done, rate=rate)

        yield shown


class _Lines:
    """One line for every tenth, or every five seconds if that is slower."""

    def __init__(self, what: str, total: int, unit: str) -> None:
        self._what, self._total, self._unit = what, max(total, 1), unit
        self._began = self._told_at = time.monotonic()
        self._told = 0

    def __call__(self, done: int) -> None:
        now = time.monotonic()
        enough = done - self._told >= self._total * LINE_SHARE
        if not enough and now - self._told_at < LINE_SECONDS:
            return
        self._told, self._told_at = done, now
        rate = done / max(now - self._began, 1e-6)
        left = (self._total - done) / rate if rate else 0
        say(
            f"{self._what}: {done:,} of {self._total:,} {self._unit}"
            f" ({done / self._total:.0%}), {rate:,.0f}/s, {left:.0f} s left"
        )
