"""The seal as files, for whoever checks the ledger without asking it anything (C2SP tlog-tiles).

    /checkpoint                        the newest signed note, and who else signed it
    /vkey                              the keys that sign
    /tile/<L>/<N>[.p/<W>]              hashes: everybody's, the same for ever
    /tile/entries/<N>[.p/<W>]          the events themselves: whoever reads every one of them
    /events/<position>.tlog-proof      one event's proof, to be checked offline (C2SP tlog-proof)

A leaf gives nothing away: it hashes an event's id with the rest, 74 random bits of it.
"""

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any, Final, TypeAlias

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from events.rules import value
from events.seal.announced import verifiers
from events.seal.newest import Sealed
from events.seal.proof import noted, proof_file
from events.seal.tiles import ENTRIES, has, tile_at
from schema.access.door import Caller
from schema.access.principal import READ
from schema.busy import connection
from schema.http.allowance import ENTRY_POINTS, Allowance
from schema.http.origins import Origins
from schema.http.refusals import RefusedError, refusal, refused
from schema.http.responding import Header, refusing
from schema.planner.document import Documents
from schema.planner.scope import FORBIDDEN, ForbiddenError
from schema.planner.source import EVENTS
from schema.root import build
from service.runtime import Runtime

POSITION_MAX: Final = 2**63 - 1
TAG_DIGITS: Final = 32
BUNDLE: Final = "tile/entries"
TEXT, BYTES = "text/plain; charset=utf-8", "application/octet-stream"
FOR_SECONDS: Final = "public, max-age=2"
"""Of what changes: C2SP wants it fetched again within a few seconds."""
FOR_EVER, OWN_FOR_EVER = (f"{each}, max-age=31536000, immutable" for each in ("public", "private"))
OWN: Final = "private, no-cache"
BY_CALLER: Final = (b"vary", b"Authorization")
BY_CODING: Final = (b"vary", b"Accept-Encoding")
GZIP: Final = (b"content-encoding", b"gzip")
PROOF: Final = """query ($position: Position!) {
    event(position: $position) {
        proof { index hashes checkpoint { note cosignatures { line } } }
    }
}"""


@value
class File:
    """What is sent."""

    body: bytes
    media: str
    keeping: str
    """Its Cache-Control."""
    more: tuple[Header, ...] = ()


Find: TypeAlias = Callable[[Request, Caller], Awaitable[File]]


def routes(runtime: Runtime, allowance: Allowance, origins: Origins) -> list[BaseRoute]:
    """Where the files are found."""
    shelf = Shelf(runtime, allowance)

    def at(path: str, find: Find) -> Route:
        async def sent(request: Request) -> Response:
            return await _sent(request, find)

        return Route(path, sent)

    async def _sent(request: Request, find: Find) -> Response:
        caller = Caller.stranger(runtime.door, request.scope)
        try:
            response = _whole(request, await shelf.opened(request, caller, find))
        except Exception as error:  # noqa: BLE001 - a bug is logged there and named to the client
            response = _refusal(refused(error))
        asked = dict(request.headers.raw)
        response.raw_headers += allowance.headers(caller.payer, response.status_code)
        response.raw_headers += origins.headers(asked)
        return response

    return [
        at("/checkpoint", shelf.checkpoint),
        at("/vkey", shelf.vkey),
        at("/tile/{path:path}", shelf.tile),
        at("/events/{position:int}.tlog-proof", shelf.proof),
    ]


