"""The life of a scheme, one step after another, by whoever may take it. All of it is invented."""

from service.seed.evaluation import CENTRE
from tests.service.desk import Desk

SOURCE = "nguon-tron-doi"
NAM_DINH = {"code": "36", "validFrom": "2008-08-01"}
SECTOR = {"version": "VSIC_2018", "code": "1410"}
OPERATOR, MANAGER, APPROVER, ACCOUNTANT, AUDITOR = (
    "operator",
    "centre_manager",
    "approver",
    "accountant",
    "auditor",
)
MINISTRY = "ministry"
"""Approves as well, but another thing: nobody says how much there is and who gets it."""
YEARS = (2016, 2017)
PRICE, GRANT, ADVANCE = 400_000_000, 200_000_000, 100_000_000
"""What a machine costs, the cap on its support until 2018-05-10, and half of that."""


def registered(desk: Desk, scheme: str, count: int) -> list[str]:
    """So many facilities of the province."""
    codes = [f"{scheme}-cs-{nth}" for nth in range(1, count + 1)]
    for code in codes:
        desk(
            OPERATOR,
            "registerFacility",
            "2016-01-10",
            facilityId=code,
            name=f"Cơ sở may minh hoạ {code}",
            legalForm="ENTERPRISE",
            ownership="PRIVATE",
            province=NAM_DINH,
            sector=SECTOR,
        )
    return codes


def proposed(desk: Desk, scheme: str, of_class: str, contents: list[str], ends_on: str) -> None:
    """Proposed by its centre, appraised at both levels, planned and approved."""
    desk(
        MANAGER,
        "proposeScheme",
        "2016-01-20",
        schemeId=scheme,
        period="2016-2017",
        title=f"Đề án minh hoạ {scheme}",
        schemeClass=of_class,
        contents=contents,
        startsOn="2016-01-01",
        endsOn=ends_on,
        implementer=CENTRE,
    )
    appraisal = {"schemeId": scheme, "verdict": "MET", "council": "Hội đồng thẩm định minh hoạ"}
    desk(OPERATOR, "appraiseSchemeAtGrassroots", "2016-01-25", **appraisal)
    desk(APPROVER, "appraiseSchemeAtMinistry", "2016-01-28", **appraisal)


def approved(desk: Desk, scheme: str, tranche: int, amount: int) -> None:
    """Its money is assigned before it is approved: more than that is refused."""
    ceiling = {"source": "NATIONAL_GRANT", "budgetYear": 2016}
    regime = ["NĐ 45/2012/NĐ-CP"]
    beyond = {**ceiling, "amount": str(amount + 1)}
    desk(
        APPROVER,
        "assignTranche",
        "2016-02-01",
        budgetYear=2016,
        tranche=tranche,
        allocations=[{"schemeId": scheme, "amount": str(amount)}],
        decision=f"QĐ giao đợt {tranche}",
    )
    told = {"schemeId": scheme, "legalRegime": regime}
    on = "2016-02-05"
    assert desk.refused(APPROVER, "approveScheme", on, ceilings=[beyond], **told) == (
        "BUDGET_EXCEEDED"
    )
    desk(APPROVER, "approveScheme", on, ceilings=[{**ceiling, "amount": str(amount)}], **told)
    desk(
        MANAGER,
        "signContract",
        "2016-02-10",
        schemeId=scheme,
        contractId=f"{scheme}-hd",
        number=f"HĐ {scheme}",
        signedOn="2016-02-10",
        client="cuc-cong-thuong-dia-phuong",
        contractor=CENTRE,
        **{**ceiling, "amount": str(amount)},
    )


def supported(desk: Desk, scheme: str, facility: str, commitment: str) -> None:
    """A facility is chosen, pledges its half, and is promised the other."""
    where = {"schemeId": scheme, "facilityId": facility}
    desk(MANAGER, "assignBeneficiary", "2016-03-01", **where)
    desk(
        MANAGER,
        "pledgeCounterpart",
        "2016-03-02",
        **where,
        amount=str(PRICE - GRANT),
        budgetYear=2016,
    )
    desk(
        MANAGER,
        "commitSupport",
        "2016-03-05",
        **where,
        commitmentId=commitment,
        activity="ADVANCED_MACHINERY",
        costItem=f"Máy may {facility}",
        totalCost=str(PRICE),
        amount=str(GRANT),
        source="NATIONAL_GRANT",
        budgetYear=2016,
    )


