"""Who does which command in the tests, so that nobody checks their own work."""

from collections.abc import Mapping

from events.catalogue import COMMANDS
from events.envelope import Actor
from events.mandate import ConfirmMandate
from events.scheme import (
    ApproveScheme,
    ApproveSettlement,
    EvaluateCriteria,
    PayAdvance,
    PayDisbursement,
    RecordAcceptance,
    ReversePayment,
)

HOA = Actor(id="hoa", role="CENTRE_MANAGER", organisation="tt1")
"""Makes: whatever is not named below."""
MINH = Actor(id="minh", role="APPROVER", organisation="cuc")
DUNG = Actor(id="dung", role="OPERATOR", organisation="so-1")
LAN = Actor(id="lan", role="ACCOUNTANT", organisation="tt1")
TAM = Actor(id="tam", role="ACCOUNTANT", organisation="tt1")
EVERYBODY = (HOA, MINH, DUNG, LAN, TAM)

_DONE_BY: Mapping[Actor, tuple[type, ...]] = {
    MINH: (ApproveScheme, ApproveSettlement, EvaluateCriteria),
    DUNG: (RecordAcceptance,),
    LAN: (PayAdvance, PayDisbursement),
    TAM: (ReversePayment, ConfirmMandate),
}
_ACTORS = {command: actor for actor, commands in _DONE_BY.items() for command in commands}


def actor_of(command: type) -> Actor:
    """Who does commands of this class."""
    return _ACTORS.get(command, HOA)


def actor_named(field: str) -> dict[str, str]:
    """The same by the name of a mutation, as it is sent."""
    actor = actor_of(COMMANDS[f"{field[0].upper()}{field[1:]}"])
    return {"id": actor.id, "role": actor.role, "organisation": actor.organisation}
