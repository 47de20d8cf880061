"""The commitment and its payments."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from events.money import Vnd
from events.vocabulary import Activity, FundingSource
from schema.enums import CommitmentStatus, PaymentKind
from schema.place import Province, Sector
from schema.planner.declare import column, expression, many, one
from schema.planner.source import Table
from schema.progress import Progress
from schema.recovery import Recovery
from schema.relay import Connection, Node

if TYPE_CHECKING:
    from schema.entry import Entry
    from schema.facility import Facility
    from schema.period import Period
    from schema.scheme import Beneficiary, Scheme


@strawberry.type(description="A payment (khoản chi): an advance or a disbursement.")
class Payment(Node):
    """A flow; what was reversed of it is said beside it."""

    table: ClassVar = Table(
        rows="model.payment", key=("paid_on::date", "scheme_id::text", "payment_id::text")
    )
    by_id: ClassVar = (
        "{other}.scheme_id = substring({id} FROM '^payment-([^/]*)/')"
        " AND 'payment-' || {other}.scheme_id || '/' || {other}.payment_id = {id}"
    )

    id: strawberry.ID = expression(
        "'payment-' || {self}.scheme_id || '/' || {self}.payment_id",
        "Global identity (mã toàn cục).",
    )
    code: str = column("Its code within the scheme (mã trong đề án).", "payment_id")
    kind: PaymentKind = column("Advance (tạm ứng) or disbursement (thanh toán).")
    amount: Vnd = column("What was paid (số tiền chi). A flow.")
    reversed: Vnd = column("What of it was taken back since (hoàn trả). A flow.")
    source: FundingSource = column("Where the money comes from (nguồn vốn).")
    budget_year: int = column("Budget year (niên độ ngân sách).")
    voucher: str = column("Voucher (chứng từ).")
    final: bool = column("Whether it closes the commitment (thanh toán lần cuối).")
    paid_on: date = column("When it was paid (ngày chi).")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "Its scheme (đề án)."
    )
    commitment: Annotated["Commitment", strawberry.lazy("schema.commitment")] | None = one(
        "{other}.scheme_id = {self}.scheme_id AND {other}.commitment_id = {self}.commitment_id",
        "What it was paid for (cam kết hỗ trợ).",
    )


@strawberry.type(description="Grant money promised to a facility for one item (cam kết hỗ trợ).")
class Commitment(Node):
    """Every amount here is a stock, in đồng, from one source in one budget year."""

    table: ClassVar = Table(rows="model.commitment", key=("scheme_id::text", "commitment_id::text"))
    by_id: ClassVar = (
        "{other}.scheme_id = substring({id} FROM '^commitment-([^/]*)/')"
        " AND 'commitment-' || {other}.scheme_id || '/' || {other}.commitment_id = {id}"
    )

    id: strawberry.ID = expression(
        "'commitment-' || {self}.scheme_id || '/' || {self}.commitment_id",
        "Global identity (mã toàn cục).",
    )
    code: str = column("Its code within the scheme (mã trong đề án).", "commitment_id")
    activity: Activity = column("What is supported (nội dung hỗ trợ).")
    cost_item: str = column("The cost item (hạng mục).")
    total_cost: Vnd = column("What the item costs in all (tổng chi phí hạng mục). A stock.")
    source: FundingSource = column("Where the grant comes from (nguồn vốn).")
    budget_year: int = column("Budget year (niên độ ngân sách).")
    committed: Vnd = column("Promised, at first and by re-allocation to it (đã cam kết). A stock.")
    taken_back: Vnd = column(
        "Reductions, cancellation, re-allocation to others (giảm, huỷ, chuyển đi). A stock."
    )
    amount: Vnd = expression(
        "({self}.committed - {self}.taken_back)", "What is promised now (còn cam kết). A stock."
    )
    advanced: Vnd = column("Advances paid (tạm ứng). A stock.")
    disbursed: Vnd = column("Disbursements paid (thanh toán). A stock.")
    reversed: Vnd = column("Payments taken back (hoàn trả). A stock.")
    paid: Vnd = expression(
        "({self}.advanced + {self}.disbursed - {self}.reversed)",
        "Paid, net of what was taken back (đã chi). A stock.",
    )
    undisbursed: Vnd = expression(
        "({self}.committed - {self}.taken_back - {self}.advanced - {self}.disbursed"
        " + {self}.reversed)",
        "Promised and not yet paid (chưa giải ngân). A stock.",
    )
    shortfall: Vnd | None = column(
        "What was missing when the work was last not accepted (giá trị không đạt); null where it"
        " never was, or was accepted since. A stock."
    )
    accepted_value: Vnd | None = column(
        "Value accepted on site (giá trị nghiệm thu); null before. A stock."
    )
    progress: int | None = column(
        "How far the work has come, in hundredths, as last told (tiến độ); null before."
    )
    advance_limit: Vnd | None = expression(
        "({self}.committed - {self}.taken_back) * ("
        "SELECT l.share_pct FROM model.advance_limit AS l"
        " WHERE l.activity = {self}.activity AND l.valid_from <= {self}.committed_on"
        " AND l.valid_to > {self}.committed_on AND {at:l}) / 100",
        "The most that may be advanced under the law of the day on which it was promised, for some"
        " contents only past half of the work (mức tạm ứng); null where none is set. A stock.",
    )
    submitted: Vnd | None = column(
        "Handed in for settlement (đề nghị quyết toán); null before. A stock."
    )
    settled: Vnd | None = column("Settled amount (quyết toán); null before. A stock.")
    claimed: Vnd = column("Claimed back, in all (đã quyết định thu hồi). A stock.")
    recovered: Vnd = column("Of that, come in (đã thu hồi). A stock.")
    written_off: Vnd = column("Of that, given up (đã xoá nợ). A stock.")
    recoverable: Vnd = expression(
        "({self}.claimed - {self}.recovered - {self}.written_off)",
        "Of that, still to come in (còn phải thu hồi). A stock.",
    )
    status: CommitmentStatus = column("How far it has come (trạng thái).")
    cap_basis: str | None = column("Whose cap was checked; null where none is set (định mức).")
    committed_on: date = column("When it was promised (ngày cam kết).")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    period: Annotated["Period", strawberry.lazy("schema.period")] | None = one(
        "{other}.code = {self}.period", "The funding period of its scheme (giai đoạn)."
    )
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "Its scheme (đề án)."
    )
    beneficiary: Annotated["Beneficiary", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id AND {other}.facility_id = {self}.facility_id",
        "To whom, as it was when the scheme chose it (đơn vị thụ hưởng).",
    )
    facility: Annotated["Facility", strawberry.lazy("schema.facility")] | None = one(
        "{other}.facility_id = {self}.facility_id", "To whom (cơ sở thụ hưởng)."
    )
    province: Province | None = one(
        "{other}.code = {self}.province_code AND {other}.valid_from = {self}.province_from",
        "Where the facility stood when it was chosen (tỉnh, thành phố).",
    )
    sector: Sector | None = one(
        "{other}.code = {self}.sector_group",
        "Its group of industries when it was chosen (nhóm ngành).",
    )
    progress_reports: list[Progress] = many(
        "{other}.scheme_id = {self}.scheme_id AND {other}.commitment_id = {self}.commitment_id",
        "What was told of the work, oldest first (báo cáo tiến độ, kiểm tra).",
    )
    recoveries: list[Recovery] = many(
        "{other}.scheme_id = {self}.scheme_id AND {other}.commitment_id = {self}.commitment_id",
        "What was claimed back of it (các quyết định thu hồi).",
    )
    payments: list[Payment] = many(
        "{other}.scheme_id = {self}.scheme_id AND {other}.commitment_id = {self}.commitment_id",
        "Its payments (các khoản chi).",
    )
    entries: Connection[Annotated["Entry", strawberry.lazy("schema.entry")]] = many(
        "{other}.scheme_id = {self}.scheme_id AND {other}.commitment_id = {self}.commitment_id",
        "Its entries, in order of recording (bút toán).",
    )
