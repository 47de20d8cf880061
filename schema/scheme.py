"""The scheme, its ceilings and its beneficiaries."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from events.money import Vnd
from events.vocabulary import Activity, FundingSource, SchemeClass
from schema.evaluation import CriterionEvaluation
from schema.place import Province, Sector
from schema.planner.declare import column, expression, many, one
from schema.planner.source import Table
from schema.relay import Connection, Node
from schema.scalars import SchemeStatus
from schema.totals import Totals, summed

if TYPE_CHECKING:
    from schema.commitment import Commitment, Payment
    from schema.entry import Entry
    from schema.event import Event
    from schema.facility import Facility
    from schema.organisation import Organisation
    from schema.period import Period


@strawberry.type(description="The most that may be committed from a source in a year (dự toán).")
class SchemeCeiling:
    """One line of the approved budget."""

    table: ClassVar = Table(rows="model.ceiling", key=("budget_year::bigint", "source::text"))

    source: FundingSource = column("Where the money comes from (nguồn vốn).")
    budget_year: int = column("Budget year (niên độ ngân sách).")
    amount: Vnd = column("The most that may be committed (dự toán được duyệt). A stock.")
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "Its scheme (đề án)."
    )


@strawberry.type(description="A facility in a scheme, as it was on the day it was chosen.")
class Beneficiary(Node):
    """Đơn vị thụ hưởng: a snapshot, and the facility as it is."""

    table: ClassVar = Table(rows="model.beneficiary", key=("scheme_id::text", "facility_id::text"))
    by_id: ClassVar = (
        "{other}.scheme_id = substring({id} FROM '^beneficiary-([^/]*)/')"
        " AND 'beneficiary-' || {other}.scheme_id || '/' || {other}.facility_id = {id}"
    )

    id: strawberry.ID = expression(
        "'beneficiary-' || {self}.scheme_id || '/' || {self}.facility_id",
        "Global identity (mã toàn cục).",
    )
    name: str = column("Its name when it was chosen (tên cơ sở khi được chọn).", sort="name_sort")
    assigned_on: date = column("When it was chosen (ngày chọn).")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    facility: Annotated["Facility", strawberry.lazy("schema.facility")] | None = one(
        "{other}.facility_id = {self}.facility_id", "The facility as it is (cơ sở)."
    )
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "The scheme (đề án)."
    )
    period: Annotated["Period", strawberry.lazy("schema.period")] | None = one(
        "{other}.code = {self}.period", "The funding period (giai đoạn)."
    )
    commitments: Connection[Annotated["Commitment", strawberry.lazy("schema.commitment")]] = many(
        "{other}.scheme_id = {self}.scheme_id AND {other}.facility_id = {self}.facility_id",
        "Promised to it in this scheme (cam kết hỗ trợ).",
    )
    province: Province | None = one(
        "{other}.code = {self}.province_code AND {other}.valid_from = {self}.province_from",
        "Where it stood when it was chosen (tỉnh, thành phố).",
    )
    sector: Sector | None = one(
        "{other}.code = {self}.sector_group",
        "Its group of industries when it was chosen (nhóm ngành).",
    )


@strawberry.type(description="A funded scheme (đề án khuyến công).")
class Scheme(Node):
    """A scheme and all of its money."""

    table: ClassVar = Table(rows="model.scheme", key=("scheme_id::text",))
    by_id: ClassVar = "{other}.scheme_id = substr({id}, length('scheme-') + 1)"

    id: strawberry.ID = expression(
        "'scheme-' || {self}.scheme_id", "Global identity (mã toàn cục)."
    )
    code: str = column("The scheme's code (mã đề án).", "scheme_id")
    title: str = column("Title (tên đề án).", sort="title_sort", fold="title_fold")
    scheme_class: SchemeClass = column("Class (loại đề án).", name="class")
    status: SchemeStatus = column("How far it has come (trạng thái).")
    contents: list[Activity] = column("What it supports (nội dung).")
    starts_on: date = column("First day (ngày bắt đầu).")
    ends_on: date = column("Last day (ngày kết thúc).")
    approved_on: date | None = column("When it was approved (ngày phê duyệt); null before.")
    legal_regime: list[str] = column("Instruments in force at approval (căn cứ pháp lý).")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    period: Annotated["Period", strawberry.lazy("schema.period")] | None = one(
        "{other}.code = {self}.period", "Its funding period (giai đoạn)."
    )
    implementer: Annotated["Organisation", strawberry.lazy("schema.organisation")] | None = one(
        "{other}.organisation_id = {self}.implementer", "Who carries it out (đơn vị thực hiện)."
    )
    totals: Totals = summed(
        "{other}.scheme_id = {self}.scheme_id", "Sums of all its entries (tổng hợp)."
    )
    ceilings: list[SchemeCeiling] = many(
        "{other}.scheme_id = {self}.scheme_id", "Approved ceilings (dự toán được duyệt)."
    )
    criteria: list[CriterionEvaluation] = many(
        "{other}.scheme_id = {self}.scheme_id", "How it was judged (đánh giá tiêu chí)."
    )
    beneficiaries: Connection[Beneficiary] = many(
        "{other}.scheme_id = {self}.scheme_id", "Its beneficiaries (đơn vị thụ hưởng)."
    )
    commitments: Connection[Annotated["Commitment", strawberry.lazy("schema.commitment")]] = many(
        "{other}.scheme_id = {self}.scheme_id", "What it promised (cam kết hỗ trợ)."
    )
    payments: Connection[Annotated["Payment", strawberry.lazy("schema.commitment")]] = many(
        "{other}.scheme_id = {self}.scheme_id", "What it paid, by day (khoản chi)."
    )
    entries: Connection[Annotated["Entry", strawberry.lazy("schema.entry")]] = many(
        "{other}.scheme_id = {self}.scheme_id", "Its entries, in order of recording (bút toán)."
    )
    history: Connection[Annotated["Event", strawberry.lazy("schema.event")]] = many(
        "{other}.stream = 'scheme-' || {self}.scheme_id",
        "Everything recorded of it, oldest first (lịch sử).",
    )
