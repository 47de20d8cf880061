"""Webhooks to real receivers: every event for one, in order, whatever a receiver answers."""

from dataclasses import replace

import orjson
import pytest
from cloudevents.core.bindings.http import HTTPMessage, from_http_event

from service.consumers.cursors import State, turned
from service.courier.lines import RATE_WANTED, allowed
from service.courier.means import FAILURES_MAX, PAUSE_SECONDS_MAX, pause
from service.courier.sending import Outcome
from service.runtime import Runtime
from tests.entries import fill
from tests.service.courier.hooks import (
    TEMPO,
    attempts,
    cursor,
    delivering,
    head,
    registered,
    secret_of,
    standing,
)
from tests.service.courier.receiver import ENDLESS, GRANTED, Receiver, receiving, status

FROM = 560
"""Most tests are content with the last events of the evaluation."""


async def test_every_event_comes_once_in_order_signed_as_a_cloud_event(
    fund: Runtime, receiver: Receiver
) -> None:
    end = await head(fund)
    await registered(fund, receiver, after=FROM)
    async with delivering(fund):
        await standing(fund, position=end)
    assert receiver.positions == list(range(FROM + 1, end + 1))
    stored = {each.position: each for each in await fund.log.stored(FROM, 1000)}
    for got in receiver.got:
        recorded = stored[got.position].recorded
        event = from_http_event(HTTPMessage(headers=got.headers, body=got.body))
        assert got.verified(secret_of()) == got.told
        assert got.headers["webhook-id"] == event.get_id() == str(recorded.id)
        assert event.get_type() == f"vn.socai.{type(recorded.fact).__name__}"
        assert event.get_subject() == recorded.stream
        assert event.get_time() == recorded.recorded_at
        assert event.get_data() == orjson.loads(stored[got.position].body)


async def test_what_is_recorded_later_comes_by_itself(fund: Runtime, receiver: Receiver) -> None:
    end = await head(fund)
    await registered(fund, receiver, after=end)
    async with delivering(fund):
        await fill(fund.ledger._appender, 3)
        await standing(fund, position=end + 3)
    assert receiver.positions == [end + 1, end + 2, end + 3]


async def test_an_event_is_sent_again_until_it_is_taken_and_the_next_waits(
    fund: Runtime, receiver: Receiver
) -> None:
    await registered(fund, receiver, after=FROM)
    receiver.answers = [status(204), status(500, body="oops"), None, status(302), status(200)]
    async with delivering(fund):
        await receiver.until(7)
    assert receiver.positions[:7] == [FROM + each for each in (1, 2, 2, 2, 2, 3, 4)]
    again = receiver.got[1:5]
    assert len({each.headers["webhook-id"] for each in again}) == 1
    rows = [
        (each["position"] - FROM, each["attempt"], each["status"], each["error"])
        for each in (await attempts(fund))[:6]
    ]
    assert rows == [
        (1, 1, 204, None),
        (2, 1, 500, "500: oops"),
        (2, 2, None, "cannot be read: the connection was closed before an answer"),
        (2, 3, 302, "302: a redirect is not followed"),
        (2, 4, 200, None),
        (3, 1, 200, None),
    ]


async def test_a_receiver_that_says_nothing_for_too_long_has_not_taken_it(
    fund: Runtime, receiver: Receiver
) -> None:
    await registered(fund, receiver, after=FROM)
    receiver.answers = [5.0, status(204)]
    async with delivering(fund, replace(TEMPO, answer_s=0.5)):
        await receiver.until(3)
    assert receiver.positions[:3] == [FROM + 1, FROM + 1, FROM + 2]
    first = (await attempts(fund))[0]
    assert (first["status"], first["error"]) == (None, "no answer within 0.5 s")
    assert first["ms"] >= 500


async def test_an_endless_answer_holds_nothing_up(fund: Runtime, receiver: Receiver) -> None:
    await registered(fund, receiver, after=FROM)
    receiver.answers = [ENDLESS]
    async with delivering(fund):
        await receiver.until(3)
    assert receiver.positions[:3] == [FROM + 1, FROM + 2, FROM + 3]


async def test_a_receiver_that_is_gone_is_sent_nothing_more(
    fund: Runtime, receiver: Receiver
) -> None:
    await registered(fund, receiver, after=FROM)
    receiver.answers = [status(204), status(410, body="closed")]
    async with delivering(fund):
        found = await standing(fund, state=State.GONE)
        await receiver.until(2)
    assert (found.position, found.error) == (FROM + 1, "410: closed")
    assert len(receiver.got) == 2


