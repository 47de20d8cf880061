"""graphql-transport-ws: many operations over one WebSocket, by the protocol to the letter.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md. Beyond it: a foreign page may not
open a socket, a message and the number of operations are bounded, and we ask for a sign of life.
"""

import asyncio
import logging
import time
from contextlib import aclosing, suppress
from typing import Any, NamedTuple

import orjson
from starlette.types import Message, Receive, Scope, Send

from schema.access.door import UNAUTHENTICATED, Caller
from schema.http.answering import Answering
from schema.http.asking import from_object
from schema.http.openings import Openings
from schema.http.operations import Operations, too_many
from schema.http.origins import Origins
from schema.http.refusals import RefusedError
from schema.http.settings import Settings
from schema.planner.refusals import QueryRefusedError

PROTOCOL = "graphql-transport-ws"
MESSAGE_BYTES_MAX = 64 * 1024
PONGS_MISSED_MAX = 2
CLOSE_SECONDS_MAX = 2.0
"""Who takes nothing does not take the close either."""
REASON_MAX = 20
"""Characters of an id in the reason of a close, which has room for 123 bytes."""
_ACK = '{"type":"connection_ack"}'
_PING = '{"type":"ping"}'
_log = logging.getLogger("socai.graphql")


class Close(NamedTuple):
    """Why we hang up."""

    code: int
    reason: str


GONE = Close(0, "")
"""They did."""
INVALID = Close(4400, "Invalid message received")
UNAUTHORISED = Close(4401, "Unauthorized")
EXPIRED = Close(4401, "Credential no longer accepted")
FORBIDDEN = Close(4403, "Forbidden")
UNACCEPTABLE = Close(4406, "Subprotocol not acceptable")
INIT_LATE = Close(4408, "Connection initialisation timeout")
INIT_TWICE = Close(4429, "Too many initialisation requests")
SILENT = Close(4408, "No pong")
TOO_LARGE = Close(1009, "Message too large")
FULL = Close(1013, "Too many open connections")
"""Try again later: clients do, by themselves."""
STALLED = 1013
"""The same: they come back to their cursor."""


