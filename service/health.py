"""Whether this process is alive, and whether it may be sent requests.

`/livez` asks nobody: a process whose database is away must not be killed for it. `/readyz` asks the
database, looks how far the read models are behind, and says no as soon as the process drains, if
the database no longer refuses what it must (`watch.py`), or if recording is halted because the log
is not the one that was signed.
`/metrics` is this process's alone, in Prometheus' text.
"""

import asyncio
import os
from collections.abc import Sequence
from datetime import datetime
from typing import Final, LiteralString

import asyncpg
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from events.rules import value
from schema.http.counts import Counts
from service.consumers.gauges import deaf, gauges
from service.runtime import Runtime

PROBE_SECONDS_MAX = 2.0
LAG_POSITIONS_MAX = 10_000
"""Behind by more, a process answers from too long ago to be sent readers; it is catching up."""

STANDING: Final[LiteralString] = """
    SELECT head.position AS head,
           (SELECT position FROM model.moment) AS shown
    FROM ledger.head
"""
SEALED: Final[LiteralString] = """
    SELECT coalesce((SELECT max(size) FROM seal.checkpoint), 0) AS size,
           (
               SELECT extract(epoch FROM clock_timestamp() - looked_at)::float8
               FROM seal.signer
           ) AS ago,
           (SELECT reason FROM seal.halt WHERE lifted_at IS NULL) AS halted,
           last.at AS verified_at, last.events, last.seconds, last.found
    FROM (SELECT) AS one
    LEFT JOIN (
        SELECT *
        FROM seal.verification
        ORDER BY id DESC
        LIMIT 1
    ) AS last ON true
"""
STOPPED: Final[LiteralString] = """
    SELECT name, state, failed_position, error, attempts
    FROM model.projection
    WHERE state <> 'LIVE'
    ORDER BY name
"""

_OUTAGES = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
_SEAL = """\
# HELP socai_seal_size Events under a signed checkpoint.
# TYPE socai_seal_size gauge
socai_seal_size {}
# HELP socai_seal_behind Events recorded and not yet signed.
# TYPE socai_seal_behind gauge
socai_seal_behind {}
# HELP socai_seal_halted Whether recording is halted: the log is not the one that was signed.
# TYPE socai_seal_halted gauge
socai_seal_halted {}
"""
_LOOKED = """\
# HELP socai_seal_signer_looked_seconds_ago Seconds since a signer looked at the log.
# TYPE socai_seal_signer_looked_seconds_ago gauge
socai_seal_signer_looked_seconds_ago {:.1f}
"""
_VERIFIED = """\
# HELP socai_verify_ok Whether the last verification of everything found nothing wrong.
# TYPE socai_verify_ok gauge
socai_verify_ok {:d}
# HELP socai_verify_timestamp_seconds When it ended.
# TYPE socai_verify_timestamp_seconds gauge
socai_verify_timestamp_seconds {:.3f}
# HELP socai_verify_events Events that it hashed and folded.
# TYPE socai_verify_events gauge
socai_verify_events {}
# HELP socai_verify_seconds How long it took.
# TYPE socai_verify_seconds gauge
socai_verify_seconds {:.3f}
"""


@value
class Verified:
    """The outcome of hashing and folding everything again."""

    at: datetime
    events: int
    seconds: float
    found: Sequence[str]


@value
class Standing:
    """Where the log and the read models stand."""

    head: int
    shown: int
    stopped: tuple[str, ...]
    sealed: int
    """How many events are under a signed checkpoint."""
    signer_seconds_ago: float | None
    """When a signer looked last; None: none ever did."""
    halted: str | None
    """Why nothing is recorded; None: it is."""
    verified: Verified | None
    """What the last verification found; None: there was none."""

    @property
    def lag(self) -> int:
        """How many events the read models are behind."""
        return self.head - self.shown


def routes(runtime: Runtime, counts: Counts) -> list[BaseRoute]:
    """The two probes, and what was counted."""

    async def ready(_: Request) -> Response:
        return await _ready(runtime)

    async def metrics(_: Request) -> Response:
        text = counts.text() + runtime.watch.text() + deaf(is_deaf=runtime.follower.is_deaf)
        text += await _sealed(runtime) + await _consumers(runtime)
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    return [Route("/livez", _alive), Route("/readyz", ready), Route("/metrics", metrics)]


async def standing(pool: asyncpg.Pool) -> Standing:
    """Ask the database."""
    async with pool.acquire(timeout=PROBE_SECONDS_MAX) as connection:
        row = await connection.fetchrow(STANDING, timeout=PROBE_SECONDS_MAX)
        stopped = await connection.fetch(STOPPED, timeout=PROBE_SECONDS_MAX)
        (seal,) = await connection.fetch(SEALED, timeout=PROBE_SECONDS_MAX)
    head, shown = (row["head"], row["shown"] or 0) if row else (0, 0)
    return Standing(
        head=head,
        shown=shown,
        stopped=tuple(each["name"] for each in stopped),
        sealed=seal["size"],
        signer_seconds_ago=seal["ago"],
        halted=seal["halted"],
        verified=None
        if seal["verified_at"] is None
        else Verified(
            at=seal["verified_at"],
            events=seal["events"],
            seconds=seal["seconds"],
            found=seal["found"],
        ),
    )


async def _sealed(runtime: Runtime) -> str:
    """What the seal looks like; nothing while the database does not answer."""
    try:
        found = await standing(runtime.pool)
    except _OUTAGES:
        return ""
    text = _SEAL.format(found.sealed, found.head - found.sealed, int(found.halted is not None))
    if found.signer_seconds_ago is not None:
        text += _LOOKED.format(found.signer_seconds_ago)
    if (last := found.verified) is not None:
        text += _VERIFIED.format(not last.found, last.at.timestamp(), last.events, last.seconds)
    return text


async def _consumers(runtime: Runtime) -> str:
    """How far those are behind who follow without asking; nothing while nobody can say."""
    try:
        return await gauges(runtime.pool)
    except _OUTAGES:
        return ""


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
    except _OUTAGES:
        return _no("the database does not answer")
    told = {
        "position": found.head,
        "lag": found.lag,
        "stopped": list(found.stopped),
        "maintenance": bool(runtime.watch.windows),
        "sealed": found.sealed,
    }
    if runtime.watch.drift:
        return _no("the database does not refuse what it must: see `socai doctor`", **told)
    if found.halted is not None:
        return _no(f"recording is halted: {found.halted}", **told)
    if found.verified is not None and found.verified.found:
        return _no("the record is not what it was: see `socai verify`", **told)
    if found.lag > LAG_POSITIONS_MAX:
        return _no("the read models are catching up", **told)
    return JSONResponse({"ready": True, **told})


def _no(reason: str, **told: object) -> Response:
    return JSONResponse({"ready": False, "reason": reason, **told}, 503)
