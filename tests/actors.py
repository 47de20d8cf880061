"""Who does which command in the tests, so that nobody checks their own work."""

from collections.abc import Mapping

from events.catalogue import COMMANDS
from events.envelope import Actor
from events.evaluation import RecordAuditFinding, ResolveAuditFinding
from events.mandate import ConfirmMandate
from events.mergers import EstablishProvince, MergeProvinces, RenameProvince
from events.organisation import RenameOrganisation
from events.plan import ApprovePlanBudget, RevisePlanBudget
from events.policy import IssueSectorCodes, SetAdvanceLimit, SetEligiblePlace, SetSupportCap
from events.scheme import (
    ApproveScheme,
    ApproveSettlement,
    ApproveStep,
    DeclineStep,
    EvaluateCriteria,
    HoldInspection,
    OrderRecovery,
    PayAdvance,
    PayDisbursement,
    ReceiveRecovery,
    RecordAcceptance,
    RefuseAcceptance,
    ReversePayment,
    WriteOffRecovery,
)
from events.scheme.adjustment import AdjustScheme, SupplementScheme
from events.scheme.appraisal import (
    AppraiseSchemeAtGrassroots,
    AppraiseSchemeAtMinistry,
    RejectScheme,
    ReturnScheme,
)
from events.scheme.contract import LiquidateContract
from events.scheme.halt import CompleteScheme, ResumeScheme, StopScheme, SuspendScheme
from events.scheme.prior_period import AdjustPriorPeriod

HOA = Actor(id="hoa", role="CENTRE_MANAGER", organisation="tt1")
"""Makes: whatever is not named below."""
MINH = Actor(id="minh", role="APPROVER", organisation="cuc")
DUNG = Actor(id="dung", role="OPERATOR", organisation="so-1")
LAN = Actor(id="lan", role="ACCOUNTANT", organisation="tt1")
TAM = Actor(id="tam", role="ACCOUNTANT", organisation="tt1")
CHI = Actor(id="chi", role="AUDITOR", organisation="ktnn")
BINH = Actor(id="binh", role="APPROVER", organisation="bo")
EVERYBODY = (HOA, MINH, DUNG, LAN, TAM)

REFERENCE = (
    RenameOrganisation,
    SetSupportCap,
    SetAdvanceLimit,
    SetEligiblePlace,
    IssueSectorCodes,
    EstablishProvince,
    MergeProvinces,
    RenameProvince,
)

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

_DONE_BY: Mapping[Actor, tuple[type, ...]] = {
    MINH: (
        ApproveScheme,
        ApproveSettlement,
        ApproveStep,
        DeclineStep,
        EvaluateCriteria,
        OrderRecovery,
        *REFERENCE,
        *COURSE,
    ),
    BINH: (ApprovePlanBudget, RevisePlanBudget),
    DUNG: (
        RecordAcceptance,
        RefuseAcceptance,
        HoldInspection,
        WriteOffRecovery,
        AppraiseSchemeAtGrassroots,
    ),
    LAN: (PayAdvance, PayDisbursement),
    TAM: (ReversePayment, AdjustPriorPeriod, ReceiveRecovery, ConfirmMandate),
    CHI: (RecordAuditFinding, ResolveAuditFinding),
}
_ACTORS = {command: actor for actor, commands in _DONE_BY.items() for command in commands}


def actor_of(command: type) -> Actor:
    """Who does commands of this class."""
    return _ACTORS.get(command, HOA)


def actor_named(field: str) -> dict[str, str]:
    """The same by the name of a mutation, as it is sent."""
    actor = actor_of(COMMANDS[f"{field[0].upper()}{field[1:]}"])
    return {"id": actor.id, "role": actor.role, "organisation": actor.organisation}
