"""GraphQL over HTTP: GET and POST, JSON or events, with ETags; every refusal by name."""

import asyncio

from graphql import OperationType
from starlette.types import Receive, Scope, Send

from schema.http.answering import Answering
from schema.http.asking import Asked
from schema.http.heads import Heads
from schema.http.negotiating import JSON, Acceptable, acceptable
from schema.http.openings import Openings
from schema.http.origins import Origins
from schema.http.questions import Question
from schema.http.reading import GoneError, Request, check_method
from schema.http.refusals import RefusedError, refusal, refused
from schema.http.reservations import Reservations, token_of
from schema.http.responding import (
    LASTING,
    NO_CACHE,
    OWN_LASTING,
    VARY,
    Reply,
    not_acceptable,
    not_allowed,
    respond,
)
from schema.http.settings import Settings
from schema.http.streams import EventStream, alone, refused_alone

ANY = b"*/*"
_LASTING, _OWN_LASTING = (LASTING, VARY), (OWN_LASTING, VARY)
_PASSING = (NO_CACHE, VARY)


class Endpoint:
    """Answers HTTP requests."""

    def __init__(
        self,
        answering: Answering,
        closing: asyncio.Event,
        settings: Settings,
        heads: Heads,
        origins: Origins,
        openings: Openings,
    ) -> None:
        self._answering, self._closing, self._settings = answering, closing, settings
        self._heads, self._origins, self._openings = heads, origins, openings
        self._reservations = Reservations(answering, openings)
        self._methods = {"POST", "GET"} if settings.get else {"POST"}
        self._allowed = "GET, POST, PUT, DELETE" if settings.get else "POST, PUT, DELETE"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, one response; nothing that a client sends ends in a stack trace."""
        headers = dict(scope["headers"])
        accepted = acceptable(headers.get(b"accept", ANY))
        caller = self._answering.stranger(scope)
        reply = Reply(self._heads.on(send, scope, headers, caller), accepted.json or JSON)
        request = Request(scope, receive, headers, reply, caller)
        try:
            shown = headers.get(b"authorization")
            if shown is not None:
                await self._answering.introduce(caller, shown)
            self._answering.enter(caller)
            await self._route(request, accepted)
        except GoneError:
            return
        except Exception as error:  # noqa: BLE001 - a bug is logged there and named to the client
            await request.reply.refuse(refused(error))

    async def _route(self, request: Request, accepted: Acceptable) -> None:
        method, token = request.scope["method"], token_of(request)
        if method == "PUT":  # whatever token it brings: clients forget to take an old one away
            await self._reservations.reserve(request.reply, request.caller.payer)
        elif token is not None:
            await self._reserved(token, request, accepted)
        elif method in self._methods:
            await self._asked(request, accepted)
        elif method == "OPTIONS" and (preflight := self._origins.preflight(request.headers)):
            await respond(request.reply.send, 200, preflight)
        else:
            raise not_allowed(method, self._allowed)

    async def _reserved(self, token: str, request: Request, accepted: Acceptable) -> None:
        """A request that belongs to a stream with room for many operations."""
        if request.method == "GET" and accepted.events and accepted.json is None:
            await self._reservations.open(token, self._stream(request))
        else:
            await self._reservations.request(token, request)

    async def _asked(self, request: Request, accepted: Acceptable) -> None:
        """A question of its own."""
        if not any(accepted):
            raise not_acceptable()
        asked = await request.asked()
        try:
            question = await self._answering.find(asked, request.caller)
        except RefusedError as error:
            if accepted.json is not None:
                raise
            await refused_alone(error, self._stream(request))
            return
        check_method(request.method, question)
        if accepted.json is not None and question.kind is not OperationType.SUBSCRIPTION:
            await self._json(request, question, asked)
        elif accepted.events:
            after = request.headers.get(b"last-event-id", b"")
            start = int(after) if after.isdigit() else 0
            answers = self._answering.follow(question, asked, request.caller, start)
            with self._openings.one(request.caller.payer):
                await alone(answers, self._stream(request))
        else:
            raise _subscribe_elsewhere()

    async def _json(self, request: Request, question: Question, asked: Asked) -> None:
        if request.scope["method"] == "POST":
            answered = await self._answering.answer(question, asked, request.caller)
            await request.reply.answer(answered.body)
            return
        known = request.headers.get(b"if-none-match")
        answered = await self._answering.answer(question, asked, request.caller, known, tagged=True)
        lasting = _LASTING if request.caller.credential is None else _OWN_LASTING
        headers = lasting if answered.is_lasting else _PASSING
        if answered.tag is not None:
            headers = (*headers, (b"etag", answered.tag))
        if answered.body:
            await request.reply.answer(answered.body, headers)
        else:
            await request.reply.unchanged(headers)

    def _stream(self, request: Request) -> EventStream:
        return EventStream(request.receive, request.reply.send, self._closing, self._settings)


def _subscribe_elsewhere() -> RefusedError:
    return refusal(
        "USE_WEBSOCKET",
        "Subscribe over graphql-transport-ws at this address, or accept text/event-stream.",
        "Đăng ký qua graphql-transport-ws tại địa chỉ này, hoặc chấp nhận text/event-stream.",
        status=400,
    )
