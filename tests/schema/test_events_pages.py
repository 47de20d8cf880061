"""GET /events in pages: what is in them, who sees what, what a cache may keep, what is refused."""

import asyncio
import time
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import orjson
import pytest
from cloudevents.core.formats.json import JSONFormat
from httpx2 import AsyncClient, Response

from events.seal.checkpoint import Checkpoint
from events.seal.note import opened
from events.seal.proof import HEADING
from events.seal.tree import leaf_of, root_of
from schema.http.settings import Settings
from service.app import application
from service.feeding import paging
from service.runtime import Runtime
from tests.schema.callers import EVERY_CALLER, Known
from tests.schema.conftest import SEALED
from tests.schema.test_feed import by_sql
from tests.schema.test_stream import open_periods
from tests.seals import seal, signing_key
from tests.service.wires import serving

LINES, BATCH = "application/x-ndjson", "application/cloudevents-batch+json"
FOR_EVER = "public, max-age=31536000, immutable"
LAST = SEALED[-1]


@asynccontextmanager
async def asking(
    runtime: Runtime, settings: Settings | None = None, who: str = ""
) -> AsyncIterator[AsyncClient]:
    """A client over a real socket."""
    shown = {"authorization": f"Bearer {who}"} if who else {}
    async with (
        serving(application(runtime, settings)) as port,
        AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=shown) as client,
    ):
        yield client


@pytest.fixture
async def http(fund: Runtime) -> AsyncIterator[AsyncClient]:
    """Whoever comes without a credential reads everything."""
    async with asking(fund) as client:
        yield client


def told(response: Response) -> list[dict[str, Any]]:
    """The events of a page, whatever its media type."""
    assert response.status_code == 200, response.text
    if response.headers["content-type"].startswith("application/x-ndjson"):
        return [orjson.loads(each) for each in response.content.splitlines()]
    found: list[dict[str, Any]] = response.json()
    return found


def positions(response: Response) -> list[int]:
    return [int(each["sequence"]) for each in told(response)]


def code(response: Response) -> tuple[int, str]:
    (error,) = response.json()["errors"]
    assert error["extensions"]["messageVi"]
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, error["extensions"]["code"]


async def walked(http: AsyncClient, address: str, **sent: Any) -> list[int]:
    """The positions of every page, by the link that each shows to the next."""
    found: list[int] = []
    while True:
        response = await http.get(address, **sent)
        found += positions(response)
        if response.headers["socai-cursor"] == response.headers["socai-head"]:
            return found
        address = "/events" + response.headers["link"].partition(">")[0].removeprefix("<")


async def test_pages_lead_to_one_another_and_leave_nothing_out(http: AsyncClient) -> None:
    head = int((await http.get("/events?limit=1")).headers["socai-head"])
    for limit in (37, 100, 1_000):
        assert await walked(http, f"/events?limit={limit}") == list(range(1, head + 1))


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", LINES),
        (LINES, LINES),
        ("application/ndjson", "application/ndjson"),
        ("application/*", LINES),
        (BATCH, BATCH),
        ("application/json", "application/json"),
        ("text/html, application/json;q=0.5, */*;q=0.1", "application/json"),
        ("text/event-stream;q=0.1, application/json", "application/json"),
        ("application/json;q=nonsense, */*", LINES),
    ],
)
async def test_a_client_gets_the_media_type_that_it_likes_best(
    http: AsyncClient, accept: str, media: str
) -> None:
    response = await http.get("/events?limit=3", headers={"accept": accept})
    assert response.headers["content-type"] == f"{media}; charset=utf-8"
    assert response.status_code == 200


async def test_lines_and_a_batch_tell_the_same(http: AsyncClient, fund: Runtime) -> None:
    lines = await http.get("/events?limit=50&after=100")
    batch = await http.get("/events?limit=50&after=100", headers={"accept": BATCH})
    assert told(lines) == told(batch)
    bodies = [body for _, body in await fund.log.raw(100, 50)]
    for line, body in zip(lines.content.splitlines(), bodies, strict=True):
        assert line.endswith(b',"data":' + body + b"}")
    assert (await http.get("/events?after=600", headers={"accept": BATCH})).json() != []


