"""Whose a stream is (thuộc phạm vi nào): what decides who may see the events in it.

Everything that the fund publishes is `published`. A scheme is when it is approved, a facility when
a scheme chooses it; until then they are the business of their centre, of their province.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, get_args

from events import facility as facilities
from events.books import BudgetYearClosed
from events.envelope import Recorded
from events.evaluation.facts import (
    AuditFindingRecorded,
    AuditFindingResolved,
    EvaluationConferenceHeld,
    NarrativeClaimRecorded,
)
from events.facility.facts import (
    ContactEvent,
    DetailEvent,
    EquipmentEvent,
    FacilityClosed,
    FacilityDuplicateMerged,
    FacilityPlaced,
    FacilityRegistered,
    FacilityRelocated,
    FacilityReopened,
)
from events.identity import OrganisationId
from events.maintenance import MaintenanceClosed, MaintenanceOpened
from events.mandate import MandateConfirmed, MandateProposed, MandateRevoked
from events.mergers import GeographyEvent
from events.organisation import CentreTerritorySet, OrganisationRegistered, OrganisationRenamed
from events.period import PeriodClosed, PeriodOpened
from events.plan.facts import PlanBudgetApproved, PlanBudgetRevised, PlanTrancheAssigned
from events.policy import PolicyEvent
from events.scheme.adjustment import SchemeAdjusted, SchemeSupplemented
from events.scheme.appraisal import AppraisalEvent
from events.scheme.balance import BalanceCarriedOver, UnspentBalanceReturned
from events.scheme.contract import ContractEvent
from events.scheme.correction import EntryCorrected
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
from events.scheme.halt import HaltEvent
from events.scheme.investment import CounterpartInvested
from events.scheme.prior_period import PriorPeriodAdjusted
from events.scheme.progress import ProgressEvent
from events.scheme.reallocation import ReallocationEvent
from events.scheme.recovery import RecoveryEvent
from events.scheme.release import ReleaseEvent
from events.scheme.settlement import SettlingEvent
from events.scheme.steps import StepEvent
from events.signing import SigningKeyIntroduced, SigningKeyRetired
from events.source import ReportedFigureRecorded, SourceDocumentRegistered
from events.targets import TargetRevised, TargetSet
from projections.projection import Key, Projection


class Subject(NamedTuple):
    """A stream, and who may see what is in it."""

    stream: str
    published: bool
    province_code: str | None
    province_from: date | None
    centre: OrganisationId | None
    synthetic: bool


def _everybodys(event: Recorded[Any]) -> Subject:
    return Subject(
        stream=event.stream,
        published=True,
        province_code=None,
        province_from=None,
        centre=None,
        synthetic=event.synthetic,
    )


def _nobodys(event: Recorded[Any]) -> Subject:
    """Those alone see it who see everything."""
    return _everybodys(event)._replace(published=False)


def _of_province(event: Recorded[FacilityRegistered]) -> Subject:
    province = event.fact.province
    return _nobodys(event)._replace(province_code=province.code, province_from=province.valid_from)


def _of_centre(event: Recorded[SchemeProposed]) -> Subject:
    return _nobodys(event)._replace(centre=event.fact.implementer)


def _moved(row: Subject, event: Recorded[FacilityRelocated]) -> Subject:
    province = event.fact.province
    return row._replace(province_code=province.code, province_from=province.valid_from)


def _handed_over(row: Subject, event: Recorded[SchemeAdjusted]) -> Subject:
    """Another centre carries the scheme out (thay đổi đơn vị thực hiện)."""
    return row._replace(centre=event.fact.after.implementer or row.centre)


def _published(row: Subject, _: Recorded[Any]) -> Subject:
    return row._replace(published=True)


def _own(event: Recorded[Any]) -> Iterable[Key]:
    return ((event.stream,),)


def _chosen(event: Recorded[BeneficiaryAssigned]) -> Iterable[Key]:
    return ((facilities.stream(event.fact.facility_id),),)


_OPENS = {
    PeriodOpened: _everybodys,
    PlanBudgetApproved: _everybodys,
    BudgetYearClosed: _everybodys,
    OrganisationRegistered: _everybodys,
    SourceDocumentRegistered: _everybodys,
    EvaluationConferenceHeld: _everybodys,
    AuditFindingRecorded: _everybodys,
    FacilityRegistered: _of_province,
    SchemeProposed: _of_centre,
    MandateProposed: _nobodys,
    MaintenanceOpened: _everybodys,
    SigningKeyIntroduced: _everybodys,
    **dict.fromkeys(get_args(PolicyEvent), _everybodys),
    **dict.fromkeys(get_args(GeographyEvent), _everybodys),
}
_CHANGES = {
    FacilityRelocated: _moved,
    SchemeApproved: _published,
    BeneficiaryAssigned: _published,
    SchemeAdjusted: _handed_over,
}

subject = Projection(
    row=Subject,
    version=2,
    key=("stream",),
    opens=_OPENS,
    changes=_CHANGES,
    keys={**dict.fromkeys((*_OPENS, *_CHANGES), _own), BeneficiaryAssigned: _chosen},
    ignores=(
        StepEvent,
        CentreTerritorySet,
        OrganisationRenamed,
        ReportedFigureRecorded,
        NarrativeClaimRecorded,
        AuditFindingResolved,
        FacilityPlaced,
        FacilityClosed,
        FacilityReopened,
        FacilityDuplicateMerged,
        DetailEvent,
        EquipmentEvent,
        ContactEvent,
        CounterpartPledged,
        SupportCommitted,
        CommitmentReduced,
        CommitmentCancelled,
        AdvancePaid,
        DisbursementPaid,
        PaymentReversed,
        EntryCorrected,
        AcceptanceRecorded,
        SettlementApproved,
        CriteriaEvaluated,
        DeliveryEvent,
        ProgressEvent,
        SettlingEvent,
        RecoveryEvent,
        ReallocationEvent,
        CounterpartInvested,
        AppraisalEvent,
        SchemeSupplemented,
        HaltEvent,
        ContractEvent,
        ReleaseEvent,
        MandateConfirmed,
        MandateRevoked,
        MaintenanceClosed,
        SigningKeyRetired,
        PeriodClosed,
        PlanBudgetRevised,
        PriorPeriodAdjusted,
        UnspentBalanceReturned,
        BalanceCarriedOver,
        PlanTrancheAssigned,
        TargetSet,
        TargetRevised,
    ),
)
