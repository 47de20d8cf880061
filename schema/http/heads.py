"""What every answer of the endpoint says in its head, whatever it answers."""

from collections.abc import Awaitable, Mapping

from starlette.types import Message, Scope, Send

from schema.access.door import Caller
from schema.http.allowance import Allowance
from schema.http.origins import Origins
from schema.http.responding import Header

SAFE: tuple[Header, ...] = (
    # Nothing of ours is a page: opened as one, it loads nothing, opens nothing, belongs to no
    # origin, and no frame may hold it. So it needs no policy for openers or referrers, and an
    # answer is not 2 µs later for each (measured; uvicorn looks at every header).
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
HTTPS_ALONE: Header = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
"""For a year a browser that came by https comes by nothing else."""


class Heads:
    """The common headers of one process; all but what is left to the caller are made once."""

    def __init__(self, origins: Origins, allowance: Allowance, *, https: bool) -> None:
        self._origins, self._allowance, self._https = origins, allowance, https

    def on(self, send: Send, scope: Scope, asked: Mapping[bytes, bytes], caller: Caller) -> Send:
        """The same way out, on which each answer is given them."""
        common, origins = SAFE, self._origins.headers(asked)
        if origins:
            common += origins
        if self._https or scope["scheme"] == "https":
            common += (HTTPS_ALONE,)

        # No coroutine of its own: it would cost as much as all the rest.
        def out(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                headers += common
                headers += self._allowance.headers(caller.payer, message["status"])
            return send(message)

        return out
