"""What must hold after every fault. Each checker answers with the violations it found.

    I1  lost        everything acknowledged is stored, at the position that was acknowledged
    I2  doubled     nothing is stored twice
    I3  gaps        positions are 1 to n; versions of a stream likewise
    I4  missed      a subscriber saw exactly what is stored: nothing missed, repeated or reordered
    I6  unsealed    the leaf is the hash of the body; canonical bytes
    I9  backwards   recorded time never goes back, and is the commit's

A `token` is what a caller wanted recorded once: it stands in the event, whatever id it went under.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import asyncpg
import orjson
import rfc8785


@dataclass(frozen=True, slots=True)
class Stored:
    """One event as the database holds it."""

    position: int
    body: bytes
    leaf: bytes
    stream: str
    version: int

    @property
    def token(self) -> str:
        """What the caller wanted recorded."""
        return str(orjson.loads(self.body)["data"]["name"])

    @property
    def recorded_at(self) -> str:
        """As it stands in the body."""
        return str(orjson.loads(self.body)["recordedAt"])


async def stored(url: str) -> list[Stored]:
    """The whole log, straight from its table."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT position, body, leaf, stream, version FROM ledger.event ORDER BY position"
        )
    finally:
        await connection.close()
    return [Stored(*row) for row in rows]


def violations(
    events: Sequence[Stored],
    acknowledged: Mapping[str, int],
    seen: Iterable[Sequence[int]] = (),
) -> list[str]:
    """Everything that is wrong with a log of single-event commands, after whatever happened."""
    return [
        *lost(events, acknowledged),
        *doubled(events),
        *gaps(events),
        *(fault for each in seen for fault in missed(events, each)),
        *unsealed(events),
        *backwards(events),
    ]


def lost(events: Sequence[Stored], acknowledged: Mapping[str, int]) -> list[str]:
    """I1."""
    at = {each.token: each.position for each in events}
    return [
        f"I1 {token}: acknowledged at {position}, stored at {at.get(token)}"
        for token, position in acknowledged.items()
        if at.get(token) != position
    ]


def doubled(events: Sequence[Stored]) -> list[str]:
    """I2."""
    counted = Counter(each.token for each in events)
    return [f"I2 {token}: stored {times} times" for token, times in counted.items() if times > 1]


def gaps(events: Sequence[Stored]) -> list[str]:
    """I3."""
    faults = []
    versions: Counter[str] = Counter()
    for place, each in enumerate(events, 1):
        versions[each.stream] += 1
        if each.position != place:
            faults.append(f"I3 position {each.position} stands at place {place}")
        if each.version != versions[each.stream]:
            faults.append(f"I3 {each.stream} jumps to version {each.version}")
    return faults


def missed(events: Sequence[Stored], seen: Sequence[int]) -> list[str]:
    """I4."""
    positions = [each.position for each in events]
    if list(seen) == positions:
        return []
    never = sorted(set(positions) - set(seen))
    return [f"I4 saw {len(seen)} of {len(positions)}, never {never[:5]}; order or number is wrong"]


def unsealed(events: Sequence[Stored]) -> list[str]:
    """I6, as far as there is no tree yet."""
    return [
        f"I6 position {each.position}"
        for each in events
        if each.leaf != hashlib.sha256(b"\0" + each.body).digest()
        or each.body != rfc8785.dumps(orjson.loads(each.body))
    ]


def backwards(events: Sequence[Stored]) -> list[str]:
    """I9. All times have the same form, so their texts compare as they do."""
    times = [each.recorded_at for each in events]
    return [
        f"I9 position {place}: {later} after {earlier}"
        for place, (earlier, later) in enumerate(pairwise(times), 2)
        if later < earlier
    ]
