"""Whatever people or faults change while webhooks are delivered."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from service.consumers.cursors import State, turned
from service.courier.endpoints import forgotten
from service.runtime import Runtime, running
from tests.proxy import Proxy
from tests.service.courier.hooks import (
    TEMPO,
    attempts,
    changed,
    cursor,
    delivering,
    head,
    registered,
    satisfied,
    secret_of,
    standing,
    wished,
)
from tests.service.courier.receiver import Got, Receiver, status

FROM = 560
PATIENCE_SECONDS = 20


async def test_whoever_is_killed_goes_on_from_the_cursor(fund: Runtime, receiver: Receiver) -> None:
    end = await head(fund)
    await registered(fund, receiver, after=FROM)
    for count in (4, 9, 15):
        async with delivering(fund):
            await receiver.until(count)
    async with delivering(fund):
        await standing(fund, position=end)
    assert sorted(set(receiver.positions)) == list(range(FROM + 1, end + 1))
    assert receiver.positions == sorted(receiver.positions)
    assert len(receiver.positions) <= end - FROM + 3, "each kill sends one event twice at most"


async def test_an_outage_of_the_database_delays_it(fund_url: str, receiver: Receiver) -> None:
    async with Proxy(fund_url) as proxy, running(fund_url) as direct:
        await registered(direct, receiver, after=FROM)
        async with running(proxy.url, projecting=False) as fund, delivering(fund):
            await receiver.until(5)
            proxy.cut()
            await receiver.until(10)
            proxy.cut()
            await standing(direct, position=await head(direct))
            end = await head(direct)
    assert sorted(set(receiver.positions)) == list(range(FROM + 1, end + 1))
    assert receiver.positions == sorted(receiver.positions)


async def test_a_cursor_that_is_put_back_while_it_moves_is_obeyed(
    fund: Runtime, receiver: Receiver
) -> None:
    name = await registered(fund, receiver, after=FROM)
    async with delivering(fund, replace(TEMPO, wake_s=0.5)):
        await receiver.until(8)
        assert await turned(fund.pool, name, State.LIVE, FROM - 5)
        count = len(receiver.got)
        await receiver.until(count + 20)
        await standing(fund, position=await head(fund))
    turn = receiver.positions.index(FROM - 4)
    assert turn <= count + 1, "who moves sees it at once"
    assert receiver.positions[:turn] == [FROM + 1 + each for each in range(turn)]
    assert receiver.positions[turn:] == list(range(FROM - 4, await head(fund) + 1))


async def test_a_cursor_that_is_put_back_while_it_rests_is_obeyed(
    fund: Runtime, receiver: Receiver
) -> None:
    end = await head(fund)
    name = await registered(fund, receiver, after=end)
    async with delivering(fund):
        await asyncio.sleep(0.2)
        assert await turned(fund.pool, name, State.LIVE, end - 3)
        await receiver.until(3)
        await standing(fund, position=end)
    assert receiver.positions == [end - 2, end - 1, end]


async def test_a_pause_lasts_until_it_is_resumed(fund: Runtime, receiver: Receiver) -> None:
    name = await registered(fund, receiver, after=FROM)
    async with delivering(fund):
        await receiver.until(3)
        await turned(fund.pool, name, State.PAUSED)
        await asyncio.sleep(0.5)
        count, paused = len(receiver.got), await cursor(fund)
        await asyncio.sleep(0.3)
        found = await cursor(fund)
        assert (len(receiver.got), found.position) == (count, paused.position)
        assert found.state is State.PAUSED
        await turned(fund.pool, name, State.LIVE)
        await standing(fund, position=await head(fund))
    assert sorted(set(receiver.positions)) == list(range(FROM + 1, await head(fund) + 1))


async def test_a_failure_does_not_set_going_what_was_stopped_meanwhile(
    fund: Runtime, receiver: Receiver
) -> None:
    name = await registered(fund, receiver, after=FROM)
    receiver.answers = [0.3]
    async with delivering(fund, replace(TEMPO, wake_s=30, answer_s=0.4)):
        await receiver.until(1)
        await turned(fund.pool, name, State.PAUSED)
        await asyncio.sleep(0.6)
    assert (await cursor(fund)).state is State.PAUSED


async def test_what_is_removed_or_sent_elsewhere_is_no_longer_sent_here(
    fund: Runtime, receiver: Receiver
) -> None:
    await registered(fund, receiver, after=FROM)
    receiver.answers = [0.05]
    async with delivering(fund, replace(TEMPO, failures_max=1000)):
        await receiver.until(2)
        await changed(fund, "removed_at = clock_timestamp()")
        await asyncio.sleep(0.5)
        count = len(receiver.got)
        await asyncio.sleep(0.3)
    assert len(receiver.got) == count


async def test_while_the_secret_is_changed_both_sign(fund: Runtime, receiver: Receiver) -> None:
    await registered(fund, receiver, after=FROM)
    async with delivering(fund):
        await receiver.until(2)
        await changed(fund, "generation = 2, rotated_at = $2", datetime.now(UTC))
        await standing(fund, position=await head(fund))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not _is_signed(receiver.got[-1], generation=2):
                await wished(fund, 12)
                await satisfied(fund)
    first, last = receiver.got[0], receiver.got[-1]
    assert first.verified(secret_of())
    with pytest.raises(WebhookVerificationError):
        first.verified(secret_of(generation=2))
    assert last.verified(secret_of()) == last.verified(secret_of(generation=2))


def _is_signed(got: Got, generation: int) -> bool:
    try:
        got.verified(secret_of(generation=generation))
    except WebhookVerificationError:
        return False
    return True


async def test_an_event_is_sent_once_more_beside_the_order(
    fund: Runtime, receiver: Receiver
) -> None:
    end = await head(fund)
    await registered(fund, receiver, after=end)
    async with delivering(fund):
        await wished(fund, 12)
        await wished(fund, 7)
        await satisfied(fund)
        receiver.answers = [status(500)]
        await wished(fund, 8)
        await satisfied(fund)
    assert receiver.positions == [12, 7, 8]
    found = await cursor(fund)
    assert (found.position, found.failures, found.state) == (end, 0, State.LIVE)
    rows = [(e["position"], e["is_redelivery"], e["status"]) for e in await attempts(fund)]
    assert rows == [(12, True, 204), (7, True, 204), (8, True, 500)]


async def test_the_last_attempts_of_each_endpoint_are_kept(
    fund: Runtime, receiver: Receiver
) -> None:
    await registered(fund, receiver, after=FROM)
    async with delivering(fund):
        await standing(fund, position=await head(fund))
    before = [each["position"] for each in await attempts(fund)]
    await forgotten(fund.pool, "another", 0)
    await forgotten(fund.pool, "kho-bac")
    assert [each["position"] for each in await attempts(fund)] == before
    await forgotten(fund.pool, "kho-bac", 10)
    assert [each["position"] for each in await attempts(fund)] == before[-10:]
