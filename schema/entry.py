"""The entry: one line of the account, and the event that made it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from events.money import Vnd
from events.vocabulary import FundingSource, SchemeClass
from schema.enums import EntryKind
from schema.place import Province, Sector
from schema.planner.declare import column, expression, one
from schema.planner.source import ENTRIES, Table, Time
from schema.relay import Node
from schema.scalars import Position

if TYPE_CHECKING:
    from schema.commitment import Commitment
    from schema.event import Event
    from schema.facility import Facility
    from schema.period import Period
    from schema.scheme import Scheme


@strawberry.type(description="One line of the account (bút toán). A flow, in đồng, with its sign.")
class Entry(Node):
    """What takes money back is negative; sums of entries are stocks."""

    table: ClassVar = Table(rows=ENTRIES, key=("position::bigint",), time=Time.LINES)
    by_id: ClassVar = (
        "{other}.position = CASE WHEN length({id}) < 25"
        " THEN substring({id} FROM '^entry-([1-9][0-9]*)$')::bigint END"
    )

    id: strawberry.ID = expression("'entry-' || {self}.position", "Global identity (mã toàn cục).")
    position: Position = column("Position of the event that made it (vị trí).")
    kind: EntryKind = column("What kind of line (loại bút toán).")
    amount: Vnd = column("Amount with its sign (số tiền). A flow.")
    source: FundingSource = column("Where the money comes from (nguồn vốn).")
    budget_year: int = column("Budget year (niên độ ngân sách).")
    effective_on: date = column("When it is true in law (ngày hiệu lực).")
    recorded_at: datetime = column("When the ledger learned it (thời điểm ghi sổ).")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    scheme_class: SchemeClass = column("Class of its scheme (loại đề án).")
    period: Annotated["Period", strawberry.lazy("schema.period")] | None = one(
        "{other}.code = {self}.period", "The funding period of its scheme (giai đoạn)."
    )
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "Its scheme (đề án)."
    )
    facility: Annotated["Facility", strawberry.lazy("schema.facility")] | None = one(
        "{other}.facility_id = {self}.facility_id", "The beneficiary (cơ sở thụ hưởng)."
    )
    commitment: Annotated["Commitment", strawberry.lazy("schema.commitment")] | None = one(
        "{other}.scheme_id = {self}.scheme_id AND {other}.commitment_id = {self}.commitment_id",
        "The commitment; null for a pledge (cam kết).",
    )
    province: Province | None = one(
        "{other}.code = {self}.province_code AND {other}.valid_from = {self}.province_from",
        "Where the facility stood when it was chosen (tỉnh, thành phố).",
    )
    sector: Sector | None = one(
        "{other}.code = {self}.sector_group",
        "Its group of industries when it was chosen (nhóm ngành).",
    )
    event: Annotated["Event", strawberry.lazy("schema.event")] | None = one(
        "{other}.position = {self}.position", "The event that made it (sự kiện)."
    )
