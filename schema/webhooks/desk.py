"""The desk for webhooks: where they are registered, changed, looked at and given up.

    known = await desk.endpoints(Wanted(whose="bo-tai-chinh"))
    changed = await desk.pause("bo-tai-chinh", "kho-bac")

The service stands behind it (`service/consumers/desk.py`). Whoever asks is named with every errand;
what is not his own he is told nothing of.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import Protocol

from events.rules import value

Told = Mapping[str, Sequence[str]]
"""A filter (bộ lọc) by its parts; a part without values lets everything through."""


class State(Enum):
    """Whether a consumer is sent events (trạng thái của bên nhận)."""

    PENDING = "chờ bên nhận đồng ý"
    LIVE = "đang gửi"
    PAUSED = "tạm dừng"
    PARKED = "dừng sau nhiều lần gửi lỗi"
    GONE = "bên nhận đã đóng"


class Act(Enum):
    """What was done to a consumer (thao tác)."""

    REGISTERED = "đăng ký"
    UPDATED = "thay đổi"
    PAUSED = "tạm dừng"
    RESUMED = "tiếp tục"
    ROTATED = "đổi khoá ký"
    REWOUND = "đặt lại vị trí"
    REDELIVERED = "yêu cầu gửi lại"
    REMOVED = "gỡ bỏ"


@value
class Contents:
    """What a webhook is registered with; the same again is no change."""

    url: str
    filter: Told
    """As `schema.feed.filters` writes it."""
    proofs: bool
    description: str


@value
class Endpoint:
    """A webhook as it stands (điểm nhận)."""

    id: str
    principal: str
    contents: Contents
    state: State
    cursor: int
    """The last position that was delivered, or that is not for it."""
    head: int
    """Where the log ends."""
    late: float | None
    """Seconds since the first event that it lacks was recorded; None: it lacks none."""
    failures: int
    """In a row, since the cursor last moved."""
    error: str | None
    retry_at: datetime | None
    granted_at: datetime | None
    rate: int | None
    """Requests a minute, as the receiver wishes; None: it did not say."""
    generation: int
    """Of its secret."""
    created_at: datetime
    removed_at: datetime | None


@value
class Wanted:
    """Which webhooks, in the order of their ids."""

    whose: str | None = None
    """None: everybody's."""
    id: str | None = None
    """None: any."""
    after: str | None = None
    limit: int = 1
    removed: bool = False
    """Also those that were removed."""


@value
class Delivered:
    """One attempt to send one event (lần gửi)."""

    id: int
    position: int
    attempt: int
    at: datetime
    ms: int
    status: int | None
    """Of HTTP; None: there was no answer."""
    error: str | None
    is_redelivery: bool


@value
class Changed:
    """Who did what to a webhook (lịch sử thay đổi)."""

    id: int
    at: datetime
    asked_by: str
    act: Act
    position: int | None
    """Where the cursor was put, or which event is to be sent once more."""


@value
class Errand:
    """What came of it (kết quả)."""

    endpoint: Endpoint
    repeated: bool
    """It was so already."""
    secret: str | None = None
    """Only for whoever registers, or asks for a new one."""


class Desk(Protocol):
    """Keeps webhooks. Every errand but `endpoints`, `deliveries` and `changes` may be refused."""

    async def register(self, who: str, id: str, contents: Contents, after: int | None) -> Errand:
        """Take a webhook on, from a position; from the end of the log, if None."""
        ...

    async def update(self, who: str, id: str, contents: Contents) -> Errand:
        """Send it elsewhere, or something else."""
        ...

    async def pause(self, who: str, id: str) -> Errand:
        """Send nothing until it is resumed."""
        ...

    async def resume(self, who: str, id: str) -> Errand:
        """Go on from where it stands, at once."""
        ...

    async def rotate(self, who: str, id: str) -> Errand:
        """Sign with a new secret."""
        ...

    async def rewind(self, who: str, id: str, after: int) -> Errand:
        """Go on from another position."""
        ...

    async def redeliver(self, who: str, id: str, position: int) -> Errand:
        """Send one event once more; the cursor stays."""
        ...

    async def remove(self, who: str, id: str) -> Errand:
        """Give it up; its id is not given to another."""
        ...

    async def endpoints(self, wanted: Wanted) -> Sequence[Endpoint]:
        """The webhooks that are there."""
        ...

    async def deliveries(
        self, ids: Sequence[str], before: int | None, limit: int
    ) -> Mapping[str, Sequence[Delivered]]:
        """Of each of these webhooks the last attempts, the last first."""
        ...

    async def changes(
        self, ids: Sequence[str], before: int | None, limit: int
    ) -> Mapping[str, Sequence[Changed]]:
        """Of each of these webhooks the last changes, the last first."""
        ...
