"""A facility that was registered twice is counted once, from the day on which that is known."""

from typing import Any

import pytest

from service.runtime import Runtime
from service.seed import evaluation
from tests.schema.answers import answered
from tests.schema.conftest import Ask
from tests.schema.desk import Desk

CHOSEN = """{ period(code: "2018-2020") {
    beneficiaries(first: 3) { nodes { facility { code } } } } }"""
COUNTS = """query ($at: Position) { asOf(position: $at) { period(code: "2018-2020") {
    facilityCount totals { facilities grant }
    reportedFigures { measure derived gap } } } }"""


@pytest.fixture
async def desk(empty: Runtime, tell: Ask) -> Desk:
    """Whoever sits there after the evaluation."""
    await evaluation.record(empty.ledger)
    await empty.projector.wait_for((await empty.log.head()).position, 60)
    return Desk(tell)


async def counts(desk: Desk, at: int | None = None) -> tuple[int, int, str, Any]:
    """Beneficiaries, facilities behind the sums, the grant, and what the report says more."""
    period = answered(await desk.tell(COUNTS, at=at))["asOf"]["period"]
    (gap,) = (e["gap"] for e in period["reportedFigures"] if e["measure"] == "FACILITIES")
    totals = period["totals"]
    return period["facilityCount"], totals["facilities"], totals["grant"], gap


async def test_duplicates_of_duplicates_are_one_facility_whose_money_stays(desk: Desk) -> None:
    chosen = answered(await desk.tell(CHOSEN))["period"]["beneficiaries"]["nodes"]
    first, second, third = (each["facility"]["code"] for each in chosen)
    before = await counts(desk)
    count, behind, grant, gap = before
    assert (count, behind, gap) == (63, 63, "0")
    reason = "đăng ký hai lần (minh hoạ)"
    merged = {"facilityId": first, "survivor": second, "reason": reason}
    told = await desk("mergeDuplicate", on="2020-06-01", **merged)
    assert told["__typename"] == "Recorded", told
    assert await counts(desk) == (62, 62, grant, "1")
    merged = {"facilityId": second, "survivor": third, "reason": reason}
    await desk("mergeDuplicate", on="2020-06-02", **merged)
    assert await counts(desk) == (61, 61, grant, "2")
    assert await counts(desk, told["position"] - 1) == before
