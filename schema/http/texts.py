"""Which text a request means: sent with it, trusted by us, or left here before by its hash.

Trusted documents come from a file that the build of a client wrote (relay-compiler's
persisted.json) and are asked by id. Automatic persisted queries are Apollo's protocol: a hash alone
is answered PersistedQueryNotFound until somebody has sent the text along.
"""

import hashlib
from pathlib import Path

import orjson

from schema.http.asking import Asked
from schema.http.refusals import RefusedError, refusal
from schema.http.settings import Settings, Trust, TrustedDocumentsError
from schema.planner.recent import Recent

APQ_BYTES_MAX = 4 * 1024 * 1024
SHA256 = "sha256:"


class Texts:
    """Finds the text of a request."""

    def __init__(self, settings: Settings) -> None:
        self._trust = settings.trusted
        self._trusted = _read(settings)
        self._known = frozenset(self._trusted.values())
        self._keeps_left = settings.apq_documents_max > 0
        self._left = Recent[str](settings.apq_documents_max, APQ_BYTES_MAX)

    def of(self, asked: Asked) -> str:
        """The text, or a refusal by name."""
        query, persisted = asked.query, asked.extensions.get("persistedQuery")
        if query is not None and persisted is None:
            return self._sent(query)
        named = asked.document_id or _hash_of(persisted)
        if named is None:
            raise _no_query()
        text = self._trusted.get(named) or self._trusted.get(named.removeprefix(SHA256))
        if text is not None:
            return text
        if self._trust is Trust.ONLY:
            raise _untrusted()
        if persisted is None and not named.startswith(SHA256):
            raise _unknown(named)
        return self._left_by_hash(named.removeprefix(SHA256), query)

    def _sent(self, query: str) -> str:
        if self._trust is Trust.ONLY and query not in self._known:
            raise _untrusted()
        return query

    def _left_by_hash(self, digest: str, query: str | None) -> str:
        if not self._keeps_left:
            raise _not_supported()
        if query is None:
            found = self._left.recall(digest)
            if found is None:
                raise _not_found()
            return found
        if hashlib.sha256(query.encode(errors="surrogatepass")).hexdigest() != digest:
            raise refusal(
                "PERSISTED_QUERY_MISMATCH",
                "The hash is not that of the query.",
                "Mã băm không khớp với câu hỏi.",
                status=400,
            )
        self._left.keep(digest, query, query)
        return query


def _read(settings: Settings) -> dict[str, str]:
    path = settings.trusted_documents
    if settings.trusted is Trust.OFF:
        return {}
    if path is None:
        raise TrustedDocumentsError("trusted documents are asked for, but no file is named")
    return _checked(path)


def _checked(path: Path) -> dict[str, str]:
    try:
        found = orjson.loads(path.read_bytes())
    except OSError as error:
        raise TrustedDocumentsError(f"cannot read {path}: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        raise TrustedDocumentsError(f"{path} is not JSON: {error}") from error
    if not isinstance(found, dict) or not all(isinstance(each, str) for each in found.values()):
        raise TrustedDocumentsError(f"{path} is not an object of ids and texts")
    return {identity.removeprefix(SHA256): text for identity, text in found.items()}


def _hash_of(persisted: object) -> str | None:
    """Apollo's `extensions.persistedQuery`."""
    if persisted is None:
        return None
    if not isinstance(persisted, dict) or persisted.get("version") != 1:
        raise _not_supported()
    digest = persisted.get("sha256Hash")
    return digest if isinstance(digest, str) else None


def _no_query() -> RefusedError:
    return refusal(
        "BAD_REQUEST",
        "Send `query`, a string, or `documentId`.",
        "Cần `query` (chuỗi) hoặc `documentId`.",
        status=400,
    )


def _unknown(named: str) -> RefusedError:
    return refusal(
        "UNKNOWN_DOCUMENT",
        f"There is no document {named!r} here.",
        f"Không có tài liệu {named!r}.",
        status=404,
    )


def _untrusted() -> RefusedError:
    return refusal(
        "UNTRUSTED_DOCUMENT",
        "Only trusted documents are answered here.",
        "Chỉ trả lời các câu hỏi đã đăng ký trước.",
        status=403,
    )


def _not_found() -> RefusedError:
    return refusal(
        "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound", "Chưa có câu hỏi với mã băm này."
    )


def _not_supported() -> RefusedError:
    return refusal(
        "PERSISTED_QUERY_NOT_SUPPORTED",
        "PersistedQueryNotSupported",
        "Không hỗ trợ câu hỏi lưu sẵn.",
    )
