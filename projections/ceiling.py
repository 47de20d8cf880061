"""The ceilings of schemes (dự toán được duyệt): what is approved, by source and budget year."""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias, get_args

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
from events.scheme.adjustment import SchemeAdjusted, SchemeSupplemented
from events.scheme.appraisal import AppraisalEvent
from events.scheme.balance import BalanceEvent
from events.scheme.ceiling import Ceiling as CeilingValue
from events.scheme.contract import ContractEvent
from events.scheme.correction import EntryCorrected
from events.scheme.facts import SchemeApproved, SchemeProposed
from events.scheme.halt import HaltEvent
from events.scheme.release import ReleaseEvent
from events.scheme.steps import StepEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from events.vocabulary import FundingSource
from projections.projection import Key, Projection
from projections.scheme import AFTER_APPROVAL

Ceiled: TypeAlias = SchemeApproved | SchemeAdjusted | SchemeSupplemented
"""What says ceilings."""


class Ceiling(NamedTuple):
    """The most that may be committed from one source in one budget year."""

    scheme_id: SchemeId
    source: FundingSource
    budget_year: int
    amount: Vnd
    synthetic: bool


def _new(event: Recorded[Ceiled]) -> tuple[CeilingValue, ...]:
    """The ceilings that are otherwise from now on."""
    fact = event.fact
    return fact.after.ceilings if isinstance(fact, SchemeAdjusted) else fact.ceilings


def _ceilings(event: Recorded[Ceiled]) -> tuple[Ceiling, ...]:
    return tuple(
        Ceiling(
            scheme_id=event.fact.scheme_id,
            source=each.source,
            budget_year=each.budget_year,
            amount=each.amount,
            synthetic=event.synthetic,
        )
        for each in _new(event)
    )


def _each_ceiling(event: Recorded[Ceiled]) -> Iterator[Key]:
    for each in _new(event):
        yield event.fact.scheme_id, each.source, each.budget_year


ceiling = Projection(
    row=Ceiling,
    version=2,
    key=("scheme_id", "source", "budget_year"),
    spreads=dict.fromkeys(get_args(Ceiled), _ceilings),
    keys=dict.fromkeys(get_args(Ceiled), _each_ceiling),
    lookups=(("budget_year", "source"),),
    ignores=(
        SchemeProposed,
        EntryCorrected,
        *AFTER_APPROVAL,
        AppraisalEvent,
        HaltEvent,
        ContractEvent,
        ReleaseEvent,
        EvaluationEvent,
        PeriodEvent,
        OrganisationEvent,
        FacilityEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
        BalanceEvent,
        BooksEvent,
        StepEvent,
        PlanEvent,
        PolicyEvent,
        GeographyEvent,
    ),
)
