"""One HTTP connection: uvicorn's, with bounds where uvicorn waits for ever or gathers without end.

A client may be slow: with its head, with its body, with taking its answer. Nothing is counted for
that while a request is answered; once a second each connection is looked at, and whoever keeps us
waiting too long is let go. A WebSocket minds itself (`schema/http/sockets.py`).
"""

import asyncio
from collections.abc import Iterable
from typing import NamedTuple

import uvicorn
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from schema.http.refusals import RefusedError, refusal

HEAD_BYTES_MAX = 64 * 1024
"""Of a request line and its headers, which hold a document and its variables in a GET."""
LOOK_SECONDS = 1.0
KEEP_ALIVE_SECONDS = 65
"""Longer than the 60 s of common balancers, so that they close first; they also open early."""
HEAD_SECONDS_MAX = 10.0
BODY_SECONDS_MAX = 20.0
"""256 KiB at 13 KiB a second."""
STALLED_SECONDS_MAX = 30.0
TAKEN_BYTES_MIN = 32 * 1024
"""What a client takes of a waiting answer in that time, or all of it: 1 KiB a second."""


_HEAD = (
    b"%bcontent-type: application/json; charset=utf-8\r\nx-content-type-options: nosniff\r\n"
    b"content-length: %d\r\nconnection: close\r\n\r\n"
)


class Connection(HttpToolsProtocol):
    """What uvicorn answers one client through."""

    def __init__(
        self,
        most: int,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, object],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._most = most
        self.unread = 0
        """Bytes that came since the parser last made something of any."""
        self.resumed = 0
        """How often it had taken enough of an answer for us to go on with it."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        """A client has come: if there are too many, he is told so, and nobody else is."""
        super().connection_made(transport)
        if len(self.connections) > self._most:
            self.refuse(_full(self._most))

    def data_received(self, data: bytes) -> None:
        """A head, or a trailer, that does not end would be gathered for ever."""
        self.unread += len(data)
        super().data_received(data)
        if self.unread > HEAD_BYTES_MAX and not self.transport.is_closing():
            self.refuse(_head_too_large())

    def on_headers_complete(self) -> None:
        """A head has ended."""
        if self.unread > HEAD_BYTES_MAX and self._head_bytes() > HEAD_BYTES_MAX:
            raise ValueError  # ends in `send_400_response`
        self.unread = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of a body: whoever reads it bounds the whole (`schema/http/reading.py`)."""
        self.unread = 0
        super().on_body(body)

    def resume_writing(self) -> None:
        """The client takes what he is given."""
        self.resumed += 1
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """What came is no HTTP, or too much of it."""
        self.refuse(_head_too_large() if self.unread > HEAD_BYTES_MAX else _not_http(msg))

    def refuse(self, error: RefusedError) -> None:
        """Say why, unless an answer is on its way, and hang up."""
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            body = error.body()
            self.transport.write(_HEAD % (STATUS_LINE[error.status or 400], len(body)) + body)
        self.transport.close()

    def _head_bytes(self) -> int:
        return len(self.url) + sum(len(name) + len(text) + 4 for name, text in self.headers)


class _Waited(NamedTuple):
    """What a connection has kept us waiting for, since when."""

    what: object
    since: float
    unsent: int
    """Bytes of its answer that it had not taken then."""


class Patience:
    """Looks at every connection of a server, and lets go of those that keep us waiting."""

    def __init__(self, connections: Iterable[object]) -> None:
        self._connections = connections
        self._waited: dict[Connection, _Waited] = {}

    async def run(self) -> None:
        """Until it is cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.look(loop.time())

    def look(self, now: float) -> None:
        """Once."""
        open_ = [each for each in self._connections if isinstance(each, Connection)]
        self._waited = {each: self._of(each, now) for each in open_}
        for each, waited in self._waited.items():
            _let_go(each, waited, now)

    def _of(self, connection: Connection, now: float) -> _Waited:
        """The same wait as before, or a new one."""
        unsent = connection.transport.get_write_buffer_size()
        what = _awaited(connection, unsent)
        before = self._waited.get(connection)
        if before is None or before.what != what:
            return _Waited(what, now, unsent)
        if unsent and before.unsent - unsent >= TAKEN_BYTES_MIN:
            return _Waited(what, now, unsent)
        return before


def _awaited(connection: Connection, unsent: int) -> object:
    """What is to come from the client: equal as long as it is the same; None if it is our turn."""
    cycle = connection.cycle
    if unsent:
        return "taking", cycle, connection.resumed
    if cycle is None and not connection.unread:
        return "anything", None
    if cycle is not None and not cycle.response_complete:
        return ("body", cycle) if cycle.more_body else None
    # Between two requests uvicorn waits by itself, until a first byte comes.
    return None if connection.timeout_keep_alive_task is not None else ("head", cycle)


def _let_go(connection: Connection, waited: _Waited, now: float) -> None:
    seconds = now - waited.since
    match waited.what:
        case ("taking", *_) if seconds > STALLED_SECONDS_MAX:
            connection.transport.abort()
        case ("anything", _) if seconds > KEEP_ALIVE_SECONDS:
            connection.transport.close()
        case ("head", _) if seconds > HEAD_SECONDS_MAX:
            connection.refuse(_too_slow(HEAD_SECONDS_MAX))
        case ("body", _) if seconds > BODY_SECONDS_MAX:
            connection.refuse(_too_slow(BODY_SECONDS_MAX))
        case _:
            pass


def _full(most: int) -> RefusedError:
    return refusal(
        "TOO_MANY_CONNECTIONS",
        f"All {most} connections are taken; try again.",
        f"Cả {most} kết nối đã có người dùng; xin thử lại.",
        status=503,
        connectionsMax=most,
    )


def _head_too_large() -> RefusedError:
    return refusal(
        "HEAD_TOO_LARGE",
        f"The address and the headers of a request may have {HEAD_BYTES_MAX} bytes; use POST.",
        f"Địa chỉ và tiêu đề của yêu cầu không quá {HEAD_BYTES_MAX} byte; xin dùng POST.",
        status=431,
        bytesMax=HEAD_BYTES_MAX,
    )


def _too_slow(seconds: float) -> RefusedError:
    return refusal(
        "REQUEST_TOO_SLOW",
        f"The request was not complete after {seconds:g} s.",
        f"Sau {seconds:g} giây yêu cầu vẫn chưa gửi xong.",
        status=408,
        secondsMax=int(seconds),
    )


def _not_http(message: str) -> RefusedError:
    return refusal("BAD_HTTP", message, "Yêu cầu không đúng HTTP.", status=400)
