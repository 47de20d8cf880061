"""Who does which command in a seeded story. Invented persons: their ids and offices say so.

What is the nation's, and what a published document says, is entered by whoever seeds the ledger.
Everything else is done by the office that would do it, so that nobody checks their own work.
"""

from collections.abc import Mapping

from events.catalogue import Command
from events.envelope import Actor
from events.facility import (
    CloseFacility,
    InstallEquipment,
    RegisterFacility,
    RelocateFacility,
    UpdateFacility,
)
from events.mandate import ConfirmMandate, ProposeMandate
from events.scheme import (
    ApproveScheme,
    ApproveSettlement,
    AssignBeneficiary,
    CancelCommitment,
    CommitSupport,
    EvaluateCriteria,
    PayAdvance,
    PayDisbursement,
    PledgeCounterpart,
    ProposeScheme,
    RecordAcceptance,
    ReduceCommitment,
    ReversePayment,
)

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
ACCOUNTANT = Actor(id="minh-hoa-ke-toan", role="ACCOUNTANT", organisation="trung-tam-minh-hoa")
"""Pays (kế toán)."""
CHIEF = Actor(id="minh-hoa-ke-toan-truong", role="ACCOUNTANT", organisation="trung-tam-minh-hoa")
"""Takes a payment back that the accountant made (kế toán trưởng)."""

_DONE_BY: Mapping[Actor, tuple[type, ...]] = {
    OPERATOR: (
        RegisterFacility,
        UpdateFacility,
        RelocateFacility,
        InstallEquipment,
        CloseFacility,
        RecordAcceptance,
    ),
    CLERK: (
        ProposeScheme,
        AssignBeneficiary,
        PledgeCounterpart,
        CommitSupport,
        ReduceCommitment,
        CancelCommitment,
    ),
    APPROVER: (ApproveScheme, ApproveSettlement, EvaluateCriteria),
    ACCOUNTANT: (PayAdvance, PayDisbursement),
    CHIEF: (ReversePayment,),
    PROPOSER: (ProposeMandate,),
    CONFIRMER: (ConfirmMandate,),
}
_ACTORS = {command: actor for actor, commands in _DONE_BY.items() for command in commands}


def actor_of(command: Command) -> Actor:
    """Who does this command."""
    return _ACTORS.get(type(command), SEEDER)
