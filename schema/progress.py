"""Progress of supported work: what was reported, and what was seen on site."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from schema.enums import ProgressKind
from schema.planner.declare import column, one
from schema.planner.source import Table
from schema.scalars import Position

if TYPE_CHECKING:
    from schema.commitment import Commitment
    from schema.event import Event
    from schema.scheme import Scheme


@strawberry.type(description="How far the work had come, as somebody told it (tiến độ).")
class Progress:
    """One report or one inspection."""

    table: ClassVar = Table(rows="model.progress", key=("scheme_id::text", "position::bigint"))

    position: Position = column("Position of the event that recorded it (vị trí).")
    kind: ProgressKind = column("Reported (báo cáo) or seen on site (kiểm tra).")
    percent: int | None = column(
        "How far the work had come, in hundredths (tỷ lệ hoàn thành); null: nobody measured it."
    )
    findings: str = column("What was found (nội dung báo cáo, kết quả kiểm tra).")
    inspector: str | None = column("Who looked at it (đoàn kiểm tra); null for a report.")
    seen_on: date = column("Of which day it tells (ngày báo cáo, kiểm tra).")
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "Its scheme (đề án)."
    )
    commitment: Annotated["Commitment", strawberry.lazy("schema.commitment")] | None = one(
        "{other}.scheme_id = {self}.scheme_id AND {other}.commitment_id = {self}.commitment_id",
        "Whose work it tells of (cam kết hỗ trợ).",
    )
    event: Annotated["Event", strawberry.lazy("schema.event")] | None = one(
        "{other}.position = {self}.position", "The event that recorded it (sự kiện)."
    )
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
