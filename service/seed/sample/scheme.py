"""What happens to the scheme of a sample and to its money (đề án khuyến công)."""

from datetime import date

from events.catalogue import Command
from events.money import Vnd
from events.scheme import (
    ApproveScheme,
    ApproveSettlement,
    AssignBeneficiary,
    CancelCommitment,
    Ceiling,
    CommitSupport,
    EvaluateCriteria,
    PayAdvance,
    PayDisbursement,
    PledgeCounterpart,
    ProposeScheme,
    RecordAcceptance,
    ReduceCommitment,
    ReversePayment,
)
from events.vocabulary import Activity, Criterion, FundingSource, SchemeClass, Verdict
from service.seed.sample.cast import Cast

TOTAL_COST, GRANT, PART = Vnd(400_000_000), Vnd(150_000_000), Vnd(50_000_000)
"""Within half of the cost and 300 million đồng, the limits for machines since 11 May 2018."""


def propose(cast: Cast) -> Command:
    return ProposeScheme(
        scheme_id=cast.scheme_id,
        period=cast.period,
        title=f"Đề án minh họa {cast.tag}",
        scheme_class=SchemeClass.NORMAL,
        contents=(Activity.ADVANCED_MACHINERY,),
        starts_on=date(cast.year, 1, 1),
        ends_on=date(cast.year, 12, 31),
        implementer=cast.centre,
    )


def approve(cast: Cast) -> Command:
    ceiling = Ceiling(
        source=FundingSource.NATIONAL_GRANT, budget_year=cast.year, amount=Vnd(2 * GRANT)
    )
    return ApproveScheme(
        scheme_id=cast.scheme_id, ceilings=(ceiling,), legal_regime=("NĐ 45/2012/NĐ-CP",)
    )


def assign(cast: Cast) -> Command:
    return AssignBeneficiary(scheme_id=cast.scheme_id, facility_id=cast.facility_id)


def pledge(cast: Cast) -> Command:
    return PledgeCounterpart(
        scheme_id=cast.scheme_id,
        facility_id=cast.facility_id,
        amount=Vnd(TOTAL_COST - GRANT),
        budget_year=cast.year,
    )


def commit(cast: Cast) -> Command:
    return CommitSupport(
        scheme_id=cast.scheme_id,
        commitment_id=cast.commitment_id,
        facility_id=cast.facility_id,
        activity=Activity.ADVANCED_MACHINERY,
        cost_item="lò sấy nông sản",
        total_cost=TOTAL_COST,
        amount=GRANT,
        source=FundingSource.NATIONAL_GRANT,
        budget_year=cast.year,
    )


def reduce(cast: Cast) -> Command:
    return ReduceCommitment(
        scheme_id=cast.scheme_id,
        commitment_id=cast.commitment_id,
        amount=PART,
        reason="giảm theo khối lượng, minh họa",
    )


def cancel(cast: Cast) -> Command:
    return CancelCommitment(
        scheme_id=cast.scheme_id,
        commitment_id=cast.commitment_id,
        reason="thôi đầu tư, minh họa",
    )


def pay_advance(cast: Cast) -> Command:
    return PayAdvance(
        scheme_id=cast.scheme_id,
        commitment_id=cast.commitment_id,
        facility_id=cast.facility_id,
        payment_id=cast.advance_id,
        amount=PART,
        voucher=f"TU-{cast.tag}",
        budget_year=cast.year,
    )


def disburse(cast: Cast) -> Command:
    return PayDisbursement(
        scheme_id=cast.scheme_id,
        commitment_id=cast.commitment_id,
        facility_id=cast.facility_id,
        payment_id=cast.disbursement_id,
        amount=PART,
        voucher=f"TT-{cast.tag}",
        budget_year=cast.year,
    )


def reverse(cast: Cast) -> Command:
    return ReversePayment(
        scheme_id=cast.scheme_id,
        payment_id=cast.advance_id,
        amount=PART,
        reason="chuyển nhầm tài khoản, minh họa",
    )


def accept(cast: Cast) -> Command:
    return RecordAcceptance(
        scheme_id=cast.scheme_id,
        commitment_id=cast.commitment_id,
        accepted_value=TOTAL_COST,
        council="Hội đồng minh họa",
    )


def settle(cast: Cast) -> Command:
    return ApproveSettlement(
        scheme_id=cast.scheme_id, commitment_id=cast.commitment_id, amount=GRANT
    )


def evaluate(cast: Cast) -> Command:
    return EvaluateCriteria(
        scheme_id=cast.scheme_id,
        criterion=Criterion.CONTENT,
        verdict=Verdict.MET,
        rule_version="TT 36/2013/TT-BCT Đ2k3",
        evidence="một nội dung, minh họa",
        source=cast.source_id,
    )
