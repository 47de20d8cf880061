"""Kinds of places that the fund supports (địa bàn được hưởng): each during its time in force."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from events.policy import ELIGIBLE_PLACES, evolve_places, places_in
from events.vocabulary import Certainty, UnitKind, UrbanClass
from projections.columns import INFINITY
from projections.dated import Told, telling
from projections.listing import Listing


class EligiblePlace(NamedTuple):
    """A kind of place that the fund supports, during its time in force."""

    subject: str
    valid_from: date
    unit_kind: UnitKind
    urban_class: UrbanClass | None
    years_since_commune: int | None
    valid_to: date
    legal_basis: str
    certainty: Certainty
    position: int | None
    """Of the event that set it; None: it ships with the ledger."""


def _places(told: Told) -> Iterator[EligiblePlace]:
    for each in places_in(told.lines):
        yield EligiblePlace(
            subject=" ".join(each.subject),
            valid_from=each.valid_from,
            unit_kind=each.unit_kind,
            urban_class=each.urban_class,
            years_since_commune=each.years_since_commune,
            valid_to=each.valid_to or INFINITY,
            legal_basis=each.legal_basis,
            certainty=each.certainty,
            position=told.position(each),
        )


LISTINGS: tuple[Listing[Any], ...] = (
    Listing(
        "eligible_place",
        EligiblePlace,
        "subject, valid_from",
        Told(),
        _places,
        stream=ELIGIBLE_PLACES,
        evolve=telling(evolve_places),
    ),
)
