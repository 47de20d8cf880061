"""What the law lets the fund give: reference data that is dated, recorded, and says its paper."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, LiteralString

import strawberry

from events.money import Vnd
from events.vocabulary import Activity, CapUnit, Certainty, FundingSource, UnitKind, UrbanClass
from schema.place import Province, Sector
from schema.planner.declare import argument, column, expression, many, one
from schema.planner.source import Table, Time

if TYPE_CHECKING:
    from schema.event import Event

_OF_ACTIVITY: LiteralString = (
    " AND ({arg:activity::text} IS NULL OR x.activity = {arg:activity::text})"
)


def _in_force(table: LiteralString, more: LiteralString = "") -> LiteralString:
    """The lines in force on the day that is asked for; without one, all that ever were."""
    return (
        "(SELECT x.* FROM "
        + table
        + """ AS x
        WHERE {at:x} AND ({arg:on::date} IS NULL
            OR x.valid_from <= {arg:on::date} AND x.valid_to > {arg:on::date})"""
        + more
        + ")"
    )


SUPPORT_CAPS = _in_force("model.support_cap", _OF_ACTIVITY)
ADVANCE_LIMITS = _in_force("model.advance_limit", _OF_ACTIVITY)
ELIGIBLE_PLACES = _in_force("model.eligible_place")


def _last_day() -> Any:
    """What a line says of its end."""
    return expression(
        "nullif({self}.valid_to, 'infinity')",
        "First day no longer in force; null while it is (ngày hết hiệu lực).",
    )


def _told_by(meaning: str) -> Any:
    """The event behind a line."""
    return one("{other}.position = {self}.position", meaning)


_SET = "The event that set it; null: it came with the ledger's software (sự kiện)."
_ISSUED = "The event that issued it first; null: it came with the software alone (sự kiện)."


@strawberry.type(description="The most that may be given to an activity (định mức hỗ trợ).")
class SupportCap:
    """One line of a circular or a resolution, during its time in force."""

    table: ClassVar = Table(
        rows="model.support_cap", key=("subject::text", "valid_from::date"), time=Time.KNOWN
    )

    activity: Activity = column("What is supported (nội dung hỗ trợ).")
    source: FundingSource = column("Whose money it limits (nguồn vốn).")
    share_pct: int | None = column(
        "At most this share of the cost, in hundredths; null: none is set (tỷ lệ tối đa)."
    )
    cap: Vnd | None = column(
        "The most, in đồng; null: the law sets no amount, which is not 0 (mức tối đa)."
    )
    unit: CapUnit = column("What the amount is for (đơn vị tính).")
    valid_from: date = column("First day in force (ngày có hiệu lực).")
    valid_to: date | None = _last_day()
    legal_basis: str = column("The instrument that sets it (căn cứ pháp lý).")
    certainty: Certainty = column("Whether it was read in the instrument itself (độ tin cậy).")
    province: Province | None = one(
        "{other}.code = {self}.province_code AND {other}.valid_from = {self}.province_from",
        "Whose council set it; null: it holds for the whole country (tỉnh, thành phố).",
    )
    event: Annotated["Event", strawberry.lazy("schema.event")] | None = _told_by(_SET)


@strawberry.type(description="The most that may be paid ahead of acceptance (mức tạm ứng).")
class AdvanceRule:
    """One line of a circular, during its time in force."""

    table: ClassVar = Table(
        rows="model.advance_limit", key=("subject::text", "valid_from::date"), time=Time.KNOWN
    )

    activity: Activity = column("What is supported (nội dung hỗ trợ).")
    share_pct: int = column(
        "At most this share of what is promised, in hundredths (tỷ lệ tạm ứng)."
    )
    needs_progress: bool = column(
        "Whether nothing may be paid ahead before half of the work is done (phải có khối lượng)."
    )
    valid_from: date = column("First day in force (ngày có hiệu lực).")
    valid_to: date | None = _last_day()
    legal_basis: str = column("The instrument that sets it (căn cứ pháp lý).")
    certainty: Certainty = column("Whether it was read in the instrument itself (độ tin cậy).")
    event: Annotated["Event", strawberry.lazy("schema.event")] | None = _told_by(_SET)


@strawberry.type(description="A kind of place that the fund supports (địa bàn được hưởng).")
class EligiblePlace:
    """One line of a decree, during its time in force."""

    table: ClassVar = Table(
        rows="model.eligible_place", key=("subject::text", "valid_from::date"), time=Time.KNOWN
    )

    unit_kind: UnitKind = column("Kind of unit of the lowest level (loại đơn vị cấp xã).")
    urban_class: UrbanClass | None = column(
        "Only wards of cities of this class; null: whatever the class (loại đô thị)."
    )
    years_since_commune: int | None = column(
        "Only for so many years after a commune became the ward; null: for ever (số năm)."
    )
    valid_from: date = column("First day in force (ngày có hiệu lực).")
    valid_to: date | None = _last_day()
    legal_basis: str = column("The instrument that sets it (căn cứ pháp lý).")
    certainty: Certainty = column("Whether it was read in the instrument itself (độ tin cậy).")
    event: Annotated["Event", strawberry.lazy("schema.event")] | None = _told_by(_SET)


@strawberry.type(
    description="A version of the classification of economic activity (hệ thống ngành)."
)
class SectorClassification:
    """VSIC 2018, VSIC 2025, and whatever is issued after them."""

    table: ClassVar = Table(
        rows="model.sector_classification", key=("version::text",), time=Time.KNOWN
    )

    version: str = column("What facilities name it by (phiên bản).")
    name: str = column("Official name (tên hệ thống ngành).")
    valid_from: date = column("First day in force (ngày có hiệu lực).")
    legal_basis: str = column("The instrument that issues it (căn cứ pháp lý).")
    event: Annotated["Event", strawberry.lazy("schema.event")] | None = _told_by(_ISSUED)


@strawberry.type(description="A class of economic activity in one version (mã ngành).")
class SectorCode:
    """The same digits mean other things in another version."""

    table: ClassVar = Table(
        rows="model.sector", key=("version::text", "code::text"), time=Time.KNOWN
    )

    version: str = column("Version of the classification (phiên bản).")
    code: str = column("Its digits (mã ngành).")
    name: str = column("Official name (tên ngành).")
    name_en: str = column("English name (tên tiếng Anh).")
    group: Sector | None = one(
        "{other}.code = {self}.group_code", "The group that reports sum it under (nhóm ngành)."
    )
    event: Annotated["Event", strawberry.lazy("schema.event")] | None = _told_by(_ISSUED)


ON = argument("on", date | None, "Those in force on this day; null: all that ever were.")
OF_ACTIVITY = argument("activity", Activity | None, "On this activity; null: on every one.")


@strawberry.type(description="The law of the fund, by its days (chính sách hỗ trợ).")
class LawInForce:
    """What may be asked of the law of the fund."""

    support_caps: list[SupportCap] = many(
        "true",
        "The most that may be given, by activity and day: on a day, or whenever (định mức hỗ trợ).",
        rows=SUPPORT_CAPS,
        arguments=(ON, OF_ACTIVITY),
    )
    advance_limits: list[AdvanceRule] = many(
        "true",
        "The most that may be paid ahead, by activity and day: on a day, or whenever (tạm ứng).",
        rows=ADVANCE_LIMITS,
        arguments=(ON, OF_ACTIVITY),
    )
    eligible_places: list[EligiblePlace] = many(
        "true",
        "Kinds of places that the fund supports: on a day, or whenever (địa bàn được hưởng).",
        rows=ELIGIBLE_PLACES,
        arguments=(ON,),
    )
    sector_classifications: list[SectorClassification] = many(
        "true", "Versions of the classification of economic activity (hệ thống ngành kinh tế)."
    )
    sector_codes: list[SectorCode] = many(
        "{other}.version = {arg:version::text}",
        "Classes of economic activity of one version, by code (mã ngành).",
        arguments=(argument("version", str, "Version of the classification."),),
    )
