"""What must be told before what: for each fact, the command that causes it and those it needs.

`leading_to` is the shortest way to a fact; the rules refuse it with any part left out, which a test
shows. `orders` tells it of a cast.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from events.books import BudgetYearClosed
from events.catalogue import Command
from events.envelope import Order
from events.evaluation import (
    AuditFindingRecorded,
    AuditFindingResolved,
    EvaluationConferenceHeld,
    NarrativeClaimRecorded,
)
from events.facility import (
    ContactErased,
    ContactRecorded,
    EquipmentDisposed,
    EquipmentInstalled,
    EquipmentMoved,
    FacilityCapacityUpdated,
    FacilityClosed,
    FacilityDuplicateMerged,
    FacilityOwnershipChanged,
    FacilityPlaced,
    FacilityRegistered,
    FacilityRelocated,
    FacilityRenamed,
    FacilityReopened,
    FacilitySectorReclassified,
)
from events.maintenance import MaintenanceClosed, MaintenanceOpened
from events.mandate import MandateConfirmed, MandateProposed, MandateRevoked
from events.mergers import ProvinceEstablished, ProvinceMerged, ProvinceRenamed
from events.organisation import CentreTerritorySet, OrganisationRegistered, OrganisationRenamed
from events.period import PeriodClosed, PeriodOpened
from events.plan import PlanBudgetApproved, PlanBudgetRevised, PlanTrancheAssigned
from events.policy import AdvanceLimitSet, EligiblePlaceSet, SectorCodesIssued, SupportCapSet
from events.rules import value
from events.scheme import (
    AcceptanceRecorded,
    ActivityDelivered,
    AdvancePaid,
    BeneficiaryAssigned,
    CommitmentCancelled,
    CommitmentReduced,
    CounterpartPledged,
    CriteriaEvaluated,
    DisbursementPaid,
    EntryCorrected,
    OutcomeMeasured,
    OutcomeRevised,
    PaymentReversed,
    SchemeApproved,
    SchemeProposed,
    SettlementApproved,
    StepApproved,
    StepDeclined,
    StepProposed,
    StepWithdrawn,
    SupportCommitted,
    WorkersTrained,
)
from events.scheme.adjustment import SchemeAdjusted, SchemeSupplemented
from events.scheme.appraisal import (
    SchemeGrassrootsAppraised,
    SchemeMinistryAppraised,
    SchemeRejected,
    SchemeResubmitted,
    SchemeReturned,
)
from events.scheme.balance import BalanceCarriedOver, UnspentBalanceReturned
from events.scheme.contract import (
    ImplementationContractAmended,
    ImplementationContractLiquidated,
    ImplementationContractSigned,
)
from events.scheme.halt import SchemeCompleted, SchemeResumed, SchemeStopped, SchemeSuspended
from events.scheme.investment import CounterpartInvested
from events.scheme.prior_period import PriorPeriodAdjusted
from events.scheme.progress import InspectionHeld, ProgressReported
from events.scheme.reallocation import CommitmentReallocated, ReallocationReceived
from events.scheme.recovery import RecoveryOrdered, RecoveryReceived, RecoveryWrittenOff
from events.scheme.release import BeneficiaryReleased
from events.scheme.settlement import AcceptanceRefused, SettlementSubmitted
from events.signing import SigningKeyIntroduced, SigningKeyRetired
from events.source import ReportedFigureRecorded, SourceDocumentRegistered
from events.targets import TargetRevised, TargetSet
from service.seed.sample import course, facility, frame, judged, reference, scheme, supervision
from service.seed.sample.cast import Cast
from service.seed.story import step


@value
class Scene:
    """How a fact comes about."""

    command: Callable[[Cast], Command]
    after: tuple[type, ...] = ()
    """The facts without which the rules refuse the command."""
    other: tuple[type, ...] = ()
    """Facts that must be told of a second cast, before."""
    beside: Callable[[Cast], Command] | None = None
    """What else must be there, of a kind that another scene tells of already."""
    ends_with: type | None = None
    """What must not be left as it is: the fact that ends it."""
    day: Callable[[Cast], date] | None = None
    """The day on which it takes effect, where that is not today."""


STORY: Mapping[type, Scene] = MappingProxyType(
    {
        PeriodOpened: Scene(command=frame.open_period),
        PeriodClosed: Scene(command=frame.close_period, after=(PeriodOpened,)),
        TargetSet: Scene(command=frame.set_target, after=(PeriodOpened,)),
        TargetRevised: Scene(command=frame.revise_target, after=(TargetSet,)),
        PlanBudgetApproved: Scene(command=frame.approve_budget),
        PlanBudgetRevised: Scene(command=frame.revise_budget, after=(PlanBudgetApproved,)),
        PlanTrancheAssigned: Scene(
            command=frame.assign_tranche, after=(PlanBudgetApproved, SchemeProposed)
        ),
        BudgetYearClosed: Scene(command=frame.close_books),
        OrganisationRegistered: Scene(command=frame.register_organisation),
        CentreTerritorySet: Scene(command=frame.set_territory, after=(OrganisationRegistered,)),
        OrganisationRenamed: Scene(
            command=frame.rename_organisation, after=(OrganisationRegistered,)
        ),
        FacilityRegistered: Scene(command=facility.register),
        FacilityRenamed: Scene(command=facility.rename, after=(FacilityRegistered,)),
        FacilitySectorReclassified: Scene(command=facility.reclassify, after=(FacilityRegistered,)),
        FacilityCapacityUpdated: Scene(command=facility.enlarge, after=(FacilityRegistered,)),
        FacilityOwnershipChanged: Scene(command=facility.change_hands, after=(FacilityRegistered,)),
        FacilityRelocated: Scene(command=facility.relocate, after=(FacilityRegistered,)),
        FacilityPlaced: Scene(command=facility.place, after=(FacilityRegistered,)),
        EquipmentInstalled: Scene(command=facility.install, after=(FacilityRegistered,)),
        FacilityClosed: Scene(command=facility.close, after=(FacilityRegistered,)),
        EquipmentMoved: Scene(
            command=facility.move, after=(EquipmentInstalled,), other=(FacilityRegistered,)
        ),
        EquipmentDisposed: Scene(command=facility.dispose, after=(EquipmentInstalled,)),
        FacilityDuplicateMerged: Scene(
            command=facility.merge, after=(FacilityRegistered,), other=(FacilityRegistered,)
        ),
        FacilityReopened: Scene(command=facility.reopen, after=(FacilityClosed,)),
        ContactRecorded: Scene(command=facility.record_contact, after=(FacilityRegistered,)),
        ContactErased: Scene(command=facility.erase_contact, after=(ContactRecorded,)),
        SchemeProposed: Scene(command=scheme.propose, after=(PeriodOpened, OrganisationRegistered)),
        SchemeApproved: Scene(command=scheme.approve, after=(SchemeProposed,)),
        SchemeGrassrootsAppraised: Scene(command=course.at_grassroots, after=(SchemeProposed,)),
        SchemeMinistryAppraised: Scene(
            command=course.at_ministry, after=(SchemeGrassrootsAppraised,)
        ),
        SchemeReturned: Scene(command=course.send_back, after=(SchemeProposed,)),
        SchemeResubmitted: Scene(command=course.resubmit, after=(SchemeReturned,)),
        SchemeRejected: Scene(command=course.reject, after=(SchemeProposed,)),
        SchemeSuspended: Scene(command=course.suspend, after=(SchemeApproved,)),
        SchemeResumed: Scene(command=course.resume, after=(SchemeSuspended,)),
        SchemeStopped: Scene(
            command=course.stop, after=(SchemeApproved,), beside=course.register_ministry
        ),
        SchemeCompleted: Scene(command=course.complete, after=(SchemeApproved,)),
        SchemeAdjusted: Scene(
            command=course.adjust, after=(SchemeApproved,), beside=course.register_ministry
        ),
        SchemeSupplemented: Scene(
            command=course.supplement, after=(SchemeApproved,), beside=course.register_ministry
        ),
        ImplementationContractSigned: Scene(
            command=course.sign, after=(SchemeApproved,), beside=course.register_department
        ),
        ImplementationContractAmended: Scene(
            command=course.amend, after=(ImplementationContractSigned,)
        ),
        ImplementationContractLiquidated: Scene(
            command=course.liquidate, after=(ImplementationContractSigned,)
        ),
        BeneficiaryReleased: Scene(command=course.release, after=(BeneficiaryAssigned,)),
        BeneficiaryAssigned: Scene(
            command=scheme.assign, after=(SchemeProposed, FacilityRegistered)
        ),
        CounterpartPledged: Scene(command=scheme.pledge, after=(BeneficiaryAssigned,)),
        SupportCommitted: Scene(command=scheme.commit, after=(SchemeApproved, CounterpartPledged)),
        CommitmentReduced: Scene(command=scheme.reduce, after=(SupportCommitted,)),
        CommitmentCancelled: Scene(command=scheme.cancel, after=(SupportCommitted,)),
        AdvancePaid: Scene(command=scheme.pay_advance, after=(SupportCommitted,)),
        DisbursementPaid: Scene(command=scheme.disburse, after=(SupportCommitted,)),
        PaymentReversed: Scene(command=scheme.reverse, after=(AdvancePaid,)),
        ProgressReported: Scene(command=supervision.report_progress, after=(SupportCommitted,)),
        InspectionHeld: Scene(command=supervision.inspect, after=(SupportCommitted,)),
        UnspentBalanceReturned: Scene(command=scheme.give_back, after=(SchemeApproved,)),
        BalanceCarriedOver: Scene(command=scheme.carry_over, after=(SchemeApproved,)),
        PriorPeriodAdjusted: Scene(command=scheme.adjust, after=(AdvancePaid, BudgetYearClosed)),
        CounterpartInvested: Scene(command=supervision.invest, after=(BeneficiaryAssigned,)),
        # One step takes and gives: both facts come about together.
        CommitmentReallocated: Scene(command=supervision.reallocate, after=(SupportCommitted,)),
        ReallocationReceived: Scene(command=supervision.reallocate, after=(SupportCommitted,)),
        AcceptanceRefused: Scene(command=supervision.refuse_acceptance, after=(SupportCommitted,)),
        SettlementSubmitted: Scene(
            command=supervision.submit_settlement, after=(AcceptanceRecorded,)
        ),
        RecoveryOrdered: Scene(command=supervision.order_recovery, after=(AdvancePaid,)),
        RecoveryReceived: Scene(command=supervision.receive_recovery, after=(RecoveryOrdered,)),
        RecoveryWrittenOff: Scene(command=supervision.write_off_recovery, after=(RecoveryOrdered,)),
        AcceptanceRecorded: Scene(command=scheme.accept, after=(SupportCommitted,)),
        SettlementApproved: Scene(command=scheme.settle, after=(AcceptanceRecorded,)),
        CriteriaEvaluated: Scene(
            command=scheme.evaluate, after=(SchemeProposed, SourceDocumentRegistered)
        ),
        StepProposed: Scene(command=scheme.propose_step, after=(SchemeProposed,)),
        StepApproved: Scene(command=scheme.approve_step, after=(StepProposed,)),
        EntryCorrected: Scene(command=scheme.approve_step, after=(StepProposed,)),
        StepDeclined: Scene(command=scheme.decline_step, after=(StepProposed,)),
        StepWithdrawn: Scene(command=scheme.withdraw_step, after=(StepProposed,)),
        SourceDocumentRegistered: Scene(command=frame.register_document),
        ReportedFigureRecorded: Scene(
            command=frame.record_figure, after=(PeriodOpened, SourceDocumentRegistered)
        ),
        ActivityDelivered: Scene(
            command=judged.deliver, after=(SchemeApproved, BeneficiaryAssigned)
        ),
        WorkersTrained: Scene(command=judged.train, after=(SchemeApproved, BeneficiaryAssigned)),
        OutcomeMeasured: Scene(command=judged.measure, after=(SchemeApproved, BeneficiaryAssigned)),
        OutcomeRevised: Scene(command=judged.revise, after=(OutcomeMeasured,)),
        EvaluationConferenceHeld: Scene(
            command=judged.confer, after=(PeriodOpened, SourceDocumentRegistered)
        ),
        NarrativeClaimRecorded: Scene(command=judged.claim, after=(EvaluationConferenceHeld,)),
        AuditFindingRecorded: Scene(
            command=judged.find, after=(SchemeProposed, SourceDocumentRegistered)
        ),
        AuditFindingResolved: Scene(command=judged.resolve, after=(AuditFindingRecorded,)),
        MandateProposed: Scene(command=frame.propose_mandate),
        MandateConfirmed: Scene(command=frame.confirm_mandate, after=(MandateProposed,)),
        MandateRevoked: Scene(command=frame.revoke_mandate, after=(MandateProposed,)),
        # A ledger has one window: left open, it would refuse the next.
        MaintenanceOpened: Scene(command=frame.open_maintenance, ends_with=MaintenanceClosed),
        MaintenanceClosed: Scene(command=frame.close_maintenance, after=(MaintenanceOpened,)),
        SigningKeyIntroduced: Scene(command=frame.introduce_key),
        SigningKeyRetired: Scene(command=frame.retire_key, after=(SigningKeyIntroduced,)),
        ProvinceEstablished: Scene(command=reference.establish, day=reference.far_day),
        ProvinceMerged: Scene(
            command=reference.merge, after=(ProvinceEstablished,), day=reference.day_after
        ),
        ProvinceRenamed: Scene(
            command=reference.rename, after=(ProvinceEstablished,), day=reference.day_after
        ),
        SupportCapSet: Scene(command=reference.set_cap, day=reference.far_day),
        AdvanceLimitSet: Scene(command=reference.set_limit, day=reference.far_day),
        SectorCodesIssued: Scene(command=reference.issue_codes, day=reference.far_day),
        EligiblePlaceSet: Scene(command=reference.set_place, day=reference.far_day),
    }
)
"""Fact -> how it comes about. Every fact of the catalogue is here that is not retired."""


def leading_to(fact: type) -> Sequence[type]:
    """The facts to be told, in their order; the last of them is the one that is wanted."""
    told: dict[type, None] = {}
    for needed in STORY[fact].after:
        told |= dict.fromkeys(leading_to(needed))
    return (*told, fact)


def orders(fact: type, cast: Cast) -> Iterator[tuple[type, Order[Command]]]:
    """Each fact on the way to this one with the order that causes it, and what ends it after."""
    ending = STORY[fact].ends_with
    for each in (*leading_to(fact), *((ending,) if ending else ())):
        yield from of_one(each, cast)


def of_one(fact: type, cast: Cast) -> Iterator[tuple[type, Order[Command]]]:
    """A fact with the order that causes it, after what is told of a second cast."""
    scene = STORY[fact]
    for each in scene.other:
        yield from of_one(each, cast.other)
    name = f"sample {cast.tag} {fact.__name__}"
    if scene.beside is not None:
        other = scene.beside(cast)
        yield type(other), step(f"{name} beside", other, cast.today, synthetic=True)
    day = scene.day(cast) if scene.day else cast.today
    yield fact, step(name, scene.command(cast), day, synthetic=True)
