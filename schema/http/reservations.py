"""GraphQL over Server-Sent Events, single connection mode: one stream, many operations.

PUT reserves a stream and answers its token; GET with the token opens it; POST with the token starts
an operation whose answers come down the stream, under the id that the client gave it; DELETE stops
one. A reservation lives in one process: with several, the balancer must keep a client on one of
them (the stream of an operation of its own, `streams.py`, works anywhere).
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from urllib.parse import parse_qs
from uuid import uuid4

import orjson

from schema.access.door import Caller
from schema.access.payers import Payer
from schema.http.answering import Answering
from schema.http.asking import Asked
from schema.http.following import Part
from schema.http.openings import Openings
from schema.http.operations import Operations, too_many
from schema.http.questions import Question
from schema.http.reading import Request, check_method
from schema.http.refusals import RefusedError, refusal
from schema.http.responding import TEXT, Reply, not_allowed, respond
from schema.http.streams import EventStream, next_event

TOKEN = b"x-graphql-event-stream-token"
UNOPENED_SECONDS_MAX = 60.0


def token_of(request: Request) -> str | None:
    """The token that a request carries, in a header or in its address."""
    sent = request.headers.get(TOKEN)
    if sent is not None:
        return sent.decode("latin-1")
    return _parameter(request, "token")


class _Reservation:
    """One stream, open or not yet, and the operations that answer into it."""

    def __init__(self, payer: Payer) -> None:
        self.payer = payer
        self.stream: EventStream | None = None
        self.opened = asyncio.Event()
        self.operations = Operations()

    async def write(self, frame: bytes) -> None:
        """Send a frame, once there is somebody to send it to."""
        await self.opened.wait()
        assert self.stream is not None  # noqa: S101 - it was opened
        await self.stream.write(frame)


class Reservations:
    """The streams of one process."""

    def __init__(self, answering: Answering, openings: Openings) -> None:
        self._answering, self._openings = answering, openings
        self._reserved: dict[str, _Reservation] = {}

    async def reserve(self, reply: Reply, payer: Payer) -> None:
        """PUT: a token. What is reserved counts as open."""
        self._openings.take(payer)
        token = str(uuid4())
        self._reserved[token] = _Reservation(payer)
        asyncio.get_running_loop().call_later(UNOPENED_SECONDS_MAX, self._expire, token)
        await respond(reply.send, 201, (TEXT,), token.encode())

    async def open(self, token: str, stream: EventStream) -> None:
        """GET with `text/event-stream`: what the operations answer, until the client goes."""
        reservation = self._of(token)
        if reservation.stream is not None:
            raise refusal(
                "STREAM_OPEN", "The stream is open already.", "Luồng đã được mở.", status=409
            )
        reservation.stream = stream
        try:
            await stream.open()
            reservation.opened.set()
            await stream.run()
        finally:
            self._end(token)

    async def request(self, token: str, request: Request) -> None:
        """GET or POST: start an operation. DELETE: stop one."""
        reservation = self._of(token)
        match request.method:
            case "DELETE":
                identity = _parameter(request, "operationId")
                if identity is None:
                    raise _no_id()
                reservation.operations.stop(identity)
                await respond(request.reply.send, 200, ())
            case "GET" | "POST":
                asked = await request.asked()
                question = await self._answering.find(asked, request.caller)
                check_method(request.method, question)
                self._start(reservation, question, asked, request.caller)
                await respond(request.reply.send, 202, ())
            case method:
                raise not_allowed(method, "GET, POST, DELETE")

    def _start(
        self, reservation: _Reservation, question: Question, asked: Asked, caller: Caller
    ) -> None:
        identity, operations = asked.extensions.get("operationId"), reservation.operations
        if not isinstance(identity, str) or not identity:
            raise _no_id()
        if identity in operations:
            raise refusal(
                "OPERATION_EXISTS",
                f"There is an operation {identity!r} in this stream.",
                f"Luồng đã có thao tác {identity!r}.",
                status=409,
            )
        if operations.is_full:
            raise too_many()
        parts = self._answering.follow(question, asked, caller)
        operations.start(identity, self._operate(reservation, identity, parts))

    async def _operate(
        self, reservation: _Reservation, identity: str, answers: AsyncGenerator[Part, None]
    ) -> None:
        named = orjson.dumps(identity)
        await reservation.opened.wait()
        try:
            async with aclosing(answers) as parts:
                async for part in parts:
                    await reservation.write(_named(named, part.body, part.cursor))
        except RefusedError as error:
            await reservation.write(_named(named, error.body()))
        await reservation.write(b'event: complete\ndata: {"id":%b}\n\n' % named)

    def _of(self, token: str) -> _Reservation:
        found = self._reserved.get(token)
        if found is None:
            raise refusal(
                "NO_STREAM", "No stream has this token.", "Không có luồng với mã này.", status=404
            )
        return found

    def _expire(self, token: str) -> None:
        reservation = self._reserved.get(token)
        if reservation is not None and reservation.stream is None:
            self._end(token)

    def _end(self, token: str) -> None:
        reservation = self._reserved.pop(token)
        self._openings.give(reservation.payer)
        reservation.operations.end()


def _parameter(request: Request, name: str) -> str | None:
    """One parameter of the address."""
    query: bytes = request.scope["query_string"]
    if name.encode() not in query:
        return None
    found = parse_qs(query.decode("latin-1")).get(name)
    return found[0] if found else None


def _named(identity: bytes, payload: bytes, cursor: int = 0) -> bytes:
    return next_event(b'{"id":%b,"payload":%b}' % (identity, payload), cursor)


def _no_id() -> RefusedError:
    return refusal(
        "NO_OPERATION_ID",
        "Give the operation an id: `extensions.operationId`, or `?operationId=` to stop it.",
        "Cần `extensions.operationId`, hoặc `?operationId=` để dừng.",
        status=400,
    )
