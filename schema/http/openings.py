"""How many connections stay open: WebSockets and event streams, of one caller and of all."""

from collections.abc import Iterator
from contextlib import contextmanager

from schema.access.payers import Payer
from schema.http.refusals import RefusedError, refusal
from schema.http.settings import Settings


class Openings:
    """What one process holds open. A caller who holds nothing open is not remembered."""

    def __init__(self, settings: Settings) -> None:
        self._most, self._most_each = settings.streams_max, settings.streams_each_max
        self._open: dict[str, int] = {}
        self._total = 0

    def __len__(self) -> int:
        return self._total

    def take(self, payer: Payer) -> None:
        """One more, or a refusal. Whoever takes gives back."""
        held = self._open.get(payer.key, 0)
        if held >= self._most_each:
            raise _too_many(self._most_each, "you hold", "bạn đang giữ", 429)
        if self._total >= self._most:
            raise _too_many(self._most, "we hold", "máy chủ đang giữ", 503)
        self._open[payer.key] = held + 1
        self._total += 1

    def give(self, payer: Payer) -> None:
        """One less."""
        held = self._open[payer.key]
        if held > 1:
            self._open[payer.key] = held - 1
        else:
            del self._open[payer.key]
        self._total -= 1

    @contextmanager
    def one(self, payer: Payer) -> Iterator[None]:
        """One more for the length of the block, or a refusal."""
        self.take(payer)
        try:
            yield
        finally:
            self.give(payer)


def _too_many(most: int, whose: str, whose_vi: str, status: int) -> RefusedError:
    return refusal(
        "TOO_MANY_STREAMS",
        f"The {most} connections that {whose} open are the most there may be; close one.",
        f"Đã đủ {most} kết nối {whose_vi}; xin đóng bớt.",
        status=status,
        streamsMax=most,
    )
