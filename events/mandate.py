"""Who may do what, as facts: a mandate (phân quyền) is proposed, confirmed by another, revoked.

A principal (chủ thể) is whoever holds a key or a token; what he may is here and nowhere else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import NewType, TypeAlias, assert_never

from events.geography import UnknownUnitAtDate, checked_province
from events.identity import InvalidCode, OrganisationId, ProvinceRef, checked_code, stream_of
from events.rules import (
    Aggregate,
    HistoryBrokenError,
    Occasion,
    Refusal,
    command,
    fact,
    refusal,
    value,
)
from events.text import InvalidText, required
from events.vocabulary import Role

PrincipalId = NewType("PrincipalId", str)
MandateId = NewType("MandateId", str)


@value
class Bounds:
    """What a role is held over (phạm vi): a province, a centre; neither: the whole fund."""

    province: ProvinceRef | None = None
    centre: OrganisationId | None = None
    """Code of the centre whose schemes are meant (trung tâm)."""


@fact
class MandateProposed:
    """Somebody is to have a role (đề nghị phân quyền). It counts for nothing yet."""

    principal: PrincipalId
    mandate_id: MandateId
    role: Role
    organisation: OrganisationId
    bounds: Bounds
    last_day: date | None


@fact
class MandateConfirmed:
    """A second person agreed to the mandate: it counts from now on (phê duyệt phân quyền)."""

    principal: PrincipalId
    mandate_id: MandateId


@fact
class MandateRevoked:
    """The mandate counts no more (thu hồi phân quyền)."""

    principal: PrincipalId
    mandate_id: MandateId
    reason: str


@command
class ProposeMandate:
    """Propose that somebody has a role (đề nghị phân quyền)."""

    principal: PrincipalId
    mandate_id: MandateId
    role: Role
    organisation: OrganisationId
    bounds: Bounds | None = None
    last_day: date | None = None


@command
class ConfirmMandate:
    """Agree to a mandate that somebody else proposed (phê duyệt phân quyền)."""

    principal: PrincipalId
    mandate_id: MandateId


@command
class RevokeMandate:
    """Take a mandate back, or the proposal of one (thu hồi phân quyền)."""

    principal: PrincipalId
    mandate_id: MandateId
    reason: str


@refusal(rule="a mandate has one meaning for ever")
class MandateDiffers(Refusal):
    """Mandate {mandate_id} of {principal} is recorded already, with another meaning.

    Phân quyền {mandate_id} của {principal} đã được ghi với nội dung khác.
    """

    principal: PrincipalId
    mandate_id: MandateId


@refusal(rule="a mandate is proposed before it is confirmed or revoked")
class UnknownMandate(Refusal):
    """{principal} has no mandate {mandate_id}.

    {principal} không có phân quyền {mandate_id}.
    """

    principal: PrincipalId
    mandate_id: MandateId


@refusal(rule="what was revoked does not come back; it is role anew")
class MandateIsRevoked(Refusal):
    """Mandate {mandate_id} of {principal} was revoked: propose another.

    Phân quyền {mandate_id} của {principal} đã bị thu hồi: hãy đề nghị phân quyền mới.
    """

    principal: PrincipalId
    mandate_id: MandateId


@refusal(rule="an operator acts for a province, a centre manager for a centre, nobody for nothing")
class MandateUnbounded(Refusal):
    """A mandate of {role} has other bounds: {wanted}.

    Phân quyền {role} phải có phạm vi khác: {wanted}.
    """

    role: Role
    wanted: str
    """Which bounds it has (phạm vi phải có)."""


@refusal(rule="a mandate ends on a day that is still to come")
class MandateOver(Refusal):
    """The last day {last_day} has passed already.

    Ngày cuối {last_day} đã qua.
    """

    last_day: date


MandateEvent: TypeAlias = MandateProposed | MandateConfirmed | MandateRevoked
MandateCommand: TypeAlias = ProposeMandate | ConfirmMandate | RevokeMandate
MandateRefusal: TypeAlias = (
    MandateDiffers
    | UnknownMandate
    | MandateIsRevoked
    | MandateUnbounded
    | MandateOver
    | UnknownUnitAtDate
    | InvalidText
    | InvalidCode
)

_NEITHER, _PROVINCE, _CENTRE = "none", "a province", "a centre"
_WANTED: Mapping[Role, frozenset[str]] = MappingProxyType(
    {
        Role.PUBLIC: frozenset(),
        Role.OPERATOR: frozenset({_PROVINCE}),
        Role.CENTRE_MANAGER: frozenset({_CENTRE}),
        Role.APPROVER: frozenset({_NEITHER, _CENTRE}),
        Role.ACCOUNTANT: frozenset({_NEITHER}),
        Role.AUDITOR: frozenset({_NEITHER}),
        Role.INTEGRATOR: frozenset({_NEITHER, _PROVINCE, _CENTRE}),
        Role.ADMIN: frozenset({_NEITHER}),
    }
)
"""The bounds that each role may have. Nobody is made public: everybody is."""


@value
class Held:
    """One mandate as the rules see it."""

    proposal: MandateProposed
    is_confirmed: bool = False
    is_revoked: bool = False


Mandates: TypeAlias = Mapping[MandateId, Held]
"""The mandates of one principal."""


def stream(principal: PrincipalId) -> str:
    """The stream of a principal's mandates."""
    return stream_of("mandate", principal)


