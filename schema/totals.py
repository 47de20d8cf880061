"""Sums of ledger entries: as a whole, by group, by interval; each opens down to its entries.

What a type can say of the entries it sums stands in `measures.py`. A stock (số dư) is what stands
at a moment, a flow (phát sinh) what moved in between.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, LiteralString

import strawberry
from strawberry.types.lazy_type import LazyType

from events.money import Vnd
from events.vocabulary import FundingSource, SchemeClass
from schema.measures import FLOWS, MEASURES
from schema.planner.declare import (
    argument,
    behind,
    behind_events,
    column,
    expression,
    one,
    part,
    planned,
)
from schema.planner.groups import Dimension
from schema.planner.source import Series, Summed, Table, Time
from schema.relay import Connection
from schema.scalars import FundingLevel, Geography, Interval, Ratio, TotalsDimension

if TYPE_CHECKING:
    from schema.entry import Entry
    from schema.event import Event
    from schema.facility import Facility
    from schema.organisation import Organisation
    from schema.period import Period
    from schema.place import Province, Sector
    from schema.scheme import Scheme

_ENTRY = LazyType("Entry", "schema.entry")
_SUMMED = Table(rows="model.entry", key=(), time=Time.LINES)


@strawberry.interface(
    description="Sums of ledger entries (tổng hợp); amounts are stocks (số dư), in đồng."
)
class Sums:
    """What was promised and what was paid; sums of no entries are 0, a true statement."""

    total: Vnd = column("Grants committed and counterpart pledged (tổng kinh phí). A stock.")
    grant: Vnd = column("Grants committed, net (kinh phí khuyến công). A stock.")
    counterpart: Vnd = column("Counterpart pledged (vốn đối ứng). A stock.")
    disbursed: Vnd = column("Grants paid, net of reversals (đã giải ngân). A stock.")
    undisbursed: Vnd = expression(
        "({self}.grant - {self}.disbursed)", "Granted and not yet paid (chưa giải ngân). A stock."
    )
    settled: Vnd = column("Settled amounts (đã quyết toán). A stock.")
    facilities: int = column("Distinct facilities behind these sums (số cơ sở).")
    schemes: int = column("Distinct schemes behind these sums (số đề án).")
    commitments: int = column("Distinct commitments behind these sums (số cam kết).")
    entry_count: int = column("How many entries these sums are made of (số bút toán).")
    leverage: Ratio | None = expression(
        "{self}.counterpart::numeric / nullif({self}.grant, 0)",
        "Counterpart for each đồng of grant (hệ số huy động vốn); null without a grant.",
    )
    disbursement_rate: Ratio | None = expression(
        "{self}.disbursed::numeric / nullif({self}.grant, 0)",
        "Paid of what was granted (tỷ lệ giải ngân); null without a grant.",
    )
    entries: Connection[Annotated["Entry", strawberry.lazy("schema.entry")]] = behind(
        "The entries these sums are made of, in order of recording (bút toán)."
    )
    events: Connection[Annotated["Event", strawberry.lazy("schema.event")]] = behind_events(
        "The events that made those entries, oldest first (sự kiện)."
    )


@strawberry.type(
    description="Sums of all entries of one thing (tổng hợp): of a period, a scheme, a facility …"
)
class Totals(Sums):
    """Sums of all entries of one thing."""

    table: ClassVar = _SUMMED
    measures: ClassVar = MEASURES


@strawberry.type(
    description="Sums of one group of entries, and what it was grouped by (nhóm tổng hợp)."
)
class GroupTotals(Sums):
    """What a dimension is not grouped by is null; in a roll-up, `grouped` says which are."""

    table: ClassVar = _SUMMED
    measures: ClassVar = MEASURES
    dimensions: ClassVar[Mapping[str, Dimension]] = {
        "PERIOD": Dimension(columns={"period_code::text": "{self}.period"}),
        "SCHEME_CLASS": Dimension(columns={"scheme_class::text": "{self}.scheme_class"}),
        "SCHEME": Dimension(columns={"scheme_id::text": "{self}.scheme_id"}),
        "FACILITY": Dimension(columns={"facility_id::text": "{self}.facility_id"}),
        "PROVINCE": Dimension(
            columns={
                "province_code::text": "{self}.province_code",
                "province_from::date": "{self}.province_from",
            }
        ),
        "SECTOR": Dimension(columns={"sector_group::text": "{self}.sector_group"}),
        "CENTRE": Dimension(
            columns={"implementer::text": "s.implementer"},
            # An entry may be effective before its scheme is: no money is lost then either.
            join="LEFT JOIN model.scheme AS s ON s.scheme_id = {self}.scheme_id AND {at:s}",
        ),
        "SOURCE": Dimension(columns={"source::text": "{self}.source"}),
        "LEVEL": Dimension(
            columns={
                "level::text": "CASE {self}.source WHEN 'NATIONAL_GRANT' THEN 'NATIONAL'"
                " WHEN 'LOCAL_GRANT' THEN 'LOCAL' ELSE 'FACILITY' END"
            }
        ),
        "BUDGET_YEAR": Dimension(columns={"budget_year::bigint": "{self}.budget_year"}),
        "MONTH": Dimension(
            columns={"month::date": "date_trunc('month', {self}.effective_on)::date"}
        ),
    }
    # Before its beginning a province is itself, so that no money is lost on an older map.
    maps: ClassVar[Mapping[str, Dimension]] = {
        "TODAY": Dimension(
            columns={"province_code::text": "a.at_code", "province_from::date": "a.at_valid_from"},
            join="JOIN model.province_at AS a ON a.code = {self}.province_code"
            " AND a.valid_from = {self}.province_from"
            " AND a.at_from <= {today} AND a.at_to > {today}",
        ),
        "ON_DAY": Dimension(
            columns={"province_code::text": "a.at_code", "province_from::date": "a.at_valid_from"},
            join="JOIN model.province_at AS a ON a.code = {self}.province_code"
            " AND a.valid_from = {self}.province_from"
            " AND a.at_from <= greatest({arg:geographyOn::date}, a.valid_from)"
            " AND a.at_to > greatest({arg:geographyOn::date}, a.valid_from)",
        ),
    }

    grouped: list[TotalsDimension] = column(
        "What it is grouped by, in order; in a roll-up fewer than asked for (chiều tổng hợp)."
    )
    share_of_total: Ratio | None = expression(
        "{self}.total::numeric / nullif({self}.whole_total, 0)",
        "Part of `total` of all groups (tỷ trọng); null where that is 0.",
    )
    share_of_grant: Ratio | None = expression(
        "{self}.grant::numeric / nullif({self}.whole_grant, 0)",
        "Part of `grant` of all groups (tỷ trọng kinh phí khuyến công); null where that is 0.",
    )
    period: Annotated["Period", strawberry.lazy("schema.period")] | None = one(
        "{other}.code = {self}.period_code", "The period (giai đoạn)."
    )
    scheme_class: SchemeClass | None = column("The class of scheme (loại đề án).")
    scheme: Annotated["Scheme", strawberry.lazy("schema.scheme")] | None = one(
        "{other}.scheme_id = {self}.scheme_id", "The scheme (đề án)."
    )
    facility: Annotated["Facility", strawberry.lazy("schema.facility")] | None = one(
        "{other}.facility_id = {self}.facility_id", "The facility (cơ sở thụ hưởng)."
    )
    province: Annotated["Province", strawberry.lazy("schema.place")] | None = one(
        "{other}.code = {self}.province_code AND {other}.valid_from = {self}.province_from",
        "The province (tỉnh, thành phố) on the map asked for.",
    )
    sector: Annotated["Sector", strawberry.lazy("schema.place")] | None = one(
        "{other}.code = {self}.sector_group", "The group of industries (nhóm ngành)."
    )
    centre: Annotated["Organisation", strawberry.lazy("schema.organisation")] | None = one(
        "{other}.organisation_id = {self}.implementer", "Who carries it out (trung tâm)."
    )
    source: FundingSource | None = column("Where the money comes from (nguồn vốn).")
    level: FundingLevel | None = column("Whose money it is (cấp nguồn vốn).")
    budget_year: int | None = column("The budget year (niên độ ngân sách).")
    month: date | None = column("First day of the month of the effective date (tháng).")


@strawberry.type(description="What moved in an interval (phát sinh trong kỳ). All are flows.")
class Flows:
    """Sums of entries between two moments, in đồng."""

    table: ClassVar = _SUMMED
    measures: ClassVar = FLOWS

    total: Vnd = column(
        "Grants committed and counterpart pledged (tổng kinh phí). A flow.", "flow_total"
    )
    grant: Vnd = column("Grants committed, net (kinh phí khuyến công). A flow.", "flow_grant")
    counterpart: Vnd = column("Counterpart pledged (vốn đối ứng). A flow.", "flow_counterpart")
    disbursed: Vnd = column("Grants paid, net of reversals (giải ngân). A flow.", "flow_disbursed")
    settled: Vnd = column("Settled amounts (quyết toán). A flow.", "flow_settled")
    entry_count: int = column("How many entries there were (số bút toán).", "flow_entry_count")


@strawberry.type(description="What stood at an interval's end (số dư cuối kỳ). All are stocks.")
class Stocks:
    """Sums of entries from the beginning to a moment, in đồng."""

    total: Vnd = column(
        "Grants committed and counterpart pledged (tổng kinh phí). A stock.", "stock_total"
    )
    grant: Vnd = column("Grants committed, net (kinh phí khuyến công). A stock.", "stock_grant")
    counterpart: Vnd = column("Counterpart pledged (vốn đối ứng). A stock.", "stock_counterpart")
    disbursed: Vnd = column(
        "Grants paid, net of reversals (giải ngân). A stock.", "stock_disbursed"
    )
    settled: Vnd = column("Settled amounts (quyết toán). A stock.", "stock_settled")
    entry_count: int = column("How many entries so far (số bút toán).", "stock_entry_count")


@strawberry.type(description="One interval of a series (kỳ), by effective date.")
class SeriesPoint:
    """Intervals follow one another without a gap, whether anything moved in them or not."""

    measures: ClassVar = FLOWS

    starts_on: date = column("First day (ngày đầu kỳ).", name="from")
    ends_on: date = column("Last day (ngày cuối kỳ).", name="to")
    flow: Flows = part("What moved in it (phát sinh trong kỳ).")
    stock: Stocks = part("What stood at its end (số dư cuối kỳ).")


_SERIES_ARGUMENTS = (
    argument("interval", Interval, "How long an interval is.", Interval.MONTH),
    argument("from", date | None, "Only intervals that end on this day or later."),
    argument("to", date | None, "Only intervals that begin on this day or earlier."),
)
_GROUP_ARGUMENTS = (
    argument(
        "groupBy",
        list[TotalsDimension],
        "What to group by, any together; nothing: one group of everything.",
        [],
    ),
    argument(
        "rollUp",
        bool,
        "Sums of groups of groups too, up to the whole (tổng hợp nhiều cấp).",
        default=False,
    ),
    argument(
        "geography", Geography, "Which map provinces are counted on (địa giới).", Geography.AT_EVENT
    ),
    argument("geographyOn", date | None, "Count provinces on the map of this day instead."),
    argument("first", int | None, "How many groups: 1 to 1,000; 100 if nothing is said."),
)

_MOVED: list[LiteralString] = [
    each.entries.replace("{self}", "e") + " AS flow_" + name for name, each in FLOWS.items()
]
BETWEEN: LiteralString = (
    "(SELECT " + ", ".join(_MOVED) + " FROM model.entry AS e"
    " WHERE e.position > {self}.from_position AND e.position <= {self}.to_position AND {at:e})"
)
"""The flows between two positions that a row names."""


def summed(on: LiteralString, description: str) -> Any:
    """Sums of all entries that meet a condition over `{other}`, an entry."""
    return planned(Summed(_ENTRY, on), description)


def grouped(on: LiteralString, description: str) -> Any:
    """Sums of those entries by group."""
    return planned(Summed(_ENTRY, on), description, arguments=_GROUP_ARGUMENTS)


def grouped_by(dimension: str, on: LiteralString, description: str, instead: str) -> Any:
    """Sums by one dimension, from before `grouped` was there. `instead`: what to ask now."""
    map_ = [each for each in _GROUP_ARGUMENTS if each.python_name == "geography"]
    return planned(
        Summed(_ENTRY, on, (dimension,)),
        description,
        arguments=map_ if dimension == "PROVINCE" else (),
        deprecated=instead,
    )


def series(on: LiteralString, description: str) -> Any:
    """Sums of those entries by interval."""
    return planned(Series(_ENTRY, on), description, arguments=_SERIES_ARGUMENTS)
