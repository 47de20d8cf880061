"""The law of the fund over GraphQL, beside the caps: what ships, and what was recorded since."""

from typing import Any

import pytest

from tests.schema.conftest import Ask
from tests.schema.desk import Desk
from tests.schema.test_preview import previewed

MACHINERY = "ADVANCED_MACHINERY"
ADVANCE = {
    "schemeId": "D1",
    "commitmentId": "C1",
    "facilityId": "may",
    "paymentId": "P1",
    "amount": "20",
    "voucher": "UNC 1",
    "budgetYear": 2019,
}


@pytest.fixture
def desk(tell: Ask) -> Desk:
    return Desk(tell)


async def to_a_promise(desk: Desk, **of: Any) -> None:
    """A scheme in which 100 đồng are promised to a weaver, for a machine of 200."""
    await desk("openPeriod", code="2018-2020", name="G", startsOn="2018-01-01", endsOn="2020-12-31")
    await desk("registerOrganisation", organisationId="tt1", name="Trung tâm 1", kind="CENTRE")
    await desk(
        "proposeScheme",
        schemeId="D1",
        period="2018-2020",
        title="Đề án",
        schemeClass="NORMAL",
        contents=[MACHINERY],
        startsOn="2018-06-01",
        endsOn="2020-12-31",
        implementer="tt1",
    )
    ceiling = {"source": "NATIONAL_GRANT", "budgetYear": 2019, "amount": "3000000000"}
    await desk("approveScheme", schemeId="D1", ceilings=[ceiling], legalRegime=["TT 28/2018"])
    await desk.facility("may", "May", **of)
    await desk("assignBeneficiary", schemeId="D1", facilityId="may")
    own = {"schemeId": "D1", "facilityId": "may", "budgetYear": 2019}
    await desk("pledgeCounterpart", amount="100", **own)
    promised = await desk(
        "commitSupport",
        commitmentId="C1",
        activity=MACHINERY,
        costItem="Máy may",
        totalCost="200",
        amount="100",
        source="NATIONAL_GRANT",
        **own,
    )
    assert promised["__typename"] == "Recorded", promised


LIMITS = """query ($on: Date, $activity: Activity, $at: Position) { asOf(position: $at) {
    advanceLimits(on: $on, activity: $activity) {
        activity sharePct needsProgress validFrom validTo legalBasis certainty
        event { position type } } } }"""
HALVED = {"activity": MACHINERY, "sharePct": 50, "legalBasis": "TT 9/2026/TT-BCT Đ2"}


async def limits(ask: Ask, **asked: object) -> list[dict[str, Any]]:
    body = await ask(LIMITS, **asked)
    assert "errors" not in body, body
    return body["data"]["asOf"]["advanceLimits"]


async def test_the_limit_on_advances_of_a_day_comes_with_its_paper(ask: Ask) -> None:
    (works,) = await limits(ask, on="2020-01-01", activity="CLUSTER_INFRASTRUCTURE")
    assert works == {
        "activity": "CLUSTER_INFRASTRUCTURE",
        "sharePct": 30,
        "needsProgress": True,
        "validFrom": "2014-02-10",
        "validTo": None,
        "legalBasis": "TT 36/2013/TT-BCT",
        "certainty": "SOURCED",
        "event": None,
    }
    (machines,) = await limits(ask, activity=MACHINERY)
    assert (machines["sharePct"], machines["certainty"]) == (70, "UNCERTAIN")
    assert await limits(ask, on="2014-02-09") == []


