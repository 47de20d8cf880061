"""One HTTP request with a small answer, within bounds of time and size. No redirect is followed.

    body = await fetched(urlsplit("https://id.example/keys"))
    answer = await asked(Request(method="OPTIONS", parts=parts, headers=[("Origin", "socai.vn")]))

The answer is asked for over HTTP/1.1 and read by httptools, which already reads our own requests.
Certificates are checked against the system's authorities, or those in `SSL_CERT_FILE`.
"""

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

SECONDS_MAX = 3.0
"""From the first look at the name to the last byte."""
CONNECT_SECONDS_MAX = 3.0
"""For one of several addresses, when another is left to be tried."""
BYTES_MAX = 256 * 1024
"""With its headers."""
_PART_BYTES = 32 * 1024
_OK = 200


class FetchError(Exception):
    """There is no answer, or none that may be used. The message says why."""

    def __init__(self, why: str, where: str = "") -> None:
        super().__init__(f"{where} {why}" if where else why)
        self.why = why
        """Without the address, in which a password may stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked, and how long it may take."""

    method: str
    parts: SplitResult
    headers: Sequence[tuple[str, str]] = ()
    body: bytes = b""
    seconds: float = SECONDS_MAX
    addresses: Sequence[str] = ()
    """Where to connect, the first that answers; none: wherever the name leads."""
    body_max: int | None = None
    """Of the answer's body no more is read than so many bytes; None: one so long is an error."""
    tls: ssl.SSLContext | None = None
    """None: one is made, which reads all authorities anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered."""

    status: int
    headers: Mapping[str, str]
    """By their names in small letters; of several the last."""
    body: bytes

    @property
    def type(self) -> str:
        """The content type; empty: none was told."""
        return self.headers.get("content-type", "")


@dataclass(slots=True)
class _Reading:
    """What httptools calls as it reads."""

    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    is_told: bool = False
    """Its status and all its headers are there."""
    complete: bool = False

    def on_message_begin(self) -> None:
        """Again after an answer that only announces another (RFC 9110 §15.2)."""
        self.headers.clear()
        self.body.clear()
        self.is_told = self.complete = False

    def on_header(self, name: bytes, told: bytes) -> None:
        self.headers[name.decode("latin-1").lower()] = told.decode("latin-1")

    def on_headers_complete(self) -> None:
        self.is_told = True

    def on_body(self, part: bytes) -> None:
        self.body += part

    def on_message_complete(self) -> None:
        self.complete = True


async def fetched(parts: SplitResult) -> bytes:
    """The body that is answered with 200 at an address."""
    headers = [("Accept", "application/json")]
    answer = await asked(Request(method="GET", parts=parts, headers=headers, seconds=SECONDS_MAX))
    if answer.status != _OK:
        raise FetchError(f"answers {answer.status}", parts.geturl())
    return answer.body


async def posted(parts: SplitResult, body: bytes, type_: str, seconds: float) -> Answer:
    """What is answered to a POST within so many seconds, whatever its status."""
    headers = [("Content-Type", type_)]
    return await asked(
        Request(method="POST", parts=parts, headers=headers, body=body, seconds=seconds)
    )


async def asked(request: Request) -> Answer:
    """What is answered, whatever its status."""
    url = request.parts.geturl()
    try:
        async with asyncio.timeout(request.seconds):
            return await _exchanged(request)
    except TimeoutError:
        raise FetchError(f"did not answer within {request.seconds:g} s", url) from None
    except (OSError, ValueError) as error:  # ValueError: a name that can be no host's
        raise FetchError(f"cannot be read: {error}", url) from None
    except (HttpParserError, HttpParserUpgrade) as error:
        raise FetchError(f"does not speak HTTP: {error}", url) from None


async def _exchanged(request: Request) -> Answer:
    reader, writer = await _connected(request)
    try:
        writer.write(_head(request) + request.body)
        return await _read(reader, request.body_max)
    finally:
        writer.transport.abort()  # a polite end could wait for the other side


async def _connected(request: Request) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts, tls, name = request.parts, None, None
    if parts.scheme == "https":
        tls, name = request.tls or ssl.create_default_context(), parts.hostname
    port = parts.port or (443 if tls else 80)
    *others, last = request.addresses or (parts.hostname or "",)
    for address in others:
        with suppress(OSError):  # a TimeoutError is one
            async with asyncio.timeout(CONNECT_SECONDS_MAX):
                return await asyncio.open_connection(address, port, ssl=tls, server_hostname=name)
    return await asyncio.open_connection(last, port, ssl=tls, server_hostname=name)


def _head(request: Request) -> bytes:
    parts = request.parts
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    length = [("Content-Length", str(len(request.body)))] if request.method == "POST" else []
    headers = (
        ("Host", parts.netloc),
        *request.headers,
        *length,
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
    )
    lines = (f"{request.method} {path} HTTP/1.1", *(f"{name}: {told}" for name, told in headers))
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii")


async def _read(reader: asyncio.StreamReader, body_max: int | None) -> Answer:
    """An answer ends where it says, or with the connection: JSON that is cut off is no JSON."""
    reading, size = _Reading(), 0
    parser = HttpResponseParser(reading)
    while not (reading.complete and parser.get_status_code() >= _OK):
        part = await reader.read(_PART_BYTES)
        if not part:
            break
        size += len(part)
        parser.feed_data(part)
        if body_max is not None and len(reading.body) >= body_max:
            break
        if size > BYTES_MAX:
            raise OSError(f"more than {BYTES_MAX} bytes")
    if not reading.is_told:
        raise OSError("the connection was closed before an answer")
    status = parser.get_status_code()
    return Answer(status=status, headers=reading.headers, body=bytes(reading.body[:body_max]))
