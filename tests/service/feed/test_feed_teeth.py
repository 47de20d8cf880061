"""The checks bite: consumers with one flaw each are seen to miss or to double, sound ones are not.

The same kill at the same moment, with the flaw and without it.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from nats.js.api import Header
from nats.js.errors import APIError

from events.appender import Appender
from service.runtime import Runtime, running
from tests.checkers import stored
from tests.entries import fill_many
from tests.jetstream import Jetstream, joined, make, read
from tests.proxy import Proxy
from tests.schema.served import served
from tests.service.courier.hooks import TEMPO, cursor, delivering, registered, standing
from tests.service.courier.receiver import Receiver
from tests.service.feed.checks import Log, brought, delivered, followed, recorded_once
from tests.service.feed.consumer import FROM_THE_HEAD, SAVES_FIRST
from tests.service.feed.journal import Got, Session, sessions
from tests.service.feed.machine import INTEGRATOR, introduced
from tests.service.feed.programs import Client, Wish, client, free_port, receiver
from tests.service.feed.receiver import ANSWERS_FIRST
from tests.service.feed.writing import Writer

DEADLINE_SECONDS = 60
PATIENT = replace(TEMPO, answer_s=5.0, failures_max=1_000)
"""A receiver that is just being started again is no reason to give it up."""
IDS = {1: "a", 2: "b", 3: "c"}
ONE, TWO, THREE = (Got(position, told, f"{told}…") for position, told in IDS.items())
LOG = Log(IDS, dict.fromkeys(IDS, "PeriodOpened"))
ALL = list(IDS)


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for what must come; the deadline is only for a test that has failed."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not is_so():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


async def recorded(url: str, events: int, seed: int) -> int:
    """Some more; the head."""
    writer = Writer(url, seed)
    async with asyncio.TaskGroup() as group:
        group.create_task(writer.run())
        await writer.until(events)
        writer.is_enough = True
    return max(writer.acknowledged.values())


async def delivered_one(runtime: Runtime) -> None:
    """Until the receiver has said yes to something."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while (await cursor(runtime)).position == 0:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)


def seen(one: Client) -> Sequence[int]:
    """What it wrote down, in all its sessions."""
    return [got.position for session in sessions(one.journal) for got in session.got]


@pytest.mark.parametrize("flaw", ["", SAVES_FIRST, FROM_THE_HEAD])
async def test_a_client_that_is_killed_misses_something_only_with_a_flaw(
    flaw: str, database_url: str, owner_url: str, superuser_url: str, tmp_path: Path
) -> None:
    key = await introduced(database_url, owner_url)
    async with (
        running(database_url) as runtime,
        served(runtime) as address,
        Proxy(f"http://{address}") as wire,
    ):
        one = client(Wish(door="sse"), wire, tmp_path / "sse", key, flaw)
        try:
            one.program.start()
            await until(lambda: one.journal.exists() and bool(sessions(one.journal)))
            await recorded(database_url, 10, seed=1)
            await until(lambda: one.cursor > 2)
            one.program.end()
            await recorded(database_url, 10, seed=2)
            one.program.start()
            await until(lambda: len(sessions(one.journal)) > 1)
            head = await recorded(database_url, 10, seed=3)
            await until(lambda: head in seen(one))
        finally:
            one.program.end()
    log = Log.of(await stored(superuser_url))
    found = followed(log, list(log.ids), sessions(one.journal))
    if flaw:
        assert any("came back at" in fault for fault in found), found
        assert any("F1 missed" in fault for fault in found), found
    else:
        assert found == []


@pytest.mark.parametrize("flaw", ["", ANSWERS_FIRST])
async def test_a_receiver_that_is_killed_misses_something_only_if_it_answers_too_early(
    flaw: str, database_url: str, owner_url: str, superuser_url: str, tmp_path: Path
) -> None:
    await introduced(database_url, owner_url)
    port = free_port()
    async with (
        running(database_url) as runtime,
        Proxy(f"http://127.0.0.1:{port}/hooks") as wire,
    ):
        one = receiver(port, wire, tmp_path / "hooks", flaw)
        try:
            one.program.start()
            await registered(runtime, Receiver(url=wire.url), principal=INTEGRATOR)
            head = await recorded(database_url, 10, seed=1)
            await until(lambda: one.size > 0)
            async with delivering(runtime, PATIENT):
                await delivered_one(runtime)
                one.program.end()
                one.program.start()
                await standing(runtime, position=head, seconds=DEADLINE_SECONDS)
                await until(lambda: head in seen(one))
        finally:
            one.program.end()
    log = Log.of(await stored(superuser_url))
    got = [each for session in sessions(one.journal) for each in session.got]
    found = delivered(log, list(log.ids), got)
    assert any("F1 missed" in fault for fault in found) is bool(flaw), found


