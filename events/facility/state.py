"""A facility as its rules see it, and how recorded facts make it so."""

from dataclasses import replace
from datetime import date
from typing import assert_never

from events.eligibility import checked_place, checked_trade
from events.facility.contact import Contacts
from events.facility.facts import (
    ContactErased,
    ContactRecorded,
    DetailEvent,
    EquipmentInstalled,
    FacilityCapacityUpdated,
    FacilityClosed,
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
from events.facility.refusals import FacilityIsClosed, UnknownFacility
from events.identity import FacilityId, ProvinceRef, SectorRef
from events.rules import HistoryBrokenError, value


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
    contacts: Contacts = Contacts()


def known(facility_id: FacilityId, facility: Facility | None) -> Facility:
    """The facility, if it was ever registered."""
    if facility is None:
        raise UnknownFacility(facility_id=facility_id)
    return facility


def operating(facility_id: FacilityId, facility: Facility | None) -> Facility:
    """The facility, if it may still be supported."""
    found = known(facility_id, facility)
    if found.closure is not None:
        raise FacilityIsClosed(facility_id=facility_id)
    return found


def supportable(facility_id: FacilityId, facility: Facility | None, on: date) -> Facility:
    """The facility, if the law of that day lets the fund support it where it lies, in its trade.

    As it was last known: what is recorded of it is not dated by day within the rules.
    """
    found = operating(facility_id, facility)
    checked_place(facility_id, found.place.commune if found.place else None, on)
    checked_trade(facility_id, found.sector, on)
    return found


def evolve(facility: Facility | None, event: FacilityEvent) -> Facility:
    """Apply one recorded fact. Total: history is never refused."""
    match event:
        case FacilityRegistered(name=name, province=province, sector=sector):
            return Facility(registration=event, name=name, province=province, sector=sector)
        case FacilityRelocated(province=province):
            return replace(_begun(facility), province=province, place=None)
        case FacilityPlaced():
            return replace(_begun(facility), place=event)
        case (
            FacilityUpdated()
            | FacilityRenamed()
            | FacilitySectorReclassified()
            | FacilityCapacityUpdated()
            | FacilityOwnershipChanged()
        ):
            return _changed(_begun(facility), event)
        case EquipmentInstalled():
            return _begun(facility)
        case FacilityClosed():
            return replace(_begun(facility), closure=event, reopening=None)
        case FacilityReopened():
            return replace(_begun(facility), closure=None, reopening=event)
        case ContactRecorded() | ContactErased():
            begun = _begun(facility)
            return replace(begun, contacts=begun.contacts.after(event))
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
