"""Machines installed at facilities (máy móc, thiết bị), by lot: each lot is one event."""

from datetime import date
from typing import NamedTuple

from events.books import BooksEvent
from events.envelope import Recorded
from events.evaluation.facts import EvaluationEvent
from events.facility.facts import (
    ContactEvent,
    DetailEvent,
    EquipmentDisposed,
    EquipmentInstalled,
    EquipmentMoved,
    RegisterEvent,
)
from events.identity import FacilityId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.mergers import GeographyEvent
from events.money import Vnd
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.plan.facts import PlanEvent
from events.policy import PolicyEvent
from events.scheme.facts import SchemeEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from projections.projection import Key, Projection


class Equipment(NamedTuple):
    """One lot of machines, known by where it was first installed and by which event."""

    installed_at: FacilityId
    lot: int
    facility_id: FacilityId
    """Where it stands."""
    position: int
    name: str
    origin: str | None
    made_in: int | None
    quantity: int
    """Pieces that are left."""
    disposed: int
    value: Vnd | None
    installed_on: date
    moved_on: date | None
    synthetic: bool


def _installed(event: Recorded[EquipmentInstalled]) -> Equipment:
    fact = event.fact
    return Equipment(
        installed_at=fact.facility_id,
        lot=event.version,
        facility_id=fact.facility_id,
        position=event.position,
        name=fact.name,
        origin=fact.origin,
        made_in=fact.made_in,
        quantity=fact.quantity,
        disposed=0,
        value=fact.value,
        installed_on=event.effective_on,
        moved_on=None,
        synthetic=event.synthetic,
    )


def _moved(row: Equipment, event: Recorded[EquipmentMoved]) -> Equipment:
    return row._replace(facility_id=event.fact.moved_to, moved_on=event.effective_on)


def _disposed(row: Equipment, event: Recorded[EquipmentDisposed]) -> Equipment:
    pieces = event.fact.quantity
    return row._replace(quantity=row.quantity - pieces, disposed=row.disposed + pieces)


def _by_event(event: Recorded[EquipmentInstalled]) -> tuple[Key]:
    return ((event.fact.facility_id, event.version),)


def _by_lot(event: Recorded[EquipmentMoved | EquipmentDisposed]) -> tuple[Key]:
    return ((event.fact.facility_id, event.fact.lot),)


equipment = Projection(
    row=Equipment,
    version=2,
    key=("installed_at", "lot"),
    is_fresh=True,
    opens={EquipmentInstalled: _installed},
    changes={EquipmentMoved: _moved, EquipmentDisposed: _disposed},
    keys={
        EquipmentInstalled: _by_event,
        EquipmentMoved: _by_lot,
        EquipmentDisposed: _by_lot,
    },
    lookups=(("facility_id",),),
    ignores=(
        RegisterEvent,
        DetailEvent,
        ContactEvent,
        EvaluationEvent,
        PeriodEvent,
        OrganisationEvent,
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
)
