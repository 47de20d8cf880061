"""The rules of the register of facilities (cơ sở công nghiệp nông thôn): what a command causes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import assert_never

from events.dates import happened
from events.facility.commands import (
    CloseFacility,
    DisposeEquipment,
    EraseContact,
    FacilityCommand,
    InstallEquipment,
    MergeDuplicate,
    MoveEquipment,
    PlaceFacility,
    RecordContact,
    RegisterFacility,
    RelocateFacility,
    ReopenFacility,
    UpdateFacility,
)
from events.facility.contact import erase, record
from events.facility.facts import (
    ContactRecorded,
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
)
from events.facility.machines import dispose, install, move
from events.facility.refusals import (
    FacilityDiffers,
    FacilityIsClosed,
    FacilityIsOpen,
    InvalidTaxCode,
    NotADuplicate,
)
from events.facility.state import Facility, evolve, itself, known, operating
from events.identity import FacilityId, stream_of
from events.mergers import GEOGRAPHY, atlas_in
from events.places import checked_commune, checked_district
from events.policy import SECTOR_CODES, codes_of
from events.rules import Aggregate, Occasion
from events.sectors import checked_sector, checked_sector_on
from events.text import optional, required

_TAX_CODE = re.compile(r"(?:[0-9]{10}|[0-9]{12})(?:-[0-9]{3})?")


def stream(facility_id: FacilityId) -> str:
    """The stream of a facility."""
    return stream_of("facility", facility_id)


def reads(command: FacilityCommand) -> Iterable[str]:
    """The map and the sectors, where the rule asks for them; the other facility of two."""
    match command:
        case RegisterFacility():
            return (GEOGRAPHY, SECTOR_CODES)
        case RelocateFacility():
            return (GEOGRAPHY,)
        case UpdateFacility(sector=sector):
            return () if sector is None else (SECTOR_CODES,)
        case MoveEquipment(moved_to=other) | MergeDuplicate(survivor=other):
            return () if other == command.facility_id else (stream(other),)
        case _:
            return ()


def reserves(event: FacilityEvent) -> Iterable[str]:
    """One facility for each tax code and for each contact person, in the whole ledger."""
    if isinstance(event, FacilityRegistered) and event.tax_code is not None:
        yield f"tax-code:{event.tax_code}"
    if isinstance(event, ContactRecorded):
        yield f"person:{event.person_id}"


def decide(
    command: FacilityCommand, facility: Facility | None, occasion: Occasion
) -> Sequence[FacilityEvent]:
    """Answer a command with the facts it causes; none if already so."""
    match command:
        case RegisterFacility():
            return _register(command, facility, occasion)
        case UpdateFacility():
            return tuple(_update(command, operating(command.facility_id, facility), occasion))
        case RelocateFacility():
            return _relocate(command, operating(command.facility_id, facility), occasion)
        case PlaceFacility():
            return _place(command, operating(command.facility_id, facility), occasion)
        case InstallEquipment():
            operating(command.facility_id, facility)
            return install(command, occasion)
        case MoveEquipment():
            return _move(command, known(command.facility_id, facility), occasion)
        case DisposeEquipment():
            return dispose(command, known(command.facility_id, facility).machines, occasion)
        case CloseFacility():
            return _close(command, facility, occasion)
        case ReopenFacility():
            return _reopen(command, itself(command.facility_id, facility), occasion)
        case MergeDuplicate():
            return _merge(command, known(command.facility_id, facility), occasion)
        case RecordContact():
            return record(command, operating(command.facility_id, facility).contacts, occasion)
        case EraseContact():
            return erase(command, known(command.facility_id, facility).contacts, occasion)
        case _:
            assert_never(command)


def _register(
    command: RegisterFacility, facility: Facility | None, occasion: Occasion
) -> Sequence[FacilityEvent]:
    if command.tax_code is not None and _TAX_CODE.fullmatch(command.tax_code) is None:
        raise InvalidTaxCode(tax_code=command.tax_code)
    codes = codes_of(occasion)
    checked_sector(command.sector, codes)
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
        atlas_in(occasion).check(command.province, occasion.effective_on)
        checked_sector_on(command.sector, occasion.effective_on, codes)
        return (registration,)
    if facility.registration == registration:
        return ()
    raise FacilityDiffers(facility_id=command.facility_id)


def _update(
    command: UpdateFacility, _facility: Facility, occasion: Occasion
) -> Iterator[FacilityEvent]:
    """Recorded even where it repeats the last known: an earlier effective date is news."""
    facility_id = command.facility_id
    if (name := optional("name", command.name)) is not None:
        yield FacilityRenamed(facility_id=facility_id, name=name)
    if command.sector is not None:
        checked_sector_on(command.sector, occasion.effective_on, codes_of(occasion))
        yield FacilitySectorReclassified(facility_id=facility_id, sector=command.sector)
    if (capacity := optional("capacity", command.capacity)) is not None:
        yield FacilityCapacityUpdated(facility_id=facility_id, capacity=capacity)
    if command.ownership is not None:
        yield FacilityOwnershipChanged(facility_id=facility_id, ownership=command.ownership)


def _relocate(
    command: RelocateFacility, _facility: Facility, occasion: Occasion
) -> Sequence[FacilityEvent]:
    """Recorded even where it repeats the last known: an earlier effective date is news."""
    atlas_in(occasion).check(command.province, occasion.effective_on)
    return (
        FacilityRelocated(
            facility_id=command.facility_id,
            province=command.province,
            address=optional("address", command.address),
        ),
    )


def _place(
    command: PlaceFacility, _facility: Facility, occasion: Occasion
) -> Sequence[FacilityEvent]:
    """Recorded even where it repeats the last known: an earlier effective date is news."""
    on = occasion.effective_on
    return (
        FacilityPlaced(
            facility_id=command.facility_id,
            commune=checked_commune(command.commune, on),
            district=checked_district(command.district, on) if command.district else None,
        ),
    )


def _close(
    command: CloseFacility, facility: Facility | None, occasion: Occasion
) -> Sequence[FacilityEvent]:
    found = itself(command.facility_id, facility)
    happened(occasion)
    closure = FacilityClosed(
        facility_id=command.facility_id, reason=required("reason", command.reason)
    )
    if found.closure is None:
        return (closure,)
    if found.closure == closure:
        return ()
    raise FacilityIsClosed(facility_id=command.facility_id)


def _reopen(
    command: ReopenFacility, facility: Facility, occasion: Occasion
) -> Sequence[FacilityEvent]:
    happened(occasion)
    reopening = FacilityReopened(
        facility_id=command.facility_id, reason=required("reason", command.reason)
    )
    if facility.closure is not None:
        return (reopening,)
    if facility.reopening == reopening:
        return ()
    raise FacilityIsOpen(facility_id=command.facility_id)


def _move(
    command: MoveEquipment, facility: Facility, occasion: Occasion
) -> Sequence[FacilityEvent]:
    home = command.moved_to == command.facility_id
    there = facility if home else occasion.neighbour(stream(command.moved_to), Facility)
    operating(command.moved_to, there)
    return move(command, facility.machines, occasion)


def _merge(
    command: MergeDuplicate, facility: Facility, occasion: Occasion
) -> Sequence[FacilityEvent]:
    """Of a facility that closed too, and into one: that they are the same is no new support."""
    happened(occasion)
    merger = FacilityDuplicateMerged(
        facility_id=command.facility_id,
        survivor=command.survivor,
        reason=required("reason", command.reason),
    )
    if facility.merger == merger:
        return ()
    itself(command.facility_id, facility)
    if command.survivor == command.facility_id:
        raise NotADuplicate(facility_id=command.facility_id)
    itself(command.survivor, occasion.neighbour(stream(command.survivor), Facility))
    return (merger,)


FACILITY: Aggregate[FacilityCommand, Facility, FacilityEvent] = Aggregate(
    name="facility",
    stream=lambda command: stream(command.facility_id),
    decide=decide,
    evolve=evolve,
    reads=reads,
    reserves=reserves,
)
