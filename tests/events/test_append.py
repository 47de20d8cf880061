"""Many callers, one order: gapless positions, each command once, a refusal that disturbs nobody."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest

from events.appender import (
    APPEND,
    Appender,
    LedgerBusyError,
    NotRecordedError,
    OutcomeUnknownError,
)
from events.entry import Entry, Placed, arguments
from events.follower import Follower
from events.log import IdempotencyMismatch, Log, VersionConflict
from events.rules import AlreadyReserved
from tests.checkers import gaps, stored, violations
from tests.entries import entry, fill, in_flight

WRITES = 12 * int(os.environ.get("SOCAI_SOAK", "1"))


@pytest.fixture
async def appender(database_url: str) -> AsyncIterator[Appender]:
    async with Appender(database_url) as opened:
        yield opened


@pytest.fixture
async def lock(owner_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Somebody who holds the head: all appends gather until `COMMIT`."""
    holder = await asyncpg.connect(owner_url)
    try:
        await holder.execute("BEGIN; SELECT FROM ledger.head FOR UPDATE")
        yield holder
    finally:
        await holder.close()


async def together(
    appender: Appender, lock: asyncpg.Connection, *entries: Entry
) -> list[Placed | BaseException]:
    """Append all in one batch: they gather while a first one waits for the head."""
    first = asyncio.ensure_future(appender.append(entry(f"period-{uuid4().hex}")))
    await in_flight(appender)
    rest = [asyncio.ensure_future(appender.append(each)) for each in entries]
    await asyncio.sleep(0)
    await lock.execute("COMMIT")
    await first
    return await asyncio.gather(*rest, return_exceptions=True)


async def commits(pool: asyncpg.Pool) -> list[tuple[int, int]]:
    """First and last position of every batch."""
    rows = await pool.fetch(
        "SELECT first_position, last_position FROM ledger.commit ORDER BY last_position"
    )
    return [(row[0], row[1]) for row in rows]


