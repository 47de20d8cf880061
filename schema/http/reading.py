"""A request over HTTP, read into what was asked: bounded, JSON alone, by GET or by POST."""

from functools import lru_cache
from typing import NamedTuple

from graphql import OperationType
from starlette.types import Receive, Scope

from schema.access.door import Caller
from schema.http.asking import BODY_BYTES_MAX, Asked, from_json, from_query
from schema.http.negotiating import JSON
from schema.http.questions import Question
from schema.http.refusals import RefusedError, refusal
from schema.http.responding import Reply, not_allowed

_CHARSETS = {b"", b"utf-8", b'"utf-8"', b"utf8"}


class GoneError(Exception):
    """The client has left before it had said everything."""


class Request(NamedTuple):
    """A request, and how to reply to it."""

    scope: Scope
    receive: Receive
    headers: dict[bytes, bytes]
    reply: Reply
    caller: Caller

    @property
    def method(self) -> str:
        """GET, POST and so on."""
        return self.scope["method"]

    async def asked(self) -> Asked:
        """What was asked. A foreign page can send no such POST without a preflight."""
        if self.method == "GET":
            return from_query(self.scope["query_string"])
        if not _is_json(self.headers.get(b"content-type", b"")):
            raise _unsupported()
        length = self.headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > BODY_BYTES_MAX:
            raise _too_large()
        return from_json(await _body(self.receive))


async def _body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise GoneError
        part = message.get("body", b"")
        body = body + part if body else part
        if len(body) > BODY_BYTES_MAX:
            raise _too_large()
        if not message.get("more_body"):
            return body


def check_method(method: str, question: Question) -> None:
    """A GET changes nothing: a link, an image or a foreign page may cause one."""
    if method == "GET" and question.kind is OperationType.MUTATION:
        raise not_allowed("GET", "POST")


@lru_cache(64)
def _is_json(content_type: bytes) -> bool:
    media, _, parameters = content_type.lower().partition(b";")
    _, _, charset = parameters.partition(b"charset=")
    return media.strip() == JSON and charset.strip() in _CHARSETS


def _unsupported() -> RefusedError:
    return refusal(
        "UNSUPPORTED_MEDIA_TYPE",
        "Send application/json in UTF-8.",
        "Cần gửi application/json (UTF-8).",
        status=415,
    )


def _too_large() -> RefusedError:
    return refusal(
        "BODY_TOO_LARGE",
        f"A request may have {BODY_BYTES_MAX} bytes.",
        f"Một yêu cầu không quá {BODY_BYTES_MAX} byte.",
        status=413,
        bytesMax=BODY_BYTES_MAX,
    )
