"""What was judged, and what was published beside what the ledger adds up to."""

from typing import TYPE_CHECKING, Annotated, ClassVar, LiteralString

import strawberry

from events.money import Figure
from events.vocabulary import Criterion, Measure, Verdict
from schema.planner.declare import column, many, one
from schema.planner.source import Table, Time
from schema.survivors import survivors

if TYPE_CHECKING:
    from schema.period import Period
    from schema.scheme import Scheme
    from schema.source import Source

_FIGURES: LiteralString = (
    """
    SELECT f.*, d.derived, f.value - d.derived AS gap
    FROM model.figure AS f
    CROSS JOIN LATERAL (SELECT CASE f.measure
        WHEN 'TOTAL_FUNDING' THEN (
            SELECT coalesce(sum(e.amount), 0)
            FROM model.entry AS e
            WHERE e.period = f.period AND {at:e}
              AND e.kind IN ('PLEDGE', 'COMMITMENT', 'REDUCTION', 'CANCELLATION',
                'REALLOCATION_OUT', 'REALLOCATION_IN'))
        WHEN 'SCHEMES' THEN (
            SELECT count(*)
            FROM model.scheme AS s
            WHERE s.period = f.period AND {at:s}
              AND s.scheme_class = 'FOCAL' AND s.approved_on IS NOT NULL)
        WHEN 'FACILITIES' THEN """
    + survivors(
        """SELECT b.facility_id
            FROM model.beneficiary AS b
            WHERE b.period = f.period AND {at:b}"""
    )
    + """
        WHEN 'PROVINCES' THEN (
            SELECT count(DISTINCT (b.province_code, b.province_from))
            FROM model.beneficiary AS b
            WHERE b.period = f.period AND {at:b})
        WHEN 'TERRITORY' THEN (
            SELECT count(DISTINCT (x.province_code, x.province_from))
            FROM model.territory AS x
            WHERE {at:x} AND x.organisation_id IN (
                SELECT s.implementer
                FROM model.scheme AS s
                WHERE s.period = f.period AND {at:s}))
        END AS derived) AS d
    WHERE {at:f} AND """
)
_CRITERIA: LiteralString = """(
    SELECT c.period, c.criterion, count(*) AS schemes,
        array_position(ARRAY['SCALE', 'CONTENT', 'LOCALITY', 'TIME'], c.criterion) AS place,
        CASE WHEN bool_and(c.verdict = 'MET') THEN 'MET' ELSE 'NOT_MET' END AS verdict
    FROM model.criterion AS c
    WHERE c.period = {period} AND {at:c}
    GROUP BY c.period, c.criterion
)"""


def figures_of(which: LiteralString) -> LiteralString:
    """Published figures `f` beside the ledger's own: those that meet a condition."""
    return "(" + _FIGURES + which + ")"


def criteria_of(period: LiteralString) -> LiteralString:
    """The verdicts on the schemes of a period, by criterion."""
    return _CRITERIA.replace("{period}", period)


FIGURES_OF_PERIOD: LiteralString = figures_of("f.period = {self}.code")
FIGURES_OF_SOURCE: LiteralString = figures_of("f.source_id = {self}.source_id")


@strawberry.type(description="The verdict on one criterion of focal schemes (kết luận tiêu chí).")
class CriterionVerdict:
    """Met when every scheme that was judged meets it."""

    table: ClassVar = Table(rows="model.criterion", key=("criterion::text",), time=Time.NONE)

    criterion: Criterion = column("The criterion (tiêu chí).")
    verdict: Verdict = column("MET when every judged scheme meets it (kết luận).")
    schemes: int = column("How many schemes were judged (số đề án được đánh giá).")
    evaluations: list["CriterionEvaluation"] = many(
        "{other}.period = {self}.period AND {other}.criterion = {self}.criterion",
        "The verdicts it is made of (đánh giá từng đề án).",
        order=("scheme_id::text",),
    )


@strawberry.type(description="A scheme judged against one criterion (đánh giá tiêu chí).")
class CriterionEvaluation:
    """One recorded verdict with its evidence."""

    table: ClassVar = Table(rows="model.criterion", key=("criterion::text",))

    criterion: Criterion = column("The criterion (tiêu chí).")
    verdict: Verdict = column("The verdict (kết luận).")
    rule_version: str = column("The rules it was judged by (căn cứ đánh giá).")
    evidence: str = column("What the verdict rests on (minh chứng).")
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "The scheme that was judged (đề án)."
    )
    source: Annotated["Source", strawberry.lazy("schema.source")] | None = one(
        "{other}.source_id = {self}.source_id", "The document it rests on (nguồn)."
    )
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")


@strawberry.type(description="A published figure beside the ledger's own (số liệu công bố).")
class ReportedFigure:
    """Claims are not money: `derived` is what the events add up to, `gap` the difference."""

    table: ClassVar = Table(rows="model.figure", key=("measure::text", "source_id::text"))

    measure: Measure = column("What it counts (chỉ tiêu).")
    value: Figure = column("As published (số công bố); whole đồng for money.")
    derived: Figure = column("What the ledger's events add up to (số tính lại).")
    gap: Figure = column("Published less derived (chênh lệch); 0 when they agree.")
    quote: str = column("The words of the document (trích dẫn).")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    period: Annotated["Period", strawberry.lazy("schema.period")] | None = one(
        "{other}.code = {self}.period", "The period it speaks of (giai đoạn)."
    )
    source: Annotated["Source", strawberry.lazy("schema.source")] | None = one(
        "{other}.source_id = {self}.source_id", "The document (nguồn)."
    )
