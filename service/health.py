"""Whether this process is alive, and whether it may be sent requests.

`/livez` asks nobody: a process whose database is away must not be killed for it. `/readyz` asks the
database, looks how far the read models are behind, and says no as soon as the process drains, or if
the database no longer refuses what it must (`watch.py`).
`/metrics` is this process's alone, in Prometheus' text.
"""

import asyncio
import os
from typing import Final, LiteralString

import asyncpg
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from events.rules import value
from schema.http.counts import Counts
from service.runtime import Runtime

PROBE_SECONDS_MAX = 2.0
LAG_POSITIONS_MAX = 10_000
"""Behind by more, a process answers from too long ago to be sent readers; it is catching up."""

STANDING: Final[LiteralString] = """
    SELECT head.position AS head,
           (SELECT position FROM model.moment) AS shown
    FROM ledger.head
"""
STOPPED: Final[LiteralString] = """
    SELECT name, state, failed_position, error, attempts
    FROM model.projection
    WHERE state <> 'LIVE'
    ORDER BY name
"""


@value
class Standing:
    """Where the log and the read models stand."""

    head: int
    shown: int
    stopped: tuple[str, ...]

    @property
    def lag(self) -> int:
        """How many events the read models are behind."""
        return self.head - self.shown


def routes(runtime: Runtime, counts: Counts) -> list[BaseRoute]:
    """The two probes, and what was counted."""

    async def ready(_: Request) -> Response:
        return await _ready(runtime)

    async def metrics(_: Request) -> Response:
        text = counts.text() + runtime.watch.text()
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    return [Route("/livez", _alive), Route("/readyz", ready), Route("/metrics", metrics)]


async def standing(pool: asyncpg.Pool) -> Standing:
    """Ask the database."""
    async with pool.acquire(timeout=PROBE_SECONDS_MAX) as connection:
        row = await connection.fetchrow(STANDING, timeout=PROBE_SECONDS_MAX)
        stopped = await connection.fetch(STOPPED, timeout=PROBE_SECONDS_MAX)
    head, shown = (row["head"], row["shown"] or 0) if row else (0, 0)
    return Standing(head=head, shown=shown, stopped=tuple(each["name"] for each in stopped))


async def _alive(_: Request) -> Response:
    loop = asyncio.get_running_loop()
    before = loop.time()
    await asyncio.sleep(0)
    lag_ms = round((loop.time() - before) * 1000, 3)
    return JSONResponse({"alive": True, "pid": os.getpid(), "loopLagMs": lag_ms})


async def _ready(runtime: Runtime) -> Response:
    if runtime.draining.is_set():
        return _no("draining")
    try:
        found = await standing(runtime.pool)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError):
        return _no("the database does not answer")
    told = {
        "position": found.head,
        "lag": found.lag,
        "stopped": list(found.stopped),
        "maintenance": bool(runtime.watch.windows),
    }
    if runtime.watch.drift:
        return _no("the database does not refuse what it must: see `socai doctor`", **told)
    if found.lag > LAG_POSITIONS_MAX:
        return _no("the read models are catching up", **told)
    return JSONResponse({"ready": True, **told})


def _no(reason: str, **told: object) -> Response:
    return JSONResponse({"ready": False, "reason": reason, **told}, 503)