class Sockets:
    """Accepts WebSockets."""

    def __init__(
        self, answering: Answering, settings: Settings, origins: Origins, openings: Openings
    ) -> None:
        self._answering, self._settings = answering, settings
        self._origins, self._openings = origins, openings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket, from its opening to its end."""
        await receive()  # websocket.connect
        if not self._origins.may_open(dict(scope["headers"])):
            await send({"type": "websocket.close", "code": 1008})
            return
        speaks = PROTOCOL in scope["subprotocols"]
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL if speaks else None})
        caller = self._answering.stranger(scope)
        socket = _Socket(self._answering, self._settings, caller, receive, send)
        try:
            with self._openings.one(caller.payer):
                await socket.close(await socket.run() if speaks else UNACCEPTABLE)
        except RefusedError:
            await socket.close(FULL)


class _Socket:
    """One open WebSocket."""

    def __init__(
        self,
        answering: Answering,
        settings: Settings,
        caller: Caller,
        receive: Receive,
        send: Send,
    ) -> None:
        self._answering, self._settings, self._caller = answering, settings, caller
        self._receive, self._send = receive, send
        self._operations = Operations()
        self._is_open = False
        self._cursor = 0
        """Of the last answer that was handed over."""
        self._stalled: asyncio.Future[Close] = asyncio.get_running_loop().create_future()
        """Done when they take nothing any more."""
        self._pings = 0
        """Pings that no pong has answered."""

    async def run(self) -> Close:
        """Until one side has had enough."""
        ends = {asyncio.ensure_future(self._read()), asyncio.ensure_future(self._watch())}
        try:
            await asyncio.wait({*ends, self._stalled}, return_when=asyncio.FIRST_COMPLETED)
            if self._stalled.done():
                self._answering.dropped()
                return self._stalled.result()
            return next(each for each in ends if each.done()).result()
        except OSError:  # nothing can be sent to them any more; TimeoutError is one
            return GONE
        finally:
            self._operations.end()
            for end in ends:
                end.cancel()
            await asyncio.gather(*ends, return_exceptions=True)

    async def close(self, close: Close) -> None:
        """Hang up."""
        if close is not GONE:
            code, reason = close
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS_MAX):
                    await self._send({"type": "websocket.close", "code": code, "reason": reason})

    async def _watch(self) -> Close:
        """They have to introduce themselves, and to show that they live."""
        await asyncio.sleep(self._settings.init_seconds)
        if not self._is_open:
            return INIT_LATE
        while self._pings < PONGS_MISSED_MAX:
            self._pings += 1
            await self._say(_PING)
            await asyncio.sleep(self._quiet())
            if not await self._is_still():
                return EXPIRED
        return SILENT

    def _quiet(self) -> float:
        """Until the next sign of life; not beyond the end of the credential."""
        expires, quiet = self._caller.principal.expires, self._settings.ping_seconds
        return quiet if expires is None else min(quiet, max(0.1, expires - time.time()))

    async def _is_still(self) -> bool:
        """Whether the credential that opened the socket would open it again."""
        try:
            await self._caller.look()
        except QueryRefusedError as error:
            return error.code != UNAUTHENTICATED
        except Exception:  # noqa: BLE001 - nobody knows; whatever is asked now is refused by name
            _log.warning("a caller could not be looked at", exc_info=True)
        return True

    async def _read(self) -> Close:
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                return GONE
            close = await self._heard(message)
            if close is not None:
                return close

    async def _heard(self, message: Message) -> Close | None:
        text = message.get("text")
        if not isinstance(text, str):
            return INVALID
        if len(text) > MESSAGE_BYTES_MAX or len(text.encode()) > MESSAGE_BYTES_MAX:
            return TOO_LARGE
        try:
            said = orjson.loads(text)
        except orjson.JSONDecodeError:
            return INVALID
        return await self._take(said) if isinstance(said, dict) else INVALID

    async def _take(self, said: dict[str, Any]) -> Close | None:
        payload = said.get("payload")
        match said.get("type"):
            case "connection_init" if payload is None or isinstance(payload, dict):
                return await self._introduced(payload or {})
            case "ping" if payload is None or isinstance(payload, dict):
                pong = {"type": "pong"} if payload is None else {"type": "pong", "payload": payload}
                await self._say(orjson.dumps(pong).decode())
            case "pong":
                self._pings = 0
            case "subscribe" if isinstance(payload, dict) and _is_id(said.get("id")):
                return self._subscribe(said["id"], payload)
            case "complete" if _is_id(said.get("id")):
                self._operations.stop(said["id"])
            case _:
                return INVALID
        return None

    async def _introduced(self, payload: dict[str, Any]) -> Close | None:
        """A browser cannot send a header with a socket: the credential comes in the payload."""
        if self._is_open:
            return INIT_TWICE
        shown = payload.get("authorization", payload.get("Authorization"))
        if shown is not None:
            try:
                await self._answering.introduce(self._caller, str(shown).encode("utf-8"))
            except RefusedError:
                return FORBIDDEN
        self._is_open = True
        await self._say(_ACK)
        return None

    def _subscribe(self, identity: str, payload: dict[str, Any]) -> Close | None:
        if not self._is_open:
            return UNAUTHORISED
        if identity in self._operations:
            return Close(4409, f"Subscriber for {identity[:REASON_MAX]} already exists")
        full = too_many() if self._operations.is_full else None
        self._operations.start(identity, self._operate(identity, payload, full))
        return None

    async def _operate(
        self, identity: str, payload: dict[str, Any], full: RefusedError | None
    ) -> None:
        """One operation: its answers and the end, or its errors."""
        named = orjson.dumps(identity)
        try:
            if full is not None:
                raise full
            await self._answering.look(self._caller)
            self._answering.enter(self._caller)
            asked = from_object(payload)
            question = await self._answering.find(asked, self._caller)
            async with aclosing(self._answering.follow(question, asked, self._caller)) as parts:
                async for part in parts:
                    said = b'{"id":%b,"type":"next","payload":%b}' % (named, part.body)
                    await self._say(said.decode())
                    self._cursor = part.cursor or self._cursor
        except RefusedError as error:
            said = b'{"id":%b,"type":"error","payload":%b}' % (named, error.list())
        else:
            said = b'{"id":%b,"type":"complete"}' % named
        await self._say(said.decode())

    async def _say(self, text: str) -> None:
        try:
            async with asyncio.timeout(self._settings.stalled_seconds):
                await self._send({"type": "websocket.send", "text": text})
        except TimeoutError:
            if not self._stalled.done():
                self._stalled.set_result(Close(STALLED, f"Stalled; go on after {self._cursor}"))
            raise


def _is_id(sent: object) -> bool:
    return isinstance(sent, str) and sent != ""