@pytest.mark.parametrize("is_fenced", [True, False])
async def test_a_relay_that_crashes_before_its_cursor_doubles_only_without_a_fence(
    database_url: str, superuser_url: str, tmp_path: Path, *, is_fenced: bool
) -> None:
    """The id of a message is not enough: a server forgets it after its duplicate window."""
    async with Appender(database_url) as appender:
        await fill_many(appender, 10)
    log = Log.of(await stored(superuser_url))

    async def relayed(url: str, after: int) -> None:
        async with joined(url) as jetstream:
            for position in range(after + 1, 11):
                headers = {Header.MSG_ID.value: str(position)}
                if is_fenced:
                    headers[Header.EXPECTED_LAST_SEQUENCE.value] = str(position - 1)
                with suppress(APIError):  # it is there already
                    await jetstream.publish("socai.events.X", b"{}", headers=headers)

    with Jetstream(tmp_path / "nats") as nats:
        await make(nats.url)
        await relayed(nats.url, after=0)
        await asyncio.sleep(0.3)
        await relayed(nats.url, after=5)
        positions = [each.position for each in await read(nats.url)]
    found = brought(log, positions, [log.ids[each] for each in positions])
    assert any("F5 more than once" in fault for fault in found) is not is_fenced, found


@pytest.mark.parametrize(
    ("found", "fault"),
    [
        ([Session(0, [ONE, TWO, THREE])], ""),
        ([Session(0, [ONE, TWO]), Session(1, [TWO, THREE])], ""),
        ([Session(0, [ONE]), Session(1, []), Session(1, [TWO, THREE])], ""),
        ([Session(0, [ONE, TWO])], "F1 missed 1 of 3: [3]"),
        ([Session(0, [ONE]), Session(2, [THREE])], "F2 came back at 2 without [2]"),
        ([Session(0, [ONE, THREE, TWO])], "F2 after 0 came 3 where 2 was due"),
        ([Session(0, [ONE, ONE, TWO, THREE])], "F2 after 0 came 1 where 2 was due"),
        ([Session(0, [ONE, TWO, THREE, Got(4, "d", "d…")])], "F2 after 0 came 4 where"),
        (
            [Session(0, [ONE, TWO]), Session(1, [TWO._replace(told="?"), THREE])],
            "F3 2 came again as something else",
        ),
        ([Session(0, [ONE, TWO._replace(id="x"), THREE])], "F3 2 came as x"),
    ],
)
def test_every_fault_of_a_follower_is_told_by_its_name(found: list[Session], fault: str) -> None:
    told = followed(LOG, ALL, found)
    assert any(each.startswith(fault) for each in told) if fault else told == []


@pytest.mark.parametrize(
    ("got", "fault"),
    [
        ([ONE, TWO, THREE], ""),
        ([ONE, TWO, TWO, ONE, THREE], ""),
        ([ONE, THREE], "F1 missed 1 of 3: [2]"),
        ([ONE, THREE, TWO], "F2 not in order after [3]"),
        ([ONE, TWO, TWO._replace(told="?"), THREE], "F3 2 came again as something else"),
        ([ONE, TWO, THREE, Got(4, "d", "d…")], "F4 [4] was not for it"),
    ],
)
def test_every_fault_of_a_delivery_is_told_by_its_name(got: list[Got], fault: str) -> None:
    told = delivered(LOG, ALL, got)
    assert any(each.startswith(fault) for each in told) if fault else told == []


def test_every_fault_of_a_stream_is_told_by_its_name() -> None:
    assert brought(LOG, ALL, list(IDS.values())) == []
    assert brought(LOG, [1, 1, 2, 3], ["a", "a", "b", "c"]) == ["F5 more than once: [1]"]
    assert brought(LOG, [1, 3, 2], ["a", "c", "b"]) == ["F2 the stream is not in order"]
    assert brought(LOG, [1, 2, 3], ["a", "b", "x"]) == ["F3 another id at [3]"]
    assert brought(LOG, [1, 2], ["a", "b"]) == ["F1 missed 1 of 3: [3]"]


async def test_a_command_that_is_not_where_it_was_said_to_be_is_told(
    database_url: str, superuser_url: str, pool: asyncpg.Pool
) -> None:
    writer = Writer(database_url, seed=1)
    async with asyncio.TaskGroup() as group:
        group.create_task(writer.run())
        await writer.until(3)
        writer.is_enough = True
    events = await stored(superuser_url)
    told = writer.acknowledged
    assert recorded_once(events, told) == []
    command, position = next(iter(told.items()))
    wrong = f"I1 command {command} acknowledged at 9, stored at [{position}]"
    assert recorded_once(events, {command: 9}) == [wrong]
    again = [*events, replace(events[position - 1], position=len(events) + 1)]
    assert recorded_once(again, told)[0].startswith(f"I1 command {command} acknowledged")
