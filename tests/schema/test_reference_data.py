"""Dated reference data over GraphQL: what the ledger ships with, and what was recorded since."""

from typing import Any

import pytest

from tests.schema.conftest import Ask
from tests.schema.desk import Desk

CAPS = """query ($on: Date, $activity: Activity, $at: Position) { asOf(position: $at) {
    supportCaps(on: $on, activity: $activity) {
        activity source cap sharePct unit validFrom validTo legalBasis certainty
        province { name } event { position type } } } }"""
MACHINERY = "ADVANCED_MACHINERY"
RAISED = {
    "activity": MACHINERY,
    "sharePct": 50,
    "cap": "400000000",
    "unit": "FACILITY",
    "legalBasis": "TT 99/2026/TT-BTC Đ8",
}


@pytest.fixture
def desk(tell: Ask) -> Desk:
    return Desk(tell)


async def caps(ask: Ask, **asked: object) -> list[dict[str, Any]]:
    body = await ask(CAPS, **asked)
    assert "errors" not in body, body
    return body["data"]["asOf"]["supportCaps"]


async def test_the_cap_of_a_day_comes_with_its_paper_and_how_sure_it_is(ask: Ask) -> None:
    found = [
        (await caps(ask, on=day, activity=MACHINERY))[0] for day in ("2018-05-10", "2018-05-11")
    ]
    assert [each["cap"] for each in found] == ["200000000", "300000000"]
    assert found[0] == {
        "activity": MACHINERY,
        "source": "NATIONAL_GRANT",
        "cap": "200000000",
        "sharePct": 50,
        "unit": "FACILITY",
        "validFrom": "2014-04-08",
        "validTo": "2018-05-11",
        "legalBasis": "TTLT 26/2014/TTLT-BTC-BCT",
        "certainty": "SOURCED",
        "province": None,
        "event": None,
    }
    assert await caps(ask, on="2014-04-07") == []
    (booth,) = await caps(ask, on="2020-01-01", activity="TRADE_FAIR_DOMESTIC")
    assert (booth["cap"], booth["sharePct"], booth["certainty"]) == (None, 80, "MEMORY")
    assert await caps(ask, activity="VOCATIONAL_TRAINING") == []


async def test_a_recorded_cap_ends_the_one_before_from_the_moment_it_is_known(desk: Desk) -> None:
    told = await desk("setSupportCap", on="2027-01-01", **RAISED)
    at = told["position"]
    assert told["stream"] == "policy-support-caps"
    before = await caps(desk.tell, activity=MACHINERY, at=at - 1)
    after = await caps(desk.tell, activity=MACHINERY, at=at)
    assert [each["validTo"] for each in before] == ["2018-05-11", None]
    assert [(each["cap"], each["validTo"]) for each in after] == [
        ("200000000", "2018-05-11"),
        ("300000000", "2027-01-01"),
        ("400000000", None),
    ]
    assert after[2]["event"] == {"position": at, "type": "SupportCapSet"}
    (then,) = await caps(desk.tell, on="2027-01-01", activity=MACHINERY)
    assert then["cap"] == "400000000"


async def test_a_council_sets_the_level_of_its_province(desk: Desk) -> None:
    nam_dinh = {"code": "36", "validFrom": "2008-08-01"}
    await desk("setSupportCap", source="LOCAL_GRANT", province=nam_dinh, **RAISED)
    found = await caps(desk.tell, on="2019-03-01", activity=MACHINERY)
    assert [(each["source"], each["province"]) for each in found] == [
        ("LOCAL_GRANT", {"name": "Nam Định"}),
        ("NATIONAL_GRANT", None),
    ]


async def test_a_second_level_for_a_day_is_refused_by_name(desk: Desk) -> None:
    await desk("setSupportCap", on="2027-01-01", **RAISED)
    again = await desk("setSupportCap", on="2027-01-01", **RAISED)
    assert (again["__typename"], again["events"]) == ("Recorded", [])
    other = await desk("setSupportCap", on="2027-01-01", **{**RAISED, "cap": "1"})
    assert other["code"] == "VALIDITY_OVERLAPS"
    assert "2027-01-01" in other["messageVi"]


NAMES = """query ($on: Date, $at: Position) { asOf(effectiveOn: $on, position: $at) {
    organisation(code: "cuc") { name names { name from to } } } }"""
OLD, MIDDLE, NEW = (
    "Cục Công nghiệp địa phương",
    "Cục Công Thương địa phương",
    "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công",
)


async def test_a_body_is_found_under_the_name_of_the_day_even_if_one_was_told_late(
    desk: Desk,
) -> None:
    await desk(
        "registerOrganisation", on="2012-01-01", organisationId="cuc", name=OLD, kind="DEPARTMENT"
    )
    await desk("renameOrganisation", on="2025-03-01", organisationId="cuc", name=NEW)
    late = await desk("renameOrganisation", on="2017-10-01", organisationId="cuc", name=MIDDLE)

    async def asked(**moment: object) -> dict[str, Any]:
        return (await desk.tell(NAMES, **moment))["data"]["asOf"]["organisation"]

    assert await asked() == {
        "name": NEW,
        "names": [
            {"name": OLD, "from": "2012-01-01", "to": "2017-10-01"},
            {"name": MIDDLE, "from": "2017-10-01", "to": "2025-03-01"},
            {"name": NEW, "from": "2025-03-01", "to": None},
        ],
    }
    assert (await asked(on="2020-11-05"))["name"] == MIDDLE
    assert (await asked(on="2020-11-05", at=late["position"] - 1))["name"] == OLD
    same = await desk("renameOrganisation", on="2017-10-01", organisationId="cuc", name="Cục X")
    assert same["code"] == "NAME_DIFFERS"


