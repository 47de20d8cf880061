"""What in the course of a scheme rests on what: see events/relations.py."""

from collections.abc import Mapping
from typing import assert_never

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
from events.scheme.course import CourseEvent
from events.scheme.halt import SchemeCompleted, SchemeResumed, SchemeStopped, SchemeSuspended
from events.scheme.release import BeneficiaryReleased

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
