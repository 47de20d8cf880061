"""One piece of the log: what is there after a position, or the first that comes within some time.

    piece = Piece(asked.after)
    await paging.there(piece, asked, caller)
    await paging.coming(piece, asked, caller)
    piece.items, piece.cursor

A piece is filled while it is waited for, so whoever stops waiting has what was found, and goes on
where the log was read to.
"""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final

from schema.access.door import Caller
from schema.feed.audience import Audience
from schema.feed.feed import Page
from schema.feed.filters import EVERYTHING
from schema.feed.item import Item
from schema.http.allowance import Allowance
from schema.planner.refusals import QueryRefusedError
from schema.seal import PROOF_POINTS
from service.feeding.asking import Asked
from service.feeding.proving import proven
from service.runtime import Runtime

PIECE_EVENTS: Final = 500
READ_EVENTS_MAX: Final = 5_000
"""Events looked at for one page: whoever wants few of many asks again, with the cursor."""


@dataclass(slots=True)
class Piece:
    """What was found so far."""

    cursor: int
    """Nothing up to it is missing that is wanted and seen."""
    head: int = 0
    """Where the log ends, at least."""
    items: list[Item] = field(default_factory=list)
    is_final: bool = False
    """Whatever is recorded, the same request is answered the same."""


class Paging:
    """The pages of one process."""

    def __init__(self, runtime: Runtime, allowance: Allowance) -> None:
        self._runtime, self._allowance = runtime, allowance

    async def within(self, after: int) -> int:
        """Where the log ends; refused if the cursor is ahead of it: it is of another log."""
        head = self._runtime.follower.head
        if after > head:
            head = (await self._runtime.log.head()).position
        if after > head:
            raise _ahead(after, head)
        return head

    async def there(self, piece: Piece, asked: Asked, caller: Caller) -> None:
        """What is there now."""
        await self._read(piece, asked, caller)
        if piece.is_final and piece.cursor >= piece.head:
            piece.head = (await self._runtime.log.head()).position

    async def _read(self, piece: Piece, asked: Asked, caller: Caller) -> None:
        audience = Audience.of(caller.principal)
        is_whole = audience.sees_all and asked.wanted == EVERYTHING
        end = piece.cursor + READ_EVENTS_MAX
        while not piece.is_final:
            most = min(asked.limit if is_whole else PIECE_EVENTS, end - piece.cursor)
            if asked.proofs:
                most = min(most, self._runtime.newest.sealed.size - piece.cursor)
            if most <= 0:
                return
            page = await self._runtime.feed.read(piece.cursor, most)
            self._allowance.spend(caller.payer, len(page.items))
            shown = await self._runtime.feed.shown(page, asked.wanted, audience)
            _fill(piece, page, shown, asked.limit)
            if len(page.items) < most:
                return
            piece.is_final |= piece.cursor >= end

    async def coming(self, piece: Piece, asked: Asked, caller: Caller) -> None:
        """The first that comes, whenever that is."""
        feed, newest = self._runtime.feed, self._runtime.newest
        follow = (
            proven(feed, newest, piece.cursor, asked.limit)
            if asked.proofs
            else feed.follow(piece.cursor, asked.limit)
        )
        async with aclosing(follow) as pages:
            async for page in pages:
                await caller.look()
                audience = Audience.of(caller.principal)
                shown = await feed.shown(page, asked.wanted, audience)
                await self._allowance.pace(caller.payer, len(page.items))
                _fill(piece, page, shown, asked.limit)
                if piece.items:
                    return

    def pay(self, piece: Piece, asked: Asked, caller: Caller) -> None:
        """Take the points of what is about to be worked out."""
        if asked.proofs:
            self._allowance.spend(caller.payer, len(piece.items) * PROOF_POINTS)


def _fill(piece: Piece, page: Page, shown: Sequence[Item], limit: int) -> None:
    room = limit - len(piece.items)
    piece.items += shown[:room]
    piece.is_final = len(shown) >= room
    piece.cursor = piece.items[-1].position if piece.is_final else page.last
    piece.head = max(piece.head, page.head, piece.cursor)


def _ahead(asked: int, head: int) -> QueryRefusedError:
    return QueryRefusedError(
        "POSITION_AHEAD",
        f"You stand at position {asked}; this ledger ends at {head}. Is it the one you followed?",
        f"Vị trí {asked} chưa có; sổ cái này kết thúc ở vị trí {head}.",
        asked=asked,
        head=head,
    )
