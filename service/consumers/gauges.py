"""How far consumers are behind, in the text format of Prometheus.

    text = await gauges(pool)      # socai_feed_consumer_lag_positions{consumer="nats/socai"} 0

Every process says the same of them: they stand in the database.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

import asyncpg

from schema.webhooks.desk import State
from service.consumers.cursors import Cursor, cursors

SECONDS_MAX = 2.0
"""As for a probe: whoever scrapes waits no longer."""
Figure: TypeAlias = Callable[[Cursor], str]

_DEAF = """\
# HELP socai_feed_deaf Whether this process finds new events by polling alone: a second late.
# TYPE socai_feed_deaf gauge
socai_feed_deaf {:d}
"""
_PREFIX = "socai_feed_consumer_"
_FIGURES: Sequence[tuple[str, str, Figure]] = (
    ("lag_positions", "Events recorded after the one it stands at.", lambda each: str(each.lag)),
    (
        "lag_seconds",
        "Seconds since the first of those was recorded; 0: there is none.",
        lambda each: f"{each.late or 0:.3f}",
    ),
    ("failures", "Attempts that failed since it last moved.", lambda each: str(each.failures)),
)


async def gauges(pool: asyncpg.Pool) -> str:
    """Of every consumer that was not removed, by its name."""
    async with asyncio.timeout(SECONDS_MAX), pool.acquire() as connection:
        found = await cursors(connection)
    return "".join(f"{line}\n" for line in _lines(found))


def deaf(*, is_deaf: bool) -> str:
    """Of this process: whether it hears that the log grows."""
    return _DEAF.format(is_deaf)


def _lines(found: Sequence[Cursor]) -> Iterator[str]:
    if not found:
        return
    for name, help_, figure in _FIGURES:
        yield from _head(name, help_)
        for each in found:
            yield f'{_PREFIX}{name}{{consumer="{each.name}"}} {figure(each)}'
    yield from _head("state", "1 for the state that it is in.")
    for each in found:
        for state in State:
            is_so = int(each.state is state)
            yield f'{_PREFIX}state{{consumer="{each.name}",state="{state.name}"}} {is_so}'


def _head(name: str, help_: str) -> Iterator[str]:
    yield f"# HELP {_PREFIX}{name} {help_}"
    yield f"# TYPE {_PREFIX}{name} gauge"