async def test_a_recorded_limit_ends_the_one_before_from_the_moment_it_is_known(
    desk: Desk,
) -> None:
    told = await desk("setAdvanceLimit", on="2027-01-01", **HALVED)
    at = told["position"]
    assert told["stream"] == "policy-advance-limits"
    (before,) = await limits(desk.tell, activity=MACHINERY, at=at - 1)
    after = await limits(desk.tell, activity=MACHINERY, at=at)
    assert before["validTo"] is None
    assert [(each["sharePct"], each["validTo"]) for each in after] == [
        (70, "2027-01-01"),
        (50, None),
    ]
    assert after[1]["event"] == {"position": at, "type": "AdvanceLimitSet"}
    again = await desk("setAdvanceLimit", on="2027-01-01", **{**HALVED, "sharePct": 40})
    assert again["code"] == "VALIDITY_OVERLAPS"
    wrong = await desk("setAdvanceLimit", on="2028-01-01", **{**HALVED, "sharePct": 101})
    assert wrong["code"] == "ADVANCE_SHARE_OUT_OF_RANGE"
    assert "ứng dụng máy móc" in wrong["messageVi"]


PROMISED = """query ($at: Position) { asOf(position: $at) {
    commitments(first: 1) { nodes { advanceLimit } } } }"""


async def test_what_may_be_advanced_follows_the_limit_of_the_day_of_the_promise(
    desk: Desk,
) -> None:
    await to_a_promise(desk)
    told = await desk("setAdvanceLimit", on="2019-01-01", **HALVED)

    async def most(at: int) -> str:
        body = await desk.tell(PROMISED, at=at)
        assert "errors" not in body, body
        (found,) = body["data"]["asOf"]["commitments"]["nodes"]
        return found["advanceLimit"]

    assert await most(told["position"] - 1) == "70"
    assert await most(told["position"]) == "50"


async def test_the_room_of_an_advance_is_told_before_it_is_paid(desk: Desk) -> None:
    await to_a_promise(desk)
    await desk("setAdvanceLimit", on="2019-01-01", **HALVED)
    told = await previewed(desk.tell, "payAdvance", **ADVANCE)
    assert {"kind": "ADVANCE", "subject": "C1", "limit": "50", "used": "20", "left": "30"} | {
        "rule": "TT 9/2026/TT-BCT Đ2"
    } in told["rooms"]
    refused = await previewed(desk.tell, "payAdvance", **{**ADVANCE, "amount": "51"})
    assert refused["code"] == "ADVANCE_LIMIT"


PLACES = """query ($on: Date, $at: Position) { asOf(position: $at) { eligiblePlaces(on: $on) {
    unitKind urbanClass yearsSinceCommune validFrom validTo legalBasis certainty
    event { position type } } } }"""


async def places(ask: Ask, **asked: object) -> list[dict[str, Any]]:
    body = await ask(PLACES, **asked)
    assert "errors" not in body, body
    return body["data"]["asOf"]["eligiblePlaces"]


async def test_the_places_that_the_fund_supports_are_those_of_the_day(ask: Ask) -> None:
    then = await places(ask, on="2020-01-01")
    assert [(each["unitKind"], each["urbanClass"]) for each in then] == [
        ("COMMUNE", None),
        ("TOWNSHIP", None),
        ("WARD", "FIRST"),
        ("WARD", "FOURTH"),
        ("WARD", "SECOND"),
        ("WARD", "THIRD"),
    ]
    assert then[2] == {
        "unitKind": "WARD",
        "urbanClass": "FIRST",
        "yearsSinceCommune": 5,
        "validFrom": "2012-07-05",
        "validTo": "2025-10-15",
        "legalBasis": "NĐ 45/2012/NĐ-CP Đ1",
        "certainty": "SOURCED",
        "event": None,
    }
    now = await places(ask, on="2025-10-15")
    assert {each["unitKind"] for each in now} == {"COMMUNE", "SPECIAL_ZONE", "TOWNSHIP", "WARD"}
    assert {each["certainty"] for each in now} == {"SOURCED", "INFERENCE"}
    assert await places(ask, on="2012-07-04") == []


