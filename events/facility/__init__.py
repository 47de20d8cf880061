"""The rural industrial facility (cơ sở công nghiệp nông thôn).

Read `facts`, `commands`, `refusals`, then `decide`.
"""

from events.facility.commands import (
    CloseFacility,
    FacilityCommand,
    InstallEquipment,
    RegisterFacility,
    RelocateFacility,
    UpdateFacility,
)
from events.facility.decide import (
    FACILITY,
    Facility,
    decide,
    evolve,
    operating,
    stream,
)
from events.facility.facts import (
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
    FacilityRefusal,
    InvalidTaxCode,
    UnknownFacility,
)

__all__ = [
    "FACILITY",
    "CloseFacility",
    "EquipmentInstalled",
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
    "RegisterFacility",
    "RelocateFacility",
    "UnknownFacility",
    "UpdateFacility",
    "decide",
    "evolve",
    "operating",
    "stream",
]
