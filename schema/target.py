"""Targets of a period: planned beside what the ledger says was reached."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, LiteralString

import strawberry

from events.money import Figure
from events.vocabulary import TargetIndicator
from schema.planner.declare import column, expression, one
from schema.planner.source import Table

if TYPE_CHECKING:
    from schema.period import Period

ACTUAL: LiteralString = """(CASE {self}.indicator
    WHEN 'COVERAGE' THEN (
        SELECT count(DISTINCT (b.province_code, b.province_from))
        FROM model.beneficiary AS b
        WHERE b.period = {self}.code AND {at:b})
    WHEN 'SECTORS' THEN (
        SELECT count(DISTINCT b.sector_group)
        FROM model.beneficiary AS b
        WHERE b.period = {self}.code AND {at:b})
    WHEN 'TECHNOLOGY_TRANSFER' THEN (
        SELECT count(*)
        FROM model.commitment AS c
        WHERE c.period = {self}.code AND {at:c} AND c.status <> 'CANCELLED'
          AND c.activity IN ('DEMO_MODEL_NEW_TECH', 'DEMO_MODEL_REPLICATION'))
END)"""


@strawberry.type(description="A target of a period (chỉ tiêu): what was planned, what is reached.")
class PeriodTarget:
    """Reached is counted from events; where none says it, it is null and never 0."""

    table: ClassVar = Table(rows="model.target", key=("code::text", "indicator::text"))

    indicator: TargetIndicator = column("What is to be reached (chỉ tiêu).")
    unit: str = column("What is counted (đơn vị tính).")
    original: Figure = column("As it was first set (chỉ tiêu giao ban đầu).")
    planned: Figure = column("As it stands after revisions (chỉ tiêu kế hoạch).")
    actual: Figure | None = expression(
        ACTUAL,
        "Counted from what is recorded (kết quả thực hiện): provinces and groups of industries of"
        " beneficiaries, demonstration models promised and not cancelled. Null: nothing recorded"
        " says it.",
    )
    due: date = column("By which day (thời hạn).")
    reason: str | None = column("Why it was revised (lý do điều chỉnh); null if it was not.")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    period: Annotated["Period", strawberry.lazy("schema.period")] | None = one(
        "{other}.code = {self}.code", "Its period (giai đoạn)."
    )
