"""The newest checkpoint as one process knows it: looked for once a second, waited for by many.

    newest = Newest(Seal(log))
    task = create_task(newest.run())
    newest.sealed.size                  # 0: nothing was signed yet
    await newest.beyond(181)            # until a larger tree is signed

In memory, because every answer names it, also one that asks the database nothing.
"""

import asyncio
import logging
from typing import NamedTuple

from events.seal.kept import Seal

POLL_SECONDS = 1.0
"""A checkpoint is signed every ten seconds at most, and nobody waits for one in a hurry."""

_log = logging.getLogger(__name__)


class Sealed(NamedTuple):
    """How far the log is sealed."""

    size: int
    """Of the tree: the position of the last event under the root; 0: nothing is sealed."""
    root: bytes


NOTHING = Sealed(0, b"")


class Newest:
    """The newest checkpoint that this process has met. It never goes back to an older one."""

    def __init__(self, seal: Seal, *, poll_s: float = POLL_SECONDS) -> None:
        self._seal, self._poll_s = seal, poll_s
        self._grown = asyncio.Event()
        self.sealed = NOTHING

    def saw(self, sealed: Sealed) -> None:
        """Somebody met this one."""
        if sealed.size <= self.sealed.size:
            return
        self.sealed = sealed
        self._grown.set()
        self._grown = asyncio.Event()

    async def beyond(self, size: int) -> None:
        """Return when a checkpoint of more events is known."""
        while self.sealed.size <= size:
            await self._grown.wait()

    async def look(self) -> None:
        """Ask the database once."""
        kept = await self._seal.latest()
        if kept is not None:
            self.saw(Sealed(kept.size, kept.root))

    async def run(self) -> None:
        """Look again and again until cancelled; an outage delays it, no more."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - whatever it is, look again
                _log.warning("the newest checkpoint is not known: %r", error)
            await asyncio.sleep(self._poll_s)
