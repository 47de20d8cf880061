"""The rules of the register of facilities (cơ sở công nghiệp nông thôn): state, decide, evolve."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from events.dates import checked_year, happened
from events.facility.commands import (
    CloseFacility,
    EraseContact,
    FacilityCommand,
    InstallEquipment,
    RecordContact,
    RegisterFacility,
    RelocateFacility,
    UpdateFacility,
)
from events.facility.contact import Contacts, erase, record
from events.facility.facts import (
    ContactErased,
    ContactRecorded,
    EquipmentInstalled,
    FacilityClosed,
    FacilityEvent,
    FacilityRegistered,
    FacilityRelocated,
    FacilityUpdated,
)
from events.facility.refusals import (
    FacilityDiffers,
    FacilityIsClosed,
    InvalidTaxCode,
    UnknownFacility,
)
from events.geography import checked_province
from events.identity import FacilityId, ProvinceRef, SectorRef, stream_of
from events.money import checked_amount
from events.rules import Aggregate, HistoryBrokenError, Occasion, value
from events.sectors import checked_sector
from events.text import optional, required

_TAX_CODE = re.compile(r"(?:[0-9]{10}|[0-9]{12})(?:-[0-9]{3})?")


@value
class Facility:
    """A facility as the rules see it: as first registered, and as last known."""

    registration: FacilityRegistered
    name: str
    province: ProvinceRef
    sector: SectorRef
    closure: FacilityClosed | None = None
    contacts: Contacts = Contacts()


def stream(facility_id: FacilityId) -> str:
    """The stream of a facility."""
    return stream_of("facility", facility_id)


def reserves(event: FacilityEvent) -> Iterable[str]:
    """One facility for each tax code and for each contact person, in the whole ledger."""
    if isinstance(event, FacilityRegistered) and event.tax_code is not None:
        yield f"tax-code:{event.tax_code}"
    if isinstance(event, ContactRecorded):
        yield f"person:{event.person_id}"


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


def decide(
    command: FacilityCommand, facility: Facility | None, occasion: Occasion
) -> Sequence[FacilityEvent]:
    """Answer a command with the facts it causes; none if already so."""
    match command:
        case RegisterFacility():
            return _register(command, facility, occasion)
        case UpdateFacility():
            return _update(command, operating(command.facility_id, facility))
        case RelocateFacility():
            return _relocate(command, operating(command.facility_id, facility), occasion)
        case InstallEquipment():
            return _install(command, operating(command.facility_id, facility), occasion)
        case CloseFacility():
            return _close(command, facility, occasion)
        case RecordContact():
            return record(command, operating(command.facility_id, facility).contacts, occasion)
        case EraseContact():
            return erase(command, known(command.facility_id, facility).contacts, occasion)
        case _:
            assert_never(command)


def evolve(facility: Facility | None, event: FacilityEvent) -> Facility:
    """Apply one recorded fact. Total: history is never refused."""
    match event:
        case FacilityRegistered(name=name, province=province, sector=sector):
            return Facility(registration=event, name=name, province=province, sector=sector)
        case FacilityUpdated(name=name, sector=sector):
            begun = _begun(facility)
            return replace(begun, name=name or begun.name, sector=sector or begun.sector)
        case FacilityRelocated(province=province):
            return replace(_begun(facility), province=province)
        case EquipmentInstalled():
            return _begun(facility)
        case FacilityClosed():
            return replace(_begun(facility), closure=event)
        case ContactRecorded() | ContactErased():
            begun = _begun(facility)
            return replace(begun, contacts=begun.contacts.after(event))
        case _:
            assert_never(event)


def _register(
    command: RegisterFacility, facility: Facility | None, occasion: Occasion
) -> Sequence[FacilityEvent]:
    if command.tax_code is not None and _TAX_CODE.fullmatch(command.tax_code) is None:
        raise InvalidTaxCode(tax_code=command.tax_code)
    checked_sector(command.sector)
    registration = FacilityRegistered(
        facility_id=command.facility_id,
        name=required("name", command.name),
        tax_code=command.tax_code,
        legal_form=command.legal_form,
        ownership=command.ownership,
        province=command.province,
        address=optional("address", command.address),
        sector=command.sector,
        capacity=optional("capacity", command.capacity),
    )
    if facility is None:
        checked_province(command.province, occasion.effective_on)
        return (registration,)
    if facility.registration == registration:
        return ()
    raise FacilityDiffers(facility_id=command.facility_id)


def _update(command: UpdateFacility, _facility: Facility) -> Sequence[FacilityEvent]:
    """Recorded even where it repeats the last known: an earlier effective date is news."""
    if command.sector is not None:
        checked_sector(command.sector)
    update = FacilityUpdated(
        facility_id=command.facility_id,
        name=optional("name", command.name),
        sector=command.sector,
        capacity=optional("capacity", command.capacity),
        ownership=command.ownership,
    )
    silent = (update.name, update.sector, update.capacity, update.ownership) == (None,) * 4
    return () if silent else (update,)


def _relocate(
    command: RelocateFacility, _facility: Facility, occasion: Occasion
) -> Sequence[FacilityEvent]:
    """Recorded even where it repeats the last known: an earlier effective date is news."""
    checked_province(command.province, occasion.effective_on)
    return (
        FacilityRelocated(
            facility_id=command.facility_id,
            province=command.province,
            address=optional("address", command.address),
        ),
    )


def _install(
    command: InstallEquipment, _facility: Facility, occasion: Occasion
) -> Sequence[FacilityEvent]:
    """Recorded each time it is asked for: two equal lots are two lots."""
    happened(occasion)
    checked_amount("quantity", command.quantity)
    if command.value is not None:
        checked_amount("value", command.value)
    if command.made_in is not None:
        checked_year("made_in", command.made_in)
    return (
        EquipmentInstalled(
            facility_id=command.facility_id,
            name=required("name", command.name),
            origin=optional("origin", command.origin),
            made_in=command.made_in,
            quantity=command.quantity,
            value=command.value,
        ),
    )


def _close(
    command: CloseFacility, facility: Facility | None, occasion: Occasion
) -> Sequence[FacilityEvent]:
    found = known(command.facility_id, facility)
    happened(occasion)
    closure = FacilityClosed(
        facility_id=command.facility_id, reason=required("reason", command.reason)
    )
    if found.closure is None:
        return (closure,)
    if found.closure == closure:
        return ()
    raise FacilityIsClosed(facility_id=command.facility_id)


def _begun(facility: Facility | None) -> Facility:
    if facility is None:
        raise HistoryBrokenError("a facility begins with its registration")
    return facility


FACILITY: Aggregate[FacilityCommand, Facility, FacilityEvent] = Aggregate(
    name="facility",
    stream=lambda command: stream(command.facility_id),
    decide=decide,
    evolve=evolve,
    reserves=reserves,
)
