"""The keys that the log itself announces: whoever trusts one of them learns of the others."""

from collections.abc import Sequence

from events.log import Log
from events.rules import value
from events.seal.note import VerifierKey
from events.signing import SigningKeyIntroduced, SigningKeyRetired, stream


@value
class Announced:
    """A key, and the part of the log that it may sign."""

    position: int
    """Of the event that introduced it; 0: somebody brought it along."""
    key: VerifierKey
    retired: int | None = None
    """Of the event that retired it: it signs nothing that holds this event."""

    def signs(self, size: int) -> bool:
        """Whether it may sign a tree of that size. Whoever stole it later may not."""
        return self.retired is None or size < self.retired


async def announcements(log: Log) -> Sequence[Announced]:
    """Every key that was ever introduced, in that order."""
    events = await log.stream(stream())
    retired = {
        event.fact.vkey: event.position
        for event in events
        if isinstance(event.fact, SigningKeyRetired)
    }
    return [
        Announced(
            position=event.position,
            key=VerifierKey.read(event.fact.vkey),
            retired=retired.get(event.fact.vkey),
        )
        for event in events
        if isinstance(event.fact, SigningKeyIntroduced)
    ]


async def verifiers(log: Log) -> Sequence[VerifierKey]:
    """The keys that sign now."""
    return [each.key for each in await announcements(log) if each.retired is None]
