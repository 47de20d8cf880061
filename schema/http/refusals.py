"""What a request is refused for, and what may be shown of whatever else went wrong."""

import logging
from collections.abc import Sequence
from uuid import uuid4

import asyncpg
import orjson
from graphql import GraphQLError

from events.log import is_outage
from events.rules import LedgerError
from schema.access.door import UNAUTHENTICATED
from schema.busy import BUSY
from schema.planner.gate import COLD_DOCUMENTS_BUSY
from schema.planner.refusals import QueryRefusedError
from schema.planner.scope import FORBIDDEN

UNAVAILABLE = "UNAVAILABLE"
_PASSING = frozenset({BUSY, COLD_DOCUMENTS_BUSY, UNAVAILABLE})
"""What the same question may be spared in a moment."""
_STATUS = {**dict.fromkeys(_PASSING, 503), UNAUTHENTICATED: 401, FORBIDDEN: 403}
"""Refusals that HTTP has a word for."""
_log = logging.getLogger("socai.graphql")


class RefusedError(Exception):
    """Errors and no data.

    `status` is HTTP's, whatever the media type. None: the question's own fault, which is 400, or
    200 in the old media type (GraphQL over HTTP §6.4). `allow`: the methods, of a 405. `later`: in
    how many seconds to ask again, where that is known.
    """

    def __init__(self, errors: Sequence[GraphQLError], status: int | None = None) -> None:
        super().__init__(*errors)
        self.errors = errors
        self.status = status
        self.allow: str | None = None
        self.later: int | None = None

    def list(self) -> bytes:
        """The errors, as JSON."""
        return orjson.dumps([error.formatted for error in self.errors])

    def body(self) -> bytes:
        """The whole response."""
        return b'{"errors":%b}' % self.list()


def refusal(
    code: str, english: str, vietnamese: str, status: int | None = None, **figures: object
) -> RefusedError:
    """One named error."""
    return RefusedError([QueryRefusedError(code, english, vietnamese, **figures)], status)


def refused(error: Exception) -> RefusedError:
    """Whatever ended an answer, as it may be shown."""
    match error:
        case RefusedError():
            return error
        case QueryRefusedError() if error.code in _STATUS:
            return RefusedError([error], _STATUS[error.code])
        case GraphQLError(original_error=None):
            return RefusedError([error])
        case TimeoutError() | asyncpg.QueryCanceledError():
            return _late()
        case _ if _is_passing(error):
            _log.warning("the database did not answer: %r", error)
            return _unavailable()
        case _:
            return RefusedError([_incident(error)], 500)


def masked(error: GraphQLError) -> GraphQLError:
    """What may be shown of one field's error: our own refusals whole, anything else as above."""
    original = error.original_error
    if original is None or isinstance(original, GraphQLError):
        return error
    shown = refused(original).errors[0]
    shown.path, shown.locations = error.path, error.locations
    return shown


def in_vain(errors: Sequence[GraphQLError]) -> RefusedError | None:
    """An answer without data, if nothing but a lack of room stood in its way: a refusal of all."""
    codes = {(error.extensions or {}).get("code") for error in errors}
    return RefusedError(errors, 503) if codes and codes <= _PASSING else None


def _is_passing(error: Exception) -> bool:
    """Whether the database or the ledger did not answer in time: the same question may succeed."""
    return is_outage(error) or isinstance(error, LedgerError | asyncpg.InsufficientResourcesError)


def _unavailable() -> RefusedError:
    return refusal(
        UNAVAILABLE,
        "The ledger is busy or out of reach; ask again.",
        "Sổ cái đang bận hoặc chưa kết nối được; xin hỏi lại.",
        status=503,
    )


def _late() -> RefusedError:
    return refusal(
        "DEADLINE",
        "There was no answer in time. A command may have been recorded: send it again with the"
        " same commandId.",
        "Chưa trả lời kịp. Lệnh có thể đã được ghi: xin gửi lại với cùng commandId.",
        status=504,
    )


def _incident(error: Exception) -> GraphQLError:
    """A bug: its text stays here, its number goes out."""
    incident = uuid4()
    _log.error("incident %s", incident, exc_info=error)
    return QueryRefusedError(
        "INTERNAL",
        f"Something failed on our side; incident {incident}.",
        f"Hệ thống gặp lỗi; mã sự cố {incident}.",
    )
