"""The proof of one event as a file that is checked offline (C2SP tlog-proof).

proof = await proved(Seal(log), 181)
"""

from events.rules import LedgerError
from events.seal.kept import Seal
from events.seal.proof import noted, proof_file


class NotSealedError(LedgerError):
    """No checkpoint covers the event yet."""


async def proved(seal: Seal, position: int) -> bytes:
    """By the first checkpoint that covers the event: the same, however often it is sent."""
    kept = await seal.covering(position)
    path = None if kept is None else await seal.inclusion(position, kept.size)
    if kept is None or path is None:
        raise NotSealedError(f"no checkpoint covers event {position}")
    note = noted(kept.note, await seal.cosignatures(kept.size))
    return proof_file(position - 1, path, note)
