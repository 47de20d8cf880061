"""How much one caller may ask for: points a minute, as many as his questions cost.

A bucket that runs full again evenly, kept as one number (the generic cell rate algorithm): the
moment when it will be full. Ours, because the `limits` library takes 3 to 9 µs a look against 2,
remembers every address that ever asked, and tells how long to wait in a second look (measured).
"""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Callable

from schema.access.payers import Payer
from schema.http.refusals import RefusedError, refusal
from schema.http.settings import Settings

WINDOW_SECONDS = 60.0
CALLERS_MAX = 50_000
"""Callers remembered. Who asked longest ago is forgotten, and has a full bucket again."""
ENTRY_POINTS = 1
"""Of anything sent: an answer that is kept, a refusal, an event of the feed cost no more."""
COLD_POINTS = 500
"""Of a document that is new here, on top: it is read, checked and planned, which takes ms."""
EXECUTED_POINTS = 200
"""Of what no plan answers: a command, introspection."""

TOO_MANY = 429

Header = tuple[bytes, bytes]


class Allowance:
    """The buckets of one process."""

    def __init__(
        self, public: int, keyed: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Points a minute without a credential, and with one. 0: no limit."""
        self._most = (public, keyed)
        self._seconds = tuple(WINDOW_SECONDS / most if most else 0.0 for most in self._most)
        """What one point takes to come back."""
        self._policies = tuple(_policy(most) for most in self._most)
        self._clock = clock
        self._full: OrderedDict[str, float] = OrderedDict()
        """When each bucket will be full. One that is not here is full."""

    @classmethod
    def of(cls, settings: Settings) -> "Allowance":
        """As it is set."""
        return cls(settings.points_public, settings.points_keyed)

    def __len__(self) -> int:
        return len(self._full)

    def spend(self, payer: Payer, points: int) -> None:
        """Take points, or refuse and take none."""
        late = self._take(payer, points)
        if late > 0:
            raise _limited(self._most[payer.is_keyed], late)

    async def pace(self, payer: Payer, points: int) -> None:
        """Take points as soon as there are enough: a feed is slowed down, not ended."""
        while late := self._take(payer, points):  # noqa: ASYNC110 - nobody tells when it is
            await asyncio.sleep(late)

    def headers(self, payer: Payer, status: int) -> list[Header]:
        """What is left to him (draft-ietf-httpapi-ratelimit-headers-10), and of what if it is 0."""
        key, keyed = payer
        seconds = self._seconds[keyed]
        if not seconds:
            return []
        owed = max(0.0, self._full.get(key, 0.0) - self._clock())
        told = b'"points";r=%d;t=%d' % ((WINDOW_SECONDS - owed) / seconds, owed + 1)
        left = (b"ratelimit", told)
        return [left, self._policies[keyed]] if status == TOO_MANY else [left]

    def _take(self, payer: Payer, points: int) -> float:
        """0 if the points were there, else the seconds until they are.

        Nothing costs more than a full bucket, or it could never be asked.
        """
        key, keyed = payer
        seconds = self._seconds[keyed]
        if not seconds:
            return 0.0
        now, buckets = self._clock(), self._full
        full = max(now, buckets.get(key, now)) + min(points * seconds, WINDOW_SECONDS)
        late = full - now - WINDOW_SECONDS
        if late > 0:
            return late
        buckets[key] = full
        buckets.move_to_end(key)
        if len(buckets) > CALLERS_MAX:
            buckets.popitem(last=False)
        return 0.0


def _policy(most: int) -> Header:
    return b"ratelimit-policy", b'"points";q=%d;w=%d;qu="points"' % (most, WINDOW_SECONDS)


def _limited(most: int, late: float) -> RefusedError:
    seconds = math.ceil(late)
    error = refusal(
        "RATE_LIMITED",
        f"{most} points a minute are used up; ask again in {seconds} s.",
        f"Đã dùng hết {most} điểm mỗi phút; xin hỏi lại sau {seconds} giây.",
        status=TOO_MANY,
        pointsMax=most,
        windowSeconds=int(WINDOW_SECONDS),
        retryAfterSeconds=seconds,
    )
    error.later = seconds
    return error
