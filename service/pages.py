"""The pages people open: the front page and GraphiQL, from our own origin alone."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"
EXAMPLES = Path(__file__).parents[1] / "examples"
FIRST_EXAMPLE = "evaluation"
NOT_FETCHED = (
    "GraphiQL's files are not here: with npm at hand, run <code>make graphiql</code> "
    "and reload this page; <code>POST /graphql</code> works without them."
)


def routes() -> list[BaseRoute]:
    """Where the pages are found."""
    return [
        Route("/", _home),
        Route("/graphiql", _graphiql),
        Route("/graphiql/examples.json", _examples),
        Mount("/static/site", StaticFiles(directory=STATIC / "site")),
        Mount("/static/graphiql", StaticFiles(directory=STATIC / "graphiql", check_dir=False)),
    ]


async def _home(_: Request) -> Response:
    return FileResponse(STATIC / "site" / "home.html")


async def _graphiql(_: Request) -> Response:
    if not (STATIC / "graphiql" / "graphiql.js").exists():
        return HTMLResponse(
            f"<!doctype html><title>GraphiQL · Sổ cái</title><p>{NOT_FETCHED}</p>", 503
        )
    return FileResponse(STATIC / "site" / "graphiql.html")


async def _examples(_: Request) -> Response:
    return JSONResponse(examples())


def examples() -> list[dict[str, str]]:
    """The repository's example questions as GraphiQL's tabs, the evaluation first."""
    files = sorted(EXAMPLES.glob("*.graphql"), key=lambda file: (file.stem != FIRST_EXAMPLE, file))
    return [{"query": file.read_text(encoding="utf-8")} for file in files]
