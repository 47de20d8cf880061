"""The relay of the log to JetStream: every event once, in order, whatever is killed or turned."""

import asyncio
import json
from random import Random

import asyncpg

from events.appender import Appender
from events.log import Log
from schema.feed.audience import PUBLIC_AUDIENCE
from schema.feed.filters import EVERYTHING
from schema.webhooks.desk import State
from service.consumers.cursors import Cursor, cursors, turned
from service.runtime import running
from tests import histories
from tests.entries import fill_many
from tests.jetstream import STREAM, Jetstream, joined, make, read, until_holds
from tests.projections.recording import record
from tests.service.relay.conftest import LOOK_SECONDS, Relaying

Pool = asyncpg.Pool
NAME = f"nats/{STREAM}"


async def cursor(pool: Pool) -> Cursor | None:
    return next(iter(await cursors(pool, NAME)), None)


async def until_at(pool: Pool, position: int) -> Cursor:
    """Wait until the relay's cursor stands there."""
    async with asyncio.timeout(30):
        while True:
            found = await cursor(pool)
            if found is not None and found.position == position:
                return found
            await asyncio.sleep(0.02)


async def until_fails(pool: Pool) -> Cursor:
    """Wait until the relay says what is in its way."""
    async with asyncio.timeout(30):
        while True:
            found = await cursor(pool)
            if found is not None and found.error is not None:
                return found
            await asyncio.sleep(0.02)


async def positions(server: Jetstream) -> list[int]:
    return [each.position for each in await read(server.url)]


async def test_what_is_in_the_stream_is_the_log_and_then_what_comes(
    relaying: Relaying, jetstream: Jetstream, pool: Pool, appender: Appender
) -> None:
    await fill_many(appender, 700)
    async with relaying():
        await until_holds(jetstream.url, 700)
        await fill_many(appender, 300)
        await until_at(pool, 1_000)
    found = await read(jetstream.url)
    assert [each.position for each in found] == list(range(1, 1_001))
    kept = await Log(pool).raw(0, 1_000)
    for each, (position, body) in zip(found, kept, strict=True):
        told = json.loads(each.body)
        assert told["data"] == json.loads(body)
        assert told["sequence"] == f"{position:020}"
        assert each.subject == "socai.events.PeriodOpened"
        assert each.headers["Content-Type"] == "application/cloudevents+json"


async def test_a_cursor_that_is_put_back_returns_to_the_end_of_the_stream_and_nothing_comes_twice(
    relaying: Relaying, jetstream: Jetstream, pool: Pool, appender: Appender
) -> None:
    await make(jetstream.url)
    await fill_many(appender, 20)
    async with relaying():
        await until_at(pool, 20)
        await asyncio.sleep(0.2)  # nobody remembers what came before
        assert await turned(pool, NAME, State.LIVE, 5)
        await until_at(pool, 20)
        await fill_many(appender, 3)
        await until_at(pool, 23)
    assert await positions(jetstream) == list(range(1, 24))


async def test_a_crash_between_sending_and_moving_the_cursor_sends_nothing_twice(
    relaying: Relaying, jetstream: Jetstream, pool: Pool, appender: Appender
) -> None:
    await make(jetstream.url)
    await fill_many(appender, 20)
    async with relaying():
        await until_at(pool, 20)
    await pool.execute("UPDATE feed.consumer SET position = 7")
    jetstream.kill()
    await asyncio.sleep(0.2)
    jetstream.start()  # it knows the last id no more, only the last sequence
    await fill_many(appender, 3)
    async with relaying():
        await until_at(pool, 23)
    assert await positions(jetstream) == list(range(1, 24))


async def test_two_relays_at_once_write_one_log(
    relaying: Relaying, jetstream: Jetstream, pool: Pool, appender: Appender
) -> None:
    await make(jetstream.url)
    async with relaying(), relaying():
        for _ in range(10):
            await fill_many(appender, 50)
        await until_at(pool, 500)
    assert await positions(jetstream) == list(range(1, 501))


async def test_a_nats_that_is_killed_again_and_again_has_everything_once(
    relaying: Relaying, jetstream: Jetstream, pool: Pool, appender: Appender
) -> None:
    async with relaying():
        for turn in range(3):
            await fill_many(appender, 50)
            await until_holds(jetstream.url, 50 * turn + 1)
            jetstream.kill()
            await fill_many(appender, 50)
            jetstream.start()
        await until_at(pool, 300)
    assert await positions(jetstream) == list(range(1, 301))


async def test_a_nats_that_is_away_is_waited_for_and_the_cursor_says_so(
    relaying: Relaying, jetstream: Jetstream, pool: Pool, appender: Appender
) -> None:
    jetstream.kill()
    await fill_many(appender, 3)
    async with relaying():
        found = await until_fails(pool)
        assert (found.position, found.lag, found.state) == (0, 3, State.LIVE)
        assert found.retry_at is not None
        jetstream.start()
        found = await until_at(pool, 3)
        assert (found.failures, found.error) == (0, None)
    assert await positions(jetstream) == [1, 2, 3]


