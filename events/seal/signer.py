"""The signer: hashes what the log holds, and signs nothing that does not extend what it signed.

    signer = Signer(connection, memory)
    notes = await signer.look()    # the first look re-hashes all that was signed; []: nothing new

It reads bodies and hashes them itself, and remembers in a folder of its own what it signed. A log
that is shorter than that, or another one, was rolled back, restored to yesterday or split: then it
pulls the brake (`seal.halt`, which stops every append) and signs nothing until the log is again the
one it knows.
"""

from collections.abc import AsyncIterator
from typing import Final, LiteralString

import asyncpg

from events.rules import LedgerError
from events.seal.checkpoint import Checkpoint
from events.seal.memory import Memory
from events.seal.note import NoteBrokenError, NotSignedError, opened, signed
from events.seal.tiles import HEIGHT
from events.seal.tree import Frontier, leaf_of

PAGE_EVENTS: Final = 5_000
AT_ONCE: Final = frozenset({"PeriodClosed"})
"""What is sealed at its own position, whatever comes after it."""

HEAD: Final[LiteralString] = """
    SELECT position
    FROM ledger.head
"""
PAGE: Final[LiteralString] = """
    SELECT body, type
    FROM ledger.event
    WHERE position > $1 AND position <= $2
    ORDER BY position
"""
BODY: Final[LiteralString] = """
    SELECT body
    FROM ledger.event
    WHERE position = $1
"""
PUBLISHED: Final[LiteralString] = """
    SELECT size, root, note
    FROM seal.checkpoint
    WHERE size >= $1
    ORDER BY size DESC
    LIMIT 1
"""
KEEP: Final[LiteralString] = """
    INSERT INTO seal.subtree (level, index, hash)
    SELECT *
    FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])
    ON CONFLICT DO NOTHING
"""
PUBLISH: Final[LiteralString] = """
    INSERT INTO seal.checkpoint (size, root, note)
    VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING
"""
LOOK: Final[LiteralString] = """
    INSERT INTO seal.signer (looked_at, signed_size)
    VALUES (clock_timestamp(), $1)
    ON CONFLICT (is_only) DO UPDATE
    SET looked_at = excluded.looked_at, signed_size = excluded.signed_size
"""
PULL: Final[LiteralString] = """
    INSERT INTO seal.halt (reason, stored_size, signed_size)
    VALUES ($1, $2, $3)
    ON CONFLICT DO NOTHING
"""
LIFT: Final[LiteralString] = """
    UPDATE seal.halt
    SET lifted_at = clock_timestamp(), lifted_for = $1
    WHERE lifted_at IS NULL
"""


class HistoryLostError(LedgerError):
    """The log in the database is not the one that was signed. Nothing may be recorded on it."""


class Signer:
    """Signs one log, through one connection."""

    def __init__(self, connection: asyncpg.Connection, memory: Memory) -> None:
        self._connection, self._memory = connection, memory
        self._frontier = Frontier()
        self._known: Checkpoint | None = None
        self._last_body: bytes | None = None
        """The last event that the frontier took in: a fork has another one there."""

    async def look(self) -> list[str]:
        """Sign what is new, pull the brake or lift it; the notes that were signed."""
        try:
            if self._known is None:
                await self._remember()
            notes = [note async for note in self._sign()]
        except HistoryLostError as lost:
            await self._halt(str(lost))
            raise
        except BaseException:
            # What was taken in and not kept would be missing from the tree for ever.
            self._forget()
            raise
        await self._connection.execute(LIFT, "the log is again what was signed")
        await self._connection.execute(LOOK, self._frontier.size)
        return notes

    async def _halt(self, reason: str) -> None:
        size = 0 if self._known is None else self._known.size
        self._forget()
        stored = await self._connection.fetchval(HEAD)
        await self._connection.execute(PULL, reason, stored, size)

    async def _remember(self) -> None:
        """Re-hash the log up to what was signed last, and hold the two against each other."""
        self._forget()
        found = self._memory.last_signed()
        if found is None:
            await self._adopt()
            return
        self._known, note = found
        stored = await self._connection.fetchval(HEAD)
        if stored < self._known.size:
            raise HistoryLostError(
                f"the log ends at {stored}, and {self._known.size} events were signed"
            )
        async for _ in self._grown(self._known.size):
            pass
        if self._frontier.root() != self._known.root:
            raise HistoryLostError(
                f"the first {self._known.size} events are not those that were signed"
            )
        # Signed, and the power failed before it was published.
        await self._publish(self._known, note)
        await self._adopt()

    async def _adopt(self) -> None:
        """What stands published under our name is ours, if the log bears it out."""
        row = await self._connection.fetchrow(PUBLISHED, self._frontier.size + 1)
        if row is None:
            return
        try:
            text = opened(row["note"], [each.verifier for each in self._memory.signing_keys()])
        except (NotSignedError, NoteBrokenError):
            return  # somebody else's, or nobody's: `socai verify` tells
        theirs = Checkpoint.read(text)
        async for _ in self._grown(theirs.size):
            pass
        if (self._frontier.size, self._frontier.root()) != (theirs.size, theirs.root):
            raise HistoryLostError(
                f"another signer signed {theirs.size} other events with the same key"
            )
        self._memory.remember(row["note"])
        self._known = theirs

    async def _sign(self) -> AsyncIterator[str]:
        """Take in what is new; a note at each event that is sealed at once, and at the end."""
        head: int = await self._connection.fetchval(HEAD)
        size = self._frontier.size
        if head < size:
            raise HistoryLostError(f"the log ends at {head}, and {size} events were signed")
        if size and await self._connection.fetchval(BODY, size) != self._last_body:
            raise HistoryLostError(f"event {size} is not the one that was signed")
        async for type_ in self._grown(head):
            if type_ in AT_ONCE and self._frontier.size < head:
                yield await self._seal()
        if self._frontier.size > (self._known.size if self._known else 0):
            yield await self._seal()

    async def _seal(self) -> str:
        """Sign the tree as it is: remembered first, then published."""
        origin, size = self._memory.origin, self._frontier.size
        checkpoint = Checkpoint(origin=origin, size=size, root=self._frontier.root())
        note = signed(str(checkpoint), self._memory.signing_keys())
        self._memory.remember(note)
        self._known = checkpoint
        await self._publish(checkpoint, note)
        return note

    async def _publish(self, checkpoint: Checkpoint, note: str) -> None:
        await self._connection.execute(PUBLISH, checkpoint.size, checkpoint.root, note)

    async def _grown(self, end: int) -> AsyncIterator[str]:
        """Hash on, up to a position; the type of each event that was taken in."""
        while self._frontier.size < end:
            stop = min(end, self._frontier.size + PAGE_EVENTS)
            page = await self._connection.fetch(PAGE, self._frontier.size, stop)
            if len(page) != stop - self._frontier.size:
                raise HistoryLostError(f"events are missing before {stop}")
            for body, type_ in page:
                await self._take(body)
                yield type_

    async def _take(self, body: bytes) -> None:
        place, filled = self._frontier.size, self._frontier.append(leaf_of(body))
        self._last_body = body
        rows = [
            (level // HEIGHT, place >> level, filled[level])
            for level in range(HEIGHT, len(filled), HEIGHT)
        ]
        if rows:
            await self._connection.execute(KEEP, *map(list, zip(*rows, strict=True)))

    def _forget(self) -> None:
        """Begin anew: the next look re-hashes everything."""
        self._frontier, self._known, self._last_body = Frontier(), None, None
