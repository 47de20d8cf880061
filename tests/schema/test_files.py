"""The seal as files: a client that knows C2SP's rules alone checks the ledger over HTTP."""

import gzip
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest
from httpx2 import ASGITransport, AsyncClient, Response

from events.seal.checkpoint import Checkpoint
from events.seal.memory import Memory
from events.seal.note import VerifierKey, opened
from events.seal.signer import Signer
from events.seal.tiles import WIDTH, entries_of, hashes_of, path, raised, tiles
from events.seal.tree import Frontier, leaf_of, root_of
from events.vocabulary import Role
from schema.http.settings import Settings
from service.app import application
from service.runtime import Runtime
from service.sealing.keys import begun
from tests.schema.callers import EVERY_CALLER, Known
from tests.schema.conftest import SEALED
from tests.schema.test_stream import open_periods
from tests.seals import ORIGIN, seal, signing_key
from tests.service.wires import serving

LAST = SEALED[-1]


@asynccontextmanager
async def asking(runtime: Runtime, settings: Settings | None = None) -> AsyncIterator[AsyncClient]:
    """A client over a real socket."""
    async with (
        serving(application(runtime, settings)) as port,
        AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        yield client


@asynccontextmanager
async def as_roles(runtime: Runtime) -> AsyncIterator[AsyncClient]:
    app = application(replace(runtime, door=Known()))
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://socai") as client:
        yield client


@pytest.fixture
async def http(fund: Runtime) -> AsyncIterator[AsyncClient]:
    """Whoever comes without a credential reads everything."""
    async with asking(fund) as client:
        yield client


@pytest.fixture
async def roles(fund: Runtime) -> AsyncIterator[AsyncClient]:
    """Whoever comes is who he says."""
    async with as_roles(fund) as client:
        yield client


def code(response: Response) -> tuple[int, str]:
    """The status of a refusal and its name, in both languages and never kept."""
    (error,) = response.json()["errors"]
    assert error["extensions"]["messageVi"]
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, error["extensions"]["code"]


async def checkpoint(http: AsyncClient) -> Checkpoint:
    response = await http.get("/checkpoint")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["cache-control"] == "public, max-age=2"
    return Checkpoint.read(opened(response.text, [signing_key().verifier]))


async def test_the_root_is_recomputed_from_tiles_and_from_the_events_alone(
    http: AsyncClient,
) -> None:
    told = await checkpoint(http)
    assert (told.origin, told.size) == (ORIGIN, LAST)
    levels: dict[int, list[bytes]] = {}
    for tile in tiles(told.size):
        response = await http.get(f"/{path(tile)}")
        assert response.headers["content-type"] == "application/octet-stream"
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        hashes = hashes_of(response.content)
        assert len(hashes) == tile.width
        levels.setdefault(tile.level, []).extend(hashes)
    frontier = Frontier()
    bodies: list[bytes] = []
    for leaf in levels[0]:
        frontier.append(leaf)
    assert frontier.root() == told.root
    full = range(0, told.size // WIDTH * WIDTH, WIDTH)
    assert levels[1] == [raised(levels[0][place : place + WIDTH]) for place in full]
    for tile in tiles(told.size):
        if tile.level == 0:
            response = await http.get(f"/{path(replace(tile, level=-1))}")
            bodies += entries_of(response.content)
    assert [leaf_of(each) for each in bodies] == levels[0]


async def test_a_proof_is_checked_offline(http: AsyncClient, fund: Runtime) -> None:
    """Around every checkpoint, and of every seventh event; `test_proofs` has each of them."""
    known = 0
    edges = {each + step for each in (0, 256, *SEALED) for step in (-1, 0, 1)}
    for position, body in await fund.log.raw(0, LAST):
        if position not in edges and position % 7:
            continue
        response = await http.get(f"/events/{position}.tlog-proof")
        assert response.headers["content-type"] == "text/plain; charset=utf-8"
        head, _, note = response.text.partition("\n\n")
        first, index, *hashes = head.split("\n")
        assert (first, index) == ("c2sp.org/tlog-proof@v1", f"index {position - 1}")
        told = Checkpoint.read(opened(note, [signing_key().verifier]))
        assert told.size == next(each for each in SEALED if each >= position)
        found = [b64decode(each, validate=True) for each in hashes]
        assert root_of(leaf_of(body), position - 1, told.size, found) == told.root
        known += 1
    assert known > LAST // 7
    assert code(await http.get(f"/events/{LAST + 1}.tlog-proof")) == (404, "NOT_YET_SEALED")


MISSING = (
    "/tile/0/002.p/29",  # one event more than are sealed
    "/tile/0/003",
    "/tile/0/002",
    "/tile/1/000.p/3",
    "/tile/6/000",
    "/tile/0/000.p/0",
    "/tile/0/000.p/256",
    "/tile/0/000.p/300",
    "/tile/0/0",
    "/tile/0/x000/000",
    "/tile/00/000",
    "/tile/-1/000",
    "/tile/entries/009",
    "/tile/",
    f"/tile/0/{'x999/' * 40}999",
    "/tile/0/000/",
    "/events/0.tlog-proof",
    "/events/9223372036854775807.tlog-proof",
    "/events/9223372036854775808.tlog-proof",
    f"/events/{'9' * 400}.tlog-proof",
)
NOWHERE = ("/events/-1.tlog-proof", "/events/x.tlog-proof", "/tile", "/tiles", "/events/1")


async def test_what_is_not_there_is_not_found(http: AsyncClient) -> None:
    for address in MISSING:
        assert code(await http.get(address)) == (404, "NOT_FOUND"), address
    for address in NOWHERE:
        assert (await http.get(address, follow_redirects=True)).status_code == 404, address
    assert (await http.post("/checkpoint")).status_code == 405


async def test_a_file_that_is_known_is_not_sent_again(http: AsyncClient) -> None:
    for address in ("/checkpoint", "/tile/0/000", "/tile/entries/000", "/events/5.tlog-proof"):
        first = await http.get(address)
        etag = first.headers["etag"]
        again = await http.get(address, headers={"if-none-match": f'"other", W/{etag}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
        assert again.headers["cache-control"] == first.headers["cache-control"]
        head = await http.head(address)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == etag


async def test_events_are_sent_packed_to_whoever_unpacks_them(http: AsyncClient) -> None:
    async with http.stream(
        "GET", "/tile/entries/000", headers={"accept-encoding": "gzip"}
    ) as packed:
        raw = b"".join([each async for each in packed.aiter_raw()])
    plain = await http.get("/tile/entries/000", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 3
    for each in (packed, plain):
        assert "Accept-Encoding" in each.headers["vary"]
        assert each.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert packed.headers["etag"] != plain.headers["etag"]


READ_ALL = {Role.APPROVER, Role.ACCOUNTANT, Role.AUDITOR, Role.INTEGRATOR}


async def test_events_are_read_whole_by_whoever_reads_all_of_every_event(
    roles: AsyncClient,
) -> None:
    for name in EVERY_CALLER:
        shown = {} if name == "public" else {"authorization": f"Bearer {name}"}
        response = await roles.get("/tile/entries/000", headers=shown)
        if name in {each.name.lower() for each in READ_ALL}:
            assert response.status_code == 200
        else:
            assert code(response) == (403, "FORBIDDEN"), name
        for address in ("/checkpoint", "/tile/0/000", "/tile/1/000.p/2"):
            assert (await roles.get(address, headers=shown)).status_code == 200


async def test_whoever_does_not_see_an_event_has_no_proof_of_it(late: Runtime) -> None:
    asked = {"query": "{ events(first: 1000) { nodes { position } } }"}
    async with as_roles(late) as roles:
        seen = (await roles.post("/graphql", json=asked)).json()["data"]["events"]["nodes"]
        positions = {each["position"] for each in seen} & set(range(1, 101))
        hidden = set(range(1, 101)) - positions
        assert len(positions) > 5
        assert len(hidden) > 5
        for position in hidden:
            address = f"/events/{position}.tlog-proof"
            assert code(await roles.get(address)) == (404, "NOT_FOUND")
            shown = await roles.get(address, headers={"authorization": "Bearer auditor"})
            assert shown.status_code == 200
            assert shown.headers["vary"] == "Authorization"
            assert shown.headers["cache-control"] == "private, no-cache"
        for position in positions:
            assert (await roles.get(f"/events/{position}.tlog-proof")).status_code == 200


async def test_who_shows_a_wrong_credential_is_told_so(roles: AsyncClient) -> None:
    for address in ("/checkpoint", "/tile/0/000", "/events/5.tlog-proof"):
        response = await roles.get(address, headers={"authorization": "Bearer nobody"})
        assert code(response) == (401, "UNAUTHENTICATED")
        assert "www-authenticate" in response.headers


async def test_files_are_paid_for_with_the_same_points_as_questions(fund: Runtime) -> None:
    async with asking(fund, Settings(points_public=600)) as http:
        first = await http.get("/tile/0/000")
        assert first.headers["ratelimit"].startswith('"points";r=599;')
        assert (await http.get("/tile/entries/000")).status_code == 200
        assert (await http.get("/tile/entries/001")).status_code == 200
        assert code(await http.get("/tile/entries/000")) == (429, "RATE_LIMITED")
        asked = {"query": "{ events(first: 200) { nodes { position } } }"}
        assert (await http.post("/graphql", json=asked)).status_code == 429


async def test_a_known_page_of_elsewhere_may_read_them(fund: Runtime) -> None:
    page = "https://app.example.vn"
    async with asking(fund, Settings(origins=frozenset({page}))) as http:
        response = await http.get("/checkpoint", headers={"origin": page})
        assert response.headers["access-control-allow-origin"] == page
        foreign = await http.get("/checkpoint", headers={"origin": "https://other.example"})
        assert "access-control-allow-origin" not in foreign.headers


async def test_before_anything_is_signed_there_is_nothing(empty: Runtime) -> None:
    await open_periods(empty, 2001, 1)
    await empty.projector.wait_for(1, 10)
    async with asking(empty) as http:
        for address in ("/checkpoint", "/vkey", "/tile/0/000.p/1", "/tile/entries/000.p/1"):
            assert code(await http.get(address)) == (404, "NOT_FOUND")
        assert code(await http.get("/events/1.tlog-proof")) == (404, "NOT_YET_SEALED")


async def test_a_checkpoint_and_its_tiles_are_there_as_soon_as_it_is_signed(
    empty: Runtime, signer_url: str, tmp_path: Path
) -> None:
    """By whatever key the log announced, and with what a witness put under it."""
    memory = Memory(tmp_path / "seal")
    key = await begun(empty.ledger, memory, ORIGIN)
    connection = await asyncpg.connect(signer_url)
    try:
        async with asking(empty) as http:
            for size in (1, 2):
                await Signer(connection, memory).look()
                lines = (await http.get("/vkey")).text.splitlines()
                assert [VerifierKey.read(each) for each in lines] == [key]
                note = (await http.get("/checkpoint")).text
                assert Checkpoint.read(opened(note, [key])).size == size
                assert (await http.get(f"/tile/0/000.p/{size}")).status_code == 200
                await open_periods(empty, 2000 + size, 1)
            line = "— witness.example mJirIkln"
            await connection.execute(
                "INSERT INTO seal.cosignature (size, witness, line) VALUES (2, 'w', $1)", line
            )
            assert (await http.get("/checkpoint")).text == f"{note}{line}\n"
            await empty.projector.wait_for(2, 10)
            assert (await http.get("/events/2.tlog-proof")).text.endswith(f"{note}{line}\n")
    finally:
        await connection.close()


async def test_a_database_that_is_away_is_no_missing_file(empty: Runtime, signer_url: str) -> None:
    await open_periods(empty, 2001, 3)
    await seal(signer_url, (3,))
    await empty.newest.look()
    async with asking(empty) as http:
        await empty.pool.close()
        await empty.reads.close()
        for address in ("/checkpoint", "/vkey", "/tile/0/000.p/3", "/events/1.tlog-proof"):
            response = await http.get(address)
            assert code(response) == (503, "UNAVAILABLE"), address
            assert response.headers["retry-after"]
