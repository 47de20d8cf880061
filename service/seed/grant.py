"""One commitment of a drawn fund, from the assignment to the last thing recorded of it.

Eight events, three of them payments, in one of three ways: most are settled, some are accepted,
some are still running. Pure; all synthetic.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypeAlias

from events.catalogue import Command
from events.identity import CommitmentId, FacilityId, PaymentId, SchemeId
from events.money import Vnd
from events.rules import value
from events.scheme import (
    ApproveSettlement,
    AssignBeneficiary,
    CommitSupport,
    PayAdvance,
    PayDisbursement,
    PledgeCounterpart,
    RecordAcceptance,
    ReduceCommitment,
    ReversePayment,
)
from events.vocabulary import Activity, FundingSource
from service.seed.bulk import STEP, Chain
from service.seed.story import step

Steps: TypeAlias = Iterator[tuple[int, Command]]
"""Commands, each with the days after the beginning on which it takes effect."""

EVENTS_PER_COMMITMENT = 8


@value
class Grant:
    """One commitment as it was drawn."""

    scheme_id: SchemeId
    facility_id: FacilityId
    number: int
    activity: Activity
    item: str
    source: FundingSource
    budget_year: int
    total_cost: Vnd
    amount: Vnd
    day: date

    @property
    def commitment_id(self) -> CommitmentId:
        """Unique within the scheme, and in the whole fund."""
        return CommitmentId(f"ck-{self.number:06}")

    def part(self, percent: int) -> Vnd:
        """So much of the amount, in whole millions."""
        return Vnd(self.amount * percent // 100 // STEP * STEP)


def support(grant: Grant) -> Chain:
    """The eight orders of a grant."""
    ways = (_running, _accepted, _settled, _settled, _settled, _settled)
    commands = (*_promises(grant), *ways[grant.number % len(ways)](grant))
    return [
        step(
            f"{grant.scheme_id} {grant.number} {nth}",
            command,
            grant.day + timedelta(days=after),
            synthetic=True,
        )
        for nth, (after, command) in enumerate(commands)
    ]


def _promises(grant: Grant) -> Steps:
    scheme_id, facility_id = grant.scheme_id, grant.facility_id
    yield 0, AssignBeneficiary(scheme_id=scheme_id, facility_id=facility_id)
    pledged = Vnd(grant.total_cost - grant.amount)
    pledge = PledgeCounterpart(
        scheme_id=scheme_id, facility_id=facility_id, amount=pledged, budget_year=grant.budget_year
    )
    yield 1, pledge
    commit = CommitSupport(
        scheme_id=scheme_id,
        commitment_id=grant.commitment_id,
        facility_id=facility_id,
        activity=grant.activity,
        cost_item=grant.item,
        total_cost=grant.total_cost,
        amount=grant.amount,
        source=grant.source,
        budget_year=grant.budget_year,
    )
    yield 2, commit


def _running(grant: Grant) -> Steps:
    """Reduced, paid three times, a little taken back; nobody has looked at the result yet."""
    yield 10, _reduced(grant)
    yield from _ahead(grant)
    yield 60, _paid(grant, "3", grant.part(30), final=False)
    back = ReversePayment(
        scheme_id=grant.scheme_id,
        payment_id=PaymentId(f"ck-{grant.number:06}-3"),
        amount=Vnd(STEP),
        reason="chi nhầm, minh họa",
    )
    yield 70, back


def _accepted(grant: Grant) -> Steps:
    """Reduced, accepted, paid to the end; the books are still open."""
    reduced = _reduced(grant)
    yield 10, reduced
    yield from _ahead(grant)
    yield 90, _acceptance(grant)
    paid = 2 * grant.part(30)
    yield 105, _paid(grant, "3", Vnd(grant.amount - reduced.amount - paid), final=True)


def _settled(grant: Grant) -> Steps:
    """All the way."""
    yield from _ahead(grant)
    yield 90, _acceptance(grant)
    paid = 2 * grant.part(30)
    yield 105, _paid(grant, "3", Vnd(grant.amount - paid), final=True)
    settle = ApproveSettlement(
        scheme_id=grant.scheme_id, commitment_id=grant.commitment_id, amount=grant.amount
    )
    yield 120, settle


def _reduced(grant: Grant) -> ReduceCommitment:
    return ReduceCommitment(
        scheme_id=grant.scheme_id,
        commitment_id=grant.commitment_id,
        amount=Vnd(STEP),
        reason="giảm theo khối lượng, minh họa",
    )


def _ahead(grant: Grant) -> Steps:
    """An advance, and a part that was paid before the acceptance."""
    advance = PayAdvance(
        scheme_id=grant.scheme_id,
        commitment_id=grant.commitment_id,
        facility_id=grant.facility_id,
        payment_id=PaymentId(f"ck-{grant.number:06}-1"),
        amount=grant.part(30),
        voucher=f"TU-{grant.number:06}",
        budget_year=grant.budget_year,
    )
    yield 20, advance
    yield 40, _paid(grant, "2", grant.part(30), final=False)


def _paid(grant: Grant, nth: str, amount: Vnd, *, final: bool) -> PayDisbursement:
    return PayDisbursement(
        scheme_id=grant.scheme_id,
        commitment_id=grant.commitment_id,
        facility_id=grant.facility_id,
        payment_id=PaymentId(f"ck-{grant.number:06}-{nth}"),
        amount=amount,
        voucher=f"TT-{grant.number:06}-{nth}",
        final=final,
        budget_year=grant.budget_year,
    )


def _acceptance(grant: Grant) -> RecordAcceptance:
    return RecordAcceptance(
        scheme_id=grant.scheme_id,
        commitment_id=grant.commitment_id,
        accepted_value=grant.total_cost,
        council="Hội đồng minh họa",
    )
