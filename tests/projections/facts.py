"""A scheme with one beneficiary, fact by fact, and the read models after them."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from events.envelope import Actor, Recorded
from events.facility.facts import (
    FacilityRegistered,
)
from events.identity import (
    CommitmentId,
    FacilityId,
    OrganisationId,
    PaymentId,
    PeriodCode,
    ProvinceRef,
    SchemeId,
    SectorRef,
)
from events.money import Vnd
from events.period import PeriodOpened
from events.scheme.facts import (
    AcceptanceRecorded,
    AdvancePaid,
    BeneficiaryAssigned,
    Ceiling,
    CommitmentCancelled,
    CommitmentReduced,
    CounterpartPledged,
    DisbursementPaid,
    PaymentReversed,
    SchemeApproved,
    SchemeProposed,
    SettlementApproved,
    SupportCommitted,
)
from events.vocabulary import (
    Activity,
    FundingSource,
    LegalForm,
    Ownership,
    SchemeClass,
)
from projections.replay import Replay

SCHEME, FACILITY, COMMITMENT = SchemeId("da-1"), FacilityId("cs-1"), CommitmentId("ck-1")
YEN_BAI = ProvinceRef(code="15", valid_from=date(2008, 8, 1))
HA_NOI = ProvinceRef(code="01", valid_from=date(2008, 8, 1))
SEWING = SectorRef(version="VSIC_2018", code="1410")
DAY = date(2019, 5, 1)
GRANT = {"source": FundingSource.NATIONAL_GRANT, "budget_year": 2019}
ON = {"scheme_id": SCHEME, "commitment_id": COMMITMENT}

OPENED = PeriodOpened(
    code=PeriodCode("2018-2020"), name="2018–2020", starts_on=DAY, ends_on=date(2020, 12, 31)
)
REGISTERED = FacilityRegistered(
    facility_id=FACILITY,
    name="May Ý Yên",
    tax_code=None,
    legal_form=LegalForm.HOUSEHOLD,
    ownership=Ownership.PRIVATE,
    province=YEN_BAI,
    address="Xã A",
    sector=SEWING,
    capacity=None,
)
PROPOSED = SchemeProposed(
    scheme_id=SCHEME,
    period=PeriodCode("2018-2020"),
    title="Đề án điểm",
    scheme_class=SchemeClass.FOCAL,
    contents=(Activity.ADVANCED_MACHINERY, Activity.TECHNOLOGY_LINE),
    starts_on=DAY,
    ends_on=date(2020, 12, 31),
    implementer=OrganisationId("centre-1"),
)
APPROVED = SchemeApproved(
    scheme_id=SCHEME,
    ceilings=(
        Ceiling(source=FundingSource.NATIONAL_GRANT, budget_year=2019, amount=Vnd(900)),
        Ceiling(source=FundingSource.NATIONAL_GRANT, budget_year=2020, amount=Vnd(800)),
    ),
    legal_regime=("TT 28/2018/TT-BTC",),
)
ASSIGNED = BeneficiaryAssigned(
    scheme_id=SCHEME, facility_id=FACILITY, name="May Ý Yên", province=YEN_BAI, sector=SEWING
)
PLEDGED = CounterpartPledged(
    scheme_id=SCHEME, facility_id=FACILITY, amount=Vnd(700), budget_year=2019
)
COMMITTED = SupportCommitted(
    facility_id=FACILITY,
    activity=Activity.ADVANCED_MACHINERY,
    cost_item="máy",
    total_cost=Vnd(1000),
    amount=Vnd(300),
    cap_basis="TT 28/2018/TT-BTC Đ8k4",
    **ON,
    **GRANT,
)
ADVANCED = AdvancePaid(payment_id=PaymentId("t-1"), amount=Vnd(100), voucher="UNC 1", **ON, **GRANT)
DISBURSED = DisbursementPaid(
    payment_id=PaymentId("t-2"), amount=Vnd(150), voucher="UNC 2", final=True, **ON, **GRANT
)
REVERSED = PaymentReversed(
    payment_id=PaymentId("t-1"), amount=Vnd(40), reason="nhầm", **ON, **GRANT
)
ACCEPTED = AcceptanceRecorded(accepted_value=Vnd(990), council="hội đồng", **ON)
SETTLED = SettlementApproved(amount=Vnd(210), **ON, **GRANT)
REDUCED = CommitmentReduced(amount=Vnd(20), reason="tiết kiệm", **ON, **GRANT)
CANCELLED = CommitmentCancelled(amount=Vnd(280), reason="thôi", **ON, **GRANT)
BEFORE = (OPENED, REGISTERED, PROPOSED, APPROVED, ASSIGNED)


def played(*facts: Any) -> Replay:
    """The read models after these facts, the nth of them at position n."""
    replay = Replay()
    replay.play(recorded(n, each) for n, each in enumerate(facts, 1))
    return replay


def recorded(position: int, fact: Any) -> Recorded[Any]:
    return Recorded(
        position=position,
        id=UUID(int=position),
        stream=_stream(fact),
        version=position,
        type=type(fact).__name__,
        recorded_at=datetime(2026, 11, 1, tzinfo=UTC),
        effective_on=DAY,
        budget_year=None,
        actor=Actor(id="lan", role="accountant", organisation="centre-1"),
        authority=None,
        command_id=UUID(int=position),
        causation=None,
        correlation=None,
        synthetic=True,
        fact=fact,
    )


def _stream(fact: Any) -> str:
    match fact:
        case PeriodOpened():
            return f"period-{fact.code}"
        case FacilityRegistered():
            return f"facility-{FACILITY}"
        case _:
            return f"scheme-{SCHEME}"
