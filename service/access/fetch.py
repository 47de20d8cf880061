"""One GET or POST with a small answer, within bounds of time and size. No redirect is followed.

The answer is asked for over HTTP/1.1 and read by httptools, which already reads our own requests.
Certificates are checked against the system's authorities, or those in `SSL_CERT_FILE`.
"""

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

SECONDS_MAX = 3.0
"""From the first look at the name to the last byte."""
BYTES_MAX = 256 * 1024
"""With its headers."""
_PART_BYTES = 32 * 1024
_OK = 200


class FetchError(Exception):
    """There is no answer, or none that may be used. The message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What was answered to a POST."""

    status: int
    type: str
    """The content type; empty: none was told."""
    body: bytes


class _Answer:
    """What httptools calls as it reads."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.complete = False
        self.type = ""

    def on_header(self, name: bytes, told: bytes) -> None:
        if name.lower() == b"content-type":
            self.type = told.decode("latin-1")

    def on_body(self, part: bytes) -> None:
        self.body += part

    def on_message_complete(self) -> None:
        self.complete = True


async def fetched(parts: SplitResult) -> bytes:
    """The body that is answered with 200 at an address."""
    answer = await _answered(parts, _request(parts, ["Accept: application/json"]), SECONDS_MAX)
    if answer.status != _OK:
        raise FetchError(f"{parts.geturl()} answers {answer.status}")
    return answer.body


async def posted(parts: SplitResult, body: bytes, type_: str, seconds: float) -> Posted:
    """What is answered to a POST within so many seconds, whatever its status."""
    lines = [f"Content-Type: {type_}", f"Content-Length: {len(body)}"]
    return await _answered(parts, _request(parts, lines, "POST") + body, seconds)


async def _answered(parts: SplitResult, request: bytes, seconds: float) -> Posted:
    url = parts.geturl()
    try:
        async with asyncio.timeout(seconds):
            return await _asked(parts, request)
    except TimeoutError:
        raise FetchError(f"{url} did not answer within {seconds:g} s") from None
    except (OSError, ValueError) as error:  # ValueError: a name that can be no host's
        raise FetchError(f"{url} cannot be read: {error}") from None
    except (HttpParserError, HttpParserUpgrade) as error:
        raise FetchError(f"{url} does not speak HTTP: {error}") from None


async def _asked(parts: SplitResult, request: bytes) -> Posted:
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    port = parts.port or (443 if tls else 80)
    reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=tls)
    try:
        writer.write(request)
        return await _read(reader)
    finally:
        writer.transport.abort()  # a polite end could wait for the other side


def _request(parts: SplitResult, told: Sequence[str], method: str = "GET") -> bytes:
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    lines = (
        f"{method} {path} HTTP/1.1",
        f"Host: {parts.netloc}",
        *told,
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii")


async def _read(reader: asyncio.StreamReader) -> Posted:
    """An answer ends where it says, or with the connection: JSON that is cut off is no JSON."""
    answer, size = _Answer(), 0
    parser = HttpResponseParser(answer)
    while not answer.complete and (part := await reader.read(_PART_BYTES)):
        size += len(part)
        if size > BYTES_MAX:
            raise OSError(f"more than {BYTES_MAX} bytes")
        parser.feed_data(part)
    return Posted(status=parser.get_status_code(), type=answer.type, body=bytes(answer.body))
