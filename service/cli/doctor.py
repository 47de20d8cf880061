"""`socai doctor`: look at everything that has to be right, each with what to do if it is not."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, LiteralString, TypeAlias

import asyncpg

from events.guard import WINDOW, drift
from events.migrate import pending
from events.rules import value
from events.wall import stands, window
from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.cli.output import Output, Row, say, show
from service.config import Config
from service.database import CONNECT_SECONDS_MAX, database
from service.health import LAG_POSITIONS_MAX, standing
from service.pages import STATIC
from service.postgres import PostgresError, server_version_check
from service.sealing.run import LATE_SECONDS

CLOCK_SECONDS_MAX = 2.0
DISK_BYTES_MIN = 1_000_000_000
DRIFT_SHOWN_MAX = 5
MAY_CHANGE: Final[LiteralString] = """
    SELECT has_table_privilege('ledger.event', 'UPDATE, DELETE, TRUNCATE')
"""
NOW: Final[LiteralString] = "SELECT clock_timestamp()"


@value
class Finding:
    """What one look found: `ok`, `bad`, or `unknown`, which is not ok either."""

    check: str
    state: str
    found: str
    then: str = ""


_OUTAGES = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)
Look: TypeAlias = Callable[[asyncpg.Pool], Awaitable[Finding]]


def doctor(*, data: DataFolder = None, output: Output = None) -> None:
    """Check settings, database, migrations, rights, read models, clock and disk.

    Exit code 1 if anything is bad or could not be looked at.
    """
    findings = run(_examined(settings(data=data)))
    rows: list[Row] = [
        {"check": each.check, "state": each.state, "found": each.found, "next": each.then}
        for each in findings
    ]
    show(rows, output)
    wrong = [each for each in findings if each.state != "ok"]
    if wrong:
        raise Stop(Exit.NEGATIVE, f"{len(wrong)} of {len(findings)} checks are not ok")
    say(f"All {len(findings)} checks are ok.")


async def _examined(config: Config) -> list[Finding]:
    findings = [_pages(), _disk(config)]
    try:
        async with database(config, share=True) as found:
            findings += [each async for each in _looked(found.service_url)]
    except (*_OUTAGES, PostgresError) as error:
        then = "start it, or correct SOCAI_DATABASE_URL"
        findings.append(Finding(check="database", state="bad", found=str(error), then=then))
    return findings


async def _looked(url: str) -> AsyncIterator[Finding]:
    async with asyncpg.create_pool(
        url, min_size=1, max_size=2, timeout=CONNECT_SECONDS_MAX
    ) as pool:
        for name, look in LOOKS.items():
            try:
                yield await look(pool)
            except (asyncpg.PostgresError, PostgresError) as error:
                yield Finding(check=name, state="unknown", found=str(error))


async def _server(pool: asyncpg.Pool) -> Finding:
    async with pool.acquire() as connection:
        server_version_check(connection)
        version = connection.get_server_version()
    return Finding(
        check="database", state="ok", found=f"PostgreSQL {version.major}.{version.minor}"
    )


async def _migrations(pool: asyncpg.Pool) -> Finding:
    async with pool.acquire() as connection:
        missing = await pending(connection)  # type: ignore[arg-type] - asyncpg's proxy is one
    return Finding(
        check="migrations",
        state="bad" if missing else "ok",
        found=f"missing: {', '.join(missing)}" if missing else "none missing",
        then="socai migrate apply" if missing else "",
    )


async def _rights(pool: asyncpg.Pool) -> Finding:
    may_change = await pool.fetchval(MAY_CHANGE)
    return Finding(
        check="rights",
        state="bad" if may_change else "ok",
        found="may change recorded events" if may_change else "may append, may not change",
        then="serve as socai_service, not as the owner" if may_change else "",
    )


async def _guard(pool: asyncpg.Pool) -> Finding:
    found = [each for each in await drift(pool) if each.kind != WINDOW]
    shown = "; ".join(str(each) for each in found[:DRIFT_SHOWN_MAX])
    more = f"; and {len(found) - DRIFT_SHOWN_MAX} more" if len(found) > DRIFT_SHOWN_MAX else ""
    return Finding(
        check="guard",
        state="bad" if found else "ok",
        found=shown + more if found else "the database refuses what the migrations say",
        then="find out who changed it, then put it back as a superuser" if found else "",
    )


async def _wall(pool: asyncpg.Pool) -> Finding:
    if not await stands(pool):
        found, then = "its owner may change everything", "SOCAI_SUPERUSER_URL=… socai migrate apply"
        return Finding(check="wall", state="bad", found=found, then=then)
    opened = await window(pool)
    if opened is None or not opened.is_open:
        return Finding(check="wall", state="ok", found="no maintenance window is open")
    found = f"a maintenance window is open until {opened.until:%H:%M} UTC: {opened.reason}"
    return Finding(check="wall", state="bad", found=found, then="socai maintenance close")


async def _models(pool: asyncpg.Pool) -> Finding:
    now = await standing(pool)
    found = f"at {now.shown} of {now.head}"
    if now.stopped:
        names = ", ".join(now.stopped)
        then = "see its error in model.projection; correct the code, then `socai rebuild`"
        return Finding(check="read models", state="bad", found=f"stopped: {names}", then=then)
    behind = now.lag > LAG_POSITIONS_MAX
    then = "a running `socai serve` catches up" if behind else ""
    return Finding(check="read models", state="bad" if behind else "ok", found=found, then=then)


async def _seal(pool: asyncpg.Pool) -> Finding:
    now = await standing(pool)
    ago = now.signer_seconds_ago
    if now.halted is not None:
        state, found, then = "bad", f"recording is halted: {now.halted}", "socai verify"
    elif ago is None:
        state, found, then = "bad", "nobody signs the log", "socai seal init; socai seal run"
    elif ago > LATE_SECONDS:
        state, found, then = "bad", f"no signer looked for {ago:.0f} s", "socai seal run"
    else:
        state, found, then = "ok", f"{now.sealed} of {now.head} events are signed", ""
    return Finding(check="seal", state=state, found=found, then=then)


async def _clock(pool: asyncpg.Pool) -> Finding:
    before = datetime.now(UTC)
    theirs = await pool.fetchval(NOW)
    after = datetime.now(UTC)
    apart = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0)
    wrong = apart > CLOCK_SECONDS_MAX
    return Finding(
        check="clock",
        state="bad" if wrong else "ok",
        found=f"{apart:.1f} s from the database's",
        then="synchronise both with NTP" if wrong else "",
    )


def _disk(config: Config) -> Finding:
    folder = next(
        each for each in (config.data.absolute(), *config.data.absolute().parents) if each.exists()
    )
    free = shutil.disk_usage(folder).free
    short = free < DISK_BYTES_MIN
    return Finding(
        check="disk",
        state="bad" if short else "ok",
        found=f"{free / 1e9:.1f} GB free at {folder}",
        then="make room" if short else "",
    )


def _pages() -> Finding:
    here = (Path(STATIC) / "graphiql" / "graphiql.js").exists()
    return Finding(
        check="GraphiQL",
        state="ok" if here else "bad",
        found="its files are here" if here else "its files are absent",
        then="" if here else "make graphiql",
    )


LOOKS: dict[str, Look] = {
    "database": _server,
    "migrations": _migrations,
    "rights": _rights,
    "guard": _guard,
    "wall": _wall,
    "read models": _models,
    "seal": _seal,
    "clock": _clock,
}
