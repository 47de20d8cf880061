"""A real server over a running service, on a free port of 127.0.0.1, for as long as a block."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn

from schema.http.app import graphql_app
from schema.http.settings import Settings
from service.runtime import Runtime


@asynccontextmanager
async def served(runtime: Runtime, settings: Settings | None = None) -> AsyncIterator[str]:
    """`host:port` of the endpoint."""
    app = graphql_app(runtime, settings)
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="error"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()
    try:
        yield f"{host}:{port}"
    finally:
        runtime.closing.set()
        server.should_exit = True
        await serving
