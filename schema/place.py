"""Places: provinces as they stood, and what they have become."""

from datetime import date
from typing import ClassVar

import strawberry

from schema.planner.source import Table, Time, column, expression, one
from schema.relay import Node

PROVINCE = Table(
    rows="model.province", key=("name_sort::text", "code::text", "valid_from::date"), time=Time.NONE
)


@strawberry.type(description="A province (tỉnh, thành phố) as it stood from a date on.")
class Province(Node):
    """Codes are reused: 15 was Yên Bái and is Lào Cai now. The identity is (code, validFrom)."""

    table: ClassVar = PROVINCE
    by_id: ClassVar = "'province-' || {other}.code || '-' || {other}.valid_from = {arg:id::text}"

    id: strawberry.ID = expression(
        "'province-' || {self}.code || '-' || {self}.valid_from", "Global identity."
    )
    code: str = column("Statistical code (mã tỉnh); never unique without `validFrom`.")
    name: str = column("Official name.")
    name_en: str = column("Name in ASCII letters.")
    region: str = column("Geographic region (vùng).")
    unit_type: str = column("`province` or `municipality`.")
    valid_from: date = column("First day of this unit.")
    valid_to: date | None = expression(
        "nullif({self}.valid_to, 'infinity')", "First day it was no more; null while it lives."
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


@strawberry.type(description="A group of industries (nhóm ngành) of the programme.")
class Sector:
    """Textiles, engineering, farm produce …, over classes of VSIC."""

    table: ClassVar = Table(rows="model.sector_group", key=("code::text",), time=Time.NONE)

    code: str = column("Stable code.")
    name: str = column("Vietnamese name.")
    name_en: str = column("English name.")


@strawberry.type(description="How much of a territory is covered (mức độ bao phủ địa bàn).")
class Coverage:
    """Provinces with at least one beneficiary, out of those the centre serves."""

    table: ClassVar = Table(rows="model.beneficiary", key=("provinces::bigint",), time=Time.NONE)

    provinces: int = column("Provinces with a beneficiary.")
    of: int = column("Provinces of the territory.")
    names: list[str] = column("Their names, in Vietnamese alphabetical order.")
