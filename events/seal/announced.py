"""The keys that the log itself announces: whoever trusts one of them learns of the others."""

from collections.abc import Sequence

from events.log import Log
from events.seal.note import VerifierKey
from events.signing import SigningKeyIntroduced, stream


async def announcements(log: Log) -> Sequence[tuple[int, VerifierKey]]:
    """Every key that was ever introduced, by position: what one signed stays signed."""
    return [
        (event.position, VerifierKey.read(event.fact.vkey))
        for event in await log.stream(stream())
        if isinstance(event.fact, SigningKeyIntroduced)
    ]


async def verifiers(log: Log) -> Sequence[VerifierKey]:
    """The same keys, without where."""
    return [key for _, key in await announcements(log)]
