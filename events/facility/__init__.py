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
    ReopenFacility,
    UpdateFacility,
)
from events.facility.contact import Contacts
from events.facility.decide import FACILITY, decide, stream
from events.facility.facts import (
    ContactErased,
    ContactRecorded,
    EquipmentInstalled,
    FacilityCapacityUpdated,
    FacilityClosed,
    FacilityEvent,
    FacilityOwnershipChanged,
    FacilityRegistered,
    FacilityRelocated,
    FacilityRenamed,
    FacilityReopened,
    FacilitySectorReclassified,
    FacilityUpdated,
)
from events.facility.refusals import (
    ContactIsErased,
    ContactIsRecorded,
    FacilityDiffers,
    FacilityIsClosed,
    FacilityIsOpen,
    FacilityRefusal,
    InvalidTaxCode,
    PersonIdSpeaks,
    UnknownContact,
    UnknownFacility,
)
from events.facility.state import Facility, evolve, known, operating

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
    "FacilityCapacityUpdated",
    "FacilityClosed",
    "FacilityCommand",
    "FacilityDiffers",
    "FacilityEvent",
    "FacilityIsClosed",
    "FacilityIsOpen",
    "FacilityOwnershipChanged",
    "FacilityRefusal",
    "FacilityRegistered",
    "FacilityRelocated",
    "FacilityRenamed",
    "FacilityReopened",
    "FacilitySectorReclassified",
    "FacilityUpdated",
    "InstallEquipment",
    "InvalidTaxCode",
    "PersonIdSpeaks",
    "RecordContact",
    "RegisterFacility",
    "RelocateFacility",
    "ReopenFacility",
    "UnknownContact",
    "UnknownFacility",
    "UpdateFacility",
    "decide",
    "evolve",
    "known",
    "operating",
    "stream",
]
