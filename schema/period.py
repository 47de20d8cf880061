"""The funding period and its evaluation."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, LiteralString

import strawberry

from events.vocabulary import SchemeClass
from schema.enums import Geography
from schema.evaluation import FIGURES_OF_PERIOD, CriterionVerdict, ReportedFigure, criteria_of
from schema.place import Coverage
from schema.planner.declare import argument, column, expression, many, one
from schema.planner.source import Table
from schema.relay import Connection, Node
from schema.survivors import survivors
from schema.target import PeriodTarget
from schema.totals import GroupTotals, SeriesPoint, Totals, grouped_by, series, summed

if TYPE_CHECKING:
    from schema.commitment import Commitment
    from schema.conference import Evaluation
    from schema.entry import Entry
    from schema.event import Event
    from schema.scheme import Beneficiary, Scheme

GEOGRAPHY = argument(
    "geography", Geography, "Which map to count on (địa giới).", Geography.AT_EVENT
)
_ON_MAP: LiteralString = """
    JOIN model.province_at AS a
      ON a.code = {place}.province_code AND a.valid_from = {place}.province_from
     AND CASE {arg:geography::text}
         WHEN 'TODAY' THEN a.at_from <= {today} AND a.at_to > {today}
         ELSE a.at_from = a.valid_from END
     AND {at:a}
"""
_COVERAGE: LiteralString = (
    """(
    SELECT count(*) AS provinces, coalesce(array_agg(p.name ORDER BY p.name_sort), '{}') AS names,
        (SELECT count(DISTINCT (a.at_code, a.at_valid_from))
         FROM model.territory AS x"""
    + _ON_MAP.replace("{place}", "x")
    + """WHERE {at:x} AND x.organisation_id IN (
             SELECT s.implementer
             FROM model.scheme AS s
             WHERE s.period = {self}.code AND {at:s})) AS of
    FROM (SELECT DISTINCT a.at_code, a.at_valid_from
          FROM model.beneficiary AS b"""
    + _ON_MAP.replace("{place}", "b")
    + """WHERE b.period = {self}.code AND {at:b}) AS covered
    JOIN model.province AS p
      ON p.code = covered.at_code AND p.valid_from = covered.at_valid_from AND {at:p}
)"""
)
_CRITERIA: LiteralString = criteria_of("{self}.code")


@strawberry.type(description="A funding period (giai đoạn) of the national programme.")
class Period(Node):
    """A period, its schemes and what they add up to."""

    table: ClassVar = Table(rows="model.period", key=("code::text",))
    by_id: ClassVar = "{other}.code = substr({id}, length('period-') + 1)"

    id: strawberry.ID = expression("'period-' || {self}.code", "Global identity (mã toàn cục).")
    code: str = column("Code, such as `2018-2020`.")
    name: str = column("Name (tên giai đoạn).")
    starts_on: date = column("First day (ngày bắt đầu).", name="from")
    ends_on: date = column("Last day (ngày kết thúc).", name="to")
    closed_on: date | None = column("Day it was closed (ngày khép); null while it is open.")
    synthetic: bool = column("Invented for demonstration (dữ liệu minh hoạ).")
    scheme_count: int = expression(
        """(
        SELECT count(*)
        FROM model.scheme AS s
        WHERE s.period = {self}.code AND {at:s} AND s.approved_on IS NOT NULL
          AND ({arg:class::text} IS NULL OR s.scheme_class = {arg:class::text})
        )""",
        "Approved schemes, of one class if asked (số đề án được phê duyệt).",
        arguments=(argument("class", SchemeClass | None, "Only this class (loại)."),),
    )
    facility_count: int = expression(
        survivors(
            """SELECT b.facility_id
            FROM model.beneficiary AS b
            WHERE b.period = {self}.code AND {at:b}"""
        ),
        "Distinct beneficiaries (số cơ sở thụ hưởng), however many commitments each has.",
    )
    totals: Totals = summed("{other}.period = {self}.code", "Sums of all its entries (tổng hợp).")
    coverage: Coverage = one(
        "true",
        "Provinces reached, of those served (mức độ bao phủ địa bàn).",
        rows=_COVERAGE,
        arguments=(GEOGRAPHY,),
    )
    by_sector: list[GroupTotals] = grouped_by(
        "SECTOR",
        "{other}.period = {self}.code",
        "Sums by group of industries (theo nhóm ngành).",
        "Ask `totals(groupBy: [SECTOR], filter: {period: {code: {eq: …}}})` of Query.",
    )
    by_province: list[GroupTotals] = grouped_by(
        "PROVINCE",
        "{other}.period = {self}.code",
        "Sums by province (theo tỉnh, thành phố).",
        "Ask `totals(groupBy: [PROVINCE], filter: {period: {code: {eq: …}}})` of Query.",
    )
    criteria: list[CriterionVerdict] = many(
        "true", "Verdicts on its focal schemes (tiêu chí).", rows=_CRITERIA, order=("place::int",)
    )
    reported_figures: list[ReportedFigure] = many(
        "true",
        "What was published, beside the ledger's own (số liệu công bố).",
        rows=FIGURES_OF_PERIOD,
    )
    evaluations: list[Annotated["Evaluation", strawberry.lazy("schema.conference")]] = many(
        "{other}.period = {self}.code", "How it was evaluated (đợt đánh giá)."
    )
    targets: list[PeriodTarget] = many(
        "{other}.code = {self}.code",
        "What it is to reach, beside what it reached (chỉ tiêu giai đoạn).",
    )
    schemes: Connection[Annotated["Scheme", strawberry.lazy("schema.scheme")]] = many(
        "{other}.period = {self}.code", "Its schemes (đề án).", order=("scheme_id::text",)
    )
    beneficiaries: Connection[Annotated["Beneficiary", strawberry.lazy("schema.scheme")]] = many(
        "{other}.period = {self}.code", "Its beneficiaries (đơn vị thụ hưởng)."
    )
    commitments: Connection[Annotated["Commitment", strawberry.lazy("schema.commitment")]] = many(
        "{other}.period = {self}.code", "What its schemes promised (cam kết hỗ trợ)."
    )
    entries: Connection[Annotated["Entry", strawberry.lazy("schema.entry")]] = many(
        "{other}.period = {self}.code", "Its entries, in order of recording (bút toán)."
    )
    series: list[SeriesPoint] = series(
        "{other}.period = {self}.code", "Its money by month, quarter or year (chuỗi thời gian)."
    )
    history: Connection[Annotated["Event", strawberry.lazy("schema.event")]] = many(
        "{other}.stream = 'period-' || {self}.code",
        "Everything recorded of it, oldest first (lịch sử).",
    )
