"""The web application: a pure function of the runtime.

`/graphql` goes straight to the schema's own handler, past the router: it is the hot path, and it
speaks both HTTP and WebSocket. It answers no page, so it has headers of its own. `/events` does as
well, whose frames go to thousands of readers.
Everything else is pages, probes and the files of the seal.
"""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from schema.http.allowance import Allowance
from schema.http.app import graphql_app
from schema.http.counts import Counts
from schema.http.heads import Heads
from schema.http.openings import Openings
from schema.http.origins import Origins
from schema.http.settings import Settings
from schema.root import sdl
from service import health, pages, proofs
from service.feeding.door import EventsDoor
from service.headers import guarded
from service.runtime import Runtime


def application(runtime: Runtime, settings: Settings | None = None) -> ASGIApp:
    """Everything that is served."""
    settings, counts = settings or Settings(), Counts()
    allowance, origins = Allowance.of(settings), Origins(settings.origins)
    openings, heads = Openings(settings), Heads(origins, allowance, https=settings.https)
    graphql = graphql_app(runtime, settings, counts, allowance, openings)
    events = EventsDoor(runtime, settings, counts, allowance, openings, heads, origins)
    rest = Starlette(
        routes=[
            *pages.routes(),
            *health.routes(runtime, counts),
            *proofs.routes(runtime, allowance, origins),
            Route("/schema.graphql", _schema),
        ]
    )

    pages_and_probes = guarded(rest, https=settings.https)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        match scope.get("path"), scope["type"]:
            case "/graphql", _:
                await graphql(scope, receive, send)
            case "/events", "http":
                await events(scope, receive, send)
            case _:
                await pages_and_probes(scope, receive, send)

    return serve


async def _schema(_: Request) -> Response:
    return PlainTextResponse(sdl(), media_type="text/plain; charset=utf-8")
