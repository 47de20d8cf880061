"""Writes: one commitment's whole way through the doors, and every kind of no."""

from typing import Any
from uuid import uuid4

import pytest

from tests.actors import actor_named
from tests.schema.conftest import Ask
from tests.schema.desk import WHO, Desk


@pytest.fixture
async def desk(tell: Ask) -> Desk:
    """A ledger with a period, a centre, one facility and one approved scheme."""
    desk = Desk(tell)
    yen_bai = {"code": "15", "validFrom": "2008-08-01"}
    await desk("openPeriod", code="2018-2020", name="G", startsOn="2018-01-01", endsOn="2020-12-31")
    await desk("registerOrganisation", organisationId="tt1", name="Trung tâm 1", kind="CENTRE")
    await desk("setCentreTerritory", organisationId="tt1", provinces=[yen_bai])
    await desk(
        "registerFacility",
        on="2018-02-01",
        facilityId="che-van-chan",
        name="Hợp tác xã chè Văn Chấn",
        legalForm="COOPERATIVE",
        ownership="COLLECTIVE",
        province=yen_bai,
        sector={"version": "VSIC_2018", "code": "1076"},
    )
    await desk(
        "proposeScheme",
        schemeId="D1",
        period="2018-2020",
        title="Chế biến chè",
        schemeClass="FOCAL",
        contents=["ADVANCED_MACHINERY", "CONSULTANCY"],
        startsOn="2018-06-01",
        endsOn="2020-12-31",
        implementer="tt1",
    )
    ceiling = {"source": "NATIONAL_GRANT", "budgetYear": 2019, "amount": "3000000000"}
    await desk(
        "approveScheme", schemeId="D1", ceilings=[ceiling], legalRegime=["TT 28/2018/TT-BTC"]
    )
    await desk("assignBeneficiary", schemeId="D1", facilityId="che-van-chan")
    await desk(
        "pledgeCounterpart",
        schemeId="D1",
        facilityId="che-van-chan",
        amount="2700000000",
        budgetYear=2019,
    )
    return desk


def promise(amount: str = "300000000") -> dict[str, Any]:
    """A commitment of a new machine, half of it or less paid by the fund."""
    return {
        "schemeId": "D1",
        "commitmentId": "C1",
        "facilityId": "che-van-chan",
        "activity": "ADVANCED_MACHINERY",
        "costItem": "Máy sấy chè",
        "totalCost": "3000000000",
        "amount": amount,
        "source": "NATIONAL_GRANT",
        "budgetYear": 2019,
    }


async def test_one_commitments_whole_way(desk: Desk) -> None:
    """Promised, advanced, accepted, paid, reversed, settled: readable after each step."""
    pay = {"schemeId": "D1", "commitmentId": "C1", "facilityId": "che-van-chan", "budgetYear": 2019}
    steps: list[tuple[str, dict[str, Any]]] = [
        ("commitSupport", promise()),
        ("payAdvance", {**pay, "paymentId": "P1", "amount": "200000000", "voucher": "T1"}),
        (
            "reversePayment",
            {"schemeId": "D1", "paymentId": "P1", "amount": "50000000", "reason": "x"},
        ),
        (
            "recordAcceptance",
            {"schemeId": "D1", "commitmentId": "C1", "acceptedValue": "300000000", "council": "HĐ"},
        ),
        (
            "payDisbursement",
            {**pay, "paymentId": "P2", "amount": "150000000", "voucher": "T2", "final": True},
        ),
        ("approveSettlement", {"schemeId": "D1", "commitmentId": "C1", "amount": "300000000"}),
    ]
    for command, sent in steps:
        answer = await desk(command, **sent)
        assert answer["__typename"] == "Recorded", answer
        assert answer["readable"] is True
        assert [event["position"] for event in answer["events"]] == [answer["position"]]
    body = await desk.tell(
        """{ commitment(scheme: "D1", code: "C1") { status committed advanced reversed disbursed
             paid undisbursed acceptedValue settled payments { code reversed }
             entries { nodes { kind amount } } } scheme(code: "D1") { totals { disbursed } } }"""
    )
    found = body["data"]["commitment"]
    assert found["status"] == "SETTLED"
    assert (found["paid"], found["undisbursed"]) == ("300000000", "0")
    assert found["payments"][0] == {"code": "P1", "reversed": "50000000"}
    assert body["data"]["scheme"]["totals"]["disbursed"] == "300000000"