async def test_a_recorded_end_of_a_kind_of_place_is_known_from_then_on(desk: Desk) -> None:
    asked = {"unitKind": "WARD", "validTo": "2030-01-01", "legalBasis": "NĐ 9/2029/NĐ-CP"}
    told = await desk("setEligiblePlace", on="2025-10-15", **asked)
    at = told["position"]
    assert told["stream"] == "policy-eligible-places"

    async def wards(at: int) -> list[Any]:
        found = await places(desk.tell, on="2025-10-15", at=at)
        return [each for each in found if each["unitKind"] == "WARD"]

    (before,), (after,) = await wards(at - 1), await wards(at)
    assert (before["validTo"], before["event"]) == (None, None)
    assert after["validTo"] == "2030-01-01"
    assert after["event"] == {"position": at, "type": "EligiblePlaceSet"}
    wrong = await desk("setEligiblePlace", unitKind="COMMUNE", urbanClass="FIRST", legalBasis="NĐ")
    assert wrong["code"] == "WARDS_ALONE"


SECTORS = """query ($version: String!, $at: Position) { asOf(position: $at) {
    sectorClassifications { version name validFrom legalBasis event { position } }
    sectorCodes(version: $version) { code name nameEn group { code name }
        event { position } } } }"""
KNITTING = {"code": "1391", "name": "Vải dệt kim", "nameEn": "Knitted", "sectorGroup": "TEXTILES"}
ISSUED = {
    "version": "VSIC_2019",
    "name": "Hệ thống ngành 2019 (giả định)",
    "legalBasis": "1/2018/QĐ-TTg",
    "lines": [KNITTING],
}
OF_GROUP = """{ facility(code: "may") { vsic sector { code } }
    beneficiaries(first: 1) { nodes { sector { code } } }
    totals(groupBy: [SECTOR]) { sector { code } total } }"""


async def sectors(ask: Ask, version: str, at: int | None = None) -> dict[str, Any]:
    body = await ask(SECTORS, version=version, at=at)
    assert "errors" not in body, body
    return body["data"]["asOf"]


async def test_versions_of_the_classification_come_with_their_paper_and_codes(ask: Ask) -> None:
    told = await sectors(ask, "VSIC_2025")
    assert [each["version"] for each in told["sectorClassifications"]] == ["VSIC_2018", "VSIC_2025"]
    assert told["sectorClassifications"][1] == {
        "version": "VSIC_2025",
        "name": "Hệ thống ngành kinh tế Việt Nam 2025",
        "validFrom": "2025-11-15",
        "legalBasis": "36/2025/QĐ-TTg",
        "event": None,
    }
    assert [each["code"] for each in told["sectorCodes"]] == [str(n) for n in range(10, 34)]
    assert told["sectorCodes"][3] == {
        "code": "13",
        "name": "Dệt",
        "nameEn": "Textiles",
        "group": {"code": "TEXTILES", "name": "Dệt may"},
        "event": None,
    }


async def test_an_issued_code_is_known_from_then_on_and_its_group_is_summed_under(
    desk: Desk,
) -> None:
    told = await desk("issueSectorCodes", on="2019-01-01", **ISSUED)
    at = told["position"]
    assert told["stream"] == "policy-sector-codes"
    assert (await sectors(desk.tell, "VSIC_2019", at - 1))["sectorCodes"] == []
    after = await sectors(desk.tell, "VSIC_2019", at)
    assert after["sectorCodes"] == [
        {
            "code": "1391",
            "name": "Vải dệt kim",
            "nameEn": "Knitted",
            "group": {"code": "TEXTILES", "name": "Dệt may"},
            "event": {"position": at},
        }
    ]
    assert after["sectorClassifications"][1]["version"] == "VSIC_2019"
    other = {**ISSUED, "lines": [{**KNITTING, "sectorGroup": "WOOD"}]}
    refused = await desk("issueSectorCodes", on="2019-01-01", **other)
    assert refused["code"] == "SECTOR_LINE_DIFFERS"
    await to_a_promise(desk, sector={"version": "VSIC_2019", "code": "1391"})
    body = await desk.tell(OF_GROUP)
    assert "errors" not in body, body
    assert body["data"] == {
        "facility": {"vsic": "VSIC_2019:1391", "sector": {"code": "TEXTILES"}},
        "beneficiaries": {"nodes": [{"sector": {"code": "TEXTILES"}}]},
        "totals": [{"sector": {"code": "TEXTILES"}, "total": "200"}],
    }
