"""Places that the fund supports (địa bàn được hưởng), recorded: which kind, by which paper.

    policy-eligible-places     one stream of all kinds: whoever chooses a facility reads it

The ledger ships with the kinds of `data/eligible_places.csv`. What is recorded comes on top. Unlike
a cap, a kind of place may cease to be supported: its line is said once more, with its end.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from events.eligibility import PLACES, EligiblePlace
from events.rules import Occasion, Refusal, command, fact, refusal, value
from events.text import required
from events.validity import ValidityOverlaps, is_news, together, with_line
from events.vocabulary import Certainty, UnitKind, UrbanClass

ELIGIBLE_PLACES = "policy-eligible-places"
"""The stream of all kinds of places that the fund supports."""
YEARS_MAX = 100


@fact
class EligiblePlaceSet:
    """A kind of place was made one that the fund supports (ban hành địa bàn được hưởng)."""

    unit_kind: UnitKind
    urban_class: UrbanClass | None
    """Only wards of cities of this class; null: whatever the class (loại đô thị)."""
    years_since_commune: int | None
    valid_from: date
    """Its first day in force, which is the effective date of the event (ngày hiệu lực)."""
    valid_to: date | None
    legal_basis: str
    certainty: Certainty


@command
class SetEligiblePlace:
    """Set a kind of place that the fund supports (ban hành địa bàn được hưởng).

    From the effective date on. Said once more with its last day, it ceases to be supported.
    """

    unit_kind: UnitKind
    urban_class: UrbanClass | None = None
    """Only wards of cities of this class; null: whatever the class (loại đô thị)."""
    years_since_commune: int | None = None
    valid_to: date | None = None
    legal_basis: str
    certainty: Certainty = Certainty.SOURCED


@refusal(rule="NĐ 45/2012/NĐ-CP Đ1: wards alone are told apart by their city and their past")
class WardsAlone(Refusal):
    """A {unit_kind} is of no class of cities, and no ward that was a commune.

    Chỉ phường mới phân biệt theo loại đô thị và số năm từ khi là xã, không phải {unit_kind}.
    """

    unit_kind: UnitKind


@refusal(rule="NĐ 45/2012/NĐ-CP Đ1: five years since a commune became the ward")
class YearsOutOfRange(Refusal):
    """A place is supported for 1 to 100 years since it was a commune, not for {years}.

    Số năm được hưởng kể từ khi là xã phải từ 1 đến 100, không phải {years}.
    """

    years: int
    """What was asked for (số năm đã gửi)."""


@value
class EligiblePlaces:
    """Kinds of places as recorded, and as they hold together with what the ledger ships with."""

    recorded: tuple[EligiblePlace, ...] = ()
    places: tuple[EligiblePlace, ...] = PLACES


def places_in(found: EligiblePlaces | None) -> tuple[EligiblePlace, ...]:
    """Every kind of place that was ever supported, each with its days."""
    return PLACES if found is None else found.places


def places_of(occasion: Occasion) -> tuple[EligiblePlace, ...]:
    """The same, as far as a rule on this occasion sees it."""
    return places_in(occasion.neighbour(ELIGIBLE_PLACES, EligiblePlaces))


def evolve_places(found: EligiblePlaces | None, event: EligiblePlaceSet) -> EligiblePlaces:
    """One more kind. Total: history is never refused, and any fact may begin it."""
    recorded = with_line(found.recorded if found is not None else (), _place(event))
    return EligiblePlaces(recorded=recorded, places=together(recorded, PLACES))


def set_place(
    command: SetEligiblePlace, found: EligiblePlaces | None, occasion: Occasion
) -> Sequence[EligiblePlaceSet]:
    """The fact, unless it is recorded already."""
    before = found or EligiblePlaces()
    told = EligiblePlaceSet(
        unit_kind=command.unit_kind,
        urban_class=command.urban_class,
        years_since_commune=command.years_since_commune,
        valid_from=occasion.effective_on,
        valid_to=command.valid_to,
        legal_basis=required("legal_basis", command.legal_basis),
        certainty=command.certainty,
    )
    _check_kind(command)
    line = _place(told)
    endless = replace(line, valid_to=None)
    others = [each for each in before.recorded if line.valid_to is None or each != endless]
    if not is_news(line, others, before.places, may_lapse=True):
        return ()
    _check_one_way(line, evolve_places(before, told).places)
    return (told,)


def _check_kind(command: SetEligiblePlace) -> None:
    years = command.years_since_commune
    if command.unit_kind is not UnitKind.WARD and (command.urban_class or years is not None):
        raise WardsAlone(unit_kind=command.unit_kind)
    if years is not None and not 0 < years <= YEARS_MAX:
        raise YearsOutOfRange(years=years)


def _check_one_way(line: EligiblePlace, places: Sequence[EligiblePlace]) -> None:
    """Wards are supported by the class of their city or whatever the class, never both at once."""
    (own,) = (e for e in places if (e.subject, e.valid_from) == (line.subject, line.valid_from))
    for each in places:
        is_other_way = (each.urban_class is None) is not (own.urban_class is None)
        starts, ends = max(each.valid_from, own.valid_from), min(_last(each), _last(own))
        if each.unit_kind is own.unit_kind and is_other_way and starts < ends:
            raise ValidityOverlaps(
                legal_basis=each.legal_basis, valid_from=each.valid_from, on=starts
            )


def _last(line: EligiblePlace) -> date:
    return line.valid_to or date.max


def _place(event: EligiblePlaceSet) -> EligiblePlace:
    return EligiblePlace(
        unit_kind=event.unit_kind,
        urban_class=event.urban_class,
        years_since_commune=event.years_since_commune,
        valid_from=event.valid_from,
        valid_to=event.valid_to,
        legal_basis=event.legal_basis,
        certainty=event.certainty,
    )
