"""Whatever people change while webhooks are delivered, and who may be sent what."""

import asyncio
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest
from standardwebhooks.webhooks import WebhookVerificationError

from events.mandate import PrincipalId, RevokeMandate
from events.seal.checkpoint import Checkpoint
from events.seal.note import opened
from events.seal.tree import leaf_of, root_of
from schema.feed.audience import PUBLIC_AUDIENCE, WHOLE
from schema.feed.filters import Filter
from service.consumers.cursors import State, turned
from service.courier.endpoints import forgotten
from service.postgres import Postgres
from service.runtime import Runtime, running
from service.seed.callers import ONE, SINCE
from service.seed.story import step
from tests.proxy import Proxy
from tests.seals import seal, signing_key
from tests.service.courier.conftest import SEALED
from tests.service.courier.hooks import (
    AUDITOR,
    NOBODY,
    OPERATOR,
    TEMPO,
    attempts,
    audience_of,
    changed,
    cursor,
    delivering,
    head,
    registered,
    secret_of,
    seen,
    standing,
    wished,
)
from tests.service.courier.receiver import Receiver, status

FROM = 560


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
        await asyncio.sleep(0.2)
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
        await asyncio.sleep(0.3)
        count = len(receiver.got)
        await asyncio.sleep(0.3)
    assert len(receiver.got) == count


async def test_while_the_secret_is_changed_both_sign(fund: Runtime, receiver: Receiver) -> None:
    await registered(fund, receiver, after=FROM)
    async with delivering(fund):
        await receiver.until(2)
        await changed(fund, "generation = 2, rotated_at = $2", datetime.now(UTC))
        await standing(fund, position=await head(fund))
    first, last = receiver.got[0], receiver.got[-1]
    assert first.verified(secret_of())
    with pytest.raises(WebhookVerificationError):
        first.verified(secret_of(generation=2))
    assert last.verified(secret_of()) == last.verified(secret_of(generation=2))


async def test_an_event_is_sent_once_more_beside_the_order(
    fund: Runtime, receiver: Receiver
) -> None:
    end = await head(fund)
    await registered(fund, receiver, after=end)
    async with delivering(fund):
        await wished(fund, 12)
        await wished(fund, 7)
        await receiver.until(2)
        await asyncio.sleep(0.2)
        receiver.answers = [status(500)]
        await wished(fund, 8)
        await receiver.until(3)
        await asyncio.sleep(0.3)
    assert receiver.positions == [12, 7, 8]
    found = await cursor(fund)
    assert (found.position, found.failures, found.state) == (end, 0, State.LIVE)
    rows = [(e["position"], e["is_redelivery"], e["status"]) for e in await attempts(fund)]
    assert rows == [(12, True, 204), (7, True, 204), (8, True, 500)]
    waiting = "SELECT count(*) FROM feed.redelivery WHERE done_at IS NULL"
    assert await fund.pool.fetchval(waiting) == 0


async def test_what_he_may_not_see_is_not_sent_however_he_asks(
    fund: Runtime, receiver: Receiver
) -> None:
    hidden = (set(await seen(fund, WHOLE)) - set(await seen(fund, PUBLIC_AUDIENCE))).pop()
    await registered(fund, receiver, after=await head(fund), principal=NOBODY)
    async with delivering(fund):
        await wished(fund, hidden)
        await asyncio.sleep(0.3)
    rows = await attempts(fund)
    assert (rows[0]["position"], rows[0]["status"]) == (hidden, None)
    assert "may not see" in rows[0]["error"]
    assert receiver.got == []


@pytest.mark.parametrize("who", [NOBODY, OPERATOR])
async def test_everybody_is_sent_what_he_may_see_and_his_cursor_passes_the_rest(
    fund: Runtime, receiver: Receiver, who: str
) -> None:
    end, start = await head(fund), 430
    audience = await audience_of(fund, who)
    expected = [each for each in await seen(fund, audience) if each > start]
    await registered(fund, receiver, after=start, principal=who)
    async with delivering(fund):
        await standing(fund, position=end)
    assert receiver.positions == expected
    assert 0 < len(expected) < end - start


