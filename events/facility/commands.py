"""What may be asked of a facility (cơ sở công nghiệp nông thôn): the mirror of its facts."""

from typing import TypeAlias

from events.identity import FacilityId, PersonId, ProvinceRef, SectorRef
from events.money import Vnd
from events.personal import Personal
from events.rules import command
from events.vocabulary import ErasureGround, LegalForm, Ownership


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


@command
class RecordContact:
    """Name the person to speak to at a facility (người liên hệ); the one before is erased."""

    facility_id: FacilityId
    person_id: PersonId
    name: Personal
    """Full name (họ và tên). Personal data: kept in the vault, never in the log."""
    phone: Personal | None = None
    email: Personal | None = None


@command
class EraseContact:
    """Erase what is known of a contact person (xoá dữ liệu cá nhân). Nothing brings it back."""

    facility_id: FacilityId
    person_id: PersonId
    ground: ErasureGround


FacilityCommand: TypeAlias = (
    RegisterFacility
    | UpdateFacility
    | RelocateFacility
    | InstallEquipment
    | CloseFacility
    | RecordContact
    | EraseContact
)
