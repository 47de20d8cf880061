"""When a scheme may be changed after its approval, and by whom (điều chỉnh, bổ sung)."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from types import MappingProxyType
from typing import assert_never

from events.dates import checked_span
from events.identity import FacilityId, SchemeId
from events.mergers import atlas_in
from events.money import Vnd
from events.organisation import Organisation, UnknownOrganisation
from events.organisation import stream as organisation_stream
from events.period import Period
from events.period import stream as period_stream
from events.plan import SOURCE, BudgetExceeded, checked_room
from events.rules import Occasion
from events.scheme.adjustment import (
    AdjustmentDiffers,
    AdjustScheme,
    CeilingNotYet,
    ContentCommitted,
    NothingSupplemented,
    SchemeAdjusted,
    SchemeSupplemented,
    SupplementScheme,
    Terms,
)
from events.scheme.approval import assign
from events.scheme.authority import check_approver
from events.scheme.bounds import check_ceilings, check_focal, check_period
from events.scheme.ceiling import Ceiling
from events.scheme.commands import AssignBeneficiary
from events.scheme.facts import SchemeApproved, SchemeEvent
from events.scheme.halting import check_not_ended
from events.scheme.places import check_place
from events.scheme.refusals import SchemeNotApproved
from events.scheme.release import ReleaseBeneficiary
from events.scheme.releasing import release
from events.scheme.state import Scheme
from events.scheme.terms import NO_TERMS, changed
from events.text import required
from events.vocabulary import AdjustmentKind, OrganisationKind, SchemeClass

_MINISTRY, _DEPARTMENT = OrganisationKind.MINISTRY, OrganisationKind.DEPARTMENT
_CLASS: Mapping[AdjustmentKind, tuple[OrganisationKind, frozenset[str]]] = MappingProxyType(
    {
        AdjustmentKind.INCREASE: (_MINISTRY, frozenset({"ceilings"})),
        AdjustmentKind.CONTENT: (_MINISTRY, frozenset({"contents"})),
        AdjustmentKind.EXTEND_YEAR: (_MINISTRY, frozenset({"ends_on"})),
        AdjustmentKind.PLACE: (_DEPARTMENT, frozenset({"provinces"})),
        AdjustmentKind.BENEFICIARY: (_DEPARTMENT, frozenset({"beneficiary"})),
        AdjustmentKind.PARTNER: (_DEPARTMENT, frozenset({"implementer"})),
        AdjustmentKind.DATES: (_DEPARTMENT, frozenset({"starts_on", "ends_on"})),
        AdjustmentKind.DECREASE: (_DEPARTMENT, frozenset({"ceilings"})),
    }
)
"""Kind -> whose it is to approve (TT 36/2013/TT-BCT Đ11), and what of a scheme it changes."""


def adjust(command: AdjustScheme, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    """One thing of the scheme becomes another; what rests on it must still hold."""
    kind, reason = command.adjustment, required("reason", command.reason)
    _check_changeable(scheme)
    needed, _ = _CLASS[kind]
    check_approver(command.scheme_id, command.approver, needed, occasion)
    after = _asked(command)
    before = _before(command, after, scheme)
    if after == before:
        return ()
    adjusted = SchemeAdjusted(
        scheme_id=command.scheme_id,
        adjustment=kind,
        approver=command.approver,
        reason=reason,
        before=before,
        after=after,
    )
    _check_kind(command, scheme, occasion)
    _check_terms(replace(scheme, terms=changed(scheme.terms, adjusted)), adjusted, occasion)
    return (adjusted, *_exchanged(command, scheme, occasion))


def supplement(
    command: SupplementScheme, scheme: Scheme, occasion: Occasion
) -> Sequence[SchemeEvent]:
    """For the Ministry to approve (TT 36/2013/TT-BCT Đ11); more of the same is an increase."""
    supplement = SchemeSupplemented(
        scheme_id=command.scheme_id,
        approver=command.approver,
        reason=required("reason", command.reason),
        contents=command.contents,
        ceilings=command.ceilings,
    )
    if supplement in scheme.supplements:
        return ()
    _check_changeable(scheme)
    check_approver(command.scheme_id, command.approver, _MINISTRY, occasion)
    check_ceilings(command.ceilings)
    known = {(each.source, each.budget_year) for each in scheme.terms.ceilings}
    _check_planned(command.scheme_id, command.ceilings, occasion)
    is_there = any((each.source, each.budget_year) in known for each in command.ceilings)
    is_there |= not set(command.contents).isdisjoint(scheme.terms.contents)
    if is_there or not (command.contents or command.ceilings):
        raise NothingSupplemented(scheme_id=command.scheme_id)
    return (supplement,)


def _asked(command: AdjustScheme) -> Terms:
    """What the command says shall be; refuses one that says nothing, or more than its kind."""
    asked = replace(
        NO_TERMS,
        ceilings=command.ceilings,
        contents=command.contents,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        provinces=command.provinces,
        implementer=command.implementer,
        beneficiary=command.chosen,
    )
    _, of_kind = _CLASS[command.adjustment]
    named = {each.name for each in fields(asked) if getattr(asked, each.name)}
    if not named or not named <= of_kind or bool(command.chosen) is not bool(command.released):
        raise AdjustmentDiffers(adjustment=command.adjustment)
    return asked


def _before(command: AdjustScheme, after: Terms, scheme: Scheme) -> Terms:
    """The same things of the scheme as it stands."""
    named = {each.name for each in fields(after) if getattr(after, each.name)}
    there = {name: getattr(scheme.terms, name) for name in named}
    if after.ceilings:
        known = {(each.source, each.budget_year): each for each in scheme.terms.ceilings}
        asked = ((each.source, each.budget_year) for each in after.ceilings)
        there["ceilings"] = tuple(known[key] for key in asked if key in known)
    if after.beneficiary is not None:
        there["beneficiary"] = command.released
    return replace(NO_TERMS, **there)


def _check_changeable(scheme: Scheme) -> None:
    if scheme.approval is None:
        raise SchemeNotApproved(scheme_id=scheme.proposal.scheme_id)
    check_not_ended(scheme)


def _check_kind(command: AdjustScheme, scheme: Scheme, occasion: Occasion) -> None:
    """Refuse what calls itself by the name of another kind, which another body approves."""
    kind, terms = command.adjustment, scheme.terms
    match kind:
        case AdjustmentKind.INCREASE | AdjustmentKind.DECREASE:
            _check_amounts(command, scheme)
            _check_planned(command.scheme_id, command.ceilings, occasion)
            is_it = True
        case AdjustmentKind.EXTEND_YEAR:
            assert command.ends_on is not None  # noqa: S101 - `_asked` wants it
            assert terms.ends_on is not None  # noqa: S101 - every scheme has a last day
            is_it = command.ends_on.year > terms.ends_on.year
        case AdjustmentKind.DATES:
            starts_on = command.starts_on or terms.starts_on
            ends_on = command.ends_on or terms.ends_on
            years = [each.year for each in (starts_on, ends_on) if each]
            is_it = years == [each.year for each in (terms.starts_on, terms.ends_on) if each]
        case AdjustmentKind.PARTNER:
            assert command.implementer is not None  # noqa: S101 - `_asked` wants it
            body = organisation_stream(command.implementer)
            if occasion.neighbour(body, Organisation) is None:
                raise UnknownOrganisation(organisation_id=command.implementer)
            is_it = True
        case AdjustmentKind.CONTENT | AdjustmentKind.PLACE | AdjustmentKind.BENEFICIARY:
            is_it = True
        case _:
            assert_never(kind)
    if not is_it:
        raise AdjustmentDiffers(adjustment=kind)


def _check_amounts(command: AdjustScheme, scheme: Scheme) -> None:
    """More of what is there, or less; never less than what is committed of it."""
    check_ceilings(command.ceilings)
    for each in command.ceilings:
        known = scheme.ceiling(each.source, each.budget_year)
        more = Vnd(each.amount - known)
        is_increase = command.adjustment is AdjustmentKind.INCREASE
        if not known or not more or is_increase is not (more > 0):
            raise AdjustmentDiffers(adjustment=command.adjustment)
        headroom = scheme.headroom(each.source, each.budget_year)
        if -more > headroom:
            raise BudgetExceeded(
                source=each.source,
                budget_year=each.budget_year,
                requested=Vnd(-more),
                headroom=headroom,
            )


def _check_planned(scheme_id: SchemeId, ceilings: Sequence[Ceiling], occasion: Occasion) -> None:
    """No ceiling above what the plan of its year assigns, nor before the ceilings it changes."""
    said = [each.effective_on for each in occasion.past if _says_ceilings(each.fact)]
    if ceilings and said and occasion.effective_on < max(said):
        raise CeilingNotYet(
            scheme_id=scheme_id, since=max(said), effective_on=occasion.effective_on
        )
    for each in ceilings:
        if each.source is SOURCE:
            checked_room(scheme_id, each.budget_year, each.amount, occasion)


def _says_ceilings(fact: object) -> bool:
    if isinstance(fact, SchemeAdjusted):
        return bool(fact.after.ceilings)
    return isinstance(fact, SchemeApproved | SchemeSupplemented)


def _check_terms(scheme: Scheme, adjusted: SchemeAdjusted, occasion: Occasion) -> None:
    """Refuse a scheme that would no longer keep to its rules."""
    terms, code = scheme.terms, scheme.proposal.period
    assert terms.starts_on is not None  # noqa: S101 - every scheme has a first day
    assert terms.ends_on is not None  # noqa: S101 - and a last one
    checked_span(terms.starts_on, terms.ends_on)
    if adjusted.after.starts_on or adjusted.after.ends_on:
        period = occasion.neighbour(period_stream(code), Period)
        check_period(code, terms.starts_on, terms.ends_on, period)
    if scheme.proposal.scheme_class is SchemeClass.FOCAL:
        check_focal(terms.contents, terms.starts_on, terms.ends_on)
    for promised in scheme.commitments.values():
        activity = promised.promise.activity
        if promised.cancellation is None and activity not in terms.contents:
            raise ContentCommitted(scheme_id=adjusted.scheme_id, activity=activity)
    _check_places(scheme, adjusted, occasion)


def _check_places(scheme: Scheme, adjusted: SchemeAdjusted, occasion: Occasion) -> None:
    on, atlas = occasion.effective_on, atlas_in(occasion)
    for each in adjusted.after.provinces:
        atlas.check(each, on)
    for facility_id, chosen in scheme.beneficiaries.items():
        check_place(scheme, facility_id, chosen.province, on, atlas)


def _exchanged(command: AdjustScheme, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    """One beneficiary leaves, another comes: by the rules that hold for each of the two."""
    gone, chosen = command.released, command.chosen
    if gone is None or chosen is None:
        return ()
    leave = ReleaseBeneficiary(scheme_id=command.scheme_id, facility_id=gone, reason=command.reason)
    come = AssignBeneficiary(scheme_id=command.scheme_id, facility_id=FacilityId(chosen))
    assigned = assign(come, scheme, occasion)
    if not assigned:
        raise AdjustmentDiffers(adjustment=command.adjustment)
    return (*release(leave, scheme), *assigned)
