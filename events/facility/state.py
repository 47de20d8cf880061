"""A facility as its rules see it, and how recorded facts make it so."""

from dataclasses import replace
from typing import assert_never

from events.eligibility import checked_place, checked_trade
from events.facility.contact import Contacts
from events.facility.facts import (
    ContactErased,
    ContactRecorded,
    DetailEvent,
    EquipmentDisposed,
    EquipmentInstalled,
    EquipmentMoved,
    FacilityCapacityUpdated,
    FacilityClosed,
    FacilityDuplicateMerged,
    FacilityEvent,
    FacilityOwnershipChanged,
    FacilityPlaced,
    FacilityRegistered,
    FacilityRelocated,
    FacilityRenamed,
    FacilityReopened,
    FacilitySectorReclassified,
    FacilityUpdated,
)
from events.facility.machines import Machines
from events.facility.refusals import FacilityIsClosed, FacilityMerged, UnknownFacility
from events.identity import FacilityId, ProvinceRef, SectorRef
from events.policy import places_of
from events.rules import HistoryBrokenError, Occasion, value


@value
class Facility:
    """A facility as the rules see it: as first registered, and as last known."""

    registration: FacilityRegistered
    name: str
    province: ProvinceRef
    sector: SectorRef
    place: FacilityPlaced | None = None
    """Where it lies below the province; None: not known, as after each move."""
    closure: FacilityClosed | None = None
    reopening: FacilityReopened | None = None
    """The last of it, closing or reopening, is what holds."""
    merger: FacilityDuplicateMerged | None = None
    contacts: Contacts = Contacts()
    machines: Machines = Machines()
    version: int = 1
    """How many facts its stream holds: by it a lot of machines is known."""


def known(facility_id: FacilityId, facility: Facility | None) -> Facility:
    """The facility, if it was ever registered."""
    if facility is None:
        raise UnknownFacility(facility_id=facility_id)
    return facility


def itself(facility_id: FacilityId, facility: Facility | None) -> Facility:
    """The facility, if it is no duplicate of another."""
    found = known(facility_id, facility)
    if found.merger is not None:
        raise FacilityMerged(facility_id=facility_id, survivor=found.merger.survivor)
    return found


def operating(facility_id: FacilityId, facility: Facility | None) -> Facility:
    """The facility, if it may still be supported."""
    found = itself(facility_id, facility)
    if found.closure is not None:
        raise FacilityIsClosed(facility_id=facility_id)
    return found


def supportable(facility_id: FacilityId, facility: Facility | None, occasion: Occasion) -> Facility:
    """The facility, if the law of that day lets the fund support it where it lies, in its trade.

    As it was last known: what is recorded of it is not dated by day within the rules.
    """
    found = operating(facility_id, facility)
    on, commune = occasion.effective_on, found.place.commune if found.place else None
    checked_place(facility_id, commune, on, places_of(occasion))
    checked_trade(facility_id, found.sector, on)
    return found


def evolve(facility: Facility | None, event: FacilityEvent) -> Facility:
    """Apply one recorded fact. Total: history is never refused."""
    if isinstance(event, FacilityRegistered):
        return Facility(
            registration=event, name=event.name, province=event.province, sector=event.sector
        )
    begun = _begun(facility)
    return _after(replace(begun, version=begun.version + 1), event)


def _after(facility: Facility, event: FacilityEvent) -> Facility:
    match event:
        case FacilityRegistered():
            return facility
        case FacilityRelocated(province=province):
            return replace(facility, province=province, place=None)
        case FacilityPlaced():
            return replace(facility, place=event)
        case (
            FacilityUpdated()
            | FacilityRenamed()
            | FacilitySectorReclassified()
            | FacilityCapacityUpdated()
            | FacilityOwnershipChanged()
        ):
            return _changed(facility, event)
        case EquipmentInstalled() | EquipmentMoved() | EquipmentDisposed():
            return replace(facility, machines=facility.machines.after(event, facility.version))
        case FacilityClosed():
            return replace(facility, closure=event, reopening=None)
        case FacilityReopened():
            return replace(facility, closure=None, reopening=event)
        case FacilityDuplicateMerged():
            return replace(facility, merger=event)
        case ContactRecorded() | ContactErased():
            return replace(facility, contacts=facility.contacts.after(event))
        case _:
            assert_never(event)


def _changed(facility: Facility, event: DetailEvent) -> Facility:
    """Only what a rule looks at."""
    match event:
        case FacilityUpdated(name=name, sector=sector):
            return replace(facility, name=name or facility.name, sector=sector or facility.sector)
        case FacilityRenamed(name=name):
            return replace(facility, name=name)
        case FacilitySectorReclassified(sector=sector):
            return replace(facility, sector=sector)
        case FacilityCapacityUpdated() | FacilityOwnershipChanged():
            return facility
        case _:
            assert_never(event)


def _begun(facility: Facility | None) -> Facility:
    if facility is None:
        raise HistoryBrokenError("a facility begins with its registration")
    return facility
