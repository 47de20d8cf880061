"""What happens to a rural industrial facility (cơ sở công nghiệp nông thôn)."""

from typing import TypeAlias

from events.identity import FacilityId, PersonId, ProvinceRef, SectorRef
from events.money import Vnd
from events.personal import Imprint
from events.places import CommuneRef, DistrictRef
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
    """What the register says of a facility changed (cập nhật). Null: as before.

    Recorded no more, read for ever: FacilityRenamed, FacilitySectorReclassified,
    FacilityCapacityUpdated and FacilityOwnershipChanged say it now, one thing each.
    """

    facility_id: FacilityId
    name: str | None
    sector: SectorRef | None
    capacity: str | None
    ownership: Ownership | None


@fact
class FacilityRenamed:
    """A facility changed its name (đổi tên)."""

    facility_id: FacilityId
    name: str


@fact
class FacilitySectorReclassified:
    """A facility is of another class of economic activity (đổi ngành), or of another version."""

    facility_id: FacilityId
    sector: SectorRef


@fact
class FacilityCapacityUpdated:
    """A facility can make more or less than it could (thay đổi công suất)."""

    facility_id: FacilityId
    capacity: str


@fact
class FacilityOwnershipChanged:
    """A facility came into other hands (thay đổi hình thức sở hữu)."""

    facility_id: FacilityId
    ownership: Ownership


@fact
class FacilityRelocated:
    """A facility moved (di dời). A merger of provinces moves nobody."""

    facility_id: FacilityId
    province: ProvinceRef
    address: str | None


@fact
class FacilityPlaced:
    """It was recorded in which commune a facility lies (xác định địa bàn cấp xã, cấp huyện)."""

    facility_id: FacilityId
    commune: CommuneRef
    district: DistrictRef | None
    """The district, until 2025-06-30 (đơn vị hành chính cấp huyện); null: not known, or none."""


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
class EquipmentMoved:
    """A lot of machines was moved to another facility (điều chuyển máy móc, thiết bị)."""

    facility_id: FacilityId
    """Where the lot was first installed (cơ sở lắp đặt ban đầu)."""
    lot: int
    moved_from: FacilityId
    moved_to: FacilityId


@fact
class EquipmentDisposed:
    """Machines of a lot were sold off or scrapped (thanh lý máy móc, thiết bị)."""

    facility_id: FacilityId
    """Where the lot was first installed (cơ sở lắp đặt ban đầu)."""
    lot: int
    quantity: int
    reason: str


@fact
class FacilityClosed:
    """A facility stopped for good (ngừng hoạt động)."""

    facility_id: FacilityId
    reason: str


@fact
class FacilityReopened:
    """A facility that had stopped works again (hoạt động trở lại)."""

    facility_id: FacilityId
    reason: str


@fact
class FacilityDuplicateMerged:
    """A facility was the same as another, which stays (gộp trùng).

    What was recorded of it stays where it was recorded.
    """

    facility_id: FacilityId
    survivor: FacilityId
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


RegisterEvent: TypeAlias = (
    FacilityRegistered
    | FacilityRelocated
    | FacilityPlaced
    | FacilityClosed
    | FacilityReopened
    | FacilityDuplicateMerged
)
"""Whether there is a facility, and where (đăng ký, di dời, ngừng và hoạt động trở lại)."""
DetailEvent: TypeAlias = (
    FacilityUpdated
    | FacilityRenamed
    | FacilitySectorReclassified
    | FacilityCapacityUpdated
    | FacilityOwnershipChanged
)
"""What the register says of it beyond that (thông tin của cơ sở)."""
EquipmentEvent: TypeAlias = EquipmentInstalled | EquipmentMoved | EquipmentDisposed
"""Its machines (máy móc, thiết bị)."""
ContactEvent: TypeAlias = ContactRecorded | ContactErased
"""Who is to be spoken to (người liên hệ)."""
FacilityEvent: TypeAlias = RegisterEvent | DetailEvent | EquipmentEvent | ContactEvent
