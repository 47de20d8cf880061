"""Sectors are known by version and code, and fall into the groups of the report."""

from datetime import date, timedelta

import pytest

from events.identity import SectorRef, nfc
from events.sectors import (
    SECTOR_GROUPS,
    SECTORS,
    VSIC_2018,
    VSIC_2025,
    SectorVersionNotInForce,
    UnknownSector,
    checked_sector,
    checked_sector_on,
    sector,
)


def group_of(ref: SectorRef) -> str:
    return checked_sector(ref).group


def ref(code: str) -> SectorRef:
    return SectorRef(version=VSIC_2018, code=code)


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("13", "TEXTILES"),
        ("1311", "TEXTILES"),
        ("14100", "TEXTILES"),
        ("25920", "ENGINEERING"),
        ("2821", "ENGINEERING"),
        ("33", "ENGINEERING"),
        ("1030", "FARM_PRODUCE"),
        ("10760", "FARM_PRODUCE"),
        ("1080", "FARM_PRODUCE"),
        ("11", "FARM_PRODUCE"),
        ("31001", "WOOD"),
    ],
)
def test_the_goods_of_the_article_fall_into_their_groups(code: str, group: str) -> None:
    assert group_of(ref(code)) == group


def test_the_three_groups_of_the_article_come_first() -> None:
    assert [each.name for each in SECTOR_GROUPS[:3]] == ["Dệt may", "Cơ khí", "Chế biến nông sản"]


def test_every_manufacturing_division_is_known() -> None:
    divisions = {each.ref.code for each in SECTORS if len(each.ref.code) == 2}
    assert divisions == {str(number) for number in range(10, 34)}


def test_every_sector_stands_below_a_known_one_of_its_own_group() -> None:
    groups = {each.code for each in SECTOR_GROUPS}
    for each in SECTORS:
        assert each.group in groups
        assert each.name == nfc(each.name)
        if len(each.ref.code) > 2:
            assert group_of(ref(each.ref.code[:2])) == each.group


def test_the_same_digits_in_another_version_are_another_sector() -> None:
    other = SectorRef(version=VSIC_2025, code="1311")
    assert sector(other) is None
    with pytest.raises(UnknownSector):
        group_of(other)
    assert group_of(SectorRef(version=VSIC_2025, code="13")) == "TEXTILES"


def test_a_version_is_named_from_the_day_on_which_it_came_into_force() -> None:
    new, day = SectorRef(version=VSIC_2025, code="13"), date(2025, 11, 15)
    assert checked_sector_on(new, day).ref == new
    with pytest.raises(SectorVersionNotInForce) as refused:
        checked_sector_on(new, day - timedelta(days=1))
    assert "2025-11-15" in refused.value.message
    assert "2025-11-15" in refused.value.message_vi
    for on in (date(2016, 1, 1), day, date(2026, 1, 1)):
        assert checked_sector_on(ref("1311"), on).ref == ref("1311")
