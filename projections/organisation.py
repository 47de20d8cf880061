"""Bodies that take part in the fund (đơn vị), and the territories that centres serve (địa bàn)."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from events.envelope import Recorded
from events.facility.facts import FacilityEvent
from events.geography import PROVINCES
from events.identity import OrganisationId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.organisation import CentreTerritorySet, OrganisationRegistered
from events.period import PeriodEvent
from events.scheme.facts import SchemeEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from events.text import fold, sort_key
from events.vocabulary import OrganisationKind
from projections.projection import Key, Projection


class Organisation(NamedTuple):
    """A body as it is registered."""

    organisation_id: OrganisationId
    name: str
    name_sort: str
    name_fold: str
    kind: OrganisationKind
    synthetic: bool


class Territory(NamedTuple):
    """One province that a centre serves."""

    organisation_id: OrganisationId
    province_code: str
    province_from: date
    synthetic: bool


def _registered(event: Recorded[OrganisationRegistered]) -> Organisation:
    fact = event.fact
    return Organisation(
        organisation_id=fact.organisation_id,
        name=fact.name,
        name_sort=sort_key(fact.name),
        name_fold=fold(fact.name),
        kind=fact.kind,
        synthetic=event.synthetic,
    )


def _set(event: Recorded[CentreTerritorySet]) -> tuple[Territory, ...]:
    return tuple(
        Territory(
            organisation_id=event.fact.organisation_id,
            province_code=province.code,
            province_from=province.valid_from,
            synthetic=event.synthetic,
        )
        for province in event.fact.provinces
    )


def _whole_country(event: Recorded[CentreTerritorySet]) -> Iterator[Key]:
    """Every province now belongs to the territory or does not, whatever was said before."""
    for province in PROVINCES:
        yield event.fact.organisation_id, province.ref.code, province.ref.valid_from


organisation = Projection(
    row=Organisation,
    version=1,
    key=("organisation_id",),
    is_fresh=True,
    opens={OrganisationRegistered: _registered},
    ignores=(
        CentreTerritorySet,
        PeriodEvent,
        FacilityEvent,
        SchemeEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
    orders=(("name_sort", "organisation_id"),),
)

territory = Projection(
    row=Territory,
    version=1,
    key=("organisation_id", "province_code", "province_from"),
    spreads={CentreTerritorySet: _set},
    keys={CentreTerritorySet: _whole_country},
    ignores=(
        OrganisationRegistered,
        PeriodEvent,
        FacilityEvent,
        SchemeEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
    lookups=(("province_code", "province_from"),),
)
