"""A writer that never gives up: whole grants, one after another, each command under its own id.

    writer = Writer(url, seed=7)
    task = asyncio.create_task(writer.run())
    writer.is_enough = True; await task
    writer.acknowledged          # command id to position

Asked again after whatever went wrong, a command is recorded once.
"""

import asyncio
from collections.abc import Iterator
from itertools import count
from random import Random

import asyncpg

from events.appender import Appender, LedgerBusyError, OutcomeUnknownError
from events.catalogue import Command
from events.envelope import Order
from events.ledger import Ledger
from events.log import Log, VersionConflict, is_outage
from service.seed.bulk import BENEFICIARIES, Chain, facility, frame, scheme

WRITERS = 3
FACILITIES = 1_000_000
"""Every scheme has facilities of its own: none grows old."""
PAUSE_SECONDS_MAX = 0.1
AGAIN_SECONDS = 0.1
CALL_SECONDS = 2.0
"""A database that does not answer for so long is asked on another connection."""


class Writer:
    """Writes through one connection to the database, and knows what was acknowledged."""

    def __init__(self, url: str, seed: int) -> None:
        self._url, self._seed = url, seed
        self.acknowledged: dict[str, int] = {}
        self.again = 0
        """How often a command was sent once more."""
        self.is_enough = False
        """Set it, and the writer ends once all that it began is acknowledged."""

    async def run(self) -> None:
        """Until it is enough."""
        async with (
            asyncpg.create_pool(
                self._url, min_size=0, timeout=CALL_SECONDS, command_timeout=CALL_SECONDS
            ) as pool,
            Appender(self._url, call_s=CALL_SECONDS) as appender,
        ):
            ledger = Ledger(Log(pool), appender)
            for order in frame():
                await self._carried_out(ledger, order)
            chains = _chains(self._seed)
            async with asyncio.TaskGroup() as group:
                for number in range(WRITERS):
                    group.create_task(self._write(ledger, chains, Random(self._seed + number)))

    async def until(self, events: int) -> None:
        """Until so many are acknowledged."""
        while len(self.acknowledged) < events:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)

    async def _write(self, ledger: Ledger, chains: Iterator[Chain], random: Random) -> None:
        for chain in chains:
            for order in chain:
                if self.is_enough:
                    return
                await self._carried_out(ledger, order)
                await asyncio.sleep(random.uniform(0, PAUSE_SECONDS_MAX))

    async def _carried_out(self, ledger: Ledger, order: Order[Command]) -> None:
        while True:
            try:
                receipt = await ledger.handle(order)
            except (OutcomeUnknownError, LedgerBusyError, VersionConflict):
                self.again += 1
            except Exception as error:
                if not is_outage(error):
                    raise
                self.again += 1
            else:
                self.acknowledged[str(order.command_id)] = receipt.position
                return
            await asyncio.sleep(AGAIN_SECONDS)


def _chains(seed: int) -> Iterator[Chain]:
    """A scheme with its ten facilities, then the next."""
    for number in count():
        chain: Chain = []
        for nth in range(BENEFICIARIES):
            chain += facility(seed, number * BENEFICIARIES + nth)
        yield chain + scheme(seed, number, FACILITIES)
