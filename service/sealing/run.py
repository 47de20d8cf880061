"""The signer at work: it looks every ten seconds, for ever, and says what it sees.

An outage delays it. A log that is not the one it signed halts all recording, and is looked at again
until it is: `events/seal/signer.py`.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import asyncpg

from events.log import is_outage
from events.seal.memory import Memory
from events.seal.signer import HistoryLostError, Signer
from service.anchors import Anchors
from service.parent import leave_with
from service.sealing.anchoring import anchored

EVERY_SECONDS: Final = 10.0
LATE_SECONDS: Final = 6 * EVERY_SECONDS
"""Whoever has not looked for so long is not at work."""
HALTED_SECONDS: Final = 60.0
"""Each look at a log that is not what was signed hashes all of it."""
CONNECT_SECONDS_MAX: Final = 10.0
LOOKED, HALTED = "looked", "halted"
"""What is told after each look: the first line is waited for by whoever started us."""

_log = logging.getLogger("socai.seal")


async def run(
    url: str,
    memory: Memory,
    told: Callable[[str], None],
    *,
    every: float = EVERY_SECONDS,
    anchors: Anchors = Anchors(),  # noqa: B008 - it is frozen
) -> None:
    """Sign for ever, alone with this memory, and have what is signed held from outside."""
    with memory.held():
        async with anchored(url, anchors, told, every) as signed:

            def looked(line: str) -> None:
                signed()
                told(line)

            await _running(url, memory, looked, every)


async def _running(url: str, memory: Memory, told: Callable[[str], None], every: float) -> None:
    while True:
        try:
            connection = await asyncpg.connect(
                url,
                timeout=CONNECT_SECONDS_MAX,
                server_settings={"application_name": "socai-signer"},
            )
            try:
                await _signing(Signer(connection, memory), told, every)
            finally:
                connection.terminate()
        except Exception as error:
            if not is_outage(error):
                raise
            _log.warning("the log cannot be reached, nothing is signed: %r", error)
            await asyncio.sleep(every)


async def _signing(signer: Signer, told: Callable[[str], None], every: float) -> None:
    while True:
        try:
            for note in await signer.look():
                _log.info("signed %s events", note.split("\n", 2)[1])
        except HistoryLostError as lost:
            told(f"{HALTED} {lost}")
            await asyncio.sleep(max(every, HALTED_SECONDS))
        else:
            told(LOOKED)
            await asyncio.sleep(every)


def main(parent: int) -> None:
    """As the child of a server that runs PostgreSQL itself."""
    leave_with(parent)
    logging.basicConfig(level=logging.WARNING, format="  seal: %(message)s")
    memory = Memory(Path(os.environ["SOCAI_SEAL"]))

    def told(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    anchors = Anchors.read(os.environ)
    asyncio.run(run(os.environ["SOCAI_SIGNER_URL"], memory, told, anchors=anchors))
