"""A payment typed wrong is corrected by two persons; both axes of time tell what was known when."""

from typing import Any

from tests.schema import test_mutations as mutations
from tests.schema.desk import Desk

desk = mutations.desk
ON, STEP = "2019-03-01", "dinh-chinh-1"
PENDING = """{ pending { nodes { code version command status takesEffectOn proposedBy waitsFor
    scheme { code } proposal { fact { ... on StepProposed { stepId
        step { correctEntry { changes { field after } } } } } } } } }"""
PAID = """query ($p: Position!) { commitment(scheme: "D1", code: "C1") { paid }
    asOf(position: $p) { commitment(scheme: "D1", code: "C1") { paid } } }"""
HISTORY = """{ history(stream: "scheme-D1") { nodes { version type effectiveOn
    corrects { version type } correctedBy { version type } } } }"""


async def paid(desk: Desk) -> dict[str, Any]:
    """200 million were paid, and typed as 20 million less."""
    await desk("commitSupport", **mutations.promise())
    return await desk(
        "payAdvance",
        schemeId="D1",
        commitmentId="C1",
        facilityId="che-van-chan",
        budgetYear=2019,
        paymentId="P1",
        amount="180000000",
        voucher="T1",
    )


def correction(version: int, amount: str) -> dict[str, Any]:
    """The correction of an amount, as it is proposed."""
    changes = [{"field": "amount", "after": amount}]
    asked = {"schemeId": "D1", "correctsVersion": version, "changes": changes, "reason": "Gõ nhầm"}
    return {"schemeId": "D1", "stepId": STEP, "step": {"correctEntry": asked}}


async def asked(desk: Desk, query: str, **variables: Any) -> Any:
    body = await desk.tell(query, **variables)
    assert "errors" not in body, body
    return body["data"]


async def test_a_correction_is_proposed_waits_and_is_approved(desk: Desk) -> None:
    payment = await paid(desk)
    version = payment["version"]
    told = await desk("proposeStep", on=ON, **correction(version, "200000000"))
    assert told["__typename"] == "Recorded", told
    (waiting,) = (await asked(desk, PENDING))["pending"]["nodes"]
    assert waiting == {
        "code": STEP,
        "version": 1,
        "command": "CorrectEntry",
        "status": "WAITING",
        "takesEffectOn": ON,
        "proposedBy": "hoa",
        "waitsFor": ["APPROVER"],
        "scheme": {"code": "D1"},
        "proposal": {
            "fact": {
                "stepId": STEP,
                "step": {"correctEntry": {"changes": [{"field": "amount", "after": "200000000"}]}},
            }
        },
    }
    approve = {"schemeId": "D1", "stepId": STEP, "stepVersion": 1}
    done = await desk("approveStep", on=ON, **approve)
    assert [each["type"] for each in done["events"]] == ["StepApproved", "EntryCorrected"]
    assert (await asked(desk, PENDING))["pending"]["nodes"] == []
    known = await asked(desk, PAID, p=payment["position"])
    assert known["commitment"]["paid"] == "200000000"
    assert known["asOf"]["commitment"]["paid"] == "180000000"
    history = (await asked(desk, HISTORY))["history"]["nodes"]
    assert history[version - 1]["correctedBy"] == {
        "version": done["version"],
        "type": "EntryCorrected",
    }
    assert history[-1]["corrects"] == {"version": version, "type": "AdvancePaid"}
    assert history[-1]["effectiveOn"] == ON


async def test_what_moved_or_would_break_a_rule_is_refused_by_name(desk: Desk) -> None:
    version = (await paid(desk))["version"]
    too_much = await desk("proposeStep", on=ON, **correction(version, "999000000"))
    assert too_much["code"] == "ADVANCE_LIMIT"
    assert too_much["messageVi"]
    other_day = await desk("proposeStep", on="2019-04-01", **correction(version, "200000000"))
    assert other_day["code"] == "NOT_THAT_DAY"
    await desk("proposeStep", on=ON, **correction(version, "200000000"))
    await desk("proposeStep", on=ON, **correction(version, "190000000"))
    approve = {"schemeId": "D1", "stepId": STEP, "stepVersion": 1}
    assert (await desk("approveStep", on=ON, **approve))["code"] == "PROPOSAL_MOVED"
    decline = {"schemeId": "D1", "stepId": STEP, "reason": "Đã đúng"}
    assert (await desk("declineStep", **decline))["__typename"] == "Recorded"
    approve["stepVersion"] = 2
    assert (await desk("approveStep", on=ON, **approve))["code"] == "STEP_DECIDED"
