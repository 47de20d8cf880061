"""Places: provinces as they stood, and what they have become."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from schema.planner.declare import column, expression, many, one
from schema.planner.source import Table, Time
from schema.relay import Connection, Node
from schema.totals import Totals, summed

if TYPE_CHECKING:
    from schema.commitment import Commitment
    from schema.entry import Entry
    from schema.facility import Facility
    from schema.organisation import Organisation
    from schema.scheme import Beneficiary

PROVINCE = Table(
    rows="model.province", key=("name_sort::text", "code::text", "valid_from::date"), time=Time.NONE
)


@strawberry.type(description="A province (tỉnh, thành phố) as it stood from a date on.")
class Province(Node):
    """Codes are reused: 15 was Yên Bái and is Lào Cai now. The identity is (code, validFrom)."""

    table: ClassVar = PROVINCE
    by_id: ClassVar = "'province-' || {other}.code || '-' || {other}.valid_from = {id}"

    id: strawberry.ID = expression(
        "'province-' || {self}.code || '-' || {self}.valid_from", "Global identity (mã toàn cục)."
    )
    code: str = column("Statistical code (mã tỉnh); never unique without `validFrom`.")
    name: str = column("Official name (tên chính thức).", sort="name_sort", fold="name_fold")
    name_en: str = column("Name in ASCII letters (tên không dấu).")
    region: str = column("Geographic region (vùng).")
    unit_type: str = column(
        "`province` (tỉnh) or `municipality` (thành phố trực thuộc trung ương)."
    )
    valid_from: date = column("First day of this unit (ngày thành lập).")
    valid_to: date | None = expression(
        "nullif({self}.valid_to, 'infinity')",
        "First day it was no more; null while it lives (ngày sáp nhập).",
    )
    today: "Province | None" = one(
        "true",
        "The unit it has become by today (đơn vị hiện nay).",
        rows="""(
            SELECT p.*
            FROM model.province_at AS a
            JOIN model.province AS p ON p.code = a.at_code AND p.valid_from = a.at_valid_from
            WHERE a.code = {self}.code
              AND a.valid_from = {self}.valid_from
              AND a.at_from <= {today}
              AND a.at_to > {today}
        )""",
    )
    predecessors: list["Province"] = many(
        "true",
        "The units that became part of it (đơn vị hợp thành).",
        rows="""(
            SELECT DISTINCT p.*
            FROM model.province_at AS a
            JOIN model.province AS p ON p.code = a.code AND p.valid_from = a.valid_from
            WHERE a.at_code = {self}.code
              AND a.at_valid_from = {self}.valid_from
              AND (a.code, a.valid_from) <> ({self}.code, {self}.valid_from)
        )""",
    )
    centres: list[Annotated["Organisation", strawberry.lazy("schema.organisation")]] = many(
        "true",
        "The centres that serve it (trung tâm phụ trách).",
        rows="""(
            SELECT o.*
            FROM model.territory AS x
            JOIN model.organisation AS o ON o.organisation_id = x.organisation_id AND {at:o}
            WHERE x.province_code = {self}.code AND x.province_from = {self}.valid_from AND {at:x}
        )""",
    )
    facilities: Connection[Annotated["Facility", strawberry.lazy("schema.facility")]] = many(
        "{other}.province_code = {self}.code AND {other}.province_from = {self}.valid_from",
        "Facilities that stand in it (cơ sở).",
    )
    beneficiaries: Connection[Annotated["Beneficiary", strawberry.lazy("schema.scheme")]] = many(
        "{other}.province_code = {self}.code AND {other}.province_from = {self}.valid_from",
        "Facilities chosen while they stood in it (đơn vị thụ hưởng).",
    )
    commitments: Connection[Annotated["Commitment", strawberry.lazy("schema.commitment")]] = many(
        "{other}.province_code = {self}.code AND {other}.province_from = {self}.valid_from",
        "Promised to those (cam kết hỗ trợ).",
    )
    entries: Connection[Annotated["Entry", strawberry.lazy("schema.entry")]] = many(
        "{other}.province_code = {self}.code AND {other}.province_from = {self}.valid_from",
        "Entries for those (bút toán).",
    )
    totals: Totals = summed(
        "{other}.province_code = {self}.code AND {other}.province_from = {self}.valid_from",
        "Sums of those entries (tổng hợp).",
    )


@strawberry.type(description="A group of industries (nhóm ngành) of the programme.")
class Sector(Node):
    """Textiles, engineering, farm produce …, over classes of VSIC."""

    table: ClassVar = Table(rows="model.sector_group", key=("code::text",), time=Time.NONE)
    by_id: ClassVar = "{other}.code = substr({id}, length('sector-') + 1)"

    id: strawberry.ID = expression("'sector-' || {self}.code", "Global identity (mã toàn cục).")
    code: str = column("Stable code.")
    name: str = column("Vietnamese name (tên nhóm ngành).")
    name_en: str = column("English name (tên tiếng Anh).")
    facilities: Connection[Annotated["Facility", strawberry.lazy("schema.facility")]] = many(
        "{other}.sector_group = {self}.code",
        "Facilities of this group (cơ sở).",
    )
    beneficiaries: Connection[Annotated["Beneficiary", strawberry.lazy("schema.scheme")]] = many(
        "{other}.sector_group = {self}.code",
        "Facilities chosen while of this group (đơn vị thụ hưởng).",
    )
    commitments: Connection[Annotated["Commitment", strawberry.lazy("schema.commitment")]] = many(
        "{other}.sector_group = {self}.code",
        "Promised to those (cam kết hỗ trợ).",
    )
    entries: Connection[Annotated["Entry", strawberry.lazy("schema.entry")]] = many(
        "{other}.sector_group = {self}.code",
        "Entries for those (bút toán).",
    )
    totals: Totals = summed(
        "{other}.sector_group = {self}.code", "Sums of those entries (tổng hợp)."
    )


@strawberry.type(description="How much of a territory is covered (mức độ bao phủ địa bàn).")
class Coverage:
    """Provinces with at least one beneficiary, out of those the centre serves."""

    table: ClassVar = Table(rows="model.beneficiary", key=("provinces::bigint",), time=Time.NONE)

    provinces: int = column("Provinces with a beneficiary (tỉnh có cơ sở thụ hưởng).")
    of: int = column("Provinces of the territory (tỉnh trong địa bàn).")
    names: list[str] = column("Their names, in Vietnamese alphabetical order (tên các tỉnh).")
