"""Steps that need two persons (việc cần hai người): what is proposed, and what became of it."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import Enum
from typing import Any, NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation import EvaluationEvent
from events.facility.facts import FacilityEvent
from events.identity import SchemeId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.plan import PlanEvent
from events.policy import PolicyEvent
from events.scheme.facts import SchemeEvent
from events.scheme.steps import (
    StepApproved,
    StepDeclined,
    StepEvent,
    StepId,
    StepProposed,
    StepWithdrawn,
    asked_by,
)
from events.signing import SigningEvent
from events.source import SourceEvent
from projections.projection import Projection, flat


class StepStatus(Enum):
    """Trạng thái đề nghị."""

    WAITING = "chờ duyệt"
    APPROVED = "đã duyệt"
    DECLINED = "không duyệt"
    WITHDRAWN = "đã rút"


class Step(NamedTuple):
    """One proposal, as it was last changed."""

    scheme_id: SchemeId
    step_id: StepId
    step_version: int
    command: str
    status: StepStatus
    takes_effect_on: date
    position: int
    proposed_at: datetime
    proposed_by: str
    decided_position: int | None
    decided_at: datetime | None
    decided_by: str | None
    reason: str | None
    synthetic: bool


def _proposed(event: Recorded[StepProposed]) -> Step:
    fact = event.fact
    return Step(
        scheme_id=fact.scheme_id,
        step_id=fact.step_id,
        step_version=fact.step_version,
        command=type(asked_by(fact.step)).__name__,
        status=StepStatus.WAITING,
        takes_effect_on=fact.takes_effect_on,
        position=event.position,
        proposed_at=event.recorded_at,
        proposed_by=event.actor.id,
        decided_position=None,
        decided_at=None,
        decided_by=None,
        reason=None,
        synthetic=event.synthetic,
    )


def _approved(row: Step, event: Recorded[StepApproved]) -> Step:
    return _decided(row, event, StepStatus.APPROVED, None)


def _declined(row: Step, event: Recorded[StepDeclined]) -> Step:
    return _decided(row, event, StepStatus.DECLINED, event.fact.reason)


def _withdrawn(row: Step, event: Recorded[StepWithdrawn]) -> Step:
    return _decided(row, event, StepStatus.WITHDRAWN, event.fact.reason)


def _decided(row: Step, event: Recorded[Any], status: StepStatus, reason: str | None) -> Step:
    return row._replace(
        status=status,
        decided_position=event.position,
        decided_at=event.recorded_at,
        decided_by=event.actor.id,
        reason=reason,
    )


def _others() -> Iterable[type]:
    return (each for each in flat((SchemeEvent,)) if each not in set(flat((StepEvent,))))


step = Projection(
    row=Step,
    version=1,
    key=("scheme_id", "step_id"),
    opens={StepProposed: _proposed},
    changes={
        StepApproved: _approved,
        StepDeclined: _declined,
        StepWithdrawn: _withdrawn,
    },
    ignores=(
        *_others(),
        PeriodEvent,
        OrganisationEvent,
        FacilityEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
        PolicyEvent,
        PlanEvent,
        BooksEvent,
        GeographyEvent,
        EvaluationEvent,
    ),
    lookups=(("status",),),
)
