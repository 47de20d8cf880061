"""The feed itself: what is wanted, who sees what, and that it is worked out once for everybody."""

import hashlib
from datetime import date
from typing import Any

import orjson
import pytest

from events.catalogue import FACTS
from events.identity import ProvinceRef
from schema.access.principal import PUBLIC, Principal
from schema.access.sight import scope_of
from schema.feed.audience import PUBLIC_AUDIENCE, WHOLE, Audience
from schema.feed.cloud import cloud
from schema.feed.feed import Page
from schema.feed.filters import EVERYTHING, Filter
from schema.planner.refusals import QueryRefusedError
from service.runtime import Runtime
from tests.schema.callers import EVERY_CALLER
from tests.schema.conftest import Ask
from tests.world import LAO_CAI_NOW

ALL = 10_000


@pytest.fixture
async def page(late: Runtime) -> Page:
    """All of a random history."""
    return await late.feed.read(0, ALL)


async def positions(runtime: Runtime, page: Page, wanted: Filter, audience: Audience) -> list[int]:
    return [each.position for each in await runtime.feed.shown(page, wanted, audience)]


async def by_sql(runtime: Runtime, principal: Principal) -> list[int]:
    """What the condition lets through that GraphQL writes into its statements."""
    scope = scope_of(principal.roles, principal.sight, is_feed=True)
    condition = scope.rows.get("ledger.event", "true").replace("{self}", "e")
    values = {name[1:]: told for name, told in principal.figures.items()}
    for name in ("principal", "provinces", "centres"):
        told = str(values.get(name, "")).replace("'", "''")
        condition = condition.replace(f"{{scope:{name}::text}}", f"'{told}'::text")
    rows = await runtime.pool.fetch(
        f"SELECT e.position FROM ledger.event AS e WHERE {condition} ORDER BY 1"
    )
    return [row[0] for row in rows]


@pytest.mark.parametrize("who", EVERY_CALLER)
async def test_memory_shows_the_events_that_the_database_shows(
    who: str, late: Runtime, page: Page
) -> None:
    principal = EVERY_CALLER[who]
    shown = await positions(late, page, EVERYTHING, Audience.of(principal))
    assert shown == await by_sql(late, principal)
    assert shown


async def test_somebody_sees_more_and_somebody_less(late: Runtime, page: Page) -> None:
    seen = {
        who: len(await positions(late, page, EVERYTHING, Audience.of(each)))
        for who, each in EVERY_CALLER.items()
    }
    assert seen["public"] < seen["operator"] < seen["auditor"] == len(page.items)


async def test_filters_name_alternatives_and_add_up(fund: Runtime) -> None:
    page = await fund.feed.read(0, ALL)
    told = [each.told for each in page.items]
    expected: dict[str, Any] = {
        "types": lambda each: each["type"] in {"SupportCommitted", "DisbursementPaid"},
        "streams": lambda each: each["stream"] == told[0]["stream"],
        "schemes": lambda each: each["stream"] == scheme["stream"],
    }
    scheme = next(each for each in told if each["type"] == "SchemeProposed")
    named = {
        "types": ["SupportCommitted", "DisbursementPaid"],
        "streams": [told[0]["stream"]],
        "schemes": [scheme["data"]["schemeId"]],
    }
    for name, values in named.items():
        found = await positions(fund, page, Filter.read({name: values}), WHOLE)
        assert found == [n for n, each in enumerate(told, 1) if expected[name](each)], name
        assert 0 < len(found) < len(told)
    both = Filter.read({"types": named["types"], "schemes": named["schemes"]})
    found = await positions(fund, page, both, WHOLE)
    assert found == [
        n for n, each in enumerate(told, 1) if expected["types"](each) and expected["schemes"](each)
    ]


async def test_a_centre_is_itself_and_its_schemes(fund: Runtime) -> None:
    page = await fund.feed.read(0, ALL)
    told = [each.told for each in page.items]
    proposed = [each for each in told if each["type"] == "SchemeProposed"]
    centre = proposed[0]["data"]["implementer"]
    of_it = {each["stream"] for each in proposed if each["data"]["implementer"] == centre}
    of_it.add(f"organisation-{centre}")
    found = await positions(fund, page, Filter.read({"centres": [centre]}), WHOLE)
    assert found == [n for n, each in enumerate(told, 1) if each["stream"] in of_it]


async def test_a_province_is_its_facilities_and_the_money_of_them(fund: Runtime) -> None:
    """With everything that has become part of it, and by the events that name a commitment."""
    page = await fund.feed.read(0, ALL)
    told = [each.told for each in page.items]
    home = {
        each["data"]["facilityId"]: ProvinceRef(**_ref(each["data"]["province"]))
        for each in told
        if each["type"] == "FacilityRegistered"
    }
    commitments = {
        (each["data"]["schemeId"], each["data"]["commitmentId"]): each["data"]["facilityId"]
        for each in told
        if each["type"] == "SupportCommitted"
    }
    ref = next(iter(home.values()))
    expected = []
    for n, each in enumerate(told, 1):
        data = each["data"]
        key = (data.get("schemeId"), data.get("commitmentId"))
        facility = data.get("facilityId") or commitments.get(key)  # type: ignore[arg-type]
        if home.get(facility) == ref:
            expected.append(n)
    found = await positions(fund, page, Filter.read({"provinces": [str(ref)]}), WHOLE)
    assert found == expected
    assert {told[n - 1]["type"] for n in found} >= {"FacilityRegistered", "DisbursementPaid"}


