"""GET /events in pages: what a cache may keep, who waits for what comes, what is proven."""

import asyncio
import time
from base64 import b64decode
from collections.abc import AsyncIterator

import pytest
from httpx2 import AsyncClient

from events.seal.checkpoint import Checkpoint
from events.seal.note import opened
from events.seal.proof import HEADING
from events.seal.tree import leaf_of, root_of
from schema.http.settings import Settings
from service.runtime import Runtime
from tests.schema.conftest import SEALED
from tests.schema.feeding import (
    BATCH,
    FOR_EVER,
    asking,
    code,
    positions,
    told,
)
from tests.schema.test_stream import open_periods
from tests.seals import seal, signing_key

LAST = SEALED[-1]


@pytest.fixture
async def http(fund: Runtime) -> AsyncIterator[AsyncClient]:
    """Whoever comes without a credential reads everything."""
    async with asking(fund) as client:
        yield client


async def test_a_full_page_is_kept_for_ever_and_the_last_one_is_asked_for_again(
    empty: Runtime,
) -> None:
    await open_periods(empty, 2001, 3)
    async with asking(empty) as http:
        full = await http.get("/events?limit=3")
        last = await http.get("/events?after=1")
        assert full.headers["cache-control"] == FOR_EVER
        assert last.headers["cache-control"] == "private, no-cache"
        known = {"if-none-match": last.headers["etag"]}
        again = await http.get("/events?after=1", headers=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["socai-cursor"] == "3"
        batch = await http.get("/events?after=1", headers=known | {"accept": BATCH})
        assert batch.status_code == 200
        await open_periods(empty, 2004, 1)
        more = await http.get("/events?after=1", headers=known)
        assert positions(more) == [2, 3, 4]
        assert (await http.get("/events?limit=3")).headers["etag"] == full.headers["etag"]


async def test_a_province_by_its_code_alone_is_not_kept_for_ever(http: AsyncClient) -> None:
    """Codes are used again."""
    of_today = await http.get("/events?provinces=15&limit=1")
    dated = await http.get("/events?provinces=15@2025-07-01&limit=1")
    assert positions(of_today) == positions(dated) != []
    assert of_today.headers["cache-control"] == "private, no-cache"
    assert dated.headers["cache-control"] == FOR_EVER


async def test_who_waits_is_answered_as_soon_as_there_is_something(empty: Runtime) -> None:
    await open_periods(empty, 2001, 1)
    async with asking(empty) as http:
        began = time.monotonic()
        waiting = asyncio.create_task(http.get("/events?after=1&wait=30", timeout=40))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        await open_periods(empty, 2002, 1)
        response = await waiting
    assert positions(response) == [2]
    assert 0.3 <= time.monotonic() - began < 5


async def test_who_waits_for_what_does_not_come_goes_on_where_the_log_was_read_to(
    empty: Runtime,
) -> None:
    async with asking(empty) as http:
        address = "/events?wait=2&types=PeriodClosed"
        waiting = asyncio.create_task(http.get(address))
        await asyncio.sleep(0.3)
        await open_periods(empty, 2001, 3)
        response = await waiting
        assert (response.status_code, response.content) == (200, b"")
        assert response.headers["socai-cursor"] == "3"
        assert response.headers["link"] == '<?after=3&wait=2&types=PeriodClosed>; rel="next"'
        began = time.monotonic()
        assert positions(await http.get("/events?wait=30")) == [1, 2, 3]
        assert time.monotonic() - began < 1, "what is there is not waited for"


async def test_who_waits_holds_a_place_and_gives_it_back(empty: Runtime) -> None:
    async with asking(empty, Settings(streams_each_max=1)) as http:
        waiting = asyncio.create_task(http.get("/events?wait=1"))
        await asyncio.sleep(0.3)
        assert 'socai_events_readers{door="poll"} 1' in (await http.get("/metrics")).text
        assert code(await http.get("/events?wait=1")) == (429, "TOO_MANY_STREAMS")
        assert (await waiting).status_code == 200
        assert 'socai_events_readers{door="poll"} 0' in (await http.get("/metrics")).text


async def test_nobody_waits_for_a_service_that_goes(empty: Runtime) -> None:
    async with asking(empty) as http:
        began = time.monotonic()
        waiting = asyncio.create_task(http.get("/events?wait=30"))
        await asyncio.sleep(0.3)
        empty.closing.set()
        assert (await waiting).headers["socai-cursor"] == "0"
        assert time.monotonic() - began < 5


async def test_each_event_bears_a_proof_that_holds(http: AsyncClient, fund: Runtime) -> None:
    await fund.newest.look()
    found = told(await http.get("/events?proofs=true&limit=1000"))
    assert [int(each["sequence"]) for each in found] == list(range(1, LAST + 1))
    bodies = [body for _, body in await fund.log.raw(0, LAST)]
    for event, body in zip(found, bodies, strict=True):
        head, _, note = b64decode(event["proof"]).decode().partition("\n\n")
        heading, index, *path = head.split("\n")
        assert (heading, index) == (HEADING, f"index {int(event['sequence']) - 1}")
        signed = Checkpoint.read(opened(note, [signing_key().verifier]))
        leaf = leaf_of(body)
        assert leaf.hex() == event["leaf"]
        place = int(index.removeprefix("index "))
        assert root_of(leaf, place, signed.size, [b64decode(x) for x in path]) == signed.root
    one = found[180]
    alone = await http.get("/events/181.tlog-proof")
    assert b64decode(one["proof"]) == alone.content


async def test_what_is_proven_is_told_once_it_is_sealed(empty: Runtime, signer_url: str) -> None:
    await open_periods(empty, 2001, 3)
    async with asking(empty) as http:
        before = await http.get("/events?proofs=true")
        assert (positions(before), before.headers["socai-cursor"]) == ([], "0")
        waiting = asyncio.create_task(http.get("/events?proofs=true&wait=20", timeout=30))
        await asyncio.sleep(0.2)
        await seal(signer_url, (2,))
        response = await waiting
        assert positions(response) == [1, 2]
        assert response.headers["socai-cursor"] == "2"
