"""The keys that the log itself announces: whoever trusts one of them learns of the others."""

from collections.abc import Sequence

from events.log import Log
from events.seal.note import VerifierKey
from events.signing import SigningKeyIntroduced, stream


async def verifiers(log: Log) -> Sequence[VerifierKey]:
    """Every key that was ever introduced, the oldest first: what one signed stays signed."""
    facts = [event.fact for event in await log.stream(stream())]
    return [VerifierKey.read(each.vkey) for each in facts if isinstance(each, SigningKeyIntroduced)]
