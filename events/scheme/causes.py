"""What in the life of a scheme rests on what: see events/relations.py."""

from collections.abc import Mapping
from typing import TypeAlias, assert_never

from events.scheme.adjustment import SchemeAdjusted, SchemeSupplemented
from events.scheme.appraisal import (
    SchemeGrassrootsAppraised,
    SchemeMinistryAppraised,
    SchemeRejected,
    SchemeResubmitted,
    SchemeReturned,
)
from events.scheme.contract import (
    ImplementationContractAmended,
    ImplementationContractLiquidated,
    ImplementationContractSigned,
)
from events.scheme.correction import EntryCorrected
from events.scheme.course import CourseEvent
from events.scheme.delivery import DeliveryEvent, OutcomeRevised
from events.scheme.facts import AcceptanceRecorded, SettlementApproved
from events.scheme.halt import SchemeCompleted, SchemeResumed, SchemeStopped, SchemeSuspended
from events.scheme.progress import ProgressEvent
from events.scheme.reallocation import ReallocationEvent
from events.scheme.recovery import RecoveryEvent, RecoveryReceived, RecoveryWrittenOff
from events.scheme.release import BeneficiaryReleased
from events.scheme.settlement import SettlementSubmitted, SettlingEvent
from events.scheme.steps import StepEvent, StepProposed

Afterwards: TypeAlias = (
    AcceptanceRecorded
    | SettlementApproved
    | ProgressEvent
    | SettlingEvent
    | RecoveryEvent
    | ReallocationEvent
)
"""What becomes of promised and paid money."""
_BROUGHT: Mapping[type, str] = {
    SchemeGrassrootsAppraised: "appraisal",
    SchemeReturned: "return",
    SchemeSuspended: "suspension",
}


def brought_in_course(fact: CourseEvent) -> tuple[str, str] | None:
    """What later facts of the stream may rest on; None: nothing does."""
    if isinstance(fact, ImplementationContractSigned):
        return "contract", fact.contract_id
    kind = _BROUGHT.get(type(fact))
    return None if kind is None else (kind, "")


def caused_in_course(fact: CourseEvent) -> tuple[str, str]:
    """What it could not be without."""
    match fact:
        case SchemeGrassrootsAppraised() | SchemeReturned() | SchemeRejected():
            return "stream", ""
        case SchemeMinistryAppraised():
            return "appraisal", ""
        case SchemeResubmitted():
            return "return", ""
        case SchemeSuspended() | SchemeStopped() | SchemeCompleted():
            return "approval", ""
        case SchemeAdjusted() | SchemeSupplemented() | ImplementationContractSigned():
            return "approval", ""
        case ImplementationContractAmended() | ImplementationContractLiquidated():
            return "contract", fact.contract_id
        case SchemeResumed():
            return "suspension", ""
        case BeneficiaryReleased():
            return "beneficiary", fact.facility_id
        case _:
            assert_never(fact)


def caused_afterwards(fact: Afterwards) -> tuple[str, str]:
    """The same of what becomes of money."""
    match fact:
        case RecoveryReceived() | RecoveryWrittenOff():
            return "recovery", fact.recovery_id
        case SettlementSubmitted() | SettlementApproved():
            return "acceptance", fact.commitment_id
        case _:
            return "commitment", fact.commitment_id


def caused_by_delivery(fact: DeliveryEvent) -> tuple[str, str]:
    """The same of what was delivered and measured."""
    if isinstance(fact, OutcomeRevised):
        return "outcome", fact.outcome_id
    return ("beneficiary", fact.facility_id) if fact.facility_id else ("approval", "")


def caused_by_two(fact: EntryCorrected | StepEvent) -> tuple[str, str]:
    """The same of what takes two persons."""
    if isinstance(fact, EntryCorrected):
        return "version", str(fact.corrects_version)
    return ("stream", "") if isinstance(fact, StepProposed) else ("step", fact.step_id)