async def test_a_mandate_that_is_taken_back_counts_from_that_moment(
    fund: Runtime, receiver: Receiver
) -> None:
    public = await seen(fund, PUBLIC_AUDIENCE)
    await registered(fund, receiver, principal=AUDITOR)
    await changed(fund, "rate = 1200")
    async with delivering(fund):
        await receiver.until(3)
        revoke = RevokeMandate(principal=PrincipalId(AUDITOR), mandate_id=ONE, reason="nghỉ hưu")
        receipt = await fund.ledger.handle(step("revoke", revoke, SINCE, synthetic=True))
        await fund.projector.wait_for(receipt.position, 10)
        await asyncio.sleep(0.1)
        count = len(receiver.got)
        await receiver.until(count + 20)
    assert receiver.positions[:count] == list(range(1, count + 1)), "all of it, until then"
    last, *after = receiver.positions[count : count + 20]
    assert after == [each for each in public if each > last][:19]
    assert set(range(count + 1, 69)) - set(public), "there was more that he no longer sees"


async def test_a_field_that_he_may_not_read_is_not_sent(fund: Runtime, receiver: Receiver) -> None:
    committed = Filter(types=frozenset({"SupportCommitted"}))
    position = (await seen(fund, PUBLIC_AUDIENCE, committed))[0]
    await registered(fund, receiver, after=position - 1, principal=NOBODY)
    async with delivering(fund):
        await receiver.until(1)
    told = receiver.got[0].told["data"]
    assert "actor" not in told or "id" not in told["actor"]
    assert told["type"] == "SupportCommitted"


async def test_a_filter_lets_through_what_is_wanted_and_the_cursor_passes_the_rest(
    fund: Runtime, receiver: Receiver
) -> None:
    wanted = Filter(types=frozenset({"SupportCommitted", "AdvancePaid"}))
    expected = await seen(fund, WHOLE, wanted)
    await registered(fund, receiver, wanted=wanted)
    async with delivering(fund):
        await standing(fund, position=await head(fund))
    assert receiver.positions == expected
    types = {each.headers["content-type"] for each in receiver.got}
    assert types == {"application/cloudevents+json"}
    assert {each.told["data"]["type"] for each in receiver.got} == set(wanted.types)


async def test_a_filter_that_means_nothing_any_more_parks_it(
    fund: Runtime, receiver: Receiver
) -> None:
    await registered(fund, receiver)
    await changed(fund, "filter = $2", '{"types": ["SupportDreamtOf"]}')
    async with delivering(fund):
        found = await standing(fund, state=State.PARKED)
    assert "SupportDreamtOf" in (found.error or "")
    assert receiver.got == []


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


async def test_an_event_waits_for_its_proof_which_is_checked_offline(
    fund: Runtime, receiver: Receiver, cluster: Postgres, fund_url: str
) -> None:
    await registered(fund, receiver, after=SEALED - 8, proofs=True)
    async with delivering(fund):
        await standing(fund, position=SEALED)
        await wished(fund, SEALED + 2)
        await asyncio.sleep(0.3)
        assert receiver.positions == list(range(SEALED - 7, SEALED + 1))
        signer = cluster.url("socai_signer", fund_url.rpartition("/")[2])
        await seal(signer, (1, SEALED, SEALED + 3))
        await standing(fund, position=SEALED + 3)
    for got in receiver.got:
        proof = b64decode(got.told["proof"], validate=True).decode()
        head, _, note = proof.partition("\n\n")
        first, index, *hashes = head.split("\n")
        assert (first, index) == ("c2sp.org/tlog-proof@v1", f"index {got.position - 1}")
        told = Checkpoint.read(opened(note, [signing_key().verifier]))
        path = [b64decode(each, validate=True) for each in hashes]
        leaf = bytes.fromhex(got.told["leaf"])
        assert leaf == leaf_of(orjson.dumps(got.told["data"]))
        assert root_of(leaf, got.position - 1, told.size, path) == told.root
    assert sorted(receiver.positions[8:]) == [SEALED + 1, SEALED + 2, SEALED + 2, SEALED + 3]
