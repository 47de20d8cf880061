"""Places below the province (đơn vị hành chính cấp xã, cấp huyện), as a facility names them.

Nobody has the list of all communes through time here: codes are checked by their form, kinds and
districts by the day. What matters to the fund is the kind of the place: see `eligibility`.
"""

import re
from datetime import date

from events.rules import Refusal, refusal, value
from events.text import required
from events.vocabulary import UnitKind, UrbanClass

TWO_TIERS = date(2025, 7, 1)
"""From here on there are provinces and communes, and nothing between (Luật 72/2025/QH15)."""

_COMMUNE_CODE, _DISTRICT_CODE = re.compile(r"[0-9]{5}"), re.compile(r"[0-9]{3}")


@value
class CommuneRef:
    """A unit of the lowest level (đơn vị hành chính cấp xã), as it stood on the day."""

    code: str
    """Its code, of five digits (mã đơn vị hành chính; QĐ 124/2004/QĐ-TTg, QĐ 19/2025/QĐ-TTg)."""
    name: str
    unit_kind: UnitKind
    urban_class: UrbanClass | None = None
    converted_on: date | None = None


@value
class DistrictRef:
    """A unit of the level that was abolished (đơn vị hành chính cấp huyện)."""

    code: str
    """Its code, of three digits (mã đơn vị hành chính; QĐ 124/2004/QĐ-TTg)."""
    name: str


@refusal(rule="QĐ 124/2004/QĐ-TTg; QĐ 19/2025/QĐ-TTg: a commune has five digits, a district three")
class InvalidUnitCode(Refusal):
    """{field} "{text}" is no code of an administrative unit.

    {field} "{text}" không phải là mã đơn vị hành chính.
    """

    field: str
    text: str


@refusal(rule="Luật 72/2025/QH15: there is no district from 2025-07-01")
class DistrictAbolished(Refusal):
    """District {district_code} is named for {on}: there are no districts from 2025-07-01.

    Ngày {on} không còn cấp huyện (mã {district_code}): cấp huyện kết thúc hoạt động từ 2025-07-01.
    """

    district_code: str
    on: date


@refusal(rule="Luật 72/2025/QH15: townships until 2025-06-30, special zones from 2025-07-01")
class UnknownUnitKindAtDate(Refusal):
    """On {on} no place is a {unit_kind}.

    Ngày {on} không có đơn vị hành chính nào là {unit_kind}.
    """

    unit_kind: UnitKind
    on: date


def checked_commune(commune: CommuneRef, on: date) -> CommuneRef:
    """The commune with its name cleaned. Refuses a code or a kind that was none on that day."""
    if _COMMUNE_CODE.fullmatch(commune.code) is None:
        raise InvalidUnitCode(field="commune", text=commune.code)
    missing = UnitKind.SPECIAL_ZONE if on < TWO_TIERS else UnitKind.TOWNSHIP
    if commune.unit_kind is missing:
        raise UnknownUnitKindAtDate(unit_kind=commune.unit_kind, on=on)
    return CommuneRef(
        code=commune.code,
        name=required("commune", commune.name),
        unit_kind=commune.unit_kind,
        urban_class=commune.urban_class,
        converted_on=commune.converted_on,
    )


def checked_district(district: DistrictRef, on: date) -> DistrictRef:
    """The district with its name cleaned. Refuses one that is named for a day without districts."""
    if _DISTRICT_CODE.fullmatch(district.code) is None:
        raise InvalidUnitCode(field="district", text=district.code)
    if on >= TWO_TIERS:
        raise DistrictAbolished(district_code=district.code, on=on)
    return DistrictRef(code=district.code, name=required("district", district.name))
