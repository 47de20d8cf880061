"""`socai events`: read the log."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Annotated, Any, Final, LiteralString, TypeVar

import orjson
from cyclopts import App, Parameter

from events.envelope import Recorded
from events.log import Log
from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.cli.output import Output, Row, say, show, write
from service.config import Config
from service.database import connected, database
from service.pools import reading

T = TypeVar("T")
PAGE = 500
STATS: Final[LiteralString] = """
    SELECT type, count(*) AS events, min(position) AS first, max(position) AS last
    FROM ledger.event
    GROUP BY type
    ORDER BY events DESC, type
"""

app = App(name="events", help="Read the log.")


@app.command
def read(
    *,
    after: Annotated[int, Parameter(help="Only events after this position.")] = 0,
    limit: Annotated[int, Parameter(help="How many.")] = 50,
    stream: Annotated[str | None, Parameter(help="Only this stream, such as cs-01's.")] = None,
    data: DataFolder = None,
    output: Output = None,
) -> None:
    """List events, oldest first."""

    async def rows(log: Log) -> list[Row]:
        if stream is not None:
            found = await log.stream(stream)
            if not found:
                raise Stop(Exit.NOT_FOUND, f"nothing was ever recorded in {stream}")
            return [line(each) for each in found if each.position > after][:limit]
        return [line(each) async for each in _paged(log, after, limit)]

    show(run(_asked(settings(data=data), rows)), output)


@app.command(name="show")
def show_one(position: int, /, *, data: DataFolder = None, output: Output = None) -> None:
    """Print one event whole; with -o json or ndjson, the very bytes that were recorded."""

    async def body(log: Log) -> bytes:
        found = await log.raw(position - 1, 1)
        if not found or found[0][0] != position:
            raise Stop(Exit.NOT_FOUND, f"there is no event at position {position}")
        return found[0][1]

    recorded = run(_asked(settings(data=data), body))
    if output in {"json", "ndjson"}:
        write(recorded.decode())
        return
    flat = _flat("", orjson.loads(recorded))
    show([{"field": name, "value": value} for name, value in flat.items()], output)


@app.command
def stats(*, data: DataFolder = None, output: Output = None) -> None:
    """Count events by type."""

    async def counted(config: Config) -> list[Row]:
        async with database(config, share=True) as found, connected(found.service_url) as service:
            return [dict(each) for each in await service.fetch(STATS)]

    rows = run(counted(settings(data=data)))
    show(rows, output)
    say(f"{sum(row['events'] for row in rows)} events")  # type: ignore[misc]


@asynccontextmanager
async def opened(config: Config) -> AsyncIterator[Log]:
    """The log, to look at."""
    async with database(config, share=True) as found, reading(found.service_url, 1) as pool:
        yield Log(pool)


def line(event: Recorded[object]) -> Row:
    """One event in one line."""
    return {
        "position": event.position,
        "recordedAt": event.recorded_at,
        "effectiveDate": event.effective_on,
        "type": event.type,
        "stream": event.stream,
        "version": event.version,
        "synthetic": event.synthetic,
    }


async def _asked(config: Config, question: Callable[[Log], Coroutine[Any, Any, T]]) -> T:
    async with opened(config) as log:
        return await question(log)


async def _paged(log: Log, after: int, limit: int) -> AsyncIterator[Recorded[object]]:
    left = limit
    while left > 0:
        page = await log.read(after, min(left, PAGE))
        for each in page:
            yield each
        if not page:
            return
        after, left = page[-1].position, left - len(page)


def _flat(prefix: str, tree: dict[str, Any]) -> dict[str, object]:
    flat: dict[str, object] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            flat |= _flat(f"{prefix}{name}.", value)
        else:
            flat[prefix + name] = value
    return flat
