"""Which media type a client is answered in (RFC 9110 §12.5.1, GraphQL over HTTP §6.2).

JSON wherever it is acceptable, also to a client that lists `text/event-stream` beside it, as urql
does in every request: an event stream is for subscriptions, and for whoever accepts nothing else.
"""

from functools import lru_cache
from typing import NamedTuple

JSON = b"application/json"
GRAPHQL_JSON = b"application/graphql-response+json"
EVENTS = b"text/event-stream"
_ANY = {b"*/*": 0, b"application/*": 1}
ACCEPTS_MAX = 256
"""Headers remembered: every client of a kind sends the same."""


class Acceptable(NamedTuple):
    """What may be sent."""

    json: bytes | None
    events: bool


@lru_cache(ACCEPTS_MAX)
def acceptable(accept: bytes) -> Acceptable:
    """Read an Accept header; none at all is `*/*`."""
    wanted = dict(reversed([_wanted(each) for each in accept.lower().split(b",")]))
    any_ = wanted.get(b"application/*", wanted.get(b"*/*", 0.0))
    weights = {
        each: wanted.get(each, any_ if each == JSON else 0.0) for each in (JSON, GRAPHQL_JSON)
    }
    json = max(weights, key=lambda each: (weights[each], -_place(each, accept.lower())))
    events = wanted.get(EVENTS, wanted.get(b"text/*", 0.0))
    return Acceptable(json if weights[json] > 0 else None, events > 0)


def _wanted(each: bytes) -> tuple[bytes, float]:
    media, *parameters = (part.strip() for part in each.split(b";"))
    for parameter in parameters:
        if parameter.startswith(b"q="):
            try:
                return media, float(parameter[2:])
            except ValueError:
                return media, 0.0
    return media, 1.0


def _place(media: bytes, accept: bytes) -> int:
    """Of two that are wanted alike, the one named first; named beats implied."""
    place = accept.find(media)
    return place if place >= 0 else len(accept)
