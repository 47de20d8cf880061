"""The signer as a child of a server that runs PostgreSQL itself.

async with sealed(config, found, say):      # it has looked once before the block begins
    …
"""

import asyncio
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from events.rules import LedgerError
from events.seal.memory import Memory
from service.config import Config
from service.database import Database, recording
from service.parent import command
from service.sealing.keys import begun
from service.sealing.run import HALTED
from service.sealing.submitting import ALARM

FIRST_LOOK_SECONDS_MAX: Final = 600.0
"""It hashes all that was signed: some four seconds for a million events."""
PAUSE_SECONDS: Final = 1.0


class SignerLostError(LedgerError):
    """The signer ended before it had looked at the log."""


@asynccontextmanager
async def sealed(
    config: Config, found: Database, say: Callable[[str], None]
) -> AsyncIterator[None]:
    """A signer for the length of the block, if this process runs the database itself."""
    if found.own is None or found.signer_url is None:
        yield
        return
    config.anchors.policy()  # what is wrong with it is told by us, who are asked
    config.anchors.roots()
    async with recording(found.service_url) as ledger:
        await begun(ledger, Memory(config.seal_folder))
    signer = _Child(found.signer_url, config, say)
    await signer.start()
    keeping = asyncio.create_task(signer.keep(), name="signer")
    try:
        yield
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        await signer.end()


class _Child:
    def __init__(self, url: str, config: Config, say: Callable[[str], None]) -> None:
        self._say = say
        self._told = {
            "PATH": os.environ.get("PATH", ""),
            "SOCAI_SIGNER_URL": url,
            "SOCAI_SEAL": str(config.seal_folder.absolute()),
            **config.anchors.variables(),
        }
        self._process: Process | None = None

    async def start(self) -> None:
        """Return when it has looked once."""
        arguments = command("service.sealing.run", str(os.getpid()))
        self._process = await asyncio.create_subprocess_exec(
            *arguments, env=self._told, stdout=PIPE, start_new_session=True
        )
        async with asyncio.timeout(FIRST_LOOK_SECONDS_MAX):
            await self._heard(self._process)

    async def keep(self) -> None:
        """Pass on what it says, and start it again when it ends."""
        while True:
            with suppress(SignerLostError):
                while self._process is not None:
                    await self._heard(self._process)
            self._say("  the signer ended; starting it again")
            await asyncio.sleep(PAUSE_SECONDS)
            with suppress(SignerLostError, TimeoutError):
                await self.start()

    async def end(self) -> None:
        """It holds nothing that must be finished: what it signed is on the disk."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    async def _heard(self, process: Process) -> None:
        assert process.stdout is not None  # noqa: S101 - PIPE
        line = (await process.stdout.readline()).decode().strip()
        if not line:
            raise SignerLostError(f"the signer ended with code {await process.wait()}")
        if line.startswith(HALTED):
            self._say(f"  RECORDING IS HALTED: {line.removeprefix(HALTED).strip()}")
        if line.startswith(ALARM):
            self._say(f"  SPLIT VIEW: {line.removeprefix(ALARM).strip()}")
