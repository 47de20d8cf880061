"""The door: the GraphQL endpoint of a running service, over HTTP and WebSocket, as an ASGI app."""

from starlette.types import ASGIApp, Receive, Scope, Send

from schema.http.allowance import Allowance
from schema.http.answering import Answering
from schema.http.counts import Counts
from schema.http.endpoint import Endpoint
from schema.http.heads import Heads
from schema.http.openings import Openings
from schema.http.origins import Origins
from schema.http.settings import Settings
from schema.http.sockets import Sockets
from schema.root import build
from schema.running import Running


def graphql_app(
    runtime: Running,
    settings: Settings | None = None,
    counts: Counts | None = None,
    allowance: Allowance | None = None,
    openings: Openings | None = None,
) -> ASGIApp:
    """The endpoint. `counts` are for whoever shows them; the rest may be used up elsewhere too."""
    settings = settings or Settings()
    # An empty one is false.
    allowance = Allowance.of(settings) if allowance is None else allowance
    openings = Openings(settings) if openings is None else openings
    origins = Origins(settings.origins)
    heads = Heads(origins, allowance, https=settings.https)
    answering = Answering(build(), runtime, settings, counts or Counts(), allowance)
    endpoint = Endpoint(answering, runtime.closing, settings, heads, origins, openings)
    sockets = Sockets(answering, settings, origins, openings)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await (sockets if scope["type"] == "websocket" else endpoint)(scope, receive, send)

    return serve
