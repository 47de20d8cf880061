"""Which media type the feed is sent in (RFC 9110 §12.5.1): whoever names none gets lines."""

from enum import Enum
from functools import lru_cache
from typing import Final

from schema.feed.cloud import BATCH_TYPE
from schema.http.refusals import RefusedError, refusal

ACCEPTS_MAX: Final = 256
"""Headers remembered: every client of a kind sends the same."""


class Media(Enum):
    """What the feed can be sent as."""

    LINES = "application/x-ndjson"
    """One CloudEvent a line."""
    PLAIN_LINES = "application/ndjson"
    BATCH = BATCH_TYPE
    """A JSON array of them (CloudEvents JSON format §4)."""
    PLAIN_BATCH = "application/json"
    STREAM = "text/event-stream"

    @property
    def is_batch(self) -> bool:
        """Whether events stand in an array."""
        return self in {Media.BATCH, Media.PLAIN_BATCH}

    @property
    def header(self) -> bytes:
        """The Content-Type."""
        return f"{self.value}; charset=utf-8".encode()


_RANGES: Final = {
    **{each.value: each for each in Media},
    "application/*": Media.LINES,
    "text/*": Media.STREAM,
    "*/*": Media.LINES,
}


@lru_cache(ACCEPTS_MAX)
def accepted(accept: str) -> Media:
    """What a client wants most; of what it wants alike, what it names first. Or refused."""
    wanted = [_wanted(each) for each in accept.lower().split(",")]
    known = [(weight, _RANGES[media]) for media, weight in wanted if media in _RANGES and weight]
    if not known:
        raise _not_acceptable()
    return max(known, key=lambda each: each[0])[1]


def _wanted(each: str) -> tuple[str, float]:
    media, *parameters = (part.strip() for part in each.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return media, float(parameter[2:])
            except ValueError:
                return media, 0.0
    return media, 1.0


def _not_acceptable() -> RefusedError:
    told = ", ".join(each.value for each in Media)
    return refusal(
        "NOT_ACCEPTABLE",
        f"Accept one of {told}.",
        f"Cần chấp nhận một trong các kiểu: {told}.",
        status=406,
    )
