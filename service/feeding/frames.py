"""Events as they are sent: encoded once for all who see the same, joined once for all at one place.

A frame of the event stream bears the position as its `id`, so that a reader comes back with it. Of
readers with the same wishes and the same sight, who stand at the same place, one makes the bytes;
the others are given them.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Final, NamedTuple

import orjson

from schema.feed.audience import Audience
from schema.feed.cloud import cloud
from schema.feed.feed import Page
from schema.feed.item import Item
from schema.http.counts import Counts
from schema.http.keeping import Keeper
from schema.http.refusals import RefusedError
from service.feeding.asking import Asked
from service.feeding.proving import proofs
from service.runtime import Runtime

SHARED_BYTES_MAX: Final = 16 * 1024 * 1024
"""Some seconds of what many follow; who comes later makes his own."""
RETRY_MS: Final = 2_000
RETRY: Final = b"retry: %d\n\n" % RETRY_MS
"""How long a browser waits before it comes back."""
_NO_PROOFS: Final[Mapping[int, bytes]] = {}


class Frame(NamedTuple):
    """What is sent together."""

    body: bytes
    count: int
    """Events in it."""
    last: int
    """Where whoever has it stands."""


class Frames:
    """What is sent by one process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._shared = Keeper[Frame](SHARED_BYTES_MAX, Counts())

    async def of(self, items: Sequence[Item], asked: Asked, audience: Audience) -> Frame:
        """Events that follow one another, as far as they are wanted and seen."""
        last = items[-1].position
        key = (asked.wanted, audience, asked.proofs, items[0].position, last)

        async def made() -> tuple[Hashable, Frame]:
            events = await self.events(items, audience, proofs=asked.proofs)
            frames = [
                b"id: %d\ndata: %b\n\n" % (item.position, event)
                for item, event in zip(items, events, strict=True)
            ]
            return key, Frame(b"".join(frames), len(frames), last)

        return self._shared.get(key) or await self._shared.once(key, made)

    async def events(
        self, items: Sequence[Item], audience: Audience, *, proofs: bool
    ) -> list[bytes]:
        """Each as a CloudEvent, as one line of JSON."""
        proven = await _proofs(self._runtime, items) if proofs else _NO_PROOFS
        return [cloud(each, audience, proven.get(each.position)) for each in items]


async def _proofs(runtime: Runtime, items: Sequence[Item]) -> Mapping[int, bytes]:
    return await proofs(runtime.reads, items)


def heartbeat(page: Page) -> bytes:
    """Where a reader stands, where the log ends, and how far it is sealed."""
    sealed = page.sealed
    told = {
        "cursor": str(page.last),
        "head": str(max(page.head, page.last)),
        "checkpoint": {"size": str(sealed.size), "root": sealed.root.hex()}
        if sealed.size
        else None,
    }
    return b"event: heartbeat\nid: %d\ndata: %b\n\n" % (page.last, orjson.dumps(told))


def farewell(error: RefusedError, cursor: int) -> bytes:
    """Why the stream ends, and where to go on."""
    body = b'{"cursor":"%d",%b' % (cursor, error.body()[1:])
    return b"event: error\nid: %d\ndata: %b\n\n" % (cursor, body)
