"""Everything verified at the start and every night, by a child of the server, out of its way.

    async with verifying(config, url, say):
        …

The child verifies, notes what came of it in `seal.verification`, and ends. `/readyz` and `/metrics`
of every process say what the last one found.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Final

import asyncpg

from events.dates import VIETNAM
from events.log import is_outage
from events.seal.memory import Memory
from projections.rebuild import RebuildRunningError
from service.config import Config
from service.parent import command, leave_with
from service.verifying.verify import Asked, Part, State, Verdict, record, remembered, verified

NICE: Final = 10
AGAIN_SECONDS: Final = 60.0
TRIES_MAX: Final = 10
MADE_SECONDS: Final = 2.0
"""Of a ledger that is served for the first time the read models are just being made."""


@asynccontextmanager
async def verifying(config: Config, url: str, say: Callable[[str], None]) -> AsyncIterator[None]:
    """At once and every night, for the length of the block; never, if the settings say so."""
    if config.verify_at is None:
        yield
        return
    keeping = asyncio.create_task(_nights(config, url, config.verify_at, say), name="verifying")
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


def until_next(at: time, now: datetime) -> timedelta:
    """How long it is until that time of day in Vietnam."""
    here = now.astimezone(VIETNAM)
    then = datetime.combine(here.date(), at, VIETNAM)
    return then - here if then > here else then + timedelta(days=1) - here


async def _nights(config: Config, url: str, at: time, say: Callable[[str], None]) -> None:
    told = {
        "PATH": os.environ.get("PATH", ""),
        "SOCAI_DATABASE_URL": url,
        "SOCAI_SEAL": str(config.seal_folder.absolute()),
    }
    while True:
        process = await asyncio.create_subprocess_exec(
            *command("service.verifying.night", str(os.getpid())), env=told, start_new_session=True
        )
        try:
            code = await process.wait()
        finally:
            if process.returncode is None:
                process.terminate()
                await process.wait()
        if code:
            say("  VERIFICATION FAILED: see `socai verify`")
        await asyncio.sleep(until_next(at, datetime.now(VIETNAM)).total_seconds())


def main(parent: int) -> None:
    """One verification, recorded; exit code 1 if something is wrong."""
    leave_with(parent)
    os.nice(NICE)
    memory = Memory(Path(os.environ["SOCAI_SEAL"]))
    verdicts = asyncio.run(_once(os.environ["SOCAI_DATABASE_URL"], memory))
    for each in verdicts:
        if each.state is State.BAD:
            sys.stderr.write(f"  verification: {each.what}: {each.found}\n")
    sys.exit(any(each.state is State.BAD for each in verdicts))


async def _once(url: str, memory: Memory) -> Sequence[Verdict]:
    """Try again after an outage, or after somebody else who is verifying."""
    for _ in range(TRIES_MAX):
        began, events = monotonic(), 0

        def told(part: Part, done: int, _: int) -> None:
            nonlocal events
            if part is Part.LOG:
                events = done

        try:
            verdicts = await verified(url, Asked(notes=remembered(memory)), told)
            await record(url, events, monotonic() - began, verdicts)
        except Exception as error:
            is_new = isinstance(error, asyncpg.UndefinedTableError)
            if not is_new and not is_outage(error) and not isinstance(error, RebuildRunningError):
                raise
            await asyncio.sleep(MADE_SECONDS if is_new else AGAIN_SECONDS)
        else:
            return verdicts
    return ()