def carried_out(desk: Desk, scheme: str, facility: str, commitment: str) -> None:
    """Advance, machine, progress, own money, acceptance, the rest, settlement."""
    of = {"schemeId": scheme, "commitmentId": commitment}
    pay = {**of, "facilityId": facility, "budgetYear": 2016}
    where = {"schemeId": scheme, "facilityId": facility}
    over = {**pay, "paymentId": f"{commitment}-x", "voucher": "PC 0"}
    assert desk.refused(ACCOUNTANT, "payAdvance", "2016-04-01", amount="140000001", **over) == (
        "ADVANCE_LIMIT"
    )
    advance = {"paymentId": f"{commitment}-1", "amount": str(ADVANCE), "voucher": "PC 1"}
    desk(ACCOUNTANT, "payAdvance", "2016-04-01", **pay, **advance)
    desk(
        OPERATOR,
        "installEquipment",
        "2016-06-01",
        facilityId=facility,
        name="Máy may công nghiệp",
        origin="Nhật Bản",
        madeIn=2015,
        quantity=4,
        value=str(PRICE),
    )
    desk(MANAGER, "reportProgress", "2016-07-01", **of, percent=100, findings="đã lắp đặt")
    desk(
        MANAGER,
        "investCounterpart",
        "2016-07-05",
        **where,
        amount=str(PRICE - GRANT),
        evidence="hoá đơn minh hoạ",
        budgetYear=2016,
    )
    rest = {"paymentId": f"{commitment}-2", "amount": str(GRANT - ADVANCE), "voucher": "PC 2"}
    last = {**pay, **rest, "final": True}
    assert desk.refused(ACCOUNTANT, "payDisbursement", "2016-08-01", **last) == "NOT_ACCEPTED"
    accepted = {**of, "acceptedValue": str(GRANT), "council": "Hội đồng nghiệm thu minh hoạ"}
    desk(OPERATOR, "recordAcceptance", "2016-08-01", **accepted)
    desk(ACCOUNTANT, "payDisbursement", "2016-08-10", **last)
    desk(MANAGER, "submitSettlement", "2016-11-01", **of, eligible=str(GRANT))
    desk(APPROVER, "approveSettlement", "2016-11-20", **of, amount=str(GRANT))


def closed(desk: Desk, scheme: str, facility: str) -> None:
    """What it brought, that it is complete, and how it is judged; the auditor looks at it."""
    desk(
        MANAGER,
        "recordOutcome",
        "2017-11-01",
        schemeId=scheme,
        outcomeId=f"{scheme}-vl",
        facilityId=facility,
        indicator="JOBS_NEW",
        baseline="20",
        value="25",
        unit="PERSON",
        method="đếm theo bảng lương",
    )
    contract = {"contractId": f"{scheme}-hd", "number": f"TL {scheme}", "signedOn": "2017-12-01"}
    desk(APPROVER, "liquidateContract", "2017-12-01", schemeId=scheme, **contract)
    desk(APPROVER, "completeScheme", "2017-12-15", schemeId=scheme)
    desk(
        APPROVER,
        "evaluateCriteria",
        "2017-12-20",
        schemeId=scheme,
        criterion="CONTENT",
        verdict="MET",
        ruleVersion="TT 36/2013/TT-BCT",
        evidence="minh hoạ",
        source=SOURCE,
    )
    desk(
        AUDITOR,
        "recordAuditFinding",
        "2017-12-22",
        evaluationId=f"{scheme}-kt",
        period="2016-2017",
        findingId="kl-1",
        schemeId=scheme,
        findings="hồ sơ đầy đủ (minh hoạ)",
        action="không",
        sourceId=SOURCE,
    )


def stands(desk: Desk, scheme: str, beneficiaries: int) -> None:
    """What a client app is shown of it in the end."""
    found = desk.ask(
        """query ($code: String!) { scheme(code: $code) { status class
            totals { grant counterpart disbursed settled }
            beneficiaries { totalCount } commitments { nodes { status undisbursed } } } }""",
        code=scheme,
    )["scheme"]
    granted = GRANT * beneficiaries
    assert found["status"] == "COMPLETED"
    assert found["totals"] == {
        "grant": str(granted),
        "counterpart": str((PRICE - GRANT) * beneficiaries),
        "disbursed": str(granted),
        "settled": str(granted),
    }
    assert found["beneficiaries"]["totalCount"] == beneficiaries
    nodes = found["commitments"]["nodes"]
    assert nodes == [{"status": "SETTLED", "undisbursed": "0"}] * beneficiaries
