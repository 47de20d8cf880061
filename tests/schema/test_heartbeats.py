"""The feed where no events come: each new checkpoint is told, and now and then the silence."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from gql import Client, GraphQLRequest
from gql.transport.websockets import WebsocketsTransport
from httpx2 import AsyncClient

from events.seal.checkpoint import Checkpoint
from events.seal.note import opened
from service.runtime import Runtime
from tests.schema.callers import Known
from tests.schema.served import served
from tests.schema.test_sse import payload, streamed
from tests.schema.test_stream import open_periods
from tests.seals import seal, signing_key

FEED = """subscription ($after: Position! = 0) { events(after: $after, batchSize: 2) {
    cursor head checkpoint { size root note } events { position proof { size } } } }"""
Batch = dict[str, Any]


@asynccontextmanager
async def following(
    runtime: Runtime, after: int = 0, document: str = FEED
) -> AsyncIterator[AsyncIterator[Batch]]:
    """The batches of the feed, over a socket."""
    async with (
        served(runtime) as address,
        Client(transport=WebsocketsTransport(url=f"ws://{address}/graphql")) as session,
    ):
        request = GraphQLRequest(document, variable_values={"after": after} if after else {})
        feed = session.subscribe(request)

        async def batches() -> AsyncIterator[Batch]:
            async for message in feed:
                yield message["events"]

        try:
            yield batches()
        finally:
            await feed.aclose()


async def following_one(feed: AsyncIterator[Batch]) -> Batch:
    return await asyncio.wait_for(anext(feed), 10)


@pytest.fixture
def quiet(empty: Runtime) -> None:
    """So that a sign of life comes soon."""
    empty.feed.quiet_s = 0.2


def positions(batch: Batch) -> list[int]:
    return [each["position"] for each in batch["events"]]


async def test_a_new_checkpoint_is_told_where_no_event_comes(
    empty: Runtime, signer_url: str
) -> None:
    await open_periods(empty, 2001, 3)
    async with following(empty) as feed:
        found: list[int] = []
        while len(found) < 3:
            found += positions(await following_one(feed))
        assert found == [1, 2, 3]
        for size in (2, 3):
            (note,) = await seal(signer_url, (size,))
            batch = await following_one(feed)
            assert (positions(batch), batch["cursor"], batch["head"]) == ([], 3, 3)
            told = batch["checkpoint"]
            assert (told["size"], told["note"]) == (size, note)
            signed = Checkpoint.read(opened(told["note"], [signing_key().verifier]))
            assert signed.root.hex() == told["root"]
        await open_periods(empty, 2004, 1)
        batch = await following_one(feed)
        assert (positions(batch), batch["cursor"]) == ([4], 4)
        assert batch["checkpoint"]["size"] == 3
        assert batch["events"][0]["proof"] is None


async def test_every_batch_names_the_newest_checkpoint_for_who_asks_for_none(
    empty: Runtime, signer_url: str
) -> None:
    await open_periods(empty, 2001, 2)
    await seal(signer_url, (1,))
    await empty.newest.look()
    asked = {"query": "subscription { events(batchSize: 1) { cursor } }"}
    async with (
        served(empty) as address,
        AsyncClient(base_url=f"http://{address}/graphql") as http,
        streamed(http, "POST", json=asked) as feed,
    ):
        for cursor, size in ((1, 1), (2, 1), (2, 2)):
            if size == 2:
                await seal(signer_url, (2,))
            frame = await feed.frame()
            told = payload(frame)
            assert told["data"]["events"]["cursor"] == cursor
            assert frame["id"] == str(cursor)
            ledger = told["extensions"]["ledger"]
            assert (ledger["size"], ledger["root"]) == (size, empty.newest.sealed.root.hex())


@pytest.mark.usefixtures("quiet")
async def test_after_a_while_without_anything_a_follower_is_told_where_the_ledger_stands(
    empty: Runtime,
) -> None:
    await open_periods(empty, 2001, 1)
    async with following(empty) as feed:
        assert positions(await following_one(feed)) == [1]
        for _ in range(2):
            batch = await following_one(feed)
            told = (positions(batch), batch["cursor"], batch["head"], batch["checkpoint"])
            assert told == ([], 1, 1, None)
        await open_periods(empty, 2002, 1)
        found: list[int] = []
        while not found:
            found = positions(await following_one(feed))
        assert found == [2]


@pytest.mark.usefixtures("quiet")
async def test_who_waits_for_events_that_are_far_ahead_hears_that_they_are(
    empty: Runtime,
) -> None:
    """Also one who sees a part of the fund alone: nothing is waited for that is not there."""
    await open_periods(empty, 2001, 1)
    async with following(replace(empty, door=Known()), after=1_000_000) as feed:
        batch = await following_one(feed)
        assert (batch["cursor"], batch["head"], positions(batch)) == (1_000_000, 1, [])


@pytest.mark.usefixtures("quiet")
async def test_a_feed_outlives_a_time_in_which_the_log_cannot_be_read(
    empty: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_periods(empty, 2001, 1)
    head, is_away = type(empty.log).head, False

    async def sometimes(log: Any) -> Any:
        if is_away:
            raise OSError
        return await head(log)

    monkeypatch.setattr(type(empty.log), "head", sometimes)
    async with following(empty) as feed:
        assert positions(await following_one(feed)) == [1]
        is_away = True
        silent = asyncio.ensure_future(anext(feed))
        await asyncio.sleep(0.5)
        assert not silent.done()
        is_away = False
        assert positions(await asyncio.wait_for(silent, 10)) == []


async def test_who_leaves_leaves_nothing_behind(empty: Runtime, signer_url: str) -> None:
    await open_periods(empty, 2001, 1)
    async with following(empty) as feed:
        await following_one(feed)
    await seal(signer_url, (1,))
    await empty.newest.look()
    await asyncio.sleep(0.1)
    left = [each for each in asyncio.all_tasks() if "beyond" in repr(each) or "anext" in repr(each)]
    assert left == []
    assert empty.follower._readers == 1  # the projector
