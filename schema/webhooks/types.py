"""Webhooks as GraphQL shows them: where they are sent, how far they are, what came of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

import strawberry

from schema.attempt import bounded
from schema.planner.criteria import described
from schema.scalars import Position
from schema.webhooks.desk import Act, Changed, Delivered, Endpoint, State
from schema.webhooks.histories import Histories, Page

ROWS_DEFAULT, ROWS_MAX = 20, 200
"""Attempts and changes of one webhook, in one answer."""

described(State, "Whether a webhook is sent events (trạng thái điểm nhận).", name="WebhookStatus")
described(Act, "What was done to a webhook (thao tác).", name="WebhookAct")

First = Annotated[int, strawberry.argument(description="How many at most (số dòng).")]
Before = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only those before this one.")
]


@strawberry.type(description="Which events a webhook is sent: what is not named is not limited.")
class WebhookFilter:
    """As `EventFeedFilter`, which it was registered with; provinces say since when."""

    types: list[str] = strawberry.field(description="Kinds of event (loại sự kiện).")
    streams: list[str] = strawberry.field(description="Streams (dòng sự kiện).")
    schemes: list[str] = strawberry.field(description="Codes of schemes (mã đề án).")
    provinces: list[str] = strawberry.field(
        description="Provinces as CODE@YYYY-MM-DD, with all that has become part of them."
    )
    centres: list[str] = strawberry.field(description="Codes of centres (trung tâm).")


@strawberry.type(description="One attempt to send one event to a webhook (lần gửi).")
class WebhookDelivery:
    """Kept for some time."""

    id: strawberry.ID = strawberry.field(
        description="Its place in the book: give it as `before` to go on."
    )
    position: Position = strawberry.field(description="Which event (vị trí).")
    attempt: int = strawberry.field(description="1 is the first (lần thứ).")
    at: datetime = strawberry.field(description="When it was (thời điểm).")
    status: int | None = strawberry.field(
        description="Status of HTTP that the receiver answered; null: it did not answer."
    )
    ms: int = strawberry.field(description="Milliseconds that it took.")
    error: str | None = strawberry.field(
        description="Why it was no success; null: it was one (lỗi)."
    )
    is_redelivery: bool = strawberry.field(
        description="Whether somebody had asked to send it once more (gửi lại)."
    )


@strawberry.type(description="Who did what to a webhook, and when (lịch sử thay đổi).")
class WebhookChange:
    """Nothing of it can be changed."""

    id: strawberry.ID = strawberry.field(
        description="Its place in the book: give it as `before` to go on."
    )
    at: datetime = strawberry.field(description="When it was (thời điểm).")
    by: str = strawberry.field(description="Who: a principal, or an operator on the command line.")
    act: Act = strawberry.field(description="What was done (thao tác).")
    position: Position | None = strawberry.field(
        description="Where the cursor was put, or which event is to be sent once more."
    )


@strawberry.type(
    description="Where events are sent by themselves, each once it is recorded (điểm nhận webhook)."
)
class Webhook:
    """Its owner sees all of it; administrators and auditors do not see the path of its address."""

    _histories: strawberry.Private[Histories]
    id: strawberry.ID = strawberry.field(description="Its owner's name for it (mã điểm nhận).")
    url: str = strawberry.field(
        description="Where it is sent; to others than its owner, without path and query."
    )
    description: str = strawberry.field(description="What it is for (mô tả).")
    filter: WebhookFilter = strawberry.field(description="Which events (bộ lọc).")
    proofs: bool = strawberry.field(
        description="Whether each event comes with the proof that it is in the ledger."
    )
    status: State = strawberry.field(description="Whether it is sent events (trạng thái).")
    cursor: Position = strawberry.field(
        description="The last position that was delivered, or is not for it (vị trí đã gửi)."
    )
    head: Position = strawberry.field(description="Where the ledger ends (vị trí cuối).")
    lag_positions: int = strawberry.field(
        description="Positions between the two, whether their events are for it or not."
    )
    lag_seconds: float | None = strawberry.field(
        description="How long ago the first of those was recorded; null: there is none."
    )
    failures: int = strawberry.field(
        description="Attempts that failed since the cursor last moved (số lần lỗi liên tiếp)."
    )
    error: str | None = strawberry.field(
        description="What the last of them ended with; null: none failed (lỗi)."
    )
    retry_at: datetime | None = strawberry.field(
        description="Not sent to before; null: at once (thử lại lúc)."
    )
    granted_at: datetime | None = strawberry.field(
        description="When the receiver agreed to be sent to; null: not yet (bên nhận đồng ý)."
    )
    rate: int | None = strawberry.field(
        description="Requests a minute that it wishes at most; null: it did not say."
    )
    created_at: datetime = strawberry.field(description="When it was registered (ngày đăng ký).")
    removed_at: datetime | None = strawberry.field(
        description="When it was given up; null: it was not (ngày gỡ bỏ)."
    )
    principal: str = strawberry.field(description="Whose it is (mã chủ thể).")

    @strawberry.field(description="The last attempts to send, the last first (các lần gửi).")
    async def deliveries(
        self, first: First = ROWS_DEFAULT, before: Before = None
    ) -> list[WebhookDelivery]:
        """Older ones are deleted after some time."""
        page = Page(self.id, *bounded(first, before, ROWS_MAX))
        return [_delivery(each) for each in await self._histories.deliveries.load(page)]

    @strawberry.field(description="Who changed what, the last first (lịch sử thay đổi).")
    async def changes(
        self, first: First = ROWS_DEFAULT, before: Before = None
    ) -> list[WebhookChange]:
        """From its registration on."""
        page = Page(self.id, *bounded(first, before, ROWS_MAX))
        return [_change(each) for each in await self._histories.changes.load(page)]


def webhook_of(endpoint: Endpoint, asker: str, histories: Histories) -> Webhook:
    """A webhook as whoever asks may see it."""
    contents, filter_ = endpoint.contents, endpoint.contents.filter
    return Webhook(
        _histories=histories,
        id=strawberry.ID(endpoint.id),
        url=contents.url if endpoint.principal == asker else origin(contents.url),
        description=contents.description,
        filter=WebhookFilter(
            types=list(filter_.get("types", ())),
            streams=list(filter_.get("streams", ())),
            schemes=list(filter_.get("schemes", ())),
            provinces=list(filter_.get("provinces", ())),
            centres=list(filter_.get("centres", ())),
        ),
        proofs=contents.proofs,
        status=endpoint.state,
        cursor=Position(endpoint.cursor),
        head=Position(endpoint.head),
        lag_positions=endpoint.head - endpoint.cursor,
        lag_seconds=endpoint.late,
        failures=endpoint.failures,
        error=endpoint.error,
        retry_at=endpoint.retry_at,
        granted_at=endpoint.granted_at,
        rate=endpoint.rate,
        created_at=endpoint.created_at,
        removed_at=endpoint.removed_at,
        principal=endpoint.principal,
    )


def webhooks_of(endpoints: Sequence[Endpoint], asker: str, histories: Histories) -> list[Webhook]:
    """The webhooks of one answer."""
    return [webhook_of(each, asker, histories) for each in endpoints]


def origin(url: str) -> str:
    """Scheme, host and port: a path may hold a secret of the receiver's."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…"


def _delivery(kept: Delivered) -> WebhookDelivery:
    return WebhookDelivery(
        id=strawberry.ID(str(kept.id)),
        position=Position(kept.position),
        attempt=kept.attempt,
        at=kept.at,
        status=kept.status,
        ms=kept.ms,
        error=kept.error,
        is_redelivery=kept.is_redelivery,
    )


def _change(kept: Changed) -> WebhookChange:
    return WebhookChange(
        id=strawberry.ID(str(kept.id)),
        at=kept.at,
        by=kept.asked_by,
        act=kept.act,
        position=None if kept.position is None else Position(kept.position),
    )
