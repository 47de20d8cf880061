"""Moves of a random history that are about money: pledge, commit, pay, take back, settle."""

from collections.abc import Callable, Mapping
from random import Random

from events.catalogue import Command
from events.identity import (
    CommitmentId,
    PaymentId,
    RecoveryId,
)
from events.money import Vnd
from events.scheme import (
    ApproveSettlement,
    CancelCommitment,
    Commitment,
    CommitSupport,
    HoldInspection,
    InvestCounterpart,
    OrderRecovery,
    PayAdvance,
    PayDisbursement,
    PledgeCounterpart,
    ReallocateSupport,
    ReallocationPart,
    ReceiveRecovery,
    RecordAcceptance,
    ReduceCommitment,
    RefuseAcceptance,
    ReportProgress,
    ReversePayment,
    Scheme,
    SubmitSettlement,
    WriteOffRecovery,
)
from events.vocabulary import (
    FundingSource,
    RecoveryBasis,
)
from tests.stage import (
    CONTENTS,
    FACILITIES,
    MILLION,
    MINISTRY,
    NAMES,
    YEARS,
    Cast,
    amount_of,
    any_of,
    part_of,
)


def pledge(random: Random, cast: Cast) -> Command:
    scheme_id, scheme = cast.scheme(random)
    found = any_of(random, scheme.beneficiaries if scheme else None)
    return PledgeCounterpart(
        scheme_id=scheme_id,
        facility_id=found[0] if found else random.choice(FACILITIES),
        amount=amount_of(random, 900),
        budget_year=random.choice(YEARS),
    )


def commit(random: Random, cast: Cast) -> Command:
    scheme_id, scheme = cast.scheme(random)
    found = any_of(random, scheme.pledged if scheme else None)
    amount = amount_of(random, 150)
    return CommitSupport(
        scheme_id=scheme_id,
        commitment_id=CommitmentId(f"c{len(scheme.commitments) if scheme else 0}"),
        facility_id=found[0] if found else random.choice(FACILITIES),
        activity=random.choice(CONTENTS),
        cost_item=f"{random.choice(NAMES)} {random.randrange(20)}",
        total_cost=Vnd(2 * amount + random.randrange(MILLION)),
        amount=amount,
        source=random.choice((FundingSource.NATIONAL_GRANT, FundingSource.LOCAL_GRANT)),
        budget_year=random.choice(YEARS),
    )


def reduce(random: Random, cast: Cast) -> Command | None:
    if (found := cast.commitment(random)) is None:
        return None
    scheme_id, commitment_id, commitment = found
    return ReduceCommitment(
        scheme_id=scheme_id,
        commitment_id=commitment_id,
        amount=part_of(random, commitment.left),
        reason="Điều chỉnh giảm",
    )


def cancel(random: Random, cast: Cast) -> Command | None:
    if (found := cast.commitment(random)) is None:
        return None
    return CancelCommitment(scheme_id=found[0], commitment_id=found[1], reason="Thôi đầu tư")


def pay(random: Random, cast: Cast) -> Command | None:
    if (found := cast.commitment(random)) is None:
        return None
    scheme_id, commitment_id, commitment = found
    payment_id = PaymentId(f"p{random.randrange(10_000)}")
    amount = part_of(random, commitment.left)
    year = random.choice((*YEARS, 2021))
    if random.random() < 0.5:
        return PayAdvance(
            scheme_id=scheme_id,
            commitment_id=commitment_id,
            facility_id=commitment.promise.facility_id,
            payment_id=payment_id,
            amount=amount,
            voucher="UNC 7",
            budget_year=year,
        )
    return PayDisbursement(
        scheme_id=scheme_id,
        commitment_id=commitment_id,
        facility_id=commitment.promise.facility_id,
        payment_id=payment_id,
        amount=amount,
        voucher="UNC 8",
        final=random.random() < 0.3,
        budget_year=year,
    )


def reverse(random: Random, cast: Cast) -> Command | None:
    scheme_id, scheme = cast.scheme(random)
    if (found := any_of(random, scheme.payments if scheme else None)) is None:
        return None
    payment_id, payment = found
    amount = part_of(random, payment.left)
    return ReversePayment(
        scheme_id=scheme_id, payment_id=payment_id, amount=amount, reason="Chi nhầm"
    )


def progress(random: Random, cast: Cast) -> Command | None:
    if (found := cast.commitment(random)) is None:
        return None
    scheme_id, commitment_id, _ = found
    if random.random() < 0.6:
        return ReportProgress(
            scheme_id=scheme_id,
            commitment_id=commitment_id,
            percent=random.randrange(0, 101, 5),
            findings="Đang lắp đặt",
        )
    return HoldInspection(
        scheme_id=scheme_id,
        commitment_id=commitment_id,
        inspector="Đoàn kiểm tra Sở",
        percent=random.choice((None, 40, 80)),
        findings="Đúng tiến độ",
    )