async def test_positions_are_gapless_and_in_order_under_a_burst_of_writers(
    database_url: str, superuser_url: str
) -> None:
    """32 writers on two appenders, and a follower that watches it grow."""
    acknowledged: dict[str, int] = {}
    seen: list[int] = []

    async def write(appender: Appender, stream: str) -> None:
        for version in range(WRITES):
            says = f"{stream}-{version}"
            placed = await appender.append(entry(stream, version, says))
            acknowledged[says] = placed.first

    async def watch(follower: Follower) -> None:
        async for page in follower.follow(0, limit=7):
            seen.extend(each.position for each in page)
            if len(seen) >= 32 * WRITES:
                return

    async with (
        asyncpg.create_pool(database_url, min_size=1) as pool,
        Appender(database_url) as one,
        Appender(database_url) as other,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(watch(Follower(Log(pool), poll_s=0.01)))
        for number in range(32):
            group.create_task(write((one, other)[number % 2], f"period-w{number}"))
    events = await stored(superuser_url)
    assert len(events) == 32 * WRITES
    assert violations(events, acknowledged, [seen]) == []


async def test_the_lines_of_an_entry_stand_side_by_side(appender: Appender) -> None:
    await fill(appender, 1)
    placed = await appender.append(entry("period-x", lines=3))
    assert (placed.first, placed.last) == (2, 4)
    assert (await appender.append(entry("period-x", 3))).first == 5


async def test_the_same_command_is_recorded_once_and_answered_alike(
    appender: Appender, pool: asyncpg.Pool
) -> None:
    asked = entry("period-x", lines=2)
    first = await appender.append(asked)
    again = await asyncio.gather(*(appender.append(asked) for _ in range(10)))
    assert again == [replace(first, repeated=True)] * 10
    assert (await Log(pool).head()).position == 2


async def test_a_command_id_is_not_given_to_another_command(appender: Appender) -> None:
    asked = entry("period-x", says="this")
    await appender.append(asked)
    other = entry("period-x", 1, says="that", command_id=asked.command_id)
    with pytest.raises(IdempotencyMismatch) as refused:
        await appender.append(other)
    assert refused.value.command_id == asked.command_id


async def test_a_stream_that_moved_on_is_a_conflict_with_both_versions(appender: Appender) -> None:
    await fill(appender, 3, "period-x")
    with pytest.raises(VersionConflict) as refused:
        await appender.append(entry("period-x", 1))
    assert refused.value == VersionConflict(stream="period-x", expected=1, actual=3)
    with pytest.raises(VersionConflict) as refused:
        await appender.append(entry("period-y", 2))
    assert refused.value == VersionConflict(stream="period-y", expected=2, actual=0)


async def test_a_neighbour_that_moved_on_is_a_conflict_too(appender: Appender) -> None:
    await fill(appender, 2, "period-n")
    await appender.append(entry("period-x", guards={"period-n": 2, "period-never": 0}))
    with pytest.raises(VersionConflict) as refused:
        await appender.append(entry("period-x", 1, guards={"period-n": 1}))
    assert refused.value == VersionConflict(stream="period-n", expected=1, actual=2)


async def test_a_key_has_one_holder(appender: Appender) -> None:
    holder = entry("period-x", keys=["tax:1", "tax:2"])
    await appender.append(holder)
    with pytest.raises(AlreadyReserved) as refused:
        await appender.append(entry("period-y", keys=["tax:3", "tax:2"]))
    assert refused.value.key == "tax:2"
    assert (await appender.append(entry("period-z", keys=["tax:3"]))).first == 2
    assert (await appender.append(holder)).repeated, "its own key does not refuse it"


async def test_a_refused_command_disturbs_no_other_of_its_batch(
    appender: Appender, lock: asyncpg.Connection, superuser_url: str
) -> None:
    known = entry("period-known", says="known")
    answers = await together(
        appender,
        lock,
        entry("period-a", says="a", lines=2),
        entry("period-b", 5, says="b", lines=2),
        entry("period-c", says="c", guards={"period-n": 1}),
        entry("period-d", says="d", lines=2),
        known,
    )
    kinds = [type(each).__name__ for each in answers]
    assert kinds == ["Placed", "VersionConflict", "VersionConflict", "Placed", "Placed"]
    events = await stored(superuser_url)
    assert [each.token for each in events] == ["x", "a", "a", "d", "d", "known"]
    assert [each.first for each in answers if isinstance(each, Placed)] == [2, 4, 6]
    assert gaps(events) == []


async def test_a_batch_leaves_one_commit(
    appender: Appender, lock: asyncpg.Connection, pool: asyncpg.Pool
) -> None:
    await together(appender, lock, *(entry(f"period-{number}") for number in range(5)))
    assert await commits(pool) == [(1, 1), (2, 6)]


async def test_a_poison_entry_fails_alone(
    appender: Appender, lock: asyncpg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    """Its columns lie about its body, which is a bug: the database finds it, for this one."""
    healthy, poison = entry("period-a"), entry("period-b")
    lying = replace(poison, lines=[replace(poison.lines[0], type="PeriodClosed")])
    unsendable = replace(entry("period-c"), fingerprint="no bytes")  # type: ignore[arg-type]
    answers = await together(appender, lock, healthy, lying, unsendable, entry("period-d"))
    kinds = [type(each) for each in answers]
    assert kinds == [Placed, NotRecordedError, NotRecordedError, Placed]
    assert str(lying.command_id) in caplog.text


async def test_commands_that_touch_each_other_wait_for_the_next_batch(
    appender: Appender, lock: asyncpg.Connection, pool: asyncpg.Pool
) -> None:
    """Same stream, same id, same key, a guard on what another writes: all are answered."""
    asked = entry("period-a")
    answers = await together(
        appender,
        lock,
        asked,
        asked,
        entry("period-a", 1),
        entry("period-b", keys=["k"]),
        entry("period-c", keys=["k"]),
        entry("period-d", guards={"period-e": 0}),
        entry("period-e"),
        entry("period-f"),
        entry("period-g", guards={"period-f": 0}),
        replace(entry("period-h"), command_id=asked.command_id),
    )
    told = [each.repeated if isinstance(each, Placed) else type(each).__name__ for each in answers]
    assert told == [
        *(False, True, False, False, "AlreadyReserved"),
        *(False, False, False, "VersionConflict", "IdempotencyMismatch"),
    ]
    assert await commits(pool) == [(1, 1), (2, 5), (6, 6), (7, 7)], "nothing was sent in vain"


async def test_the_database_refuses_a_batch_whose_commands_touch_each_other(
    pool: asyncpg.Pool,
) -> None:
    """Should an appender forget to keep them apart, nothing is recorded out of turn."""
    same = entry("period-a")
    for pair in (
        [entry("period-a", guards={"period-b": 0}), entry("period-b")],
        [entry("period-a"), entry("period-a")],
        [same, replace(entry("period-b"), command_id=same.command_id)],
        [entry("period-a", keys=["k"]), entry("period-b", keys=["k"])],
    ):
        with pytest.raises(asyncpg.PostgresError):
            await pool.fetch(APPEND, *arguments(pair))
    assert (await Log(pool).head()).position == 0


async def test_a_caller_who_leaves_does_not_break_the_batch(
    appender: Appender, lock: asyncpg.Connection, pool: asyncpg.Pool
) -> None:
    gone = asyncio.ensure_future(appender.append(entry("period-gone")))
    await in_flight(appender)
    queued = asyncio.ensure_future(appender.append(entry("period-queued")))
    stays = asyncio.ensure_future(appender.append(entry("period-stays")))
    await asyncio.sleep(0)
    gone.cancel()
    queued.cancel()
    await lock.execute("COMMIT")
    assert (await stays).first == 2, "what was sent is recorded, what was not is forgotten"
    assert await Log(pool).stream("period-queued") == []


async def test_a_full_queue_refuses_at_once(database_url: str, lock: asyncpg.Connection) -> None:
    async with Appender(database_url, queue_max=2) as appender:
        waiting = [asyncio.ensure_future(appender.append(entry("period-0")))]
        await in_flight(appender)
        waiting += [asyncio.ensure_future(appender.append(entry(f"period-{n}"))) for n in (1, 2)]
        await asyncio.sleep(0)
        with pytest.raises(LedgerBusyError):
            await appender.append(entry("period-3"))
        await lock.execute("COMMIT")
        assert [each.first for each in await asyncio.gather(*waiting)] == [1, 2, 3]


async def test_no_answer_in_time_is_an_unknown_outcome_if_it_was_sent(
    database_url: str, lock: asyncpg.Connection
) -> None:
    async with Appender(database_url, patience_s=0.2) as appender:
        await appender._connected()
        sent = asyncio.ensure_future(appender.append(entry("period-sent")))
        await in_flight(appender)
        queued = asyncio.ensure_future(appender.append(entry("period-queued")))
        with pytest.raises(OutcomeUnknownError):
            await sent
        with pytest.raises(LedgerBusyError):
            await queued
        await lock.execute("COMMIT")


async def test_a_closed_ledger_takes_nothing(database_url: str) -> None:
    async with Appender(database_url) as appender:
        pass
    with pytest.raises(LedgerBusyError):
        await appender.append(entry("period-x"))


async def test_what_is_acknowledged_is_on_the_disk_whatever_the_server_is_set_to(
    superuser_url: str, database_url: str, database: str
) -> None:
    root = await asyncpg.connect(superuser_url)
    try:
        await root.execute(f"ALTER DATABASE {database} SET synchronous_commit = off")
    finally:
        await root.close()
    async with Appender(database_url) as appender:
        await appender.append(entry("period-x"))
        assert appender._connection is not None
        assert await appender._connection.fetchval("SHOW synchronous_commit") == "on"
