"""What the law lets the fund give: reference data that is dated, recorded, and says its paper."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, LiteralString

import strawberry

from events.money import Vnd
from events.vocabulary import Activity, CapUnit, Certainty, FundingSource
from schema.place import Province
from schema.planner.declare import column, expression, one
from schema.planner.source import Table, Time

if TYPE_CHECKING:
    from schema.event import Event

SUPPORT_CAPS: LiteralString = """(
    SELECT c.*
    FROM model.support_cap AS c
    WHERE {at:c}
      AND ({arg:on::date} IS NULL
           OR c.valid_from <= {arg:on::date} AND c.valid_to > {arg:on::date})
      AND ({arg:activity::text} IS NULL OR c.activity = {arg:activity::text})
)"""
"""Those in force on a day, or all that ever were; on one activity, or on every one."""


@strawberry.type(description="The most that may be given to an activity (định mức hỗ trợ).")
class SupportCap:
    """One line of a circular or a resolution, during its time in force."""

    table: ClassVar = Table(
        rows="model.support_cap", key=("subject::text", "valid_from::date"), time=Time.KNOWN
    )

    activity: Activity = column("What is supported (nội dung hỗ trợ).")
    source: FundingSource = column("Whose money it limits (nguồn vốn).")
    share_pct: int | None = column(
        "At most this share of the cost, in hundredths; null: none is set (tỷ lệ tối đa)."
    )
    cap: Vnd | None = column(
        "The most, in đồng; null: the law sets no amount, which is not 0 (mức tối đa)."
    )
    unit: CapUnit = column("What the amount is for (đơn vị tính).")
    valid_from: date = column("First day in force (ngày có hiệu lực).")
    valid_to: date | None = expression(
        "nullif({self}.valid_to, 'infinity')",
        "First day no longer in force; null while it is (ngày hết hiệu lực).",
    )
    legal_basis: str = column("The instrument that sets it (căn cứ pháp lý).")
    certainty: Certainty = column("Whether it was read in the instrument itself (độ tin cậy).")
    province: Province | None = one(
        "{other}.code = {self}.province_code AND {other}.valid_from = {self}.province_from",
        "Whose council set it; null: it holds for the whole country (tỉnh, thành phố).",
    )
    event: Annotated["Event", strawberry.lazy("schema.event")] | None = one(
        "{other}.position = {self}.position",
        "The event that set it; null: it came with the ledger's software (sự kiện).",
    )
