"""Published documents."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from schema.evaluation import FIGURES_OF_SOURCE, CriterionEvaluation, ReportedFigure
from schema.planner.declare import column, expression, many
from schema.planner.source import Table
from schema.relay import Connection, Node

if TYPE_CHECKING:
    from schema.event import Event


@strawberry.type(description="A published document (nguồn).")
class Source(Node):
    """A document and the hash of its bytes."""

    table: ClassVar = Table(rows="model.source", key=("source_id::text",))
    by_id: ClassVar = "{other}.source_id = substr({id}, length('source-') + 1)"

    id: strawberry.ID = expression(
        "'source-' || {self}.source_id", "Global identity (mã toàn cục)."
    )
    code: str = column("Its code (mã).", "source_id")
    title: str = column("Title (tên tài liệu).")
    publisher: str = column("Publisher (cơ quan công bố).")
    author: str | None = column("Author (tác giả); null if not said.")
    published_at: datetime = column("When it was published (ngày công bố).")
    sha256: str = column("SHA-256 of its bytes, hexadecimal (mã băm).")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    figures: list[ReportedFigure] = many(
        "true",
        "The figures it reports, beside the ledger's own (số liệu công bố).",
        rows=FIGURES_OF_SOURCE,
    )
    criteria: list[CriterionEvaluation] = many(
        "{other}.source_id = {self}.source_id",
        "The verdicts that rest on it (đánh giá tiêu chí).",
        order=("scheme_id::text", "criterion::text"),
    )
    history: Connection[Annotated["Event", strawberry.lazy("schema.event")]] = many(
        "{other}.stream = 'source-' || {self}.source_id",
        "Everything recorded of it, oldest first (lịch sử).",
    )
