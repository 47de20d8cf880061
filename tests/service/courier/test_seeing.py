"""Who is sent what: what he wants, and what he may see at that moment."""

import asyncio
from base64 import b64decode

import orjson
import pytest

from events.mandate import PrincipalId, RevokeMandate
from events.seal.checkpoint import Checkpoint
from events.seal.note import opened
from events.seal.tree import leaf_of, root_of
from schema.feed.audience import PUBLIC_AUDIENCE, WHOLE
from schema.feed.filters import Filter
from service.consumers.cursors import State
from service.postgres import Postgres
from service.runtime import Runtime
from service.seed.callers import ONE, SINCE
from service.seed.story import step
from tests.seals import seal, signing_key
from tests.service.courier.conftest import SEALED
from tests.service.courier.hooks import (
    AUDITOR,
    NOBODY,
    OPERATOR,
    audience_of,
    changed,
    delivering,
    head,
    registered,
    seen,
    standing,
    tried,
    wished,
)
from tests.service.courier.receiver import Receiver


async def test_what_he_may_not_see_is_not_sent_however_he_asks(
    fund: Runtime, receiver: Receiver
) -> None:
    hidden = (set(await seen(fund, WHOLE)) - set(await seen(fund, PUBLIC_AUDIENCE))).pop()
    await registered(fund, receiver, after=await head(fund), principal=NOBODY)
    async with delivering(fund):
        await wished(fund, hidden)
        rows = await tried(fund, 1)
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
        await receiver.until(len(receiver.got) + 20)
    got = receiver.positions
    count = next(nth for nth, position in enumerate(got) if position != nth + 1)
    assert count >= 3, "all of it, until then"
    after = got[count:]
    assert after == [each for each in public if each > count][: len(after)]
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
        await receiver.until(12)
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
