"""Mutations of webhooks: each gives one errand to the desk, in the name of whoever asks.

They are commands of the feed, not of the ledger: nothing of them is recorded there, and so they
have no `commandId`. Whatever is asked twice is so already, and says that: `repeated`. Only
`rotateWebhookSecret` makes another secret each time.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import strawberry

from events.rules import Refusal
from schema.access.principal import FOLLOW
from schema.feed.filters import EVERYTHING, EventFeedFilter
from schema.mirror import refusal_type, refused, union_of
from schema.planner.scope import FORBIDDEN, ForbiddenError
from schema.scalars import Position
from schema.webhooks import refusals
from schema.webhooks.desk import Contents, Desk, Errand
from schema.webhooks.histories import Histories
from schema.webhooks.types import Webhook, webhook_of


@strawberry.type(description="A webhook, and the secret that it is signed with (đã đăng ký).")
class WebhookRegistered:
    """The secret is shown here alone."""

    webhook: Webhook = strawberry.field(description="As it stands now.")
    secret: str = strawberry.field(
        description="What each delivery is signed with, whsec_…: keep it, it is not shown in any"
        " other answer (khoá ký)."
    )
    repeated: bool = strawberry.field(description="It was so already.")


@strawberry.type(description="It was done (đã thực hiện).")
class WebhookChanged:
    """What came of an errand."""

    webhook: Webhook = strawberry.field(description="As it stands now.")
    repeated: bool = strawberry.field(description="It was so already.")


_CONTENT = (
    refusals.WebhookUrlInvalid,
    refusals.WebhookHostUnknown,
    refusals.WebhookAddressRefused,
    refusals.WebhookDescriptionInvalid,
)
WebhookRegistrationOutcome: Any = union_of(
    (
        WebhookRegistered,
        *map(
            refusal_type,
            (
                refusals.WebhooksOff,
                refusals.WebhookIdInvalid,
                refusals.WebhookExists,
                refusals.TooManyWebhooks,
                refusals.UnknownWebhook,
                refusals.PositionAhead,
                *_CONTENT,
            ),
        ),
    ),
    "WebhookRegistrationOutcome",
    "The webhook and its secret, or the refusal that prevents it.",
)
WebhookOutcome: Any = union_of(
    (
        WebhookChanged,
        *map(
            refusal_type,
            (
                refusals.UnknownWebhook,
                refusals.PositionAhead,
                refusals.NotSentYet,
                refusals.TooManyRedeliveries,
                *_CONTENT,
            ),
        ),
    ),
    "WebhookOutcome",
    "The webhook as it stands now, or the refusal that prevents it.",
)

Id = Annotated[
    strawberry.ID, strawberry.argument(description="Your name for it, of 1 to 63 characters.")
]
Url = Annotated[str, strawberry.argument(description="Where to send: https, a public address.")]
Kept = Annotated[
    EventFeedFilter | None,
    strawberry.argument(description="Which events; all that you may see if left out."),
]
Proofs = Annotated[
    bool,
    strawberry.argument(
        description="Wait until an event is sealed, and send the proof that it is in the ledger."
    ),
]
Description = Annotated[str, strawberry.argument(description="What it is for, in a line.")]


async def register_webhook(
    info: strawberry.Info,
    id: Id,
    url: Url,
    *,
    filter: Kept = None,
    proofs: Proofs = False,
    description: Description = "",
    after: Annotated[
        Position | None,
        strawberry.argument(
            description="Send what was recorded after this position, 0 for all; what is recorded"
            " from now on if left out."
        ),
    ] = None,
) -> WebhookRegistrationOutcome:
    contents = _contents(url, filter, description, proofs=proofs)
    return await _given(info, lambda desk, who: desk.register(who, id, contents, after))


async def update_webhook(
    info: strawberry.Info,
    id: Id,
    url: Url,
    *,
    filter: Kept = None,
    proofs: Proofs = False,
    description: Description = "",
) -> WebhookOutcome:
    contents = _contents(url, filter, description, proofs=proofs)
    return await _given(info, lambda desk, who: desk.update(who, id, contents))


async def pause_webhook(info: strawberry.Info, id: Id) -> WebhookOutcome:
    return await _given(info, lambda desk, who: desk.pause(who, id))


async def resume_webhook(info: strawberry.Info, id: Id) -> WebhookOutcome:
    return await _given(info, lambda desk, who: desk.resume(who, id))


async def rotate_webhook_secret(info: strawberry.Info, id: Id) -> WebhookRegistrationOutcome:
    return await _given(info, lambda desk, who: desk.rotate(who, id))


async def rewind_webhook(
    info: strawberry.Info,
    id: Id,
    after: Annotated[
        Position, strawberry.argument(description="Send what was recorded after this position.")
    ],
) -> WebhookOutcome:
    return await _given(info, lambda desk, who: desk.rewind(who, id, after))


async def redeliver(
    info: strawberry.Info,
    id: Id,
    position: Annotated[
        Position, strawberry.argument(description="Which event: at the cursor or before it.")
    ],
) -> WebhookOutcome:
    return await _given(info, lambda desk, who: desk.redeliver(who, id, position))


async def remove_webhook(info: strawberry.Info, id: Id) -> WebhookOutcome:
    return await _given(info, lambda desk, who: desk.remove(who, id))


def door(resolve: Any, description: str) -> Any:
    """The mutation that gives an errand."""
    return strawberry.mutation(resolve, description=description)


def _contents(
    url: str, filter: EventFeedFilter | None, description: str, *, proofs: bool
) -> Contents:
    wanted = EVERYTHING if filter is None else filter.read()
    return Contents(url=url, filter=wanted.told(), proofs=proofs, description=description)


async def _given(info: Any, errand: Callable[[Desk, str], Awaitable[Errand]]) -> Any:
    """Give an errand to the desk: what came of it, or a refusal.

    A credential that may not follow the feed does not have it sent either.
    """
    context = info.context
    await context.admit(info.field_name)
    if FOLLOW not in context.caller.principal.scopes:
        await context.caller.turned_away(info.field_name, FORBIDDEN)
        raise ForbiddenError(f"scope {FOLLOW}")
    asker = str(context.caller.principal.id)
    try:
        done = await errand(context.desk, asker)
    except Refusal as refusal:
        return refused(refusal)
    webhook = webhook_of(done.endpoint, asker, Histories.of(context.desk))
    if done.secret is None:
        return WebhookChanged(webhook=webhook, repeated=done.repeated)
    return WebhookRegistered(webhook=webhook, secret=done.secret, repeated=done.repeated)
