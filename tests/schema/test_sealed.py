"""Answers that are kept and the seal: a checkpoint comes without the position moving."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from httpx2 import Response

from events.seal.kept import Kept, Seal
from events.seal.newest import Newest, Sealed
from service.runtime import Runtime
from tests.schema.conftest import Ask
from tests.schema.desk import Desk
from tests.schema.test_answers import Asker
from tests.schema.test_stream import open_periods
from tests.seals import seal

HEAD = "{ ledger { position } }"
NEWEST = "{ checkpoint { size } }"
THEN = "query ($p: Position!) { asOf(position: $p) { ledger { position } } }"
SEALED_THEN = "{ asOf(position: 1) { event(position: 1) { proof { size } } } }"
COSIGNED = "{ checkpoint { size cosignatures { line } } }"
Sign = Callable[[int], Awaitable[None]]


@pytest.fixture
async def asker(empty: Runtime) -> AsyncIterator[Asker]:
    """A client of a ledger with three events."""
    await open_periods(empty, 2001, 3)
    await empty.projector.wait_for(3, 10)
    asker = Asker(empty)
    async with asker.http:
        yield asker


@pytest.fixture
def sign(empty: Runtime, signer_url: str) -> Sign:
    """Publish one more checkpoint, and let this process know."""

    async def signed(size: int) -> None:
        await seal(signer_url, (size,))
        await empty.newest.look()

    return signed


def ledger(response: Response) -> Any:
    return response.json()["extensions"]["ledger"]


async def test_every_answer_names_the_newest_checkpoint_also_one_that_was_kept(
    asker: Asker, sign: Sign, empty: Runtime
) -> None:
    assert ledger(await asker.get(HEAD)) == {"position": 3}
    for number, size in enumerate((1, 3)):
        await sign(size)
        root = empty.newest.sealed.root.hex()
        for _ in range(2):
            told = {"position": 3, "size": size, "root": root}
            assert ledger(await asker.get(HEAD)) == told
            assert ledger(await asker.http.post("", json={"query": HEAD})) == told
        assert asker.counts.planned == 1, number  # nothing of it was asked anew


async def test_no_etag_outlives_the_checkpoint_that_its_answer_names(
    asker: Asker, sign: Sign
) -> None:
    for query in (HEAD, NEWEST):
        tags = [(await asker.get(query)).headers["etag"]]
        for size in (1, 2, 3):
            if query == HEAD:
                await sign(size)
            changed = await asker.get(query, etag=tags[-1])
            if query == HEAD:
                assert (changed.status_code, ledger(changed)["size"]) == (200, size)
            tags.append(changed.headers.get("etag", tags[-1]))
            assert (await asker.get(query, etag=tags[-1])).status_code == 304
    assert tags[-1].startswith('"3.3-')


async def test_an_answer_about_the_seal_is_of_the_newest_checkpoint(
    asker: Asker, sign: Sign
) -> None:
    etag = None
    for size in (None, 1, 2, 3):
        if size:
            await sign(size)
        told = None if size is None else {"size": size}
        for _ in range(2):
            response = await asker.get(NEWEST, etag=etag)
            assert response.json()["data"] == {"checkpoint": told}
            assert ledger(response).get("size") == size
        etag = response.headers["etag"]
        assert (await asker.get(NEWEST, etag=etag)).status_code == 304
    assert asker.counts.planned == 4


async def test_what_is_not_sealed_yet_is_not_called_immutable(asker: Asker, sign: Sign) -> None:
    """Although the position that is asked for never changes."""
    for size in (None, 2):
        if size:
            await sign(size)
        response = await asker.get(SEALED_THEN)
        proof = None if size is None else {"size": size}
        assert response.json()["data"] == {"asOf": {"event": {"proof": proof}}}
        assert response.headers["cache-control"] == "private, no-cache"
        assert not response.headers["etag"].startswith('"asof')


async def test_an_answer_that_is_kept_for_a_year_names_no_newest_checkpoint(
    asker: Asker, sign: Sign
) -> None:
    bodies = set()
    for size in (1, 2):
        await sign(size)
        lasting = await asker.get(THEN, '{"p": 1}')
        assert lasting.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert ledger(lasting) == {"position": 1}
        bodies.add(lasting.content)
        passing = await asker.http.post("", json={"query": THEN, "variables": {"p": 1}})
        assert (ledger(passing)["position"], ledger(passing)["size"]) == (1, size)
    assert len(bodies) == 1


async def test_what_a_witness_may_sign_at_any_time_is_neither_kept_nor_tagged(
    asker: Asker, sign: Sign, signer_url: str
) -> None:
    await sign(3)
    connection = await asyncpg.connect(signer_url)
    try:
        for number in range(3):
            response = await asker.get(COSIGNED)
            lines = response.json()["data"]["checkpoint"]["cosignatures"]
            assert [each["line"] for each in lines] == [f"— w{n} x" for n in range(number)]
            assert response.headers["cache-control"] == "private, no-cache"
            assert "etag" not in response.headers
            told = (f"w{number}", f"— w{number} x")
            await connection.execute(
                "INSERT INTO seal.cosignature (size, witness, line) VALUES (3, $1, $2)", *told
            )
    finally:
        await connection.close()


async def test_nobody_is_answered_from_before_a_checkpoint_that_was_shown_here(
    asker: Asker, empty: Runtime, signer_url: str, sign: Sign
) -> None:
    """Another process may have learned of it first: whatever we met is the newest from then on."""
    await sign(1)
    assert (await asker.get(NEWEST)).json()["data"] == {"checkpoint": {"size": 1}}
    await seal(signer_url, (2,))
    told = await asker.get("{ checkpoint { size root } }")
    assert told.json()["data"]["checkpoint"]["size"] == 2
    assert ledger(told)["size"] == 2
    assert empty.newest.sealed.size == 2
    assert (await asker.get(NEWEST)).json()["data"] == {"checkpoint": {"size": 2}}
    assert ledger(await asker.get(HEAD))["size"] == 2


async def test_a_command_and_an_answer_of_the_executor_name_it_too(
    empty: Runtime, tell: Ask, sign: Sign, signer_url: str
) -> None:
    await open_periods(empty, 2001, 2)
    await sign(2)
    desk = Desk(tell)
    outcome = await desk("openPeriod", code="2009", name="x", startsOn="2009-01-01",
                         endsOn="2009-12-31")  # fmt: skip
    assert outcome["__typename"] == "Recorded"
    mixed = await tell("{ __schema { queryType { name } } ledger { position } }")
    assert mixed["extensions"]["ledger"]["size"] == 2
    assert mixed["extensions"]["ledger"]["root"] == empty.newest.sealed.root.hex()
    await seal(signer_url, (3,))
    mixed = await tell("{ __schema { queryType { name } } checkpoint { size } }")
    assert mixed["data"]["checkpoint"] == {"size": 3}
    assert mixed["extensions"]["ledger"]["size"] == 3


async def test_the_process_learns_of_a_checkpoint_by_itself(
    empty: Runtime, signer_url: str
) -> None:
    await open_periods(empty, 2001, 1)
    await seal(signer_url, (1,))
    await asyncio.wait_for(empty.newest.beyond(0), 5)
    assert empty.newest.sealed.size == 1


async def test_an_outage_delays_what_is_known_of_the_seal_and_an_older_one_is_never_newer(
    empty: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest, looks = Newest(empty.seal, poll_s=0.01), 0
    latest = empty.seal.latest

    async def failing(_: Seal) -> Kept | None:
        nonlocal looks
        looks += 1
        if looks < 3:
            raise OSError
        return await latest()

    monkeypatch.setattr(Seal, "latest", failing)
    running = asyncio.create_task(newest.run())
    waiting = asyncio.create_task(newest.beyond(4))
    while looks < 4:  # noqa: ASYNC110 - it is what we wait for
        await asyncio.sleep(0.01)
    for size in (3, 5, 4):
        newest.saw(Sealed(size, b"%d" % size))
    assert newest.sealed == (5, b"5")
    await asyncio.wait_for(waiting, 5)
    running.cancel()
