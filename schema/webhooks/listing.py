"""Which webhooks somebody is shown: his own, or everybody's if he looks after them."""

from typing import Annotated, Any

import strawberry

from schema.access.policy import STEWARDS
from schema.attempt import check_size
from schema.webhooks.desk import Wanted
from schema.webhooks.histories import Histories
from schema.webhooks.types import Webhook, webhooks_of

LIST_DEFAULT, LIST_MAX = 100, 100


async def some_webhooks(
    info: strawberry.Info,
    first: Annotated[
        int, strawberry.argument(description="How many at most (số dòng).")
    ] = LIST_DEFAULT,
    after: Annotated[
        strawberry.ID | None, strawberry.argument(description="Only ids after this one.")
    ] = None,
    *,
    removed: Annotated[
        bool, strawberry.argument(description="Also those that were given up (đã gỡ bỏ).")
    ] = False,
) -> list[Webhook]:
    """No part of the fund: they have no position, and no answer of them is kept."""
    await info.context.see("Query", "webhooks")
    check_size(first, LIST_MAX)
    whose = _whose(info.context)
    return await _found(
        info.context, Wanted(whose=whose, after=after, limit=first, removed=removed)
    )


async def one_webhook(
    info: strawberry.Info,
    id: Annotated[strawberry.ID, strawberry.argument(description="Its id (mã điểm nhận).")],
) -> Webhook | None:
    """Also one that was given up; another's is not to be told from none."""
    await info.context.see("Query", "webhook")
    found = await _found(info.context, Wanted(whose=_whose(info.context), id=id, removed=True))
    return found[0] if found else None


def _whose(context: Any) -> str | None:
    """None: everybody's."""
    principal = context.caller.principal
    return None if principal.roles & STEWARDS else str(principal.id)


async def _found(context: Any, wanted: Wanted) -> list[Webhook]:
    endpoints = await context.desk.endpoints(wanted)
    return webhooks_of(endpoints, str(context.caller.principal.id), Histories.of(context.desk))
