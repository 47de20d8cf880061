"""Balances that moved (số dư dự toán): given back, or carried over from one year into the next.

A line for each year that an event touches; what may be committed in a year is its ceiling and the
sum of these.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import FacilityEvent
from events.identity import SchemeId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.money import Vnd
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.plan.facts import PlanEvent
from events.policy import PolicyEvent
from events.scheme.balance import BalanceCarriedOver, BalanceEvent, UnspentBalanceReturned, moved
from events.scheme.correction import EntryCorrected
from events.scheme.course import CourseEvent
from events.scheme.delivery import DeliveryEvent
from events.scheme.facts import (
    AcceptanceRecorded,
    AdvancePaid,
    BeneficiaryAssigned,
    CommitmentCancelled,
    CommitmentReduced,
    CounterpartPledged,
    CriteriaEvaluated,
    DisbursementPaid,
    PaymentReversed,
    SchemeApproved,
    SchemeProposed,
    SettlementApproved,
    SupportCommitted,
)
from events.scheme.investment import CounterpartInvested
from events.scheme.prior_period import PriorPeriodEvent
from events.scheme.progress import ProgressEvent
from events.scheme.reallocation import ReallocationEvent
from events.scheme.recovery import RecoveryEvent
from events.scheme.settlement import SettlingEvent
from events.scheme.steps import StepEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from events.vocabulary import FundingSource
from projections.projection import Key, Projection


class Balance(NamedTuple):
    """By how much one event changes what may be committed in one year."""

    scheme_id: SchemeId
    position: int
    budget_year: int
    source: FundingSource
    amount: Vnd
    effective_on: date
    synthetic: bool


def _moved(event: Recorded[BalanceEvent]) -> tuple[Balance, ...]:
    return tuple(
        Balance(
            scheme_id=event.fact.scheme_id,
            position=event.position,
            budget_year=year,
            source=event.fact.source,
            amount=amount,
            effective_on=event.effective_on,
            synthetic=event.synthetic,
        )
        for year, amount in moved(event.fact)
    )


def _each_year(event: Recorded[BalanceEvent]) -> Iterator[Key]:
    for year, _ in moved(event.fact):
        yield event.fact.scheme_id, event.position, year


balance = Projection(
    row=Balance,
    version=1,
    key=("scheme_id", "position", "budget_year"),
    is_fresh=True,
    spreads=dict.fromkeys((UnspentBalanceReturned, BalanceCarriedOver), _moved),
    keys=dict.fromkeys((UnspentBalanceReturned, BalanceCarriedOver), _each_year),
    ignores=(
        SettlingEvent,
        RecoveryEvent,
        ReallocationEvent,
        CounterpartInvested,
        CourseEvent,
        SchemeProposed,
        SchemeApproved,
        BeneficiaryAssigned,
        CounterpartPledged,
        SupportCommitted,
        CommitmentReduced,
        CommitmentCancelled,
        AdvancePaid,
        DisbursementPaid,
        PaymentReversed,
        AcceptanceRecorded,
        SettlementApproved,
        CriteriaEvaluated,
        ProgressEvent,
        PriorPeriodEvent,
        EvaluationEvent,
        PeriodEvent,
        OrganisationEvent,
        FacilityEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
        StepEvent,
        EntryCorrected,
        PolicyEvent,
        PlanEvent,
        BooksEvent,
        GeographyEvent,
        DeliveryEvent,
    ),
)
