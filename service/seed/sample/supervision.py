"""What happens to promised and paid money of a sample afterwards: seen, refused, moved, claimed."""

from events.catalogue import Command
from events.money import Vnd
from events.scheme import (
    HoldInspection,
    InvestCounterpart,
    OrderRecovery,
    ReallocateSupport,
    ReallocationPart,
    ReceiveRecovery,
    RefuseAcceptance,
    ReportProgress,
    SubmitSettlement,
    WriteOffRecovery,
)
from events.vocabulary import RecoveryBasis
from service.seed.sample.cast import Cast
from service.seed.sample.scheme import GRANT, PART

SMALL = Vnd(10_000_000)


def report_progress(cast: Cast) -> Command:
    return ReportProgress(
        scheme_id=cast.scheme_id,
        commitment_id=cast.commitment_id,
        percent=60,
        findings="đang lắp đặt, minh họa",
    )


def inspect(cast: Cast) -> Command:
    return HoldInspection(
        scheme_id=cast.scheme_id,
        commitment_id=cast.commitment_id,
        inspector="Đoàn kiểm tra minh họa",
        percent=80,
        findings="đúng tiến độ, minh họa",
    )


def refuse_acceptance(cast: Cast) -> Command:
    return RefuseAcceptance(
        scheme_id=cast.scheme_id,
        commitment_id=cast.commitment_id,
        shortfall=PART,
        reason="thiếu một máy, minh họa",
        council="Hội đồng minh họa",
    )


def submit_settlement(cast: Cast) -> Command:
    return SubmitSettlement(
        scheme_id=cast.scheme_id, commitment_id=cast.commitment_id, eligible=GRANT
    )


def invest(cast: Cast) -> Command:
    return InvestCounterpart(
        scheme_id=cast.scheme_id,
        facility_id=cast.facility_id,
        amount=PART,
        evidence=f"HĐ-{cast.tag}",
        budget_year=cast.year,
    )


def reallocate(cast: Cast) -> Command:
    """Back to itself: one promise is enough to show it."""
    part = ReallocationPart(
        commitment_id=cast.commitment_id, facility_id=cast.facility_id, amount=SMALL
    )
    return ReallocateSupport(
        scheme_id=cast.scheme_id, taken=(part,), given=(part,), reason="điều chuyển, minh họa"
    )


def order_recovery(cast: Cast) -> Command:
    return OrderRecovery(
        scheme_id=cast.scheme_id,
        commitment_id=cast.commitment_id,
        recovery_id=cast.recovery_id,
        amount=PART,
        basis=RecoveryBasis.MISUSE,
        reason="dùng sai mục đích, minh họa",
    )


def receive_recovery(cast: Cast) -> Command:
    return ReceiveRecovery(
        scheme_id=cast.scheme_id,
        recovery_id=cast.recovery_id,
        amount=SMALL,
        voucher=f"TH-{cast.tag}",
        budget_year=cast.year,
    )


def write_off_recovery(cast: Cast) -> Command:
    return WriteOffRecovery(
        scheme_id=cast.scheme_id,
        recovery_id=cast.recovery_id,
        amount=SMALL,
        reason="cơ sở giải thể, minh họa",
    )
