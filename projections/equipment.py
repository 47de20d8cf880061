"""Machines installed at facilities (máy móc, thiết bị), by lot: each lot is one event."""

from datetime import date
from typing import NamedTuple

from events.envelope import Recorded
from events.facility.facts import (
    ContactErased,
    ContactRecorded,
    EquipmentInstalled,
    FacilityClosed,
    FacilityRegistered,
    FacilityRelocated,
    FacilityUpdated,
)
from events.identity import FacilityId
from events.maintenance import MaintenanceEvent
from events.mandate import MandateEvent
from events.money import Vnd
from events.organisation import OrganisationEvent
from events.period import PeriodEvent
from events.scheme.facts import SchemeEvent
from events.signing import SigningEvent
from events.source import SourceEvent
from projections.projection import Key, Projection


class Equipment(NamedTuple):
    """One lot of machines."""

    facility_id: FacilityId
    position: int
    name: str
    origin: str | None
    made_in: int | None
    quantity: int
    value: Vnd | None
    installed_on: date
    synthetic: bool


def _installed(event: Recorded[EquipmentInstalled]) -> Equipment:
    fact = event.fact
    return Equipment(
        facility_id=fact.facility_id,
        position=event.position,
        name=fact.name,
        origin=fact.origin,
        made_in=fact.made_in,
        quantity=fact.quantity,
        value=fact.value,
        installed_on=event.effective_on,
        synthetic=event.synthetic,
    )


def _by_event(event: Recorded[EquipmentInstalled]) -> tuple[Key]:
    return ((event.fact.facility_id, event.position),)


equipment = Projection(
    row=Equipment,
    version=1,
    key=("facility_id", "position"),
    is_fresh=True,
    opens={EquipmentInstalled: _installed},
    keys={EquipmentInstalled: _by_event},
    ignores=(
        FacilityRegistered,
        FacilityUpdated,
        FacilityRelocated,
        FacilityClosed,
        ContactRecorded,
        ContactErased,
        PeriodEvent,
        OrganisationEvent,
        SchemeEvent,
        SourceEvent,
        MandateEvent,
        MaintenanceEvent,
        SigningEvent,
    ),
)
