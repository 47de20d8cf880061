"""An evaluation of the programme: its conference as each source tells it, claims, findings."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from events.money import Vnd
from schema.enums import ClaimTopic
from schema.evaluation import CriterionVerdict, ReportedFigure, criteria_of, figures_of
from schema.planner.declare import column, expression, many, one
from schema.planner.source import Table
from schema.relay import Connection, Node

if TYPE_CHECKING:
    from schema.event import Event
    from schema.period import Period
    from schema.scheme import Scheme
    from schema.source import Source


@strawberry.type(description="A conference, as one source tells it (hội nghị đánh giá).")
class Conference:
    """Where two sources disagree, both stand."""

    table: ClassVar = Table(rows="model.conference", key=("evaluation_id::text", "source_id::text"))

    held_on: date = column("Its day, as the source says (ngày tổ chức).")
    convenor: str = column("Who called it, as the source says (đơn vị tổ chức).")
    place: str | None = column("Where, as the source says (địa điểm); null if it does not say.")
    quote: str = column("The words of the source (trích dẫn).")
    evaluation: Annotated["Evaluation", strawberry.lazy("schema.conference")] | None = one(
        "{other}.evaluation_id = {self}.evaluation_id", "Its evaluation (đợt đánh giá)."
    )
    source: Annotated["Source", strawberry.lazy("schema.source")] | None = one(
        "{other}.source_id = {self}.source_id", "The document that says so (nguồn)."
    )
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")


@strawberry.type(description="What a source claims without a number (nhận định).")
class NarrativeClaim:
    """In the words of its source."""

    table: ClassVar = Table(rows="model.claim", key=("evaluation_id::text", "claim_id::text"))

    code: str = column("Its code within the evaluation (mã nhận định).", "claim_id")
    topic: ClaimTopic = column("What it is about (nội dung).")
    subject: str = column("Whom or what it is about (đối tượng).")
    quote: str = column("The words of the source (trích dẫn).")
    evaluation: Annotated["Evaluation", strawberry.lazy("schema.conference")] | None = one(
        "{other}.evaluation_id = {self}.evaluation_id", "Its evaluation (đợt đánh giá)."
    )
    source: Annotated["Source", strawberry.lazy("schema.source")] | None = one(
        "{other}.source_id = {self}.source_id", "The document that says so (nguồn)."
    )
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")


@strawberry.type(description="What auditors found, and what became of it (kết luận kiểm toán).")
class AuditFinding:
    """Open until it is resolved."""

    table: ClassVar = Table(rows="model.finding", key=("evaluation_id::text", "finding_id::text"))

    code: str = column("Its reference (số kết luận).", "finding_id")
    findings: str = column("What was found (nội dung kết luận).")
    amount: Vnd | None = column("The amount it concerns (số tiền); null: none is named. A stock.")
    action: str = column("What is to be done (kiến nghị xử lý).")
    found_on: date = column("When it was found (ngày kết luận).")
    resolution: str | None = column("What was done (kết quả khắc phục); null while it is open.")
    resolved_on: date | None = column("When that was seen (ngày khắc phục); null while it is open.")
    evaluation: Annotated["Evaluation", strawberry.lazy("schema.conference")] | None = one(
        "{other}.evaluation_id = {self}.evaluation_id", "Its evaluation (đợt đánh giá)."
    )
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "The scheme it concerns (đề án)."
    )
    source: Annotated["Source", strawberry.lazy("schema.source")] | None = one(
        "{other}.source_id = {self}.source_id", "The document that says so (nguồn)."
    )
    resolution_source: Annotated["Source", strawberry.lazy("schema.source")] | None = one(
        "{other}.source_id = {self}.resolution_source_id",
        "The document that says what was done (nguồn); null while it is open.",
    )
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")


@strawberry.type(description="An evaluation of a period of the programme (đợt đánh giá).")
class Evaluation(Node):
    """Claims are not money: what was said, by whom, beside what the ledger adds up to."""

    table: ClassVar = Table(rows="model.evaluation", key=("evaluation_id::text",))
    by_id: ClassVar = "{other}.evaluation_id = substr({id}, length('evaluation-') + 1)"

    id: strawberry.ID = expression(
        "'evaluation-' || {self}.evaluation_id", "Global identity (mã toàn cục)."
    )
    code: str = column("Its code (mã đợt đánh giá).", "evaluation_id")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    period: Annotated["Period", strawberry.lazy("schema.period")] | None = one(
        "{other}.code = {self}.period", "The period it judges (giai đoạn)."
    )
    conference: list[Conference] = many(
        "{other}.evaluation_id = {self}.evaluation_id",
        "The conference, as each source tells it: where they disagree, both stand (hội nghị).",
    )
    claims: Connection[NarrativeClaim] = many(
        "{other}.evaluation_id = {self}.evaluation_id",
        "What was claimed without a number, by code (nhận định).",
    )
    findings: list[AuditFinding] = many(
        "{other}.evaluation_id = {self}.evaluation_id", "What auditors found (kết luận kiểm toán)."
    )
    scorecard: list[CriterionVerdict] = many(
        "true",
        "Verdicts on the focal schemes of its period (bảng điểm tiêu chí).",
        rows=criteria_of("{self}.period"),
        order=("place::int",),
    )
    reconciliation: list[ReportedFigure] = many(
        "true",
        "What was published of its period, by each source and measure, beside what the ledger"
        " adds up to (đối chiếu số liệu công bố).",
        rows=figures_of("f.period = {self}.period"),
    )
    history: Connection[Annotated["Event", strawberry.lazy("schema.event")]] = many(
        "{other}.stream = 'evaluation-' || {self}.evaluation_id",
        "Everything recorded of it, oldest first (lịch sử).",
    )
