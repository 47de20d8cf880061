"""Targets of periods (chỉ tiêu giai đoạn) as they stand; what is reached is derived when asked."""

from datetime import date
from typing import NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import FacilityEvent
from events.identity import PeriodCode
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.money import Figure
from events.organisation import OrganisationEvent
from events.period import PeriodClosed, PeriodOpened
from events.plan.facts import PlanEvent
from events.policy import PolicyEvent
from events.scheme.facts import SchemeEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from events.targets import TargetRevised, TargetSet
from events.vocabulary import TargetIndicator
from projections.projection import Projection


class Target(NamedTuple):
    """One target of one period."""

    code: PeriodCode
    indicator: TargetIndicator
    unit: str
    original: Figure
    planned: Figure
    due: date
    reason: str | None
    synthetic: bool


def _set(event: Recorded[TargetSet]) -> Target:
    fact = event.fact
    return Target(
        code=fact.code,
        indicator=fact.indicator,
        unit=fact.unit,
        original=fact.value,
        planned=fact.value,
        due=fact.due,
        reason=None,
        synthetic=event.synthetic,
    )


def _revised(row: Target, event: Recorded[TargetRevised]) -> Target:
    fact = event.fact
    return row._replace(unit=fact.unit, planned=fact.value, due=fact.due, reason=fact.reason)


target = Projection(
    row=Target,
    version=1,
    key=("code", "indicator"),
    is_fresh=True,
    opens={TargetSet: _set},
    changes={TargetRevised: _revised},
    ignores=(
        PeriodOpened,
        PeriodClosed,
        PlanEvent,
        BooksEvent,
        OrganisationEvent,
        FacilityEvent,
        SchemeEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
        PolicyEvent,
        GeographyEvent,
        EvaluationEvent,
    ),
)