async def test_a_batch_is_read_by_a_library_that_nobody_here_wrote(http: AsyncClient) -> None:
    batch = await http.get("/events?limit=1000", headers={"accept": BATCH})
    for each in batch.json():
        event = JSONFormat().read(None, orjson.dumps(each))
        assert event.get_specversion() == "1.0"
        assert event.get_type() == f"vn.socai.{each['data']['type']}"
        assert event.get_subject() == each["data"]["stream"]
        assert event.get_time() is not None
        assert event.get_extension("sequence") == each["sequence"]


@pytest.mark.parametrize("who", EVERY_CALLER)
async def test_each_sees_the_events_that_the_database_shows_him(who: str, late: Runtime) -> None:
    async with asking(replace(late, door=Known()), who="" if who == "public" else who) as http:
        found = await walked(http, "/events?limit=30")
    assert found == await by_sql(late, EVERY_CALLER[who])


async def test_the_public_is_told_no_voucher(fund: Runtime) -> None:
    async with asking(replace(fund, door=Known())) as http:
        public = await http.get("/events?limit=1000")
        shown = {"authorization": "Bearer auditor"}
        auditor = await http.get("/events?limit=1000", headers=shown)
    assert b"voucher" not in public.content
    assert b"voucher" in auditor.content
    assert "Authorization" in public.headers["vary"]
    assert auditor.headers["cache-control"].startswith("private")


async def test_filters_are_lists_or_repeated_and_add_up(http: AsyncClient) -> None:
    everything = told(await http.get("/events?limit=1000"))
    kinds = ("AdvancePaid", "DisbursementPaid")
    wanted = [int(each["sequence"]) for each in everything if each["data"]["type"] in kinds]
    for query in ("types=AdvancePaid,DisbursementPaid", "types=AdvancePaid&types=DisbursementPaid"):
        assert await walked(http, f"/events?{query}&limit=7") == wanted
    stream = everything[0]["subject"]
    both = await http.get(f"/events?types={everything[0]['data']['type']}&streams={stream}")
    assert positions(both)[0] == 1
    assert {each["subject"] for each in told(both)} == {stream}
    assert positions(await http.get(f"/events?types=AdvancePaid&streams={stream}")) == []


