"""Totals are sums of entries, so that every one can be opened down to the events behind it."""

from typing import TYPE_CHECKING, Annotated, ClassVar, LiteralString

import strawberry

from events.money import Vnd
from schema.planner.source import Table, Time, column, one

if TYPE_CHECKING:
    from schema.place import Province, Sector

SUMS: LiteralString = """
    coalesce(sum(e.amount) FILTER (
        WHERE e.kind IN ('PLEDGE', 'COMMITMENT', 'REDUCTION', 'CANCELLATION')), 0) AS total,
    coalesce(sum(e.amount) FILTER (
        WHERE e.kind IN ('COMMITMENT', 'REDUCTION', 'CANCELLATION')), 0) AS "grant",
    coalesce(sum(e.amount) FILTER (WHERE e.kind = 'PLEDGE'), 0) AS counterpart,
    coalesce(sum(e.amount) FILTER (
        WHERE e.kind IN ('ADVANCE', 'DISBURSEMENT', 'REVERSAL')), 0) AS disbursed,
    count(DISTINCT e.facility_id) AS facilities
"""
_SUMMED = Table(rows="model.entry", key=("total::bigint",), time=Time.NONE)

PERIOD_TOTALS: LiteralString = (
    "(SELECT" + SUMS + "FROM model.entry AS e WHERE e.period = {self}.code AND {at:e})"
)
SCHEME_TOTALS: LiteralString = (
    "(SELECT" + SUMS + "FROM model.entry AS e WHERE e.scheme_id = {self}.scheme_id AND {at:e})"
)
FACILITY_TOTALS: LiteralString = (
    "(SELECT" + SUMS + "FROM model.entry AS e WHERE e.facility_id = {self}.facility_id AND {at:e})"
)
PERIOD_BY_SECTOR: LiteralString = (
    "(SELECT e.sector_group, "
    + SUMS
    + "FROM model.entry AS e WHERE e.period = {self}.code AND {at:e} GROUP BY e.sector_group)"
)
PERIOD_BY_PROVINCE: LiteralString = (
    "(SELECT a.at_code, a.at_valid_from, "
    + SUMS
    + """FROM model.entry AS e
    JOIN model.province_at AS a
      ON a.code = e.province_code AND a.valid_from = e.province_from
     AND CASE {arg:geography::text}
         WHEN 'TODAY' THEN a.at_from <= {today} AND a.at_to > {today}
         ELSE a.at_from = a.valid_from END
    WHERE e.period = {self}.code AND {at:e}
    GROUP BY a.at_code, a.at_valid_from)"""
)


@strawberry.interface(description="Sums of ledger entries (tổng hợp). All are stocks, in đồng.")
class Sums:
    """What was promised and what was paid; sums of no entries are 0, a true statement."""

    total: Vnd = column("Grants committed and counterpart pledged (tổng kinh phí). A stock.")
    grant: Vnd = column("Grants committed, net (kinh phí khuyến công). A stock.")
    counterpart: Vnd = column("Counterpart pledged (vốn đối ứng). A stock.")
    disbursed: Vnd = column("Grants paid, net of reversals (đã giải ngân). A stock.")
    facilities: int = column("Distinct facilities behind these sums (số cơ sở).")


@strawberry.type(description="Sums over a whole: a period, a scheme, a facility.")
class Totals(Sums):
    """Sums of all entries of one thing."""

    table: ClassVar = _SUMMED


@strawberry.type(description="Sums of one group of industries.")
class SectorTotals(Sums):
    """Sums by sector as classified when the beneficiary was assigned."""

    table: ClassVar = _SUMMED

    sector: Annotated["Sector", strawberry.lazy("schema.place")] | None = one(
        "{other}.code = {self}.sector_group", "The group of industries (nhóm ngành)."
    )


@strawberry.type(description="Sums of one province.")
class ProvinceTotals(Sums):
    """Sums by the place the beneficiary had when it was assigned, on the map asked for."""

    table: ClassVar = _SUMMED

    province: Annotated["Province", strawberry.lazy("schema.place")] | None = one(
        "{other}.code = {self}.at_code AND {other}.valid_from = {self}.at_valid_from",
        "The province (tỉnh, thành phố) on the map asked for.",
    )
