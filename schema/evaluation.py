"""What was judged, and what was published beside what the ledger adds up to."""

from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from events.money import Figure
from events.vocabulary import Criterion, Measure, Verdict
from schema.planner.source import Table, Time, column, one

if TYPE_CHECKING:
    from schema.source import Source


@strawberry.type(description="The verdict on one criterion of focal schemes (kết luận tiêu chí).")
class CriterionVerdict:
    """Met when every scheme that was judged meets it."""

    table: ClassVar = Table(rows="model.criterion", key=("criterion::text",), time=Time.NONE)

    criterion: Criterion = column("The criterion (tiêu chí).")
    verdict: Verdict = column("MET when every judged scheme meets it.")
    schemes: int = column("How many schemes were judged.")


@strawberry.type(description="A scheme judged against one criterion (đánh giá tiêu chí).")
class CriterionEvaluation:
    """One recorded verdict with its evidence."""

    table: ClassVar = Table(rows="model.criterion", key=("criterion::text",))

    criterion: Criterion = column("The criterion (tiêu chí).")
    verdict: Verdict = column("The verdict (kết luận).")
    rule_version: str = column("The rules it was judged by.")
    evidence: str = column("What the verdict rests on.")
    synthetic: bool = column("Invented for demonstration.")


@strawberry.type(description="A published figure beside the ledger's own (số liệu công bố).")
class ReportedFigure:
    """Claims are not money: `derived` is what the events add up to, `gap` the difference."""

    table: ClassVar = Table(rows="model.figure", key=("measure::text", "source_id::text"))

    measure: Measure = column("What it counts.")
    value: Figure = column("As published; whole đồng for money.")
    derived: Figure = column("What the ledger's events add up to.")
    gap: Figure = column("Published less derived; 0 when they agree.")
    quote: str = column("The words of the document.")
    synthetic: bool = column("Invented for demonstration.")
    source: Annotated["Source", strawberry.lazy("schema.source")] | None = one(
        "{other}.source_id = {self}.source_id", "The document (nguồn)."
    )