async def test_money_before_its_scheme_has_no_centre_and_is_counted(desk: Desk) -> None:
    """Nothing bars a pledge that is effective before the scheme's proposal is."""
    pledge = {"schemeId": "D1", "facilityId": "che-van-chan", "budgetYear": 2019}
    told = await desk("pledgeCounterpart", on="2019-02-01", amount="2800000000", **pledge)
    assert told["__typename"] == "Recorded", told
    body = await desk.tell(
        """{ asOf(effectiveOn: "2019-02-10") { totals(groupBy: []) { total }
             byCentre: totals(groupBy: [CENTRE]) { centre { code } total } } }"""
    )
    found = body["data"]["asOf"]
    assert found["byCentre"] == [{"centre": None, "total": "2800000000"}]
    assert found["totals"] == [{"total": "2800000000"}]


async def test_the_same_command_id_is_carried_out_once(desk: Desk) -> None:
    once = str(uuid4())
    first = await desk("commitSupport", commandId=once, **promise())
    again = await desk("commitSupport", commandId=once, **promise())
    assert again == {**first, "repeated": True}


async def test_the_same_command_id_with_other_content_is_refused(desk: Desk) -> None:
    once = str(uuid4())
    await desk("commitSupport", commandId=once, **promise())
    other = await desk("commitSupport", commandId=once, **promise("1"))
    assert other["code"] == "IDEMPOTENCY_MISMATCH"


async def test_a_stale_version_is_refused(desk: Desk) -> None:
    assert (await desk("commitSupport", expectedVersion=1, **promise()))[
        "code"
    ] == "VERSION_CONFLICT"


async def test_more_than_the_cap_is_refused_with_its_article(desk: Desk) -> None:
    """In force since 2018-05-11: 300 million for machines; the refusal says so in two languages."""
    refused = await desk("commitSupport", **promise("300000001"))
    assert refused["code"] == "CAP_EXCEEDED"
    assert "300.000.000" in refused["message"]
    assert "300.000.000" in refused["messageVi"]
    assert refused["rule"]


async def test_a_final_payment_before_acceptance_is_refused(desk: Desk) -> None:
    await desk("commitSupport", **promise())
    refused = await desk(
        "payDisbursement",
        schemeId="D1",
        commitmentId="C1",
        facilityId="che-van-chan",
        paymentId="P1",
        amount="1",
        voucher="T",
        final=True,
        budgetYear=2019,
    )
    assert refused["code"] == "NOT_ACCEPTED"


async def test_who_promised_the_money_does_not_pay_it(desk: Desk) -> None:
    """The refusal names both steps and no person."""
    await desk("commitSupport", **promise())
    pay: dict[str, Any] = {
        "schemeId": "D1",
        "commitmentId": "C1",
        "facilityId": "che-van-chan",
        "paymentId": "P1",
        "amount": "1",
        "voucher": "T",
        "budgetYear": 2019,
    }
    refused = await desk("payAdvance", actor=actor_named("commitSupport"), **pay)
    assert (refused["__typename"], refused["code"]) == ("WrongAuthority", "WRONG_AUTHORITY")
    assert refused["message"] == (
        "AdvancePaid on commitment C1 needs another person than SupportCommitted,"
        " version 5 of scheme-D1."
    )
    assert (await desk("payAdvance", **pay))["__typename"] == "Recorded"


async def test_a_refusal_leaves_nothing(desk: Desk) -> None:
    before = await desk.tell('{ ledger { position } scheme(code: "D1") { totals { grant } } }')
    await desk("commitSupport", **promise("999999999999"))
    after = await desk.tell('{ ledger { position } scheme(code: "D1") { totals { grant } } }')
    assert before == after


async def test_already_so_records_nothing_and_says_so(desk: Desk) -> None:
    answer = await desk("assignBeneficiary", schemeId="D1", facilityId="che-van-chan")
    assert answer["__typename"] == "Recorded"
    assert answer["events"] == []


@pytest.mark.parametrize(
    ("field", "sent"),
    [("amount", "1.5"), ("amount", 2.5), ("amount", True), ("amount", "1e9"), ("source", "X")],
)
async def test_what_is_not_of_the_type_is_an_error_of_the_request(
    desk: Desk, field: str, sent: object
) -> None:
    """Nothing is guessed from a float, an exponent or an unknown name."""
    query = """mutation ($input: CommitSupportInput!, $c: Circumstances!) {
        commitSupport(commandId: "018f0000-0000-7000-8000-000000000000", input: $input,
        circumstances: $c) { __typename } }"""
    circumstances = {"effectiveOn": "2019-03-01", "actor": WHO}
    body = await desk.tell(query, input={**promise(), field: sent}, c=circumstances)
    assert "errors" in body
    assert body.get("data") is None
