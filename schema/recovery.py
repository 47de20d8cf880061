"""Money that has to come back: each claim, and what became of it."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from events.money import Vnd
from events.vocabulary import FundingSource, RecoveryBasis
from schema.planner.declare import column, expression, one
from schema.planner.source import Table
from schema.relay import Node

if TYPE_CHECKING:
    from schema.commitment import Commitment
    from schema.scheme import Scheme


@strawberry.type(description="Money claimed back on a commitment (thu hồi).")
class Recovery(Node):
    """A claim; what of it came in or was given up is said beside it."""

    table: ClassVar = Table(rows="model.recovery", key=("scheme_id::text", "recovery_id::text"))
    by_id: ClassVar = (
        "{other}.scheme_id = substring({id} FROM '^recovery-([^/]*)/')"
        " AND 'recovery-' || {other}.scheme_id || '/' || {other}.recovery_id = {id}"
    )

    id: strawberry.ID = expression(
        "'recovery-' || {self}.scheme_id || '/' || {self}.recovery_id",
        "Global identity (mã toàn cục).",
    )
    code: str = column("Its code within the scheme (mã trong đề án).", "recovery_id")
    basis: RecoveryBasis = column("On what the claim rests (căn cứ thu hồi).")
    reason: str = column("Why (lý do).")
    amount: Vnd = column("What was claimed back (số phải thu hồi). A flow.")
    received: Vnd = column("What of it has come in (đã thu hồi). A stock.")
    written_off: Vnd = column("What of it was given up (đã xoá nợ). A stock.")
    outstanding: Vnd = expression(
        "({self}.amount - {self}.received - {self}.written_off)",
        "What is still to come in (còn phải thu hồi). A stock.",
    )
    source: FundingSource = column("Where the money came from (nguồn vốn).")
    budget_year: int = column("Budget year of the commitment (niên độ ngân sách).")
    ordered_on: date = column("When it was claimed (ngày quyết định thu hồi).")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "Its scheme (đề án)."
    )
    commitment: Annotated["Commitment", strawberry.lazy("schema.commitment")] | None = one(
        "{other}.scheme_id = {self}.scheme_id AND {other}.commitment_id = {self}.commitment_id",
        "What it was paid for (cam kết hỗ trợ).",
    )
