"""What the money brought: activities, trainings and outcomes, each with its source."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from events.money import Figure
from schema.enums import DeliveryKind, Indicator, IndicatorUnit
from schema.place import Province
from schema.planner.declare import column, one
from schema.planner.source import Table
from schema.scalars import Position

if TYPE_CHECKING:
    from schema.event import Event
    from schema.facility import Facility
    from schema.scheme import Scheme
    from schema.source import Source


@strawberry.type(description="Advice, a seminar or the like that was delivered (hoạt động).")
class DeliveredActivity:
    """One activity, as it was told."""

    table: ClassVar = Table(rows="model.delivery", key=("scheme_id::text", "position::bigint"))

    position: Position = column("Position of the event that recorded it (vị trí).")
    kind: DeliveryKind = column("What kind of thing it was (loại hoạt động).", "delivery")
    what: str = column("What was delivered (nội dung thực hiện).")
    persons: int | None = column("How many took part (số người); null: nobody says.")
    quote: str | None = column("The words of the source (trích dẫn).")
    delivered_on: date = column("When it was delivered (ngày thực hiện).")
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "Its scheme (đề án)."
    )
    facility: Annotated["Facility", strawberry.lazy("schema.facility")] | None = one(
        "{other}.facility_id = {self}.facility_id",
        "Whom it was for (cơ sở); null: the whole scheme.",
    )
    source: Annotated["Source", strawberry.lazy("schema.source")] | None = one(
        "{other}.source_id = {self}.source_id", "The document that says so (nguồn)."
    )
    event: Annotated["Event", strawberry.lazy("schema.event")] | None = one(
        "{other}.position = {self}.position", "The event that recorded it (sự kiện)."
    )
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")


@strawberry.type(description="Workers who learnt a trade (đào tạo nghề, truyền nghề).")
class Training:
    """One training, as it was told."""

    table: ClassVar = Table(rows="model.training", key=("scheme_id::text", "position::bigint"))

    position: Position = column("Position of the event that recorded it (vị trí).")
    occupation: str = column("The trade that was learnt (nghề đào tạo).")
    persons: int | None = column("How many were trained (số người); null: see the quotation.")
    women: int | None = column("How many of them are women (số lao động nữ); null: nobody says.")
    months: int | None = column("How long it took, in months (số tháng); null: nobody says.")
    quote: str | None = column("The words of the source (trích dẫn).")
    trained_on: date = column("When it ended (ngày hoàn thành).")
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "Its scheme (đề án)."
    )
    facility: Annotated["Facility", strawberry.lazy("schema.facility")] | None = one(
        "{other}.facility_id = {self}.facility_id",
        "Whose workers (cơ sở); null: of the whole scheme.",
    )
    source: Annotated["Source", strawberry.lazy("schema.source")] | None = one(
        "{other}.source_id = {self}.source_id", "The document that says so (nguồn)."
    )
    event: Annotated["Event", strawberry.lazy("schema.event")] | None = one(
        "{other}.position = {self}.position", "The event that recorded it (sự kiện)."
    )
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")


@strawberry.type(description="What a scheme brought, as it was measured or told (kết quả).")
class MeasuredOutcome:
    """As last revised. Null is not 0: what has no number has its quotation."""

    table: ClassVar = Table(rows="model.outcome", key=("scheme_id::text", "outcome_id::text"))

    code: str = column("Its code within the scheme (mã kết quả).", "outcome_id")
    indicator: Indicator = column("What is measured (chỉ tiêu kết quả).")
    baseline: Figure | None = column("What it was before (giá trị gốc); null: nobody says.")
    value: Figure | None = column("What it is, in `unit` (giá trị); null: see the quotation.")
    unit: IndicatorUnit = column("What it is counted in (đơn vị tính).")
    qualitative: bool = column("Told without a number (định tính).")
    method: str = column("How it was measured (phương pháp đo).")
    quote: str | None = column("The words of the source (trích dẫn).")
    measured_on: date = column("When it was measured (ngày đo).")
    revisions: int = column("How often it was put right since (số lần sửa).")
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "Its scheme (đề án)."
    )
    facility: Annotated["Facility", strawberry.lazy("schema.facility")] | None = one(
        "{other}.facility_id = {self}.facility_id",
        "Where it was measured (cơ sở); null: not at one facility.",
    )
    province: Province | None = one(
        "{other}.code = {self}.province_code AND {other}.valid_from = {self}.province_from",
        "Of which province it tells (tỉnh, thành phố); null: of no single one.",
    )
    source: Annotated["Source", strawberry.lazy("schema.source")] | None = one(
        "{other}.source_id = {self}.source_id", "The document that says so (nguồn)."
    )
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
