"""What a fact rests on: the one before it in its stream that it could not be without.

    rests_on(PaymentReversed(…, payment_id="tt-1", …))      # the payment tt-1
    corrects(PaymentReversed(…))                            # True: it takes back what it rests on

Within one stream, where all of it was decided. A new fact without an arm here is a type error.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, assert_never

from events.books import BudgetYearClosed
from events.catalogue import Fact
from events.envelope import Recorded
from events.evaluation.facts import (
    AuditFindingRecorded,
    AuditFindingResolved,
    EvaluationConferenceHeld,
    EvaluationEvent,
    NarrativeClaimRecorded,
)
from events.facility.facts import (
    ContactErased,
    ContactRecorded,
    EquipmentDisposed,
    EquipmentInstalled,
    EquipmentMoved,
    FacilityCapacityUpdated,
    FacilityClosed,
    FacilityDuplicateMerged,
    FacilityEvent,
    FacilityOwnershipChanged,
    FacilityPlaced,
    FacilityRegistered,
    FacilityRelocated,
    FacilityRenamed,
    FacilityReopened,
    FacilitySectorReclassified,
    FacilityUpdated,
)
from events.maintenance import MaintenanceClosed, MaintenanceOpened
from events.mandate import MandateConfirmed, MandateProposed, MandateRevoked
from events.mergers import ProvinceEstablished, ProvinceMerged, ProvinceRenamed
from events.organisation import CentreTerritorySet, OrganisationRegistered, OrganisationRenamed
from events.period import PeriodClosed, PeriodOpened
from events.plan.facts import PlanBudgetApproved, PlanEvent
from events.policy import PolicyEvent
from events.rules import value
from events.scheme.balance import BalanceEvent
from events.scheme.causes import (
    Afterwards,
    brought_in_course,
    caused_afterwards,
    caused_by_delivery,
    caused_by_two,
    caused_in_course,
)
from events.scheme.correction import EntryCorrected
from events.scheme.course import CourseEvent
from events.scheme.delivery import DeliveryEvent, OutcomeMeasured
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
    SupportCommitted,
)
from events.scheme.investment import CounterpartInvested
from events.scheme.prior_period import PriorPeriodAdjusted
from events.scheme.recovery import RecoveryOrdered
from events.scheme.steps import StepEvent, StepProposed
from events.signing import SigningKeyIntroduced, SigningKeyRetired
from events.source import ReportedFigureRecorded, SourceDocumentRegistered
from events.targets import TargetEvent, TargetRevised, TargetSet

Thing: TypeAlias = tuple[str, str]
"""What a fact brings about within its stream: a kind of thing, and which."""

Beginning: TypeAlias = (
    PeriodOpened
    | OrganisationRegistered
    | SchemeProposed
    | SourceDocumentRegistered
    | MandateProposed
    | MaintenanceOpened
    | SigningKeyIntroduced
    | PolicyEvent
    | ProvinceEstablished
    | ProvinceMerged
    | ProvinceRenamed
    | BudgetYearClosed
)
"""What rests on nothing."""
OWN = ""
"""The one that the stream itself is about."""


@value
class Links:
    """Between the events of one stream, by position."""

    causes: Mapping[int, int]
    """Of an event: the one that it rests on."""
    corrected: frozenset[int]
    """Events that take back, in part or whole, what they rest on, or say it anew."""

    def effects(self, position: int) -> list[int]:
        """What rests on an event, directly, in the order of recording."""
        return sorted(effect for effect, cause in self.causes.items() if cause == position)


def links(events: Iterable[Recorded[Any]]) -> Links:
    """How the events of one stream, in their order, hang together."""
    brought: dict[Thing, int] = {}
    causes: dict[int, int] = {}
    corrected: set[int] = set()
    for event in events:
        brought["version", str(event.version)] = event.position
        thing = rests_on(event.fact)
        if thing is not None and thing not in brought:  # chosen before the approval, say
            thing = "stream", OWN
        if thing is not None and thing in brought:
            causes[event.position] = brought[thing]
            if corrects(event.fact):
                corrected.add(event.position)
        made = brings(event.fact)
        if made is not None:
            brought[made] = event.position
    return Links(causes=causes, corrected=frozenset(corrected))


def brings(fact: Fact) -> Thing | None:
    """What later facts of the stream may rest on; None: nothing does."""
    if isinstance(fact, CourseEvent):
        return brought_in_course(fact)
    match fact:
        case PeriodOpened() | OrganisationRegistered() | FacilityRegistered() | SchemeProposed():
            return "stream", OWN
        case SourceDocumentRegistered() | EvaluationConferenceHeld() | PlanBudgetApproved():
            return "stream", OWN
        case AuditFindingRecorded():
            return "finding", fact.finding_id
        case OutcomeMeasured():
            return "outcome", fact.outcome_id
        case SchemeApproved():
            return "approval", OWN
        case TargetSet():
            return "target", fact.indicator.name
        case BeneficiaryAssigned():
            return "beneficiary", fact.facility_id
        case SupportCommitted():
            return "commitment", fact.commitment_id
        case AdvancePaid() | DisbursementPaid():
            return "payment", fact.payment_id
        case AcceptanceRecorded():
            return "acceptance", fact.commitment_id
        case RecoveryOrdered():
            return "recovery", fact.recovery_id
        case ContactRecorded():
            return "person", fact.person_id
        case FacilityClosed():
            return "closure", OWN
        case MandateProposed():
            return "mandate", fact.mandate_id
        case StepProposed():
            return "step", fact.step_id
        case _:
            return _brings_to_the_house(fact)


def _brings_to_the_house(fact: Fact) -> Thing | None:
    match fact:
        case MaintenanceOpened():
            return "window", OWN
        case SigningKeyIntroduced():
            return "key", fact.vkey
        case _:
            return None


def rests_on(fact: Fact) -> Thing | None:
    """What it could not be without; None: it begins something."""
    if isinstance(fact, FacilityEvent):
        return _in_facility(fact)
    if isinstance(fact, CourseEvent):
        return caused_in_course(fact)
    if isinstance(fact, EvaluationEvent):
        return _of_evaluation(fact)
    if isinstance(fact, DeliveryEvent):
        return caused_by_delivery(fact)
    if isinstance(fact, EntryCorrected | StepEvent):
        return caused_by_two(fact)
    if isinstance(fact, PlanEvent | TargetEvent | BalanceEvent):
        return _of_planning(fact)
    if isinstance(fact, Beginning):
        return None
    if isinstance(fact, Afterwards):
        return caused_afterwards(fact)
    match fact:
        case PeriodClosed() | CentreTerritorySet() | ReportedFigureRecorded() | SchemeApproved():
            return "stream", OWN
        case CriteriaEvaluated() | OrganisationRenamed():
            return "stream", OWN
        case BeneficiaryAssigned():
            return "approval", OWN
        case CounterpartPledged() | CounterpartInvested() | SupportCommitted():
            return "beneficiary", fact.facility_id
        case CommitmentReduced() | CommitmentCancelled() | AdvancePaid() | DisbursementPaid():
            return "commitment", fact.commitment_id
        case PaymentReversed() | PriorPeriodAdjusted():
            return "payment", fact.payment_id
        case MandateConfirmed() | MandateRevoked():
            return "mandate", fact.mandate_id
        case MaintenanceClosed():
            return "window", OWN
        case SigningKeyRetired():
            return "key", fact.vkey
        case _:
            assert_never(fact)


def _in_facility(fact: FacilityEvent) -> Thing | None:
    match fact:
        case FacilityRegistered():
            return None
        case FacilityRelocated() | FacilityPlaced() | FacilityClosed():
            return "stream", OWN
        case EquipmentInstalled() | EquipmentMoved() | EquipmentDisposed():
            return "stream", OWN
        case FacilityDuplicateMerged() | ContactRecorded():
            return "stream", OWN
        case (
            FacilityUpdated()
            | FacilityRenamed()
            | FacilitySectorReclassified()
            | FacilityCapacityUpdated()
            | FacilityOwnershipChanged()
        ):
            return "stream", OWN
        case FacilityReopened():
            return "closure", OWN
        case ContactErased():
            return "person", fact.person_id
        case _:
            assert_never(fact)


def _of_planning(fact: PlanEvent | TargetEvent | BalanceEvent) -> Thing | None:
    if isinstance(fact, BalanceEvent):
        return "approval", OWN
    if isinstance(fact, TargetRevised):
        return "target", fact.indicator.name
    return None if isinstance(fact, PlanBudgetApproved) else ("stream", OWN)


def _of_evaluation(fact: EvaluationEvent) -> Thing | None:
    match fact:
        case EvaluationConferenceHeld() | AuditFindingRecorded():
            return None
        case NarrativeClaimRecorded():
            return "stream", OWN
        case AuditFindingResolved():
            return "finding", fact.finding_id
        case _:
            assert_never(fact)


def corrects(fact: Fact) -> bool:
    """Whether it takes back or says anew what it rests on (bút toán đảo, giảm trừ, đính chính)."""
    backwards = PaymentReversed | PriorPeriodAdjusted | CommitmentReduced | CommitmentCancelled
    return isinstance(fact, backwards | EntryCorrected)
