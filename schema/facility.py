"""The rural industrial facility and its machines."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from events.money import Vnd
from events.vocabulary import LegalForm, Ownership
from schema.place import Province, Sector
from schema.planner.declare import column, expression, many, one
from schema.planner.source import Table
from schema.relay import Connection, Node
from schema.scalars import ContactStatus, FacilityStatus, Position
from schema.totals import Totals, summed

if TYPE_CHECKING:
    from schema.commitment import Commitment
    from schema.entry import Entry
    from schema.event import Event
    from schema.scheme import Beneficiary


@strawberry.type(description="Machines installed at a facility (máy móc, thiết bị).")
class Equipment:
    """One lot, as installed."""

    table: ClassVar = Table(rows="model.equipment", key=("facility_id::text", "position::bigint"))

    position: Position = column("Position of the event that recorded it (vị trí).")
    name: str = column("What was installed (tên thiết bị).")
    origin: str | None = column("Where it was made (xuất xứ); null if not said.")
    made_in: int | None = column("Year of manufacture (năm sản xuất); null if not said.")
    quantity: int = column("How many (số lượng).")
    facility: Annotated["Facility", strawberry.lazy("schema.facility")] | None = one(
        "{other}.facility_id = {self}.facility_id", "Where it stands (cơ sở)."
    )
    event: Annotated["Event", strawberry.lazy("schema.event")] | None = one(
        "{other}.position = {self}.position", "The event that recorded it (sự kiện)."
    )
    value: Vnd | None = column("Purchase value of the lot (giá trị); a stock, never fund money.")
    installed_on: date = column("When it was installed (ngày lắp đặt).")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")


@strawberry.type(description="Who is to be spoken to, by an id alone (người liên hệ).")
class Contact:
    """One contact person; of former ones nothing is kept but that they were."""

    table: ClassVar = Table(rows="model.contact", key=("facility_id::text", "person_id::text"))

    person_id: str = column("A random id that says nothing of the person (mã cá nhân).")
    status: ContactStatus = column("Whether anything is still known of the person (trạng thái).")
    recorded_on: date = column("Since when (ngày ghi nhận).")
    erased_on: date | None = column("When it was erased (ngày xoá); null while it is kept.")
    name_imprint: str | None = column("Salted hash of the name (dấu niêm của họ tên).")
    phone_imprint: str | None = column("Salted hash of the telephone; null if none was said.")
    email_imprint: str | None = column("Salted hash of the e-mail; null if none was said.")
    event: Annotated["Event", strawberry.lazy("schema.event")] | None = one(
        "{other}.position = {self}.position", "The event that recorded it (sự kiện)."
    )
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")


@strawberry.type(description="A rural industrial facility (cơ sở công nghiệp nông thôn).")
class Facility(Node):
    """A facility as the register has it."""

    table: ClassVar = Table(rows="model.facility", key=("name_sort::text", "facility_id::text"))
    by_id: ClassVar = "{other}.facility_id = substr({id}, length('facility-') + 1)"

    id: strawberry.ID = expression(
        "'facility-' || {self}.facility_id", "Global identity (mã toàn cục)."
    )
    code: str = column("Its code in the register (mã cơ sở).", "facility_id")
    name: str = column("Name (tên cơ sở).", sort="name_sort", fold="name_fold")
    tax_code: str | None = column("Tax code (mã số thuế); null if it has none.")
    legal_form: LegalForm = column("Legal form (loại hình).")
    ownership: Ownership = column("Ownership (hình thức sở hữu).")
    address: str | None = column("Address (địa chỉ); null if not recorded.")
    capacity: str | None = column("Capacity as stated (công suất); null if not recorded.")
    status: FacilityStatus = column("Open or closed (trạng thái).")
    registered_on: date = column("When it entered the register (ngày đăng ký).")
    closed_on: date | None = column("When it closed (ngày đóng); null while it is open.")
    vsic: str = expression(
        "{self}.sector_version || ':' || {self}.sector_code",
        "Version and class of economic activity, VSIC (mã ngành kinh tế).",
    )
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    province: Province | None = one(
        "{other}.code = {self}.province_code AND {other}.valid_from = {self}.province_from",
        "Where it stands, as recorded (tỉnh, thành phố).",
    )
    sector: Sector | None = one(
        "{other}.code = {self}.sector_group", "Group of industries (nhóm ngành)."
    )
    totals: Totals = summed(
        "{other}.facility_id = {self}.facility_id", "Sums of all entries for it (tổng hợp)."
    )
    equipment: list[Equipment] = many(
        "{other}.facility_id = {self}.facility_id", "Machines installed (thiết bị)."
    )
    contacts: list[Contact] = many(
        "{other}.facility_id = {self}.facility_id", "Contact persons, by ids (người liên hệ)."
    )
    schemes: Connection[Annotated["Beneficiary", strawberry.lazy("schema.scheme")]] = many(
        "{other}.facility_id = {self}.facility_id", "Schemes that chose it (đề án thụ hưởng)."
    )
    commitments: Connection[Annotated["Commitment", strawberry.lazy("schema.commitment")]] = many(
        "{other}.facility_id = {self}.facility_id", "Promised to it (cam kết hỗ trợ)."
    )
    entries: Connection[Annotated["Entry", strawberry.lazy("schema.entry")]] = many(
        "{other}.facility_id = {self}.facility_id", "Entries for it (bút toán)."
    )
    history: Connection[Annotated["Event", strawberry.lazy("schema.event")]] = many(
        "{other}.stream = 'facility-' || {self}.facility_id",
        "Everything recorded of it, oldest first (lịch sử).",
    )
