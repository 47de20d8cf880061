"""GET /events in pages: what is in them, who sees what, what is refused."""

from collections.abc import AsyncIterator
from dataclasses import replace

import orjson
import pytest
from cloudevents.core.formats.json import JSONFormat
from httpx2 import AsyncClient

from schema.http.settings import Settings
from service.feeding import paging
from service.runtime import Runtime
from tests.schema.callers import EVERY_CALLER, Known
from tests.schema.feeding import BATCH, FOR_EVER, LINES, asking, code, positions, told, walked
from tests.schema.test_feed import by_sql


@pytest.fixture
async def http(fund: Runtime) -> AsyncIterator[AsyncClient]:
    """Whoever comes without a credential reads everything."""
    async with asking(fund) as client:
        yield client


async def test_pages_lead_to_one_another_and_leave_nothing_out(http: AsyncClient) -> None:
    head = int((await http.get("/events?limit=1")).headers["socai-head"])
    for limit in (37, 100, 1_000):
        assert await walked(http, f"/events?limit={limit}") == list(range(1, head + 1))


ACCEPTED = {
    "*/*": LINES,
    LINES: LINES,
    "application/ndjson": "application/ndjson",
    "application/*": LINES,
    BATCH: BATCH,
    "application/json": "application/json",
    "text/html, application/json;q=0.5, */*;q=0.1": "application/json",
    "text/event-stream;q=0.1, application/json": "application/json",
    "application/json;q=nonsense, */*": LINES,
}


async def test_a_client_gets_the_media_type_that_it_likes_best(http: AsyncClient) -> None:
    for accept, media in ACCEPTED.items():
        response = await http.get("/events?limit=3", headers={"accept": accept})
        assert response.headers["content-type"] == f"{media}; charset=utf-8", accept
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


async def test_each_sees_the_events_that_the_database_shows_him(late: Runtime) -> None:
    seen: dict[str, int] = {}
    async with asking(replace(late, door=Known())) as http:
        for who, principal in EVERY_CALLER.items():
            shown = {} if who == "public" else {"authorization": f"Bearer {who}"}
            found = await walked(http, "/events?limit=30", headers=shown)
            assert found == await by_sql(late, principal), who
            seen[who] = len(found)
    assert seen["public"] < seen["operator"] < seen["auditor"] == seen["integrator"]


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


BAD = {
    "after=x": "BAD_PARAMETER",
    "after=-1": "BAD_PARAMETER",
    "after=": "BAD_PARAMETER",
    "after=1&after=2": "BAD_PARAMETER",
    "after=٣": "BAD_PARAMETER",
    "after=9223372036854775808": "BAD_PARAMETER",
    "after=9223372036854775807": "POSITION_AHEAD",
    f"after={'9' * 5000}": "BAD_PARAMETER",
    "after=100000": "POSITION_AHEAD",
    "limit=0": "BAD_PARAMETER",
    "limit=1001": "BAD_PARAMETER",
    "limit=1e2": "BAD_PARAMETER",
    "wait=31": "BAD_PARAMETER",
    "wait=0.5": "BAD_PARAMETER",
    "proofs=yes": "BAD_PARAMETER",
    "colour=red": "UNKNOWN_PARAMETER",
    "=": "UNKNOWN_PARAMETER",
    "types=": "UNKNOWN_EVENT_TYPE",
    "types=Nothing": "UNKNOWN_EVENT_TYPE",
    "types=AdvancePaid,": "UNKNOWN_EVENT_TYPE",
    "types=%00": "UNKNOWN_EVENT_TYPE",
    "streams=%ff": "UNKNOWN_STREAM",
    "provinces=99": "UNKNOWN_PROVINCE",
    "schemes=a%20b": "INVALID_CODE",
    "centres=" + "a," * 100 + "a": "FILTER_LENGTH",
    "&".join(["types=AdvancePaid"] * 700): "BAD_PARAMETER",
}


async def test_what_makes_no_sense_is_refused_by_name(http: AsyncClient) -> None:
    for query, name in BAD.items():
        for accept in (LINES, "text/event-stream"):
            response = await http.get(f"/events?{query}", headers={"accept": accept})
            assert code(response) == (400, name), query


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
