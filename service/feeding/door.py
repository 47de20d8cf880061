"""GET /events: who asks, what he accepts, what he is refused.

    curl 'localhost:8000/events?after=181'                          one event a line
    curl -N -H 'Accept: text/event-stream' localhost:8000/events    for as long as one listens

A page that no later event can change is kept by caches for ever; every other one has an ETag.
"""

import asyncio
from contextlib import ExitStack
from hashlib import sha256
from typing import Final, NamedTuple

from starlette.types import Receive, Scope, Send

from schema.access.door import Caller
from schema.access.principal import FOLLOW
from schema.feed.audience import Audience
from schema.http.allowance import ENTRY_POINTS, Allowance
from schema.http.counts import Counts
from schema.http.heads import Heads
from schema.http.openings import Openings
from schema.http.origins import Origins
from schema.http.refusals import RefusedError, refused
from schema.http.responding import (
    EVENT_STREAM,
    LASTING,
    NO_CACHE,
    NOT_MODIFIED,
    OWN_LASTING,
    VARY,
    Header,
    not_allowed,
    refusing,
    respond,
)
from schema.http.settings import Settings
from schema.http.streams import EventStream
from schema.planner.scope import FORBIDDEN, ForbiddenError
from service.feeding.accepting import Media, accepted
from service.feeding.asking import Asked, last_event_id, read
from service.feeding.frames import Frames
from service.feeding.paging import Paging, Piece
from service.feeding.streaming import Streaming
from service.runtime import Runtime

ALLOWED: Final = "GET, HEAD"
TAG_DIGITS: Final = 32
JSON: Final = (b"content-type", b"application/json; charset=utf-8")


class _Request(NamedTuple):
    """One request, and the way back."""

    scope: Scope
    receive: Receive
    send: Send
    headers: dict[bytes, bytes]
    caller: Caller

    def header(self, name: bytes, default: bytes = b"") -> str:
        """One header; none has more than Latin letters in it."""
        return self.headers.get(name, default).decode("latin-1")

    @property
    def is_head(self) -> bool:
        """Whether the body is not wanted."""
        return bool(self.scope["method"] == "HEAD")


class EventsDoor:
    """Answers at one address."""

    def __init__(
        self,
        runtime: Runtime,
        settings: Settings,
        counts: Counts,
        allowance: Allowance,
        openings: Openings,
        heads: Heads,
        origins: Origins,
    ) -> None:
        self._runtime, self._settings, self._counts = runtime, settings, counts
        self._allowance, self._openings = allowance, openings
        self._heads, self._origins = heads, origins
        self._frames = Frames(runtime)
        self._paging = Paging(runtime, allowance)
        self._streaming = Streaming(runtime, self._frames, counts, allowance)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; nothing that a client sends ends in a stack trace."""
        headers = dict(scope["headers"])
        caller = Caller.stranger(self._runtime.door, scope)
        out = self._heads.on(send, scope, headers, caller)
        try:
            await self._answer(_Request(scope, receive, out, headers, caller))
        except Exception as error:  # noqa: BLE001 - a bug is logged there and named to the client
            await _refuse(out, refused(error))

    async def _answer(self, request: _Request) -> None:
        caller, method = request.caller, request.scope["method"]
        try:
            shown = request.headers.get(b"authorization")
            if shown is not None:
                await caller.introduce(shown)
        finally:
            self._allowance.spend(caller.payer, ENTRY_POINTS)
        if method == "OPTIONS" and (preflight := self._origins.preflight(request.headers)):
            await respond(request.send, 200, preflight)
            return
        if method not in {"GET", "HEAD"}:
            raise not_allowed(method, ALLOWED)
        if FOLLOW not in caller.principal.scopes:
            await caller.turned_away(f"scope {FOLLOW}", FORBIDDEN)
            raise ForbiddenError(f"scope {FOLLOW}")
        media = accepted(request.header(b"accept", b"*/*"))
        asked = read(request.scope["query_string"].decode("latin-1"))
        if media is Media.STREAM:
            await self._stream(request, asked)
        else:
            await self._page(request, asked, media)

    async def _stream(self, request: _Request, asked: Asked) -> None:
        """Where a reader was, he says better himself than the address that he began with."""
        last = request.header(b"last-event-id")
        if last:
            asked = asked.at(last_event_id(last))
        await self._paging.within(asked.after)
        if request.is_head:
            await respond(request.send, 200, EVENT_STREAM)
            return
        stream = EventStream(request.receive, request.send, self._runtime.closing, self._settings)
        with self._openings.one(request.caller.payer):
            await self._streaming.send(asked, request.caller, stream)

    async def _page(self, request: _Request, asked: Asked, media: Media) -> None:
        caller = request.caller
        async with asyncio.timeout(self._settings.deadline_seconds):
            piece = Piece(asked.after, await self._paging.within(asked.after))
            await self._paging.there(piece, asked, caller)
        if asked.wait and not piece.items and not piece.is_final and not request.is_head:
            await self._wait(request, piece, asked)
        self._paging.pay(piece, asked, caller)
        audience = Audience.of(caller.principal)
        events = await self._frames.events(piece.items, audience, proofs=asked.proofs)
        body = _joined(events, media)
        tag = _tag(piece, media, body)
        headers = _headers(piece, asked, caller, tag)
        if tag in request.headers.get(b"if-none-match", b""):
            await respond(request.send, NOT_MODIFIED, headers)
            return
        headers += [(b"content-type", media.header)]
        self._counts.paged += len(events)
        await respond(request.send, 200, headers, body)

    async def _wait(self, request: _Request, piece: Piece, asked: Asked) -> None:
        """Until something comes, the time is over, the client has gone or we go."""
        with ExitStack() as stack:
            stack.enter_context(self._openings.one(request.caller.payer))
            self._counts.polls += 1
            stack.callback(_one_less, self._counts)
            coming = asyncio.ensure_future(self._paging.coming(piece, asked, request.caller))
            ends = {
                coming,
                asyncio.ensure_future(self._runtime.closing.wait()),
                asyncio.ensure_future(_gone(request.receive)),
            }
            try:
                await asyncio.wait(ends, timeout=asked.wait, return_when=asyncio.FIRST_COMPLETED)
                if coming.done():
                    coming.result()
            finally:
                for each in ends:
                    each.cancel()
                await asyncio.gather(*ends, return_exceptions=True)


def _one_less(counts: Counts) -> None:
    counts.polls -= 1


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _joined(events: list[bytes], media: Media) -> bytes:
    if media.is_batch:
        return b"[%b]" % b",".join(events)
    return b"".join(b"%b\n" % each for each in events)


def _tag(piece: Piece, media: Media, body: bytes) -> bytes:
    """Of what is told, the cursor too: it goes on although nothing is found."""
    told = sha256(b"%d %b\n%b" % (piece.cursor, media.header, body)).hexdigest()
    return b'"%b"' % told[:TAG_DIGITS].encode()


def _headers(piece: Piece, asked: Asked, caller: Caller, tag: bytes) -> list[Header]:
    keeping = NO_CACHE
    if piece.is_final and asked.is_dated and not asked.proofs:  # a witness may still sign
        keeping = LASTING if caller.credential is None else OWN_LASTING
    return [
        (b"etag", tag),
        keeping,
        VARY,
        (b"socai-cursor", b"%d" % piece.cursor),
        (b"socai-head", b"%d" % piece.head),
        (b"link", b'<%b>; rel="next"' % asked.next(piece.cursor).encode()),
    ]


async def _refuse(send: Send, error: RefusedError) -> None:
    status = error.status or 400
    await respond(send, status, [JSON, *refusing(error, status)], error.body())