@pytest.mark.parametrize("code", [429, 503])
async def test_whoever_asks_for_a_pause_has_it(
    fund: Runtime, receiver: Receiver, code: int
) -> None:
    await registered(fund, receiver, after=FROM)
    receiver.answers = [status(code, "Retry-After: 1"), status(204)]
    async with delivering(fund):
        first, second = (await receiver.until(2))[:2]
    assert second.position == first.position
    assert second.at - first.at >= 0.95


async def test_after_many_failures_it_is_parked_and_goes_on_where_it_stood(
    fund: Runtime, receiver: Receiver
) -> None:
    name = await registered(fund, receiver, after=FROM)
    receiver.answers = [status(500)]
    async with delivering(fund):
        found = await standing(fund, state=State.PARKED)
        assert (found.position, found.failures, found.error) == (FROM, 4, "500")
        assert len(receiver.got) == 4
        receiver.answers = [status(204)]
        assert await turned(fund.pool, name, State.LIVE)
        await standing(fund, position=await head(fund))
    assert receiver.positions[4:] == list(range(FROM + 1, await head(fund) + 1))


async def test_nobody_is_sent_anything_before_he_agrees(fund: Runtime, receiver: Receiver) -> None:
    await registered(fund, receiver, after=FROM, is_granted=False)
    receiver.grants = [
        status(405),
        status(200),
        status(200, "WebHook-Allowed-Origin: elsewhere.example"),
        status(200, "WebHook-Allowed-Origin: so-cai.example", "WebHook-Allowed-Rate: 120"),
    ]
    async with delivering(fund, replace(TEMPO, failures_max=10)):
        await receiver.until_asked(3)
        assert receiver.got == []
        found = await standing(fund, state=State.PENDING)
        assert found.position == FROM
        await receiver.until(3)
        await standing(fund)
    asked = receiver.asked[-1]
    assert asked.headers["webhook-request-origin"] == "so-cai.example"
    assert asked.headers["webhook-request-rate"] == str(RATE_WANTED)
    assert all(e.headers["webhook-request-origin"] == "so-cai.example" for e in receiver.got)
    assert len(receiver.asked) == 4
    times = [each.at for each in receiver.got[:3]]
    assert times[2] - times[0] >= 0.8, "120 a minute: one every half second"


async def test_whoever_never_agrees_is_parked(fund: Runtime, receiver: Receiver) -> None:
    await registered(fund, receiver, is_granted=False)
    receiver.grants = [status(200)]
    async with delivering(fund):
        found = await standing(fund, state=State.PARKED)
    assert "WebHook-Allowed-Origin" in (found.error or "")
    assert receiver.got == []


async def test_whoever_is_gone_when_he_is_asked_is_gone(fund: Runtime, receiver: Receiver) -> None:
    await registered(fund, receiver, is_granted=False)
    receiver.grants = [status(410)]
    async with delivering(fund):
        await standing(fund, state=State.GONE)
    assert len(receiver.asked) == 1


async def test_a_slow_receiver_holds_nobody_else_up(fund: Runtime, receiver: Receiver) -> None:
    async with receiving() as slow:
        slow.answers = [9.0]
        slow.grants = [GRANTED]
        await registered(fund, slow, name="a-slow", after=FROM)
        await registered(fund, receiver, after=FROM)
        async with delivering(fund):
            await standing(fund, position=await head(fund))
        assert (await cursor(fund, "a-slow")).position == FROM


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("*", None),
        ("120", 120),
        ("0", RATE_WANTED),
        ("", RATE_WANTED),
        ("many", RATE_WANTED),
        ("999999", RATE_WANTED),
        ("7000", RATE_WANTED),
        ("²", RATE_WANTED),
    ],
)
def test_a_rate_is_a_number_or_a_star(told: str, expected: int | None) -> None:
    assert allowed(Outcome(ms=1, headers={"webhook-allowed-rate": told})) == expected


def test_attempts_go_on_for_about_three_days_ever_more_seldom() -> None:
    pauses = [pause(each) for each in range(1, FAILURES_MAX)]
    assert 0.75 <= pauses[0] <= 1.0
    assert 3.0 <= pauses[2] <= 4.0
    assert max(pauses) <= PAUSE_SECONDS_MAX
    assert 2.5 <= sum(pauses) / 86_400 <= 3.5
    assert pause(10**6) <= PAUSE_SECONDS_MAX
