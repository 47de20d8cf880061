"""The signer's keys: made in its folder, and announced in the log that they sign.

await begun(ledger, memory, origin)     # twice is once
new = await rotated(ledger, memory, "a year has passed")
await retired(ledger, memory, old_id, "…")
"""

import getpass
import os
import secrets
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from events.clock import today
from events.deciding import uuid7
from events.envelope import Actor, Order
from events.ledger import Ledger
from events.rules import LedgerError
from events.seal.checkpoint import Checkpoint
from events.seal.memory import Memory
from events.seal.note import NotSignedError, SigningKey, VerifierKey, opened
from events.signing import IntroduceSigningKey, RetireSigningKey

FIRST: Final = "the first key of the ledger (khoá đầu tiên của sổ cái)"


class UnknownKeyError(LedgerError):
    """There is no such key in the signer's folder."""


class TooEarlyError(LedgerError):
    """A key is retired only after another one has signed."""


def some_origin() -> str:
    """For a ledger that nobody named: unique, and under a name that nobody owns (RFC 2606)."""
    return f"socai.invalid/{secrets.token_hex(4)}"


async def begun(ledger: Ledger, memory: Memory, origin: str | None = None) -> VerifierKey:
    """Name the log and make its first key, if that was not done; announce the newest key."""
    if not memory.is_there:
        memory.begin(origin or some_origin())
    key = memory.signing_keys()[0].verifier
    if memory.last_signed() is None:
        # Afterwards a log without the announcement is not ours to write to: it was rolled back.
        await _announced(ledger, key, FIRST)
    return key


async def rotated(ledger: Ledger, memory: Memory, reason: str) -> VerifierKey:
    """Make another key. From the next checkpoint on it signs beside those before it."""
    # It signs before it is announced: so the announcement itself is under both signatures.
    key = memory.add_key(SigningKey.generate(memory.origin)).verifier
    try:
        await _announced(ledger, key, reason)
    except BaseException:
        memory.drop_key(key.id.hex())
        raise
    return key


async def retired(ledger: Ledger, memory: Memory, id_: str, reason: str) -> VerifierKey:
    """Announce that a key signs no more, and destroy it."""
    keys = {each.verifier.id.hex(): each.verifier for each in memory.signing_keys()}
    if id_ not in keys:
        raise UnknownKeyError(f"there is no key {id_}; there are: {', '.join(keys)}")
    key = keys.pop(id_)
    last = memory.last_signed()
    if keys and last is not None:
        try:
            Checkpoint.read(opened(last[1], keys.values()))
        except NotSignedError:
            raise TooEarlyError("wait until another key has signed a checkpoint") from None
    order = Order(
        command=RetireSigningKey(vkey=str(key), reason=reason),
        command_id=uuid7(),
        effective_on=today(),
        actor=_actor(),
    )
    await ledger.handle(order)
    memory.drop_key(id_)
    return key


async def _announced(ledger: Ledger, key: VerifierKey, reason: str) -> None:
    # The id follows from the key: a second attempt, whenever it comes, is the same command.
    order = Order(
        command=IntroduceSigningKey(vkey=str(key), reason=reason),
        command_id=uuid5(NAMESPACE_URL, f"socai:introduce:{key}"),
        effective_on=today(),
        actor=_actor(),
    )
    await ledger.handle(order)


def _actor() -> Actor:
    """In the name of whoever may read the keys: more is not known of him."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's user needs no name
        name = f"uid-{os.getuid()}"
    return Actor(id=name, role="signer", organisation="seal")
