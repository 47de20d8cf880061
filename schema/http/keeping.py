"""Answers that are kept: an answer at a position never changes, so nothing here is ever stale.

A key is a plan, its parameter values and a position; of an answer about the seal, also how far the
log was sealed. Nobody invalidates; what nobody asks for any more is dropped when the bytes run out.
Equal questions that come together are put once.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, NamedTuple, Protocol, TypeAlias, TypeVar

from events.seal.newest import Sealed
from schema.http.counts import Counts

ENTRY_BYTES = 600
"""What an entry costs beside its body: key, tag, dictionary."""


class Answered(NamedTuple):
    """A finished answer."""

    body: bytes
    """Empty: whoever asks has the answer already."""
    tag: bytes | None = None
    """Its ETag, where it was asked for and there is one."""
    is_lasting: bool = False
    """It depends on nothing that may still be recorded."""


class Found(NamedTuple):
    """What the database answered."""

    body: bytes
    """All but its end, in which the newest checkpoint is told (`writing.py`)."""
    position: int
    sealed: Sealed | None = None
    """How far the log was sealed then; None: the answer does not depend on it."""


class Finished(Protocol):
    """Something that was answered."""

    @property
    def body(self) -> bytes:
        """What it takes to keep it."""
        ...


A = TypeVar("A", bound=Finished)

Ask: TypeAlias = Callable[[], Awaitable[tuple[Hashable, A]]]
"""Asks the database, and says under which key the answer may be kept."""


class Keeper(Generic[A]):
    """The answers of one process, bounded in bytes."""

    def __init__(self, bytes_max: int, counts: Counts) -> None:
        self.bytes_max, self._counts = bytes_max, counts
        self._kept: OrderedDict[Hashable, A] = OrderedDict()
        self._asked: dict[Hashable, asyncio.Future[A] | None] = {}
        """What is being asked, and what those wait for who came later."""
        self.bytes = 0

    def get(self, key: Hashable) -> A | None:
        """The answer, if it is kept."""
        found = self._kept.get(key)
        if found is not None:
            self._counts.cached += 1
            self._kept.move_to_end(key)
        return found

    async def once(self, key: Hashable, ask: Ask[A]) -> A:
        """Ask, unless somebody is asking just that: then share what he gets."""
        while key in self._asked:
            shared = await self._share(key)
            if shared is not None:
                return shared
        self._asked[key] = None
        try:
            name, found = await ask()
        except BaseException as error:
            waited = self._asked.pop(key)
            if waited is not None:
                _fail(waited, error)
            raise
        waited = self._asked.pop(key)
        if waited is not None:
            waited.set_result(found)
        self._keep(name, found)
        return found

    async def _share(self, key: Hashable) -> A | None:
        """What the one who asks is answered; None if he gave up."""
        waited = self._asked[key]
        if waited is None:
            waited = self._asked[key] = asyncio.get_running_loop().create_future()
        try:
            shared = await asyncio.shield(waited)
        except asyncio.CancelledError:
            ours = asyncio.current_task()
            if not waited.cancelled() or (ours and ours.cancelling()):
                raise  # it is we who were cancelled, not he who asked for us
            return None
        self._counts.cached += 1
        return shared

    def _keep(self, key: Hashable, found: A) -> None:
        size = len(found.body) + ENTRY_BYTES
        if size > self.bytes_max or key in self._kept:
            return
        self._kept[key] = found
        self.bytes += size
        while self.bytes > self.bytes_max:
            _, dropped = self._kept.popitem(last=False)
            self.bytes -= len(dropped.body) + ENTRY_BYTES


def _fail(waited: "asyncio.Future[A]", error: BaseException) -> None:
    """Those who share a question share its failure, but not that he who asked has left."""
    if isinstance(error, Exception):
        waited.set_exception(error)
        waited.exception()  # nobody has to be waiting for it
    else:
        waited.cancel()
