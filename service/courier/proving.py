"""The proof of one event as a file that is checked offline (C2SP tlog-proof).

proof = await proved(Seal(log), 181)
"""

from base64 import b64encode
from typing import Final

from events.rules import LedgerError
from events.seal.kept import Seal

HEADER: Final = "c2sp.org/tlog-proof@v1"


class NotSealedError(LedgerError):
    """No checkpoint covers the event yet."""


async def proved(seal: Seal, position: int) -> bytes:
    """By the first checkpoint that covers the event: the same, however often it is sent."""
    kept = await seal.covering(position)
    path = None if kept is None else await seal.inclusion(position, kept.size)
    if kept is None or path is None:
        raise NotSealedError(f"no checkpoint covers event {position}")
    hashes = [b64encode(each).decode() for each in path]
    head = "\n".join((HEADER, f"index {position - 1}", *hashes, "", ""))
    lines = [f"{each.rstrip()}\n" for each in await seal.cosignatures(kept.size)]
    return "".join((head, kept.note, *lines)).encode()