def refuse(random: Random, cast: Cast) -> Command | None:
    if (found := cast.commitment(random)) is None:
        return None
    return RefuseAcceptance(
        scheme_id=found[0],
        commitment_id=found[1],
        shortfall=part_of(random, found[2].promise.total_cost),
        reason="Thiếu một máy",
        council="Biên bản số 2",
    )


def submit(random: Random, cast: Cast) -> Command | None:
    scheme_id, scheme = cast.scheme(random)
    if (found := any_of(random, _accepted(scheme))) is None:
        return None
    commitment_id, commitment = found
    amount = part_of(random, commitment.left)
    return SubmitSettlement(scheme_id=scheme_id, commitment_id=commitment_id, eligible=amount)


def _accepted(scheme: Scheme | None) -> dict[CommitmentId, Commitment]:
    return {
        code: each
        for code, each in (scheme.commitments if scheme else {}).items()
        if each.acceptance is not None and not each.is_ended
    }


def invest(random: Random, cast: Cast) -> Command:
    scheme_id, scheme = cast.scheme(random)
    found = any_of(random, scheme.beneficiaries if scheme else None)
    return InvestCounterpart(
        scheme_id=scheme_id,
        facility_id=found[0] if found else random.choice(FACILITIES),
        amount=amount_of(random, 500),
        evidence="Hoá đơn 12",
        budget_year=random.choice(YEARS),
    )


def reallocate(random: Random, cast: Cast) -> Command | None:
    """Mostly between two of one source and year; the Ministry may move money across."""
    scheme_id, scheme = cast.scheme(random)
    all_ = scheme.commitments if scheme else {}
    if (one := any_of(random, all_)) is None:
        return None
    room = _room(one[1])
    near = {code: each for code, each in all_.items() if code != one[0] and _room(each) == room}
    if (other := any_of(random, near if random.random() < 0.8 else all_)) is None:
        return None
    amount = part_of(random, one[1].left - one[1].net_paid)
    return ReallocateSupport(
        scheme_id=scheme_id,
        taken=(_part(one, amount),),
        given=(_part(other, amount),),
        reason="Điều chuyển theo tiến độ",
        approver=random.choice((None, MINISTRY)),
    )


def _room(of: Commitment) -> tuple[FundingSource, int]:
    return of.promise.source, of.promise.budget_year


def _part(of: tuple[CommitmentId, Commitment], amount: Vnd) -> ReallocationPart:
    return ReallocationPart(
        commitment_id=of[0], facility_id=of[1].promise.facility_id, amount=amount
    )


def claim(random: Random, cast: Cast) -> Command | None:
    scheme_id, scheme = cast.scheme(random)
    paid = {
        code: each
        for code, each in (scheme.commitments if scheme else {}).items()
        if each.net_paid > 0
    }
    if (found := any_of(random, paid)) is None:
        return None
    return OrderRecovery(
        scheme_id=scheme_id,
        commitment_id=found[0],
        recovery_id=RecoveryId(f"r{random.randrange(10_000)}"),
        amount=part_of(random, found[1].net_paid),
        basis=random.choice(list(RecoveryBasis)),
        reason="Kết luận thanh tra",
    )


def recover(random: Random, cast: Cast) -> Command | None:
    scheme_id, scheme = cast.scheme(random)
    if (found := any_of(random, scheme.recoveries.orders if scheme else None)) is None:
        return None
    recovery_id, recovery = found
    amount = part_of(random, recovery.outstanding)
    if random.random() < 0.5:
        return WriteOffRecovery(
            scheme_id=scheme_id, recovery_id=recovery_id, amount=amount, reason="Giải thể"
        )
    return ReceiveRecovery(
        scheme_id=scheme_id,
        recovery_id=recovery_id,
        amount=amount,
        voucher="GNT 9",
        budget_year=random.choice((*YEARS, 2021)),
    )


def accept(random: Random, cast: Cast) -> Command | None:
    if (found := cast.commitment(random)) is None:
        return None
    return RecordAcceptance(
        scheme_id=found[0],
        commitment_id=found[1],
        accepted_value=found[2].promise.total_cost,
        council="Biên bản số 3",
    )


def settle(random: Random, cast: Cast) -> Command | None:
    """Mostly what was accepted; it need not have been handed in."""
    scheme_id, scheme = cast.scheme(random)
    any_ = scheme.commitments if scheme and random.random() < 0.2 else _accepted(scheme)
    if (found := any_of(random, any_)) is None:
        return None
    amount = part_of(random, found[1].left)
    return ApproveSettlement(scheme_id=scheme_id, commitment_id=found[0], amount=amount)


AFTERWARDS: Mapping[str, tuple[Callable[[Random, Cast], Command | None], int]] = {
    "progress": (progress, 4),
    "refuse": (refuse, 2),
    "invest": (invest, 3),
    "reallocate": (reallocate, 16),
    "claim": (claim, 10),
    "recover": (recover, 14),
    "submit": (submit, 6),
}
"""What becomes of promised and paid money, with weights."""
