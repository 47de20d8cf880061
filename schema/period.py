"""The funding period and its evaluation."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, LiteralString

import strawberry

from events.vocabulary import SchemeClass
from schema.evaluation import CriterionVerdict, ReportedFigure
from schema.place import Coverage
from schema.planner.source import Table, argument, column, connection, expression, many, one
from schema.relay import Connection, Node
from schema.scalars import Geography
from schema.totals import (
    PERIOD_BY_PROVINCE,
    PERIOD_BY_SECTOR,
    PERIOD_TOTALS,
    ProvinceTotals,
    SectorTotals,
    Totals,
)

if TYPE_CHECKING:
    from schema.event import Event
    from schema.scheme import Scheme

GEOGRAPHY = argument(
    "geography", Geography, "Which map to count on (địa giới).", Geography.AT_EVENT
)
_ON_MAP: LiteralString = """
    JOIN model.province_at AS a
      ON a.code = x.province_code AND a.valid_from = x.province_from
     AND CASE {arg:geography::text}
         WHEN 'TODAY' THEN a.at_from <= {today} AND a.at_to > {today}
         ELSE a.at_from = a.valid_from END
"""
_COVERAGE: LiteralString = (
    """(
    SELECT count(*) AS provinces, coalesce(array_agg(p.name ORDER BY p.name_sort), '{}') AS names,
        (SELECT count(DISTINCT (a.at_code, a.at_valid_from))
         FROM model.territory AS x"""
    + _ON_MAP
    + """WHERE {at:x} AND x.organisation_id IN (
             SELECT s.implementer
             FROM model.scheme AS s
             WHERE s.period = {self}.code AND {at:s})) AS of
    FROM (SELECT DISTINCT a.at_code, a.at_valid_from
          FROM model.beneficiary AS x"""
    + _ON_MAP
    + """WHERE x.period = {self}.code AND {at:x}) AS covered
    JOIN model.province AS p
      ON p.code = covered.at_code AND p.valid_from = covered.at_valid_from
)"""
)
_CRITERIA: LiteralString = """(
    SELECT c.criterion, count(*) AS schemes,
        array_position(ARRAY['SCALE', 'CONTENT', 'LOCALITY', 'TIME'], c.criterion) AS place,
        CASE WHEN bool_and(c.verdict = 'MET') THEN 'MET' ELSE 'NOT_MET' END AS verdict
    FROM model.criterion AS c
    WHERE c.period = {self}.code AND {at:c}
    GROUP BY c.criterion
)"""
_FIGURES: LiteralString = """(
    SELECT f.*, d.derived, f.value - d.derived AS gap
    FROM model.figure AS f
    CROSS JOIN LATERAL (SELECT CASE f.measure
        WHEN 'TOTAL_FUNDING' THEN (
            SELECT coalesce(sum(e.amount), 0)
            FROM model.entry AS e
            WHERE e.period = {self}.code AND {at:e}
              AND e.kind IN ('PLEDGE', 'COMMITMENT', 'REDUCTION', 'CANCELLATION'))
        WHEN 'SCHEMES' THEN (
            SELECT count(*)
            FROM model.scheme AS s
            WHERE s.period = {self}.code AND {at:s}
              AND s.scheme_class = 'FOCAL' AND s.status <> 'PROPOSED')
        WHEN 'FACILITIES' THEN (
            SELECT count(DISTINCT b.facility_id)
            FROM model.beneficiary AS b
            WHERE b.period = {self}.code AND {at:b})
        WHEN 'PROVINCES' THEN (
            SELECT count(DISTINCT (b.province_code, b.province_from))
            FROM model.beneficiary AS b
            WHERE b.period = {self}.code AND {at:b})
        WHEN 'TERRITORY' THEN (
            SELECT count(DISTINCT (x.province_code, x.province_from))
            FROM model.territory AS x
            WHERE {at:x} AND x.organisation_id IN (
                SELECT s.implementer
                FROM model.scheme AS s
                WHERE s.period = {self}.code AND {at:s}))
        END AS derived) AS d
    WHERE f.period = {self}.code AND {at:f}
)"""


@strawberry.type(description="A funding period (giai đoạn) of the national programme.")
class Period(Node):
    """A period, its schemes and what they add up to."""

    table: ClassVar = Table(rows="model.period", key=("code::text",))
    by_id: ClassVar = "{other}.code = substr({arg:id::text}, length('period-') + 1)"

    id: strawberry.ID = expression("'period-' || {self}.code", "Global identity.")
    code: str = column("Code, such as `2018-2020`.")
    name: str = column("Name (tên giai đoạn).")
    starts_on: date = column("First day.", name="from")
    ends_on: date = column("Last day.", name="to")
    synthetic: bool = column("Invented for demonstration.")
    scheme_count: int = expression(
        """(
        SELECT count(*)
        FROM model.scheme AS s
        WHERE s.period = {self}.code AND {at:s} AND s.status <> 'PROPOSED'
          AND ({arg:class::text} IS NULL OR s.scheme_class = {arg:class::text})
        )""",
        "Approved schemes, of one class if asked (số đề án được phê duyệt).",
        arguments=(argument("class", SchemeClass | None, "Only this class (loại)."),),
    )
    facility_count: int = expression(
        """(
        SELECT count(DISTINCT b.facility_id)
        FROM model.beneficiary AS b
        WHERE b.period = {self}.code AND {at:b}
        )""",
        "Distinct beneficiaries (số cơ sở thụ hưởng), however many commitments each has.",
    )
    totals: Totals = one("true", "Sums of all its entries.", rows=PERIOD_TOTALS)
    coverage: Coverage = one(
        "true", "Provinces reached, of those served.", rows=_COVERAGE, arguments=(GEOGRAPHY,)
    )
    by_sector: list[SectorTotals] = many(
        "true",
        "Sums by group of industries (theo nhóm ngành).",
        rows=PERIOD_BY_SECTOR,
        order=("sector_group::text",),
    )
    by_province: list[ProvinceTotals] = many(
        "true",
        "Sums by province (theo tỉnh, thành phố).",
        rows=PERIOD_BY_PROVINCE,
        order=("at_code::text", "at_valid_from::date"),
        arguments=(GEOGRAPHY,),
    )
    criteria: list[CriterionVerdict] = many(
        "true", "Verdicts on its focal schemes (tiêu chí).", rows=_CRITERIA, order=("place::int",)
    )
    reported_figures: list[ReportedFigure] = many(
        "true", "What was published, beside the ledger's own figures.", rows=_FIGURES
    )
    schemes: Connection[Annotated["Scheme", strawberry.lazy("schema.scheme")]] = connection(
        "{other}.period = {self}.code", "Its schemes (đề án).", order=("scheme_id::text",)
    )
    history: Connection[Annotated["Event", strawberry.lazy("schema.event")]] = connection(
        "{other}.stream = 'period-' || {self}.code", "Everything recorded of it, oldest first."
    )
