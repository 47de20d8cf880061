"""The checkers bite: a log that takes its positions from a sequence is seen to lose events.

The same two writers and the same reader, once on a table with a sequence and once on ours. Nothing
breaks here: this happens on a healthy server, whenever the later number commits first.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from events.appender import APPEND, Appender
from events.entry import arguments
from events.log import READ
from tests.checkers import Stored, backwards, doubled, gaps, lost, missed, stored, unsealed
from tests.entries import entry, fill

SEQUENCE = """
    CREATE TABLE sequenced (position bigserial PRIMARY KEY, body bytea NOT NULL)
"""
WRITE = "INSERT INTO sequenced (body) VALUES ($1)"
TAIL = "SELECT position, body FROM sequenced WHERE position > $1 ORDER BY position LIMIT $2"


class Reader:
    """Reads what lies beyond the last position it has seen, as every subscriber does."""

    def __init__(self, connection: asyncpg.Connection, statement: str) -> None:
        self._connection, self._statement = connection, statement
        self.seen: list[int] = []

    async def look(self) -> None:
        after = self.seen[-1] if self.seen else 0
        rows = await self._connection.fetch(self._statement, after, 100)
        self.seen += [row[0] for row in rows]


@pytest.fixture
async def connections(superuser_url: str) -> AsyncIterator[list[asyncpg.Connection]]:
    several = [await asyncpg.connect(superuser_url) for _ in range(3)]
    yield several
    for each in several:
        each.terminate()


async def test_a_reader_of_a_sequence_misses_what_commits_late(
    connections: list[asyncpg.Connection],
) -> None:
    slow, quick, third = connections
    await third.execute(f"SET event_triggers = off; {SEQUENCE}; RESET event_triggers")
    reader = Reader(third, TAIL)
    begun = slow.transaction()
    await begun.start()
    await slow.execute(WRITE, b"takes its number first")
    await quick.execute(WRITE, b"commits first")
    await reader.look()
    await begun.commit()
    await reader.look()
    events = [
        Stored(position=row[0], body=row[1], leaf=b"", stream="", version=0)
        for row in await third.fetch(TAIL, 0, 100)
    ]
    assert [each.position for each in events] == [1, 2]
    assert missed(events, reader.seen) == ["I4 saw 1 of 2, never [1]; order or number is wrong"]


async def test_a_reader_of_the_log_misses_nothing_of_the_same(
    connections: list[asyncpg.Connection], superuser_url: str
) -> None:
    slow, quick, third = connections
    reader = Reader(third, READ)
    begun = slow.transaction()
    await begun.start()
    await slow.fetch(APPEND, *arguments([entry("period-a")]))
    second = asyncio.ensure_future(quick.fetch(APPEND, *arguments([entry("period-b")])))
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    while await third.fetchval(waits) == 0:
        await reader.look()
    assert reader.seen == []
    await begun.commit()
    await second
    await reader.look()
    assert missed(await stored(superuser_url), reader.seen) == []
    assert reader.seen == [1, 2]


async def test_every_checker_bites(database_url: str, superuser_url: str) -> None:
    async with Appender(database_url) as appender:
        await fill(appender, 3)
    one, two, three = healthy = await stored(superuser_url)
    named = [
        replace(each, body=each.body.replace(b'"x"', b'"x%d"' % each.position)) for each in healthy
    ]
    assert lost(named, {"x1": 1, "x2": 2}) == []
    assert lost(named, {"x1": 1, "x9": 2}) == ["I1 x9: acknowledged at 2, stored at None"]
    assert lost(named, {"x1": 2}) == ["I1 x1: acknowledged at 2, stored at 1"]
    assert doubled(healthy) == ["I2 x: stored 3 times"]
    assert gaps(healthy) == []
    assert gaps([one, three])[0] == "I3 position 3 stands at place 2"
    assert missed(healthy, [1, 2, 3]) == []
    for seen in ([1, 3], [1, 2, 2, 3], [2, 1, 3]):
        assert missed(healthy, seen) != []
    assert unsealed(healthy) == []
    assert unsealed([replace(one, leaf=two.leaf)]) == ["I6 position 1"]
    assert backwards(healthy) == []
    assert backwards([two, one])[0].startswith("I9 position 2")