async def test_a_query_of_events_filters_by_the_same(fund: Runtime, ask: Ask) -> None:
    """`events(after:, first:, filter:)` is the feed for who comes now and then."""
    page = await fund.feed.read(0, ALL)
    proposed = next(each.told["data"] for each in page.items if each.type == "SchemeProposed")
    scheme, centre = proposed["schemeId"], proposed["implementer"]
    home = next(each.told["data"] for each in page.items if each.type == "FacilityRegistered")
    province = home["province"]
    same = {
        'type: {in: ["SupportCommitted", "PeriodOpened"]}': {
            "types": ["SupportCommitted", "PeriodOpened"]
        },
        f'stream: {{eq: "scheme-{scheme}"}}': {"streams": [f"scheme-{scheme}"]},
        f'scheme: {{code: {{eq: "{scheme}"}}}}': {"schemes": [scheme]},
        f"""facility: {{province: {{code: {{eq: "{province["code"]}"}},
            validFrom: {{eq: "{province["validFrom"]}"}}}}}}""": {
            "provinces": [f"{province['code']}@{province['validFrom']}"]
        },
        f"""or: [{{scheme: {{implementer: {{code: {{eq: "{centre}"}}}}}}}},
            {{stream: {{eq: "organisation-{centre}"}}}}]""": {"centres": [centre]},
    }
    for condition, told in same.items():
        query = "{ events(after: %s, first: 1000, filter: {%s}) { nodes { position } } }"
        body = await ask(query % ('"2"', condition))
        found = [each["position"] for each in body["data"]["events"]["nodes"]]
        shown = await positions(fund, page, Filter.read(told), WHOLE)
        assert found == [each for each in shown if each > 2], condition
        assert found


def _ref(told: dict[str, str]) -> dict[str, Any]:
    return {"code": told["code"], "valid_from": date.fromisoformat(told["validFrom"])}


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"colours": ["red"]}, "UNKNOWN_FILTER"),
        ({"types": ["SupportComitted"]}, "UNKNOWN_EVENT_TYPE"),
        ({"types": []}, "FILTER_LENGTH"),
        ({"streams": ["nothing-1"]}, "UNKNOWN_STREAM"),
        ({"streams": ["facility-"]}, "UNKNOWN_STREAM"),
        ({"schemes": ["a b"]}, "INVALID_CODE"),
        ({"centres": [""]}, "INVALID_CODE"),
        ({"provinces": ["99"]}, "UNKNOWN_PROVINCE"),
        ({"provinces": ["15@2020-01-01"]}, "UNKNOWN_PROVINCE"),
        ({"provinces": ["15@yesterday"]}, "UNKNOWN_PROVINCE"),
        ({"types": ["PeriodOpened"] * 101}, "FILTER_LENGTH"),
    ],
)
def test_a_filter_that_means_nothing_is_refused_by_name(told: Any, code: str) -> None:
    with pytest.raises(QueryRefusedError) as refused:
        Filter.read(told)
    assert refused.value.code == code


def test_a_filter_is_told_as_it_is_read() -> None:
    wanted = Filter.read({"provinces": ["15"], "types": ["PeriodOpened", "PeriodClosed"]})
    assert wanted.told() == {
        "types": ["PeriodClosed", "PeriodOpened"],
        "provinces": [str(LAO_CAI_NOW)],
    }
    assert Filter.read(wanted.told()) == wanted
    assert Filter.read({}) == EVERYTHING


async def test_who_reads_everything_gets_the_very_bytes(fund: Runtime) -> None:
    page = await fund.feed.read(0, ALL)
    for item in page.items:
        made = cloud(item, WHOLE)
        assert made.endswith(b',"data":' + item.stored.body + b"}")
        told = orjson.loads(made)
        assert told["leaf"] == hashlib.sha256(b"\0" + item.stored.body).hexdigest()
        assert int(told["sequence"]) == item.position
        assert (told["id"], told["subject"]) == (item.told["id"], item.told["stream"])
        assert told["source"] == f"urn:uuid:{page.items[0].told['id']}"


async def test_the_public_is_told_no_number_of_a_voucher_or_of_a_person(fund: Runtime) -> None:
    page = await fund.feed.read(0, ALL)
    shown = await fund.feed.shown(page, EVERYTHING, PUBLIC_AUDIENCE)
    hidden = {"voucher", "taxCode", "imprints"}
    held = {name for each in shown for name in each.told["data"]} & hidden
    assert held == {"voucher"}
    for item in shown:
        told = orjson.loads(cloud(item, PUBLIC_AUDIENCE))["data"]
        assert hidden.isdisjoint(told["data"])
        assert told["actor"].keys() == {"role", "organisation"}
        rest = {name: got for name, got in told.items() if name not in {"data", "actor"}}
        assert rest == {name: item.told[name] for name in rest}
        assert told["data"].items() <= item.told["data"].items()


def test_what_is_hidden_of_a_fact_is_what_the_table_of_access_says() -> None:
    for fact in FACTS.values():
        assert not WHOLE.hides(fact)
        assert PUBLIC_AUDIENCE.hides(fact)["actor"] == {"id": None}
    assert PUBLIC_AUDIENCE.hides(FACTS["DisbursementPaid"])["data"] == {"voucher": None}


async def test_an_event_is_encoded_once_for_all_who_see_the_same(fund: Runtime) -> None:
    page = await fund.feed.read(0, 1)
    (item,) = page.items
    public, operator = PUBLIC_AUDIENCE, Audience.of(EVERY_CALLER["operator"])
    assert cloud(item, public) is cloud(item, Audience.of(PUBLIC))
    assert cloud(item, operator) is cloud(item, WHOLE)
    assert len(item.clouds) == 2
