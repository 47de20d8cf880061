"""The door: the GraphQL endpoint of a running service, over HTTP and WebSocket, as an ASGI app."""

from starlette.types import ASGIApp, Receive, Scope, Send

from schema.context import Running
from schema.http.answering import Answering
from schema.http.counts import Counts
from schema.http.endpoint import Endpoint
from schema.http.settings import Settings
from schema.http.sockets import Sockets
from schema.root import build


def graphql_app(
    runtime: Running, settings: Settings | None = None, counts: Counts | None = None
) -> ASGIApp:
    """The endpoint. `counts` are kept up for whoever shows them."""
    settings = settings or Settings()
    answering = Answering(build(), runtime, settings, counts or Counts())
    endpoint = Endpoint(answering, runtime.closing, settings)
    sockets = Sockets(answering, settings)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await (sockets if scope["type"] == "websocket" else endpoint)(scope, receive, send)

    return serve
