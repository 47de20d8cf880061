"""Bodies that take part in the fund (đơn vị), and the territories that centres serve (địa bàn)."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import FacilityEvent
from events.geography import PROVINCES
from events.identity import OrganisationId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.organisation import CentreTerritorySet, OrganisationRegistered, OrganisationRenamed
from events.period import PeriodEvent
from events.plan.facts import PlanEvent
from events.policy import PolicyEvent
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
    named_on: date
    """The first day of this name, as far as it is known."""
    synthetic: bool


class OrganisationName(NamedTuple):
    """A name that a body bore, from a day on."""

    organisation_id: OrganisationId
    named_on: date
    name: str
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
        named_on=event.effective_on,
        synthetic=event.synthetic,
    )


def _renamed(row: Organisation, event: Recorded[OrganisationRenamed]) -> Organisation:
    """A name that is told late does not take the place of a newer one."""
    fact = event.fact
    if fact.valid_from < row.named_on:
        return row
    return row._replace(
        name=fact.name,
        name_sort=sort_key(fact.name),
        name_fold=fold(fact.name),
        named_on=fact.valid_from,
    )


def _named(
    event: Recorded[OrganisationRegistered] | Recorded[OrganisationRenamed],
) -> OrganisationName:
    return OrganisationName(
        organisation_id=event.fact.organisation_id,
        named_on=event.effective_on,
        name=event.fact.name,
        synthetic=event.synthetic,
    )


def _of_the_day(
    event: Recorded[OrganisationRegistered] | Recorded[OrganisationRenamed],
) -> Iterator[Key]:
    yield event.fact.organisation_id, event.effective_on


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
    shipped = (each.ref for each in PROVINCES)
    for ref in dict.fromkeys((*shipped, *event.fact.provinces)):
        yield event.fact.organisation_id, ref.code, ref.valid_from


organisation = Projection(
    row=Organisation,
    version=2,
    key=("organisation_id",),
    is_fresh=True,
    opens={OrganisationRegistered: _registered},
    changes={OrganisationRenamed: _renamed},
    ignores=(
        CentreTerritorySet,
        EvaluationEvent,
        PeriodEvent,
        FacilityEvent,
        SchemeEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
        BooksEvent,
        PlanEvent,
        PolicyEvent,
        GeographyEvent,
    ),
    orders=(("name_sort", "organisation_id"),),
)

organisation_name = Projection(
    row=OrganisationName,
    version=1,
    key=("organisation_id", "named_on"),
    opens={OrganisationRegistered: _named, OrganisationRenamed: _named},
    keys={OrganisationRegistered: _of_the_day, OrganisationRenamed: _of_the_day},
    ignores=(
        CentreTerritorySet,
        PeriodEvent,
        FacilityEvent,
        SchemeEvent,
        SourceEvent,
        EvaluationEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
        BooksEvent,
        PlanEvent,
        PolicyEvent,
        GeographyEvent,
    ),
)

territory = Projection(
    row=Territory,
    version=1,
    key=("organisation_id", "province_code", "province_from"),
    spreads={CentreTerritorySet: _set},
    keys={CentreTerritorySet: _whole_country},
    ignores=(
        OrganisationRegistered,
        EvaluationEvent,
        OrganisationRenamed,
        PeriodEvent,
        FacilityEvent,
        SchemeEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
        BooksEvent,
        PlanEvent,
        PolicyEvent,
        GeographyEvent,
    ),
    lookups=(("province_code", "province_from"),),
)