def decide(
    command: MandateCommand, mandates: Mandates | None, occasion: Occasion
) -> Sequence[MandateEvent]:
    """Answer a command with the facts it causes; none if already so."""
    match command:
        case ProposeMandate():
            return _propose(command, mandates or {}, occasion)
        case ConfirmMandate():
            return _confirm(command, mandates or {})
        case RevokeMandate():
            return _revoke(command, mandates or {})
        case _:
            assert_never(command)


def evolve(mandates: Mandates | None, event: MandateEvent) -> Mandates:
    """Apply one recorded fact. Total: history is never refused."""
    known = mandates or {}
    match event:
        case MandateProposed():
            return {**known, event.mandate_id: Held(proposal=event)}
        case MandateConfirmed() | MandateRevoked():
            held = known.get(event.mandate_id)
            if held is None:
                raise HistoryBrokenError("a mandate begins with its proposal")
            ends = isinstance(event, MandateRevoked)
            after = replace(held, is_revoked=True) if ends else replace(held, is_confirmed=True)
            return {**known, event.mandate_id: after}
        case _:
            assert_never(event)


def _propose(
    command: ProposeMandate, mandates: Mandates, occasion: Occasion
) -> Sequence[MandateEvent]:
    checked_code("mandate_id", command.mandate_id)
    checked_code("organisation", command.organisation)
    proposal = MandateProposed(
        principal=command.principal,
        mandate_id=command.mandate_id,
        role=command.role,
        organisation=command.organisation,
        bounds=_bounds(command, occasion),
        last_day=command.last_day,
    )
    known = mandates.get(command.mandate_id)
    if known is not None:
        if known.proposal == proposal:
            return ()
        raise MandateDiffers(principal=command.principal, mandate_id=command.mandate_id)
    if command.last_day is not None and command.last_day < occasion.today:
        raise MandateOver(last_day=command.last_day)
    return (proposal,)


def _bounds(command: ProposeMandate, occasion: Occasion) -> Bounds:
    bounds = command.bounds or Bounds()
    province, centre = bounds.province, bounds.centre
    found = {_PROVINCE: province, _CENTRE: centre}
    said = [word for word, bound in found.items() if bound is not None] or [_NEITHER]
    wanted = _WANTED[command.role]
    if len(said) > 1 or said[0] not in wanted:
        raise MandateUnbounded(role=command.role, wanted=" or ".join(sorted(wanted)) or "never")
    if province is not None:
        checked_province(province, occasion.effective_on)
    if centre is not None:
        checked_code("centre", centre)
    return bounds


def _confirm(command: ConfirmMandate, mandates: Mandates) -> Sequence[MandateEvent]:
    held = _held(command, mandates)
    if held.is_revoked:
        raise MandateIsRevoked(principal=command.principal, mandate_id=command.mandate_id)
    if held.is_confirmed:
        return ()
    return (MandateConfirmed(principal=command.principal, mandate_id=command.mandate_id),)


def _revoke(command: RevokeMandate, mandates: Mandates) -> Sequence[MandateEvent]:
    reason = required("reason", command.reason)
    if _held(command, mandates).is_revoked:
        return ()
    return (
        MandateRevoked(principal=command.principal, mandate_id=command.mandate_id, reason=reason),
    )


def _held(command: ConfirmMandate | RevokeMandate, mandates: Mandates) -> Held:
    held = mandates.get(command.mandate_id)
    if held is None:
        raise UnknownMandate(principal=command.principal, mandate_id=command.mandate_id)
    return held


MANDATE: Aggregate[MandateCommand, Mandates, MandateEvent] = Aggregate(
    name="mandate",
    stream=lambda command: stream(command.principal),
    decide=decide,
    evolve=evolve,
)
