"""Correct what an event said (đính chính), if every rule still holds after every later event."""

from collections.abc import Sequence
from typing import Any

from events.dates import NotThatDay
from events.identity import CommitmentId
from events.mergers import atlas_in
from events.money import Figure, InvalidAmount, checked_amount
from events.policy import ADVANCE_LIMITS, SUPPORT_CAPS, AdvanceLimits, Policy, caps_in, limits_in
from events.rules import Occasion
from events.scheme.correction import (
    CORRECTABLE,
    AlreadyCorrected,
    CorrectEntry,
    Correction,
    EditForbidden,
    EntryCorrected,
    EventId,
    NothingToCorrect,
    amended,
    field_of,
    is_amount,
)
from events.scheme.facts import SchemeEvent
from events.scheme.invariants import Law, verdicts
from events.scheme.state import Scheme
from events.text import required
from events.vocabulary import FundingSource, NoCorrection


def correct(command: CorrectEntry, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    """It takes effect on the day of the event: it says what was true then."""
    event = _live(command, occasion.past)
    correction = _correction(command, event, scheme)
    for each in occasion.past:
        if isinstance(each.fact, EntryCorrected) and (
            each.fact.corrects_version == command.corrects_version
        ):
            if each.fact == correction:
                return ()
            raise AlreadyCorrected(
                corrects_version=command.corrects_version, by_version=each.version
            )
    if not correction.changes:
        raise NothingToCorrect(corrects_version=command.corrects_version)
    if occasion.effective_on != event.effective_on:
        raise NotThatDay(effective_on=occasion.effective_on, wanted=event.effective_on)
    _check_fold(occasion, correction)
    return (correction,)


def _live(command: CorrectEntry, past: Sequence[Any]) -> Any:  # noqa: ANN401 - an event of any kind
    """The event that is to be corrected, and every field that is to say something else."""
    version = command.corrects_version
    if not 1 <= version <= len(past):
        raise EditForbidden(corrects_version=version, field="", why=NoCorrection.NO_SUCH_EVENT)
    event = past[version - 1]
    if isinstance(event.fact, EntryCorrected):
        raise EditForbidden(corrects_version=version, field="", why=NoCorrection.A_CORRECTION)
    allowed = CORRECTABLE.get(event.type, frozenset())
    named: set[str] = set()
    for each in command.changes:
        if each.field not in allowed:
            why = NoCorrection.TAKE_IT_BACK
            raise EditForbidden(corrects_version=version, field=each.field, why=why)
        if each.field in named:
            why = NoCorrection.FIELD_REPEATED
            raise EditForbidden(corrects_version=version, field=each.field, why=why)
        named.add(each.field)
    if not allowed:
        raise EditForbidden(corrects_version=version, field="", why=NoCorrection.TAKE_IT_BACK)
    return event


def _correction(command: CorrectEntry, event: Any, scheme: Scheme) -> EntryCorrected:  # noqa: ANN401
    fact = event.fact
    commitment_id: CommitmentId | None = getattr(fact, "commitment_id", None)
    facility_id = getattr(fact, "facility_id", None)
    source = getattr(fact, "source", None)
    if commitment_id is not None:
        facility_id = scheme.commitments[commitment_id].promise.facility_id
    elif facility_id is not None:  # a pledge
        source = FundingSource.COUNTERPART
    return EntryCorrected(
        scheme_id=command.scheme_id,
        corrects_event=EventId(str(event.id)),
        corrects_version=event.version,
        corrects_type=event.type,
        changes=tuple(_changes(command, fact)),
        reason=required("reason", command.reason),
        commitment_id=commitment_id,
        payment_id=getattr(fact, "payment_id", None),
        facility_id=facility_id,
        source=source,
        budget_year=getattr(fact, "budget_year", None),
    )


def _changes(command: CorrectEntry, fact: object) -> Sequence[Correction]:
    """What differs, in the order of the names of the fields."""
    found = []
    for each in sorted(command.changes, key=lambda change: change.field):
        name = field_of(each.field)
        before = str(getattr(fact, name))
        after = _clean(each.field, each.after, is_money=is_amount(type(fact), name))
        if after != before:
            found.append(Correction(field=each.field, before=before, after=after))
    return found


def _clean(field: str, text: str, *, is_money: bool) -> str:
    if not is_money:
        return required(field, text)
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()):
        raise InvalidAmount(field=field, amount=Figure(0))
    amount = int(digits)
    checked_amount(field, amount)
    return str(amount)


def _check_fold(occasion: Occasion, correction: EntryCorrected) -> None:
    """Refuse what would break a rule that the stream, as it reads today, does not break."""
    law = Law(
        on=occasion.effective_on,
        caps=caps_in(occasion.neighbour(SUPPORT_CAPS, Policy)),
        limits=limits_in(occasion.neighbour(ADVANCE_LIMITS, AdvanceLimits)),
        atlas=atlas_in(occasion),
    )
    told = [each.fact for each in occasion.past]
    days = [each.effective_on for each in occasion.past]
    first = correction.corrects_version
    reads, would_read = amended(told), amended([*told, correction])[: len(told)]
    stood = verdicts(reads, days, first, law)
    for was, broken in zip(stood, verdicts(would_read, days, first, law), strict=True):
        if broken is not None and broken != was:
            raise broken