async def test_what_nats_acknowledged_and_lost_is_sent_again(
    relaying: Relaying, jetstream: Jetstream, pool: Pool, appender: Appender
) -> None:
    await make(jetstream.url)
    await fill_many(appender, 10)
    async with relaying():
        await until_at(pool, 10)
    async with joined(jetstream.url) as client:  # as after a power cut: the end is missing
        for sequence in (8, 9, 10):
            await client.delete_msg(STREAM, sequence)
    await asyncio.sleep(0.2)
    async with relaying():
        await until_holds(jetstream.url, 10)
    assert await positions(jetstream) == list(range(1, 11))


async def test_who_purges_and_puts_the_cursor_back_gets_the_log_again_from_there(
    relaying: Relaying, jetstream: Jetstream, pool: Pool, appender: Appender
) -> None:
    await make(jetstream.url)
    await fill_many(appender, 10)
    async with relaying():
        await until_at(pool, 10)
        await turned(pool, NAME, State.PAUSED)
        await asyncio.sleep(3 * LOOK_SECONDS)
        async with joined(jetstream.url) as client:
            await client.purge_stream(STREAM)
        await turned(pool, NAME, State.LIVE, 4)
        await until_at(pool, 10)
    assert await positions(jetstream) == list(range(5, 11))


async def test_a_message_that_is_taken_for_a_duplicate_after_a_purge_is_not_counted_as_sent(
    relaying: Relaying, jetstream: Jetstream, pool: Pool, appender: Appender
) -> None:
    await make(jetstream.url, duplicate_s=1)
    await fill_many(appender, 10)
    async with relaying():
        await until_at(pool, 10)
    async with joined(jetstream.url) as client:
        await client.purge_stream(STREAM)
    await turned(pool, NAME, State.LIVE, 4)
    async with relaying():
        found = await until_fails(pool)
        assert "duplicate" in (found.error or "")
        assert found.position == 4
        await until_at(pool, 10)
    assert await positions(jetstream) == list(range(5, 11))


async def test_a_stream_that_goes_and_is_made_anew_gets_the_log_from_its_first_event(
    relaying: Relaying, jetstream: Jetstream, pool: Pool, appender: Appender
) -> None:
    await fill_many(appender, 10)
    async with relaying():
        await until_at(pool, 10)
        async with joined(jetstream.url) as client:
            await client.delete_stream(STREAM)
        await fill_many(appender, 1)
        await until_holds(jetstream.url, 11)
        await until_at(pool, 11)
    assert await positions(jetstream) == list(range(1, 12))


async def test_a_paused_relay_sends_nothing_until_it_may_go_on(
    relaying: Relaying, jetstream: Jetstream, pool: Pool, appender: Appender
) -> None:
    await fill_many(appender, 2)
    async with relaying():
        await until_at(pool, 2)
        await turned(pool, NAME, State.PAUSED)
        await asyncio.sleep(3 * LOOK_SECONDS)
        await fill_many(appender, 2)
        await asyncio.sleep(0.3)
        assert await positions(jetstream) == [1, 2]
        await turned(pool, NAME, State.LIVE)
        await until_at(pool, 4)
    assert await positions(jetstream) == [1, 2, 3, 4]


async def test_a_stream_of_another_ledger_is_not_written_to(
    relaying: Relaying, jetstream: Jetstream, pool: Pool, appender: Appender
) -> None:
    await make(jetstream.url)
    await fill_many(appender, 3)
    other = json.dumps({"id": "01900000-0000-7000-8000-000000000000"}).encode()
    async with joined(jetstream.url) as client:
        await client.publish("socai.events.PeriodOpened", other, headers={"Nats-Msg-Id": "3"})
    async with relaying():
        assert "another ledger" in ((await until_fails(pool)).error or "")
    assert await positions(jetstream) == [3]


async def test_a_stream_that_reaches_beyond_the_log_is_not_written_to(
    relaying: Relaying, jetstream: Jetstream, pool: Pool, appender: Appender
) -> None:
    await make(jetstream.url)
    await fill_many(appender, 3)
    other = json.dumps({"id": "01900000-0000-7000-8000-000000000000"}).encode()
    async with joined(jetstream.url) as client:
        await client.publish("socai.events.PeriodOpened", other, headers={"Nats-Msg-Id": "9"})
    async with relaying():
        assert "put back" in ((await until_fails(pool)).error or "")
    assert await positions(jetstream) == [9]


async def test_a_message_of_somebody_else_is_told_by_its_number(
    relaying: Relaying, jetstream: Jetstream, pool: Pool, appender: Appender
) -> None:
    await make(jetstream.url)
    async with joined(jetstream.url) as client:
        await client.publish("socai.events.Rumour", b"{}")
    async with relaying():
        assert "message 1 is not the relay's" in ((await until_fails(pool)).error or "")


async def test_the_public_stream_has_what_the_public_may_read_and_nothing_else(
    relaying: Relaying, jetstream: Jetstream, superuser_url: str, database_url: str
) -> None:
    await record(superuser_url, histories.tell(Random(1), 120).recorded)
    async with running(database_url) as runtime:
        head = (await runtime.log.head()).position
        async with relaying(whole=False):
            await until_at(runtime.pool, head)
        page = await runtime.feed.read(0, head)
        seen = await runtime.feed.shown(page, EVERYTHING, PUBLIC_AUDIENCE)
    found = await read(jetstream.url)
    assert [each.position for each in found] == [each.position for each in seen]
    assert 0 < len(found) < head
    told = [json.loads(each.body)["data"] for each in found]
    assert all("commandId" not in each and "id" not in each["actor"] for each in told)