MAPS = """query ($at: Position) { asOf(position: $at) {
    period(code: "2018-2020") { now: coverage(geography: TODAY) { provinces of names }
        then: coverage { provinces of names } }
    event: totals(groupBy: [PROVINCE]) { total province { name } }
    today: totals(groupBy: [PROVINCE], geography: TODAY) { total province { name } }
    day: totals(groupBy: [PROVINCE], geographyOn: "2026-01-01") { total province { name } }
    whole: totals(groupBy: []) { total }
    provinces(at: "2026-02-01") { code name validFrom predecessors { name } } } }"""
NINH_BINH = {"code": "37", "validFrom": "2025-07-01"}
PHU_THO = {"code": "25", "validFrom": "2025-07-01"}


async def _fund(desk: Desk) -> None:
    """Two facilities with pledges: in Nam Định, which is Ninh Bình now, and in Phú Thọ."""
    await desk("openPeriod", code="2018-2020", name="G", startsOn="2018-01-01", endsOn="2020-12-31")
    await desk("registerOrganisation", organisationId="tt1", name="Trung tâm 1", kind="CENTRE")
    places = {"may": "36", "che": "25"}
    refs = [{"code": each, "validFrom": "2008-08-01"} for each in places.values()]
    await desk("setCentreTerritory", organisationId="tt1", provinces=refs)
    await desk(
        "proposeScheme",
        schemeId="D1",
        period="2018-2020",
        title="Đề án",
        schemeClass="FOCAL",
        contents=["ADVANCED_MACHINERY", "CONSULTANCY"],
        startsOn="2018-06-01",
        endsOn="2020-12-31",
        implementer="tt1",
    )
    ceiling = {"source": "NATIONAL_GRANT", "budgetYear": 2019, "amount": "3000000000"}
    await desk("approveScheme", schemeId="D1", ceilings=[ceiling], legalRegime=["TT 28/2018"])
    for amount, (name, code) in enumerate(places.items(), start=1):
        await desk.facility(name, name, province={"code": code, "validFrom": "2008-08-01"})
        await desk("assignBeneficiary", schemeId="D1", facilityId=name)
        pledge = {"schemeId": "D1", "facilityId": name, "budgetYear": 2019}
        await desk("pledgeCounterpart", amount=str(amount * 100), **pledge)


async def _maps(desk: Desk, at: int) -> dict[str, Any]:
    body = await desk.tell(MAPS, at=at)
    assert "errors" not in body, body
    return body["data"]["asOf"]


def _sums(groups: list[dict[str, Any]]) -> dict[str, str]:
    return {each["province"]["name"]: each["total"] for each in groups}


async def test_a_recorded_merger_moves_every_map_from_then_on_and_no_sum(desk: Desk) -> None:
    """Before it is recorded nothing changes, and as of before nothing ever will."""
    await _fund(desk)
    told = await desk(
        "mergeProvinces",
        on="2026-01-01",
        merged=[NINH_BINH, PHU_THO],
        code="37",
        name="Sông Hồng",
        region="Red River Delta",
        unitType="PROVINCE",
        legalBasis="NQ 1/2025/QH16 (giả định)",
    )
    assert told["stream"] == "geography-provinces", told
    at = told["position"]
    before, after = await _maps(desk, at - 1), await _maps(desk, at)
    assert before["whole"] == after["whole"] == [{"total": "300"}]
    assert _sums(before["event"]) == _sums(after["event"]) == {"Nam Định": "100", "Phú Thọ": "200"}
    for map_ in ("today", "day"):
        assert _sums(before[map_]) == {"Ninh Bình": "100", "Phú Thọ": "200"}
        assert _sums(after[map_]) == {"Sông Hồng": "300"}
    assert before["period"]["then"] == after["period"]["then"]
    assert before["period"]["now"]["names"] == ["Ninh Bình", "Phú Thọ"]
    assert after["period"]["now"] == {"provinces": 1, "of": 1, "names": ["Sông Hồng"]}
    assert len(before["provinces"]) - len(after["provinces"]) == 1
    (new,) = (each for each in after["provinces"] if each["name"] == "Sông Hồng")
    assert (new["code"], new["validFrom"]) == ("37", "2026-01-01")
    assert {"name": "Nam Định"} in new["predecessors"]
    assert {"name": "Phú Thọ"} in new["predecessors"]


async def test_a_facility_registers_in_a_province_that_was_recorded(desk: Desk) -> None:
    song_hong = {"code": "37", "validFrom": "2026-01-01"}
    sent: dict[str, Any] = {
        "facilityId": "may",
        "name": "May",
        "legalForm": "ENTERPRISE",
        "ownership": "PRIVATE",
        "province": song_hong,
        "sector": {"version": "VSIC_2018", "code": "1076"},
    }
    early = await desk("registerFacility", on="2026-02-01", **sent)
    assert early["code"] == "UNKNOWN_UNIT_AT_DATE"
    await desk(
        "renameProvince",
        on="2026-01-01",
        province=NINH_BINH,
        name="Hoa Lư",
        unitType="MUNICIPALITY",
        legalBasis="NQ 2 (giả định)",
    )
    now = await desk("registerFacility", on="2026-02-01", **sent)
    assert now["__typename"] == "Recorded", now
