"""What happens to a rural industrial facility (cơ sở công nghiệp nông thôn)."""

from typing import TypeAlias

from events.identity import FacilityId, PersonId, ProvinceRef, SectorRef
from events.money import Vnd
from events.personal import Imprint
from events.rules import fact
from events.vocabulary import ErasureGround, LegalForm, Ownership


@fact
class FacilityRegistered:
    """A rural industrial facility entered the register (đăng ký cơ sở)."""

    facility_id: FacilityId
    name: str
    tax_code: str | None
    legal_form: LegalForm
    ownership: Ownership
    province: ProvinceRef
    address: str | None
    sector: SectorRef
    capacity: str | None


@fact
class FacilityUpdated:
    """What the register says of a facility changed (cập nhật). Null: as before."""

    facility_id: FacilityId
    name: str | None
    sector: SectorRef | None
    capacity: str | None
    ownership: Ownership | None


@fact
class FacilityRelocated:
    """A facility moved (di dời). A merger of provinces moves nobody."""

    facility_id: FacilityId
    province: ProvinceRef
    address: str | None


@fact
class EquipmentInstalled:
    """Machines were installed at a facility (lắp đặt máy móc, thiết bị)."""

    facility_id: FacilityId
    name: str
    origin: str | None
    made_in: int | None
    quantity: int
    value: Vnd | None
    """Price of the whole lot in đồng, never fund money (nguyên giá). A stock."""


@fact
class FacilityClosed:
    """A facility stopped for good (ngừng hoạt động)."""

    facility_id: FacilityId
    reason: str


@fact
class ContactRecorded:
    """A facility named the person to speak to (người liên hệ). Who that is, the vault knows."""

    facility_id: FacilityId
    person_id: PersonId
    imprints: tuple[Imprint, ...]


@fact
class ContactErased:
    """What the vault knew of a contact person was erased, in the same moment (xoá dữ liệu)."""

    facility_id: FacilityId
    person_id: PersonId
    ground: ErasureGround


FacilityEvent: TypeAlias = (
    FacilityRegistered
    | FacilityUpdated
    | FacilityRelocated
    | EquipmentInstalled
    | FacilityClosed
    | ContactRecorded
    | ContactErased
)
