"""HTTP responses, as the ASGI messages that they are."""

from collections.abc import Iterable
from typing import NamedTuple

from starlette.types import Send

from schema.http.negotiating import GRAPHQL_JSON, JSON
from schema.http.refusals import RefusedError, refusal

Header = tuple[bytes, bytes]
NO_SNIFFING = (b"x-content-type-options", b"nosniff")
VARY = (b"vary", b"Accept, Authorization")
NO_CACHE = (b"cache-control", b"private, no-cache")
NO_STORE = (b"cache-control", b"no-store")
LASTING = (b"cache-control", b"public, max-age=31536000, immutable")
OWN_LASTING = (b"cache-control", b"private, max-age=31536000, immutable")
"""What one caller may see is not kept for another."""
CHALLENGE = (b"www-authenticate", b'Bearer realm="socai", error="invalid_token"')
RETRY = (b"retry-after", b"1")
LATER = {429, 503, 504}
NOT_MODIFIED = 304
UNAUTHORIZED = 401
TEXT = (b"content-type", b"text/plain; charset=utf-8")
EVENT_STREAM: tuple[Header, ...] = (
    NO_SNIFFING,
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),  # nginx would gather events before passing them on
)
_TYPES = {each: (b"content-type", each + b"; charset=utf-8") for each in (JSON, GRAPHQL_JSON)}


class Reply(NamedTuple):
    """How one client is replied to."""

    send: Send
    media: bytes

    async def answer(self, body: bytes, more: Iterable[Header] = ()) -> None:
        """An answer with data."""
        headers = [_TYPES[self.media], NO_SNIFFING, (b"content-length", b"%d" % len(body)), *more]
        await self.send({"type": "http.response.start", "status": 200, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    async def unchanged(self, more: Iterable[Header]) -> None:
        """The client has the answer."""
        await respond(self.send, NOT_MODIFIED, more)

    async def refuse(self, error: RefusedError) -> None:
        """Errors and no data."""
        status = error.status or (400 if self.media == GRAPHQL_JSON else 200)
        headers = [_TYPES[self.media], *refusing(error, status)]
        await respond(self.send, status, headers, error.body())


def refusing(error: RefusedError, status: int) -> list[Header]:
    """What a refusal says in its head."""
    headers = [NO_STORE, VARY]
    if status in LATER:
        headers.append(RETRY if error.later is None else _retry(error.later))
    if status == UNAUTHORIZED:
        headers.append(CHALLENGE)
    if error.allow:
        headers.append((b"allow", error.allow.encode()))
    return headers


def _retry(seconds: int) -> Header:
    return b"retry-after", b"%d" % seconds


async def respond(send: Send, status: int, headers: Iterable[Header], body: bytes = b"") -> None:
    """One whole response."""
    sent = [NO_SNIFFING, *headers]
    if status != NOT_MODIFIED:
        sent.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": sent})
    await send({"type": "http.response.body", "body": body})


def not_acceptable() -> RefusedError:
    """The client takes nothing that we could send."""
    return refusal(
        "NOT_ACCEPTABLE",
        "Accept application/graphql-response+json, application/json or text/event-stream.",
        "Cần chấp nhận application/graphql-response+json, application/json hoặc text/event-stream.",
        status=406,
    )


def not_allowed(method: str, allowed: str) -> RefusedError:
    """The method is not one of ours."""
    error = refusal(
        "METHOD_NOT_ALLOWED",
        f"{method} does not do this here; use {allowed}.",
        f"Không dùng {method} ở đây; xin dùng {allowed}.",
        status=405,
    )
    error.allow = allowed
    return error
