"""The rural industrial facility (cơ sở công nghiệp nông thôn).

Read `facts`, `commands`, `refusals`, then `decide`.
"""

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
from events.facility.contact import Contacts
from events.facility.decide import (
    FACILITY,
    Facility,
    decide,
    evolve,
    known,
    operating,
    stream,
)
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
    ContactIsErased,
    ContactIsRecorded,
    FacilityDiffers,
    FacilityIsClosed,
    FacilityRefusal,
    InvalidTaxCode,
    PersonIdSpeaks,
    UnknownContact,
    UnknownFacility,
)

__all__ = [
    "FACILITY",
    "CloseFacility",
    "ContactErased",
    "ContactIsErased",
    "ContactIsRecorded",
    "ContactRecorded",
    "Contacts",
    "EquipmentInstalled",
    "EraseContact",
    "Facility",
    "FacilityClosed",
    "FacilityCommand",
    "FacilityDiffers",
    "FacilityEvent",
    "FacilityIsClosed",
    "FacilityRefusal",
    "FacilityRegistered",
    "FacilityRelocated",
    "FacilityUpdated",
    "InstallEquipment",
    "InvalidTaxCode",
    "PersonIdSpeaks",
    "RecordContact",
    "RegisterFacility",
    "RelocateFacility",
    "UnknownContact",
    "UnknownFacility",
    "UpdateFacility",
    "decide",
    "evolve",
    "known",
    "operating",
    "stream",
]
