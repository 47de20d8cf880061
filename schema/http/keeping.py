"""Answers that are kept: an answer at a position never changes, so nothing here is ever stale.

A key is a plan, its parameter values and a position. Nobody invalidates; what nobody asks for any
more is dropped when the bytes run out. Equal questions that come together are put once.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import NamedTuple, TypeAlias

from schema.http.counts import Counts

ENTRY_BYTES = 600
"""What an entry costs beside its body: key, tag, dictionary."""


class Answered(NamedTuple):
    """A finished answer."""

    body: bytes
    """Empty: whoever asks has the answer already."""
    tag: bytes | None = None
    """Its ETag, if it has one."""
    is_lasting: bool = False
    """It depends on nothing that may still be recorded."""


Ask: TypeAlias = Callable[[], Awaitable[tuple[Hashable, Answered]]]
"""Answers, and says under which key the answer may be kept."""


class Keeper:
    """The answers of one process, bounded in bytes."""

    def __init__(self, bytes_max: int, counts: Counts) -> None:
        self.bytes_max, self._counts = bytes_max, counts
        self._kept: OrderedDict[Hashable, Answered] = OrderedDict()
        self._asked: dict[Hashable, asyncio.Future[Answered]] = {}
        self.bytes = 0

    def get(self, key: Hashable) -> Answered | None:
        """The answer, if it is kept."""
        found = self._kept.get(key)
        if found is not None:
            self._counts.cached += 1
            self._kept.move_to_end(key)
        return found

    async def once(self, key: Hashable, ask: Ask) -> Answered:
        """Ask, unless somebody is asking just that: then share what he gets."""
        while (asked := self._asked.get(key)) is not None:
            try:
                shared = await asyncio.shield(asked)
            except asyncio.CancelledError:
                ours = asyncio.current_task()
                if not asked.cancelled() or (ours and ours.cancelling()):
                    raise  # it is we who were cancelled, not he who asked for us
            else:
                self._counts.cached += 1
                return shared
        asked = self._asked[key] = asyncio.get_running_loop().create_future()
        try:
            name, answered = await ask()
        except Exception as error:
            asked.set_exception(error)
            asked.exception()  # nobody has to be waiting for it
            raise
        except BaseException:
            asked.cancel()
            raise
        finally:
            del self._asked[key]
        asked.set_result(answered)
        self._keep(name, answered)
        return answered

    def _keep(self, key: Hashable, answered: Answered) -> None:
        size = len(answered.body) + ENTRY_BYTES
        if size > self.bytes_max or key in self._kept:
            return
        self._kept[key] = answered
        self.bytes += size
        while self.bytes > self.bytes_max:
            _, dropped = self._kept.popitem(last=False)
            self.bytes -= len(dropped.body) + ENTRY_BYTES
