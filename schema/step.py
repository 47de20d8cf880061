"""What waits for a second person, and what became of it (việc cần hai người)."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from schema.enums import Role, StepStatus
from schema.planner.declare import column, expression, one
from schema.planner.source import Table

if TYPE_CHECKING:
    from schema.event import Event
    from schema.scheme import Scheme


@strawberry.type(description="A proposal that a second person decides on (đề nghị chờ duyệt).")
class ProposedStep:
    """Counts for nothing until somebody else approves it."""

    table: ClassVar = Table(rows="model.step", key=("scheme_id::text", "step_id::text"))

    code: str = column("Its code within the scheme (mã đề nghị).", "step_id")
    version: int = column("The version to name when it is approved.", "step_version")
    command: str = column("What is asked for: the name of the command (việc được đề nghị).")
    status: StepStatus = column("Whether it waits (trạng thái).")
    takes_effect_on: date = column("Day on which it is to take effect (ngày hiệu lực).")
    proposed_at: datetime = column("Since when it waits (thời điểm đề nghị).")
    proposed_by: str = column("Who proposed it, and so may not approve it (người đề nghị).")
    decided_at: datetime | None = column("When it was decided; null: it waits (thời điểm duyệt).")
    decided_by: str | None = column("Who decided; null: it waits (người duyệt).")
    reason: str | None = column("Why it was declined or withdrawn (lý do); null if it was not.")
    waits_for: list[Role] = expression(
        "CASE WHEN {self}.status = 'WAITING' THEN ARRAY['APPROVER'] ELSE ARRAY[]::text[] END",
        "Roles whose holders may approve it, but for who proposed it (vai trò được duyệt).",
    )
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "Whose business it is (đề án)."
    )
    proposal: Annotated["Event", strawberry.lazy("schema.event")] | None = one(
        "{other}.position = {self}.position", "The event that proposed it, with all it says."
    )
    decision: Annotated["Event", strawberry.lazy("schema.event")] | None = one(
        "{other}.position = {self}.decided_position", "The event that decided; null: it waits."
    )
