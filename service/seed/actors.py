"""Who does which command in a seeded story. Invented persons: their ids and offices say so.

What is the nation's, and what a published document says, is entered by whoever seeds the ledger.
Everything else is done by the office that would do it, so that nobody checks their own work.
"""

from collections.abc import Mapping

from events.books import CloseBudgetYear
from events.catalogue import Command
from events.envelope import Actor
from events.evaluation import RecordAuditFinding, ResolveAuditFinding
from events.facility import (
    CloseFacility,
    DisposeEquipment,
    InstallEquipment,
    MergeDuplicate,
    MoveEquipment,
    PlaceFacility,
    RegisterFacility,
    RelocateFacility,
    ReopenFacility,
    UpdateFacility,
)
from events.mandate import ConfirmMandate, ProposeMandate
from events.mergers import EstablishProvince, MergeProvinces, RenameProvince
from events.plan import ApprovePlanBudget, AssignTranche, RevisePlanBudget
from events.policy import IssueSectorCodes, SetAdvanceLimit, SetEligiblePlace, SetSupportCap
from events.scheme import (
    ApproveScheme,
    ApproveSettlement,
    ApproveStep,
    AssignBeneficiary,
    CancelCommitment,
    CommitSupport,
    DeclineStep,
    EvaluateCriteria,
    HoldInspection,
    InvestCounterpart,
    OrderRecovery,
    PayAdvance,
    PayDisbursement,
    PledgeCounterpart,
    ProposeScheme,
    ProposeStep,
    ReallocateSupport,
    ReceiveRecovery,
    RecordAcceptance,
    RecordActivity,
    RecordOutcome,
    RecordTraining,
    ReduceCommitment,
    RefuseAcceptance,
    ReportProgress,
    ReversePayment,
    ReviseOutcome,
    SubmitSettlement,
    WithdrawStep,
    WriteOffRecovery,
)
from events.scheme.adjustment import AdjustScheme, SupplementScheme
from events.scheme.appraisal import (
    AppraiseSchemeAtGrassroots,
    AppraiseSchemeAtMinistry,
    RejectScheme,
    ResubmitScheme,
    ReturnScheme,
)
from events.scheme.balance import CarryOverBalance, ReturnUnspentBalance
from events.scheme.contract import AmendContract, LiquidateContract, SignContract
from events.scheme.halt import CompleteScheme, ResumeScheme, StopScheme, SuspendScheme
from events.scheme.prior_period import AdjustPriorPeriod
from events.scheme.release import ReleaseBeneficiary

PROPOSER = Actor(id="minh-hoa-quan-tri-1", role="ADMIN", organisation="socai")
CONFIRMER = Actor(id="minh-hoa-quan-tri-2", role="ADMIN", organisation="socai")
"""Two administrators (quản trị viên): one proposes who may do what, the other agrees."""
SEEDER = Actor(id="socai-seed", role="SEED", organisation="Socai")
OPERATOR = Actor(id="minh-hoa-can-bo-so", role="OPERATOR", organisation="so-minh-hoa")
"""Of the province (cán bộ Sở Công Thương): the register, and acceptance on site."""
CLERK = Actor(id="minh-hoa-can-bo-tt", role="CENTRE_MANAGER", organisation="trung-tam-minh-hoa")
"""Of the centre (cán bộ trung tâm): proposes, chooses, promises."""
APPROVER = Actor(id="minh-hoa-lanh-dao-cuc", role="APPROVER", organisation="cuc-minh-hoa")
"""Of the Department (lãnh đạo Cục): approves, judges, settles."""
DEPUTY = Actor(id="minh-hoa-pho-cuc", role="APPROVER", organisation="cuc-minh-hoa")
"""Of the Department (phó Cục trưởng): gives a claim up that the other made."""
MINISTER = Actor(id="minh-hoa-lanh-dao-bo", role="APPROVER", organisation="bo-minh-hoa")
"""Of the Ministry (lãnh đạo Bộ): says how much money a year has."""
ACCOUNTANT = Actor(id="minh-hoa-ke-toan", role="ACCOUNTANT", organisation="trung-tam-minh-hoa")
"""Pays (kế toán)."""
CHIEF = Actor(id="minh-hoa-ke-toan-truong", role="ACCOUNTANT", organisation="trung-tam-minh-hoa")
"""Takes a payment back that the accountant made (kế toán trưởng)."""
AUDITOR = Actor(id="minh-hoa-kiem-toan", role="AUDITOR", organisation="kiem-toan-minh-hoa")
"""Finds what is to be put right, and sees that it was (kiểm toán viên)."""

COURSE: tuple[type, ...] = (
    AppraiseSchemeAtMinistry,
    ReturnScheme,
    RejectScheme,
    SuspendScheme,
    ResumeScheme,
    StopScheme,
    CompleteScheme,
    AdjustScheme,
    SupplementScheme,
    LiquidateContract,
)
"""What becomes of a scheme, as whoever approves it decides."""

_DONE_BY: Mapping[Actor, tuple[type, ...]] = {
    OPERATOR: (
        RegisterFacility,
        UpdateFacility,
        RelocateFacility,
        PlaceFacility,
        InstallEquipment,
        MoveEquipment,
        DisposeEquipment,
        MergeDuplicate,
        CloseFacility,
        ReopenFacility,
        RecordAcceptance,
        AppraiseSchemeAtGrassroots,
        HoldInspection,
        RefuseAcceptance,
    ),
    CLERK: (
        ProposeScheme,
        AssignBeneficiary,
        PledgeCounterpart,
        CommitSupport,
        ReduceCommitment,
        CancelCommitment,
        ResubmitScheme,
        ReleaseBeneficiary,
        SignContract,
        AmendContract,
        RecordActivity,
        RecordTraining,
        RecordOutcome,
        ReviseOutcome,
        ReportProgress,
        SubmitSettlement,
        ReallocateSupport,
        InvestCounterpart,
        ProposeStep,
        WithdrawStep,
    ),
    APPROVER: (
        AssignTranche,
        CloseBudgetYear,
        ReturnUnspentBalance,
        CarryOverBalance,
        ApproveScheme,
        ApproveSettlement,
        ApproveStep,
        DeclineStep,
        EvaluateCriteria,
        OrderRecovery,
        SetSupportCap,
        SetAdvanceLimit,
        SetEligiblePlace,
        IssueSectorCodes,
        EstablishProvince,
        MergeProvinces,
        RenameProvince,
        *COURSE,
    ),
    DEPUTY: (WriteOffRecovery,),
    MINISTER: (ApprovePlanBudget, RevisePlanBudget),
    ACCOUNTANT: (PayAdvance, PayDisbursement),
    CHIEF: (ReversePayment, AdjustPriorPeriod, ReceiveRecovery),
    AUDITOR: (RecordAuditFinding, ResolveAuditFinding),
    PROPOSER: (ProposeMandate,),
    CONFIRMER: (ConfirmMandate,),
}
_ACTORS = {command: actor for actor, commands in _DONE_BY.items() for command in commands}


def actor_of(command: Command) -> Actor:
    """Who does this command."""
    return _ACTORS.get(type(command), SEEDER)
