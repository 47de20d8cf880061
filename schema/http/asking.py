"""The parameters of a request (GraphQL over HTTP §5), from whichever transport they came."""

from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import orjson

from schema.http.refusals import RefusedError, refusal

BODY_BYTES_MAX = 256 * 1024


class Asked(NamedTuple):
    """A question as it was put. Without `query`, it names a document that is known here."""

    query: str | None
    variables: dict[str, Any]
    operation_name: str | None
    extensions: dict[str, Any]
    document_id: str | None


def from_json(body: bytes | str) -> Asked:
    """The body of a POST."""
    try:
        return from_object(orjson.loads(body))
    except orjson.JSONDecodeError as error:
        raise refusal(
            "BAD_JSON",
            f"The body is not JSON: {error}.",
            f"Nội dung không phải JSON: {error}.",
            status=400,
        ) from None


def from_query(query: bytes) -> Asked:
    """The query string of a GET: objects are JSON inside it."""
    sent: dict[str, Any] = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True))
    for name in ("variables", "extensions"):
        if sent.get(name):
            try:
                sent[name] = orjson.loads(sent[name])
            except orjson.JSONDecodeError:
                raise _bad(f"`{name}` is JSON", f"`{name}` là JSON") from None
        else:
            sent.pop(name, None)
    return from_object(sent)


def from_object(sent: object) -> Asked:
    """An object that was sent, each of its members looked at."""
    if isinstance(sent, list):
        raise refusal(
            "BATCH",
            "One question a request: ask several by alias, or in several requests.",
            "Mỗi yêu cầu một câu hỏi: dùng bí danh hoặc gửi nhiều yêu cầu.",
            status=400,
        )
    if not isinstance(sent, dict):
        raise _bad("the request is an object", "yêu cầu là một đối tượng")
    get = sent.get
    query, variables, name = get("query"), get("variables"), get("operationName")
    extensions, document_id = get("extensions"), get("documentId")
    if not (query is None or isinstance(query, str)):
        raise _bad("`query` is a string", "`query` là chuỗi")
    if not (variables is None or isinstance(variables, dict)):
        raise _bad("`variables` is an object", "`variables` là đối tượng")
    if not (name is None or isinstance(name, str)):
        raise _bad("`operationName` is a string", "`operationName` là chuỗi")
    if not (extensions is None or isinstance(extensions, dict)):
        raise _bad("`extensions` is an object", "`extensions` là đối tượng")
    if not (document_id is None or isinstance(document_id, str)):
        raise _bad("`documentId` is a string", "`documentId` là chuỗi")
    return Asked(query, variables or {}, name or None, extensions or {}, document_id)


def _bad(english: str, vietnamese: str) -> RefusedError:
    return refusal("BAD_REQUEST", f"Not so: {english}.", f"Sai dạng: {vietnamese}.", status=400)
