"""Which foreign pages a browser lets in (CORS), for HTTP and WebSocket alike: those on the list.

There are no cookies here, so no page can act for whoever looks at it; the list keeps others from
spending his points and reading what only his network may see. Starlette's CORSMiddleware would do
for HTTP, but not for the socket, and looks at every answer anew where these tuples are ready.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from schema.http.responding import Header

EXPOSED = b"ETag, Link, Retry-After, RateLimit, RateLimit-Policy, Socai-Cursor, Socai-Head"
METHODS = b"GET, POST, PUT, DELETE"
HEADERS = b"Authorization, Content-Type, If-None-Match, Last-Event-ID, X-GraphQL-Event-Stream-Token"
PREFLIGHT_SECONDS = b"7200"
"""As long as Chromium remembers; Firefox would remember for a day."""
_BY_ORIGIN = (b"vary", b"Origin")
_PREFLIGHT: tuple[Header, ...] = (
    (b"access-control-allow-methods", METHODS),
    (b"access-control-allow-headers", HEADERS),
    (b"access-control-max-age", PREFLIGHT_SECONDS),
)


class Origins:
    """The list, as headers."""

    def __init__(self, known: frozenset[str]) -> None:
        allowed = {each.encode(): _allowing(each.encode()) for each in known}
        self._allowed: Mapping[bytes, tuple[Header, ...]] = allowed
        self._foreign: tuple[Header, ...] = (_BY_ORIGIN,) if known else ()
        """A cache must not hand one page what was answered to another."""

    def headers(self, asked: Mapping[bytes, bytes]) -> tuple[Header, ...]:
        """What every answer to this page says."""
        return self._allowed.get(asked.get(b"origin", b""), self._foreign)

    def preflight(self, asked: Mapping[bytes, bytes]) -> tuple[Header, ...]:
        """What the browser of a known page wants to know before it asks; else nothing."""
        is_one = b"access-control-request-method" in asked and asked.get(b"origin") in self._allowed
        return _PREFLIGHT if is_one else ()

    def may_open(self, asked: Mapping[bytes, bytes]) -> bool:
        """A browser lets any page open a socket to us, and says which page it was."""
        origin = asked.get(b"origin", b"")
        own = asked.get(b"host", b"").decode("latin-1")
        return (
            not origin
            or origin in self._allowed
            or urlsplit(origin.decode("latin-1")).netloc == own
        )


def _allowing(origin: bytes) -> tuple[Header, ...]:
    return (
        _BY_ORIGIN,
        (b"access-control-allow-origin", origin),
        (b"access-control-expose-headers", EXPOSED),
    )
