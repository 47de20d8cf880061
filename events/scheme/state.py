"""A scheme as its rules see it, and how recorded facts make it so."""

from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from events.identity import CommitmentId, FacilityId, OrganisationId, PaymentId
from events.money import Vnd
from events.rules import value
from events.scheme.adjustment import SchemeSupplemented, Terms
from events.scheme.appraisal import Appraisal
from events.scheme.contract import Contracts
from events.scheme.delivery import Outcomes
from events.scheme.facts import (
    AcceptanceRecorded,
    AdvancePaid,
    BeneficiaryAssigned,
    CommitmentCancelled,
    CriteriaEvaluated,
    DisbursementPaid,
    SchemeApproved,
    SchemeEvent,
    SchemeProposed,
    SettlementApproved,
    SupportCommitted,
)
from events.scheme.halt import Halt
from events.scheme.recovery import Recoveries
from events.scheme.settlement import SettlementSubmitted
from events.scheme.steps import Proposed, StepId
from events.scheme.terms import NO_TERMS
from events.vocabulary import Criterion, FundingSource

PaymentFact: TypeAlias = AdvancePaid | DisbursementPaid


@value
class Past:
    """A fact, and what was recorded before it in the stream."""

    fact: SchemeEvent
    before: "Past | None"


@value
class Commitment:
    """A promise of support, what was taken back of it, and what was paid on it."""

    promise: SupportCommitted
    received: Vnd = Vnd(0)
    """Re-allocated to it by others of the scheme."""
    taken_back: Vnd = Vnd(0)
    """Reduced, cancelled, or re-allocated to others."""
    net_paid: Vnd = Vnd(0)
    """Advances and disbursements less reversals."""
    advanced: Vnd = Vnd(0)
    """Advances less their reversals."""
    progress: int = 0
    """How far the work has come, in hundredths, by the last report or inspection of it."""
    acceptance: AcceptanceRecorded | None = None
    submission: SettlementSubmitted | None = None
    settlement: SettlementApproved | None = None
    cancellation: CommitmentCancelled | None = None

    @property
    def left(self) -> Vnd:
        """What is still promised."""
        return Vnd(self.promise.amount + self.received - self.taken_back)

    @property
    def is_ended(self) -> bool:
        """Whether it takes no further entry."""
        return self.settlement is not None or self.cancellation is not None


@value
class Payment:
    """A payment, and how much of it was taken back."""

    made: PaymentFact
    reversed: Vnd = Vnd(0)

    @property
    def left(self) -> Vnd:
        """What of it still stands."""
        return Vnd(self.made.amount - self.reversed)


@value
class Scheme:
    """A scheme with all of its money: the consistency boundary of the fund."""

    proposal: SchemeProposed
    approval: SchemeApproved | None = None
    beneficiaries: Mapping[FacilityId, BeneficiaryAssigned] = field(default_factory=dict)
    pledged: Mapping[FacilityId, Vnd] = field(default_factory=dict)
    commitments: Mapping[CommitmentId, Commitment] = field(default_factory=dict)
    payments: Mapping[PaymentId, Payment] = field(default_factory=dict)
    recoveries: Recoveries = Recoveries()
    verdicts: Mapping[Criterion, CriteriaEvaluated] = field(default_factory=dict)
    terms: Terms = NO_TERMS
    """What it may do, after its adjustments."""
    supplements: tuple[SchemeSupplemented, ...] = ()
    contracts: Contracts = Contracts()
    appraisal: Appraisal = Appraisal()
    halt: Halt = Halt()
    steps: Mapping[StepId, Proposed] = field(default_factory=dict)
    """What needs a second person, by its code."""
    past: Past | None = field(default=None, compare=False, repr=False)
    """What led here, the newest first, so that a correction can be folded in."""
    outcomes: Outcomes = field(default_factory=dict)
    balances: Mapping[tuple[FundingSource, int], Vnd] = field(default_factory=dict)
    """What was given back or carried over, by source and year: added to the ceiling."""

    @property
    def implementer(self) -> OrganisationId:
        """Who carries it out now: an adjustment may hand it over (đơn vị thực hiện)."""
        return self.terms.implementer or self.proposal.implementer

    def ceiling(self, source: FundingSource, budget_year: int) -> Vnd:
        """The most that is approved from this source in this year; 0 without a ceiling."""
        key = (source, budget_year)
        of_key = (e.amount for e in self.terms.ceilings if (e.source, e.budget_year) == key)
        return Vnd(sum(of_key))

    def allowed(self, source: FundingSource, budget_year: int) -> Vnd:
        """The ceiling, less what was given back, with what was carried over into the year."""
        left_over = self.balances.get((source, budget_year), 0)
        return Vnd(self.ceiling(source, budget_year) + left_over)

    def headroom(self, source: FundingSource, budget_year: int) -> Vnd:
        """What is still free under the ceiling of this source and year."""
        return Vnd(self.allowed(source, budget_year) - self.held(source, budget_year))

    def held(self, source: FundingSource, budget_year: int) -> Vnd:
        """What is still promised out of this source and year."""
        return Vnd(
            sum(
                each.left
                for each in self.commitments.values()
                if (each.promise.source, each.promise.budget_year) == (source, budget_year)
            )
        )

    def standing(self, facility_id: FacilityId) -> tuple[Commitment, ...]:
        """The commitments to this facility that were not cancelled."""
        return tuple(
            each
            for each in self.commitments.values()
            if each.promise.facility_id == facility_id and each.cancellation is None
        )
