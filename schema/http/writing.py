"""An answer as it is written: its data, and what is said of the ledger beside it.

`extensions.ledger` names the newest checkpoint in every answer, so that whoever keeps answers can
show later what he was told: each client is a witness. An answer that caches may keep for a year is
the exception: it says nothing of what is newest.
"""

from functools import lru_cache
from typing import Any

import orjson

from events.seal.newest import NOTHING, Sealed
from schema.context import Context
from schema.http.keeping import Found
from schema.http.refusals import in_vain, masked
from schema.planner.run import Answer, Plan

_BEGUN = b'{"data":%b,"extensions":{"cost":{"estimated":%d},"ledger":{"position":%d'
_ENDED = b"}}}"


def begun(answer: Answer, cost: int) -> Found:
    """What the database answered, as it may be kept: all but its end."""
    text = _BEGUN % (answer.json.encode(), cost, answer.position)
    return Found(text, answer.position, answer.sealed)


def whole(found: Found, newest: Sealed) -> bytes:
    """The body, which tells of the checkpoint that its data is of, or else of the newest one."""
    return found.body + _end(found.sealed or newest)


@lru_cache(maxsize=8)
def _end(sealed: Sealed) -> bytes:
    """What stands behind the position: the same for thousands of answers."""
    if not sealed.size:
        return _ENDED
    return b',"size":%d,"root":"%b"%b' % (sealed.size, sealed.root.hex().encode(), _ENDED)


def lasting(found: Found) -> bytes:
    """The body that is the same whenever it is asked for."""
    return whole(found, NOTHING)


def tag(plan: Plan, position: int, sealed: Sealed, question: bytes) -> bytes:
    """The ETag of an answer: it changes with the position, and with the checkpoint it tells of."""
    if plan.is_fixed:
        return b'"asof-%b"' % question
    return b'"%d.%d-%b"' % (position, sealed.size, question)


def response(result: Any, context: Context) -> bytes:
    """What the executor answered, with finished pieces spliced in."""
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        errors = [masked(error) for error in result.errors]
        refusal = in_vain(errors) if result.data is None else None
        if refusal is not None:
            raise refusal
        body["errors"] = [error.formatted for error in errors]
    if context.position is not None:
        body["extensions"] = {"ledger": _ledger(context.position, context.newest.sealed)}
    return orjson.dumps(body)


def _ledger(position: int, sealed: Sealed) -> dict[str, Any]:
    told: dict[str, Any] = {"position": position}
    return told | {"size": sealed.size, "root": sealed.root.hex()} if sealed.size else told
