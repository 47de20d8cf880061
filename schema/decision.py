"""What was decided on a scheme: appraisals, return, approval, suspension, stop, completion."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from events.vocabulary import AdjustmentKind, Verdict
from schema.enums import DecisionKind
from schema.planner.declare import column, one
from schema.planner.source import Table
from schema.scalars import Position

if TYPE_CHECKING:
    from schema.event import Event
    from schema.organisation import Organisation
    from schema.scheme import Scheme


@strawberry.type(description="One decision on a scheme (quyết định về đề án).")
class SchemeDecision:
    """A step in the course of a scheme."""

    table: ClassVar = Table(rows="model.decision", key=("scheme_id::text", "position::bigint"))

    position: Position = column("Position of the event that recorded it (vị trí).")
    kind: DecisionKind = column("What was decided (loại quyết định).")
    adjustment: AdjustmentKind | None = column(
        "Of an adjustment, which (loại điều chỉnh); else null."
    )
    verdict: Verdict | None = column("Of an appraisal (kết luận thẩm định); else null.")
    council: str | None = column("Who appraised it (hội đồng thẩm định); else null.")
    remarks: str | None = column("Why, or what was remarked (lý do, ý kiến).")
    holds_from: date | None = column(
        "From when on it stands still or goes on again (ngày ngừng, ngày tiếp tục); else null."
    )
    decided_on: date = column("When it took effect (ngày hiệu lực).")
    approver: Annotated["Organisation", strawberry.lazy("schema.organisation")] | None = one(
        "{other}.organisation_id = {self}.approver",
        "The body whose authority it rests on (cơ quan phê duyệt), where the law asks for one.",
    )
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "Its scheme (đề án)."
    )
    event: Annotated["Event", strawberry.lazy("schema.event")] | None = one(
        "{other}.position = {self}.position", "The event that recorded it (sự kiện)."
    )
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
