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