async def test_little_of_much_is_found_in_bounded_pieces(
    http: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = await walked(http, "/events?types=PeriodClosed,PeriodOpened")
    monkeypatch.setattr(paging, "PIECE_EVENTS", 40)
    monkeypatch.setattr(paging, "READ_EVENTS_MAX", 100)
    first = await http.get("/events?types=PeriodClosed,PeriodOpened&limit=50")
    assert first.headers["socai-cursor"] == "100"
    assert first.headers["cache-control"] == FOR_EVER
    assert await walked(http, "/events?types=PeriodClosed,PeriodOpened") == whole


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


BAD = [
    ("after=x", 400, "BAD_PARAMETER"),
    ("after=-1", 400, "BAD_PARAMETER"),
    ("after=", 400, "BAD_PARAMETER"),
    ("after=1&after=2", 400, "BAD_PARAMETER"),
    ("after=٣", 400, "BAD_PARAMETER"),
    ("after=9223372036854775808", 400, "BAD_PARAMETER"),
    ("after=9223372036854775807", 400, "POSITION_AHEAD"),
    (f"after={'9' * 5000}", 400, "BAD_PARAMETER"),
    ("after=100000", 400, "POSITION_AHEAD"),
    ("limit=0", 400, "BAD_PARAMETER"),
    ("limit=1001", 400, "BAD_PARAMETER"),
    ("limit=1e2", 400, "BAD_PARAMETER"),
    ("wait=31", 400, "BAD_PARAMETER"),
    ("wait=0.5", 400, "BAD_PARAMETER"),
    ("proofs=yes", 400, "BAD_PARAMETER"),
    ("colour=red", 400, "UNKNOWN_PARAMETER"),
    ("=", 400, "UNKNOWN_PARAMETER"),
    ("types=", 400, "UNKNOWN_EVENT_TYPE"),
    ("types=Nothing", 400, "UNKNOWN_EVENT_TYPE"),
    ("types=AdvancePaid,", 400, "UNKNOWN_EVENT_TYPE"),
    ("types=%00", 400, "UNKNOWN_EVENT_TYPE"),
    ("streams=%ff", 400, "UNKNOWN_STREAM"),
    ("provinces=99", 400, "UNKNOWN_PROVINCE"),
    ("schemes=a%20b", 400, "INVALID_CODE"),
    ("centres=" + "a," * 100 + "a", 400, "FILTER_LENGTH"),
    ("types=AdvancePaid&" * 700, 400, "BAD_PARAMETER"),
]


@pytest.mark.parametrize(("query", "status", "name"), BAD)
@pytest.mark.parametrize("accept", [LINES, "text/event-stream"])
async def test_what_makes_no_sense_is_refused_by_name(
    http: AsyncClient, query: str, status: int, name: str, accept: str
) -> None:
    response = await http.get(f"/events?{query}", headers={"accept": accept})
    assert code(response) == (status, name)


async def test_methods_media_and_credentials_are_refused_by_name(fund: Runtime) -> None:
    async with asking(replace(fund, door=Known())) as http:
        assert code(await http.get("/events", headers={"accept": "text/html"}))[0] == 406
        response = await http.post("/events")
        assert code(response) == (405, "METHOD_NOT_ALLOWED")
        assert response.headers["allow"] == "GET, HEAD"
        stranger = {"authorization": "Bearer nobody"}
        assert code(await http.get("/events", headers=stranger)) == (401, "UNAUTHENTICATED")
        last = {"accept": "text/event-stream", "last-event-id": "x"}
        assert code(await http.get("/events", headers=last)) == (400, "BAD_PARAMETER")


async def test_a_key_that_may_not_follow_is_refused_and_written_down(fund: Runtime) -> None:
    reader = replace(EVERY_CALLER["auditor"], scopes=frozenset({"read"}))
    door = Known({"reader": reader})
    async with asking(replace(fund, door=door), who="reader") as http:
        assert code(await http.get("/events")) == (403, "FORBIDDEN")
    assert [each.asked for each in door.book] == ["scope follow"]


async def test_a_head_is_told_without_its_events(http: AsyncClient) -> None:
    response = await http.head("/events?limit=5")
    assert (response.content, response.headers["socai-cursor"]) == (b"", "5")
    stream = await http.head("/events", headers={"accept": "text/event-stream"})
    assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"


async def test_foreign_pages_on_the_list_are_let_in_and_others_are_not(fund: Runtime) -> None:
    home = "https://app.example.vn"
    async with asking(fund, Settings(origins=frozenset({home}))) as http:
        asked = {"origin": home, "access-control-request-method": "GET"}
        preflight = await http.options("/events", headers=asked)
        assert preflight.status_code == 200
        assert "Last-Event-ID" in preflight.headers["access-control-allow-headers"]
        page = await http.get("/events?limit=1", headers={"origin": home})
        assert page.headers["access-control-allow-origin"] == home
        assert "Socai-Cursor" in page.headers["access-control-expose-headers"]
        other = await http.get("/events?limit=1", headers={"origin": "https://else.example"})
        assert "access-control-allow-origin" not in other.headers
        assert (await http.options("/events")).status_code == 405


async def test_events_cost_points(fund: Runtime) -> None:
    async with asking(fund, Settings(points_public=500)) as http:
        assert (await http.get("/events?limit=400")).status_code == 200
        assert code(await http.get("/events?limit=400")) == (429, "RATE_LIMITED")
        assert (await http.get("/events?limit=10")).status_code == 200