class Shelf:
    """Finds the files of one process."""

    def __init__(self, runtime: Runtime, allowance: Allowance) -> None:
        self._runtime, self._allowance = runtime, allowance
        self._documents = Documents(build()._schema)  # noqa: SLF001 - graphql-core's own

    async def opened(self, request: Request, caller: Caller, find: Find) -> File:
        """A file, for whoever shows what he shows. Whatever is sent costs something."""
        try:
            shown = request.headers.get("authorization")
            if shown is not None:
                await caller.introduce(shown.encode("latin-1"))
        finally:
            self._allowance.spend(caller.payer, ENTRY_POINTS)
        try:
            return await find(request, caller)
        except ForbiddenError as error:
            await caller.turned_away(error.asked, FORBIDDEN)
            raise

    async def checkpoint(self, _: Request, _caller: Caller) -> File:
        """The newest note, with every signature under it."""
        kept = await self._runtime.seal.latest()
        if kept is None:
            raise _missing("No checkpoint is signed yet.", "Chưa có điểm niêm phong nào.")
        self._runtime.newest.saw(Sealed(kept.size, kept.root))
        lines = await self._runtime.seal.cosignatures(kept.size)
        return File(body=noted(kept.note, lines), media=TEXT, keeping=FOR_SECONDS)

    async def vkey(self, _: Request, _caller: Caller) -> File:
        """The keys that sign now, the oldest first; those before them are announced in the log."""
        keys = await verifiers(self._runtime.log)
        if not keys:
            raise _missing("No key signs this ledger.", "Chưa có khoá nào ký sổ cái này.")
        told = "".join(f"{each}\n" for each in keys)
        return File(body=told.encode(), media=TEXT, keeping=FOR_SECONDS)

    async def tile(self, request: Request, caller: Caller) -> File:
        """Hashes, or the events under them."""
        tile = tile_at(request.path_params["path"])
        if tile is None:
            raise _missing("There is no such tile.", "Không có mảnh này.")
        if tile.level == ENTRIES:
            _admit_to_all(caller)
            self._allowance.spend(caller.payer, tile.width)  # as much as the list of them
        newest = self._runtime.newest
        if not has(newest.sealed.size, tile):
            await newest.look()  # another process may have told of a newer checkpoint
        found = await self._runtime.seal.tile(tile) if has(newest.sealed.size, tile) else None
        if found is None:
            raise _missing("The tree has not grown so far.", "Cây băm chưa lớn đến đó.")
        if tile.level == ENTRIES:
            return await _bundle(request, found)
        return File(body=found, media=BYTES, keeping=FOR_EVER)

    async def proof(self, request: Request, caller: Caller) -> File:
        """The proof of an event that the caller sees, by the same statement as in GraphQL."""
        _admit_reader(caller)
        position = request.path_params["position"]
        found = await self._event(position, caller) if position <= POSITION_MAX else None
        if found is None:
            raise _missing("There is no such event for you.", "Không có sự kiện này.")
        proof = found["proof"]
        if proof is None:
            raise refusal(
                "NOT_YET_SEALED",
                f"No checkpoint covers event {position} yet; ask again in ten seconds.",
                f"Sự kiện {position} chưa được niêm phong; xin hỏi lại sau mười giây.",
                status=404,
            )
        told = proof["checkpoint"]
        note = noted(told["note"], [each["line"] for each in told["cosignatures"]])
        path = map(bytes.fromhex, proof["hashes"])
        body = proof_file(proof["index"], path, note)
        return File(body=body, media=TEXT, keeping=OWN, more=(BY_CALLER,))

    async def _event(self, position: int, caller: Caller) -> dict[str, Any] | None:
        prepared = self._documents.prepare(PROOF)
        operation = prepared.operation(None)
        assert operation is not None  # noqa: S101 - the document has one
        principal = caller.principal
        variables = {"position": position, **principal.figures}
        plan = self._documents.plan(prepared, operation, variables, principal.scope)
        assert plan is not None  # noqa: S101 - it asks for columns alone
        bound = plan.bind(variables)
        self._allowance.spend(caller.payer, bound.cost)
        async with connection(self._runtime.reads) as taken:
            answer = await plan.run(taken, bound.values)
        found: dict[str, Any] | None = orjson.loads(answer.json)["event"]
        return found


def _admit_reader(caller: Caller) -> None:
    """A credential may be made for less than its owner may do."""
    if READ not in caller.principal.scopes:
        raise ForbiddenError(f"scope {READ}")


def _admit_to_all(caller: Caller) -> None:
    """Bodies hold the numbers of people's identity cards: he reads every one, or gets none."""
    _admit_reader(caller)
    scope = caller.principal.scope
    if EVENTS in scope.rows or not scope.may_read("Event", "body"):
        raise ForbiddenError(BUNDLE)


async def _bundle(request: Request, found: bytes) -> File:
    """Events one after the other, each after its length."""
    more: tuple[Header, ...] = (BY_CALLER, BY_CODING)
    if "gzip" in request.headers.get("accept-encoding", ""):
        found = await asyncio.to_thread(gzip.compress, found, mtime=0)
        more = (*more, GZIP)
    return File(body=found, media=BYTES, keeping=OWN_FOR_EVER, more=more)


def _whole(request: Request, file: File) -> Response:
    """The file, or that the client has it."""
    tag = f'"{sha256(file.body).hexdigest()[:TAG_DIGITS]}"'
    is_known = tag in request.headers.get("if-none-match", "")
    response = Response(b"" if is_known else file.body, 304 if is_known else 200)
    if is_known:
        del response.headers["content-length"]
    else:
        response.headers["content-type"] = file.media
    response.headers["cache-control"], response.headers["etag"] = file.keeping, tag
    response.raw_headers += file.more
    return response


def _refusal(error: RefusedError) -> Response:
    status = error.status or 400
    response = Response(error.body(), status, media_type="application/json; charset=utf-8")
    response.raw_headers += refusing(error, status)
    return response


def _missing(english: str, vietnamese: str) -> RefusedError:
    return refusal("NOT_FOUND", english, vietnamese, status=404)
