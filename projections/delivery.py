"""What the money brought (kết quả thực hiện): activities, trainings, outcomes, as told."""

from datetime import date
from typing import NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import FacilityEvent
from events.identity import FacilityId, OutcomeId, SchemeId, SourceId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.money import Figure
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.plan.facts import PlanEvent
from events.policy import PolicyEvent
from events.scheme.balance import BalanceEvent
from events.scheme.correction import EntryCorrected
from events.scheme.course import CourseEvent
from events.scheme.delivery import (
    ActivityDelivered,
    OutcomeMeasured,
    OutcomeRevised,
    WorkersTrained,
)
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
from events.vocabulary import DeliveryKind, Indicator, IndicatorUnit
from projections.projection import Key, Projection


class Delivery(NamedTuple):
    """One activity that was delivered. None replaces another."""

    scheme_id: SchemeId
    position: int
    facility_id: FacilityId | None
    delivery: DeliveryKind
    what: str
    persons: int | None
    quote: str | None
    source_id: SourceId | None
    delivered_on: date
    synthetic: bool


class Training(NamedTuple):
    """One training of workers. None replaces another."""

    scheme_id: SchemeId
    position: int
    facility_id: FacilityId | None
    occupation: str
    persons: int | None
    women: int | None
    months: int | None
    quote: str | None
    source_id: SourceId | None
    trained_on: date
    synthetic: bool


class Outcome(NamedTuple):
    """One outcome, as it was measured or last revised."""

    scheme_id: SchemeId
    outcome_id: OutcomeId
    facility_id: FacilityId | None
    province_code: str | None
    province_from: date | None
    indicator: Indicator
    baseline: Figure | None
    value: Figure | None
    unit: IndicatorUnit
    qualitative: bool
    method: str
    quote: str | None
    source_id: SourceId | None
    measured_on: date
    revisions: int
    synthetic: bool


def _delivered(event: Recorded[ActivityDelivered]) -> Delivery:
    fact = event.fact
    return Delivery(
        scheme_id=fact.scheme_id,
        position=event.position,
        facility_id=fact.facility_id,
        delivery=fact.delivery,
        what=fact.what,
        persons=fact.persons,
        quote=fact.quote,
        source_id=fact.source_id,
        delivered_on=event.effective_on,
        synthetic=event.synthetic,
    )


def _trained(event: Recorded[WorkersTrained]) -> Training:
    fact = event.fact
    return Training(
        scheme_id=fact.scheme_id,
        position=event.position,
        facility_id=fact.facility_id,
        occupation=fact.occupation,
        persons=fact.persons,
        women=fact.women,
        months=fact.months,
        quote=fact.quote,
        source_id=fact.source_id,
        trained_on=event.effective_on,
        synthetic=event.synthetic,
    )


def _measured(event: Recorded[OutcomeMeasured]) -> Outcome:
    fact = event.fact
    province = fact.province
    return Outcome(
        scheme_id=fact.scheme_id,
        outcome_id=fact.outcome_id,
        facility_id=fact.facility_id,
        province_code=province.code if province else None,
        province_from=province.valid_from if province else None,
        indicator=fact.indicator,
        baseline=fact.baseline,
        value=fact.value,
        unit=fact.unit,
        qualitative=fact.value is None,
        method=fact.method,
        quote=fact.quote,
        source_id=fact.source_id,
        measured_on=event.effective_on,
        revisions=0,
        synthetic=event.synthetic,
    )


def _revised(row: Outcome, event: Recorded[OutcomeRevised]) -> Outcome:
    fact = event.fact
    return row._replace(
        baseline=fact.baseline,
        value=fact.value,
        qualitative=fact.value is None,
        method=fact.method,
        quote=fact.quote,
        source_id=fact.source_id,
        revisions=row.revisions + 1,
    )


def _by_event(event: Recorded[ActivityDelivered] | Recorded[WorkersTrained]) -> tuple[Key]:
    return ((event.fact.scheme_id, event.position),)


_IGNORED = (
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
    SettlingEvent,
    RecoveryEvent,
    ReallocationEvent,
    CounterpartInvested,
    PriorPeriodEvent,
    EvaluationEvent,
    PeriodEvent,
    OrganisationEvent,
    FacilityEvent,
    SourceEvent,
    MandateEvent,
    MaintenanceEvent,
    SigningEvent,
    BalanceEvent,
    StepEvent,
    EntryCorrected,
    PolicyEvent,
    PlanEvent,
    CourseEvent,
    BooksEvent,
    GeographyEvent,
)

delivery = Projection(
    row=Delivery,
    version=1,
    key=("scheme_id", "position"),
    is_fresh=True,
    opens={ActivityDelivered: _delivered},
    keys={ActivityDelivered: _by_event},
    ignores=(WorkersTrained, OutcomeMeasured, OutcomeRevised, *_IGNORED),
    lookups=(("facility_id",), ("source_id",)),
)

training = Projection(
    row=Training,
    version=1,
    key=("scheme_id", "position"),
    is_fresh=True,
    opens={WorkersTrained: _trained},
    keys={WorkersTrained: _by_event},
    ignores=(ActivityDelivered, OutcomeMeasured, OutcomeRevised, *_IGNORED),
    lookups=(("facility_id",), ("source_id",)),
)

outcome = Projection(
    row=Outcome,
    version=1,
    key=("scheme_id", "outcome_id"),
    is_fresh=True,
    opens={OutcomeMeasured: _measured},
    changes={OutcomeRevised: _revised},
    ignores=(ActivityDelivered, WorkersTrained, *_IGNORED),
    lookups=(("facility_id",), ("source_id",), ("province_code", "province_from")),
)
