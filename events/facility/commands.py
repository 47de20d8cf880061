"""What may be asked of a facility (cơ sở công nghiệp nông thôn): the mirror of its facts."""

from typing import TypeAlias

from events.identity import FacilityId, ProvinceRef, SectorRef
from events.money import Vnd
from events.rules import command
from events.vocabulary import LegalForm, Ownership


@command
class RegisterFacility:
    """Enter a rural industrial facility in the register (đăng ký cơ sở)."""

    facility_id: FacilityId
    name: str
    tax_code: str | None = None
    legal_form: LegalForm
    ownership: Ownership
    province: ProvinceRef
    address: str | None = None
    sector: SectorRef
    capacity: str | None = None


@command
class UpdateFacility:
    """Change what the register says of a facility (cập nhật). Null: as before."""

    facility_id: FacilityId
    name: str | None = None
    sector: SectorRef | None = None
    capacity: str | None = None
    ownership: Ownership | None = None


@command
class RelocateFacility:
    """Record that a facility moved (di dời)."""

    facility_id: FacilityId
    province: ProvinceRef
    address: str | None = None


@command
class InstallEquipment:
    """Record machines installed at a facility (lắp đặt máy móc, thiết bị)."""

    facility_id: FacilityId
    name: str
    origin: str | None = None
    made_in: int | None = None
    quantity: int
    value: Vnd | None = None


@command
class CloseFacility:
    """Record that a facility stopped for good (ngừng hoạt động)."""

    facility_id: FacilityId
    reason: str


FacilityCommand: TypeAlias = (
    RegisterFacility | UpdateFacility | RelocateFacility | InstallEquipment | CloseFacility
)
