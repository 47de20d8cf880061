"""Moves of a random history that are about money: pledge, commit, pay, take back, settle."""

from random import Random

from events.catalogue import Command
from events.identity import (
    CommitmentId,
    PaymentId,
)
from events.money import Vnd
from events.scheme import (
    ApproveSettlement,
    CancelCommitment,
    CommitSupport,
    PayAdvance,
    PayDisbursement,
    PledgeCounterpart,
    RecordAcceptance,
    ReduceCommitment,
    ReversePayment,
)
from events.vocabulary import (
    FundingSource,
)
from tests.stage import (
    CONTENTS,
    FACILITIES,
    MILLION,
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
        cost_item=random.choice(NAMES),
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
    if (found := cast.commitment(random)) is None:
        return None
    amount = part_of(random, found[2].left)
    return ApproveSettlement(scheme_id=found[0], commitment_id=found[1], amount=amount)
