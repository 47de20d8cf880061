"""What may be asked of a facility (cơ sở công nghiệp nông thôn): the mirror of its facts."""

from typing import TypeAlias

from events.identity import FacilityId, PersonId, ProvinceRef, SectorRef
from events.money import Vnd
from events.personal import Personal
from events.places import CommuneRef, DistrictRef
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
    """Change what the register says of a facility (cập nhật). Null: as before.

    Each thing that changed is a fact of its own.
    """

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
class PlaceFacility:
    """Record in which commune a facility lies (xác định địa bàn cấp xã, cấp huyện)."""

    facility_id: FacilityId
    commune: CommuneRef
    district: DistrictRef | None = None
    """The district, until 2025-06-30 (đơn vị hành chính cấp huyện); null: not known, or none."""


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
class MoveEquipment:
    """Record that a lot of machines was moved to another facility (điều chuyển)."""

    facility_id: FacilityId
    """Where the lot was first installed (cơ sở lắp đặt ban đầu)."""
    lot: int
    moved_to: FacilityId


@command
class DisposeEquipment:
    """Record that machines of a lot were sold off or scrapped (thanh lý)."""

    facility_id: FacilityId
    """Where the lot was first installed (cơ sở lắp đặt ban đầu)."""
    lot: int
    quantity: int
    reason: str


@command
class CloseFacility:
    """Record that a facility stopped for good (ngừng hoạt động)."""

    facility_id: FacilityId
    reason: str


@command
class ReopenFacility:
    """Record that a facility that had stopped works again (hoạt động trở lại)."""

    facility_id: FacilityId
    reason: str


@command
class MergeDuplicate:
    """Record that a facility is the same as another, which stays (gộp trùng)."""

    facility_id: FacilityId
    survivor: FacilityId
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
    | PlaceFacility
    | InstallEquipment
    | MoveEquipment
    | DisposeEquipment
    | CloseFacility
    | ReopenFacility
    | MergeDuplicate
    | RecordContact
    | EraseContact
)
