"""The posting: one line of the journal of double entry, and the event that posted it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from events.money import Vnd
from events.vocabulary import FundingSource
from schema.enums import Account
from schema.planner.declare import column, one
from schema.planner.source import POSTINGS, Table, Time
from schema.scalars import Position

if TYPE_CHECKING:
    from schema.commitment import Commitment
    from schema.entry import Entry
    from schema.event import Event
    from schema.scheme import Scheme


@strawberry.type(
    description="One line of the journal (định khoản): an account debited or credited, in đồng."
)
class Posting:
    """An event's lines come in pairs that balance, each of one source and one budget year."""

    table: ClassVar = Table(
        rows=POSTINGS, key=("position::bigint", "line::bigint"), time=Time.LINES
    )

    position: Position = column("Position of the event that posted it (vị trí).")
    line: int = column("Its number within the event, from 1 (số dòng).")
    account: Account = column("The account (tài khoản).")
    debit: Vnd = column("Amount debited (ghi nợ); 0 on a line that credits. A flow.")
    credit: Vnd = column("Amount credited (ghi có); 0 on a line that debits. A flow.")
    source: FundingSource = column("Where the money comes from (nguồn vốn).")
    budget_year: int = column("Budget year (niên độ ngân sách).")
    effective_on: date = column("When it is true in law (ngày hiệu lực).")
    recorded_at: datetime = column("When the ledger learned it (thời điểm ghi sổ).")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id",
        "The scheme; null for what is of no scheme (đề án).",
    )
    commitment: Annotated["Commitment", strawberry.lazy("schema.commitment")] | None = one(
        "{other}.scheme_id = {self}.scheme_id AND {other}.commitment_id = {self}.commitment_id",
        "The commitment; null for what is of none (cam kết).",
    )
    entry: Annotated["Entry", strawberry.lazy("schema.entry")] | None = one(
        "{other}.position = {self}.position",
        "The entry of the same event; null where it makes none (bút toán).",
    )
    event: Annotated["Event", strawberry.lazy("schema.event")] | None = one(
        "{other}.position = {self}.position", "The event that posted it (sự kiện)."
    )
