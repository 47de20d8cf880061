"""Provinces through time: a code alone says nothing."""

from datetime import date, timedelta

import pytest

from events.geography import PROVINCES, at, destiny, is_live, live, live_on, province
from events.identity import ProvinceRef
from tests.world import LAO_CAI_NOW, LAO_CAI_THEN, MERGED, OLD, YEN_BAI

CONFERENCE = date(2020, 11, 5)
ARTICLE_CODES = ("08", "10", "15", "19", "35", "36", "37", "38", "40")


def name(ref: ProvinceRef) -> str:
    known = province(ref)
    assert known is not None
    return known.name


def test_63_provinces_stood_in_2020_and_34_since_july_2025() -> None:
    assert len(live(CONFERENCE)) == 63
    assert len(live(date(2025, 6, 30))) == 63
    assert len(live(date(2025, 7, 1))) == 34
    assert len(live(date(2026, 11, 1))) == 34
    assert live(date(2008, 7, 31)) == ()


def test_code_15_was_yen_bai_and_is_lao_cai() -> None:
    """Whoever joins by code alone puts every facility of Yên Bái into Lào Cai."""
    then, now = live_on("15", CONFERENCE), live_on("15", date(2025, 7, 1))
    assert (then, now) == (YEN_BAI, LAO_CAI_NOW)
    assert (name(YEN_BAI), name(LAO_CAI_NOW)) == ("Yên Bái", "Lào Cai")
    assert then != now
    by_code_alone = {each.ref.code: each.name for each in PROVINCES}
    assert by_code_alone[YEN_BAI.code] != name(YEN_BAI)


def test_the_lao_cai_of_then_lost_its_code() -> None:
    assert name(LAO_CAI_THEN) == "Lào Cai"
    assert live_on("10", date(2025, 7, 1)) is None
    assert at(LAO_CAI_THEN, MERGED) == LAO_CAI_NOW


def test_seven_codes_came_to_mean_another_province() -> None:
    meanings: dict[str, list[str]] = {}
    for each in PROVINCES:
        meanings.setdefault(each.ref.code, []).append(each.name)
    changed = {code for code, names in meanings.items() if len(set(names)) > 1}
    assert changed - {"46"} == {"15", "24", "44", "52", "80", "82", "91"}
    assert meanings["46"] == ["Thừa Thiên Huế", "Huế"]  # the same place, renamed


def test_a_province_becomes_its_successor_on_the_day_and_not_before() -> None:
    assert at(YEN_BAI, date(2025, 6, 30)) == YEN_BAI
    assert at(YEN_BAI, date(2025, 7, 1)) == LAO_CAI_NOW


def test_a_chain_of_two_successors_is_followed() -> None:
    binh_phuoc = ProvinceRef(code="70", valid_from=OLD)
    city = ProvinceRef(code="75", valid_from=date(2026, 4, 30))
    merged = ProvinceRef(code="75", valid_from=MERGED)
    assert destiny(binh_phuoc) == ((OLD, binh_phuoc), (MERGED, merged), (city.valid_from, city))
    assert at(binh_phuoc, date(2026, 4, 29)) == merged
    assert at(binh_phuoc, date(2026, 4, 30)) == city


def test_before_its_beginning_a_merged_province_is_itself() -> None:
    assert at(LAO_CAI_NOW, CONFERENCE) == LAO_CAI_NOW


def test_28_northern_provinces_became_18_and_the_9_of_the_article_became_6() -> None:
    north = [each.ref for each in live(CONFERENCE) if each.northern_28]
    assert len(north) == 28
    assert len({at(ref, MERGED) for ref in north}) == 18
    covered = [live_on(code, CONFERENCE) for code in ARTICLE_CODES]
    assert len({at(ref, MERGED) for ref in covered if ref}) == 6
    today = {each.ref for each in live(date(2026, 11, 1)) if each.northern_28}
    assert {at(ref, MERGED) for ref in north} == today


@pytest.mark.parametrize("each", PROVINCES, ids=lambda each: str(each.ref))
def test_every_province_ends_where_its_successor_begins(each: object) -> None:
    known = next(it for it in PROVINCES if it is each)
    if known.valid_to is None:
        assert known.successor is None
        assert at(known.ref, date(2100, 1, 1)) == known.ref
        return
    assert known.successor is not None
    assert is_live(known.successor, known.valid_to)
    assert is_live(known.ref, known.valid_to - timedelta(days=1))
    assert not is_live(known.ref, known.valid_to)


def test_at_every_moment_what_provinces_became_is_exactly_what_stands() -> None:
    for day in (OLD, CONFERENCE, date(2025, 1, 1), MERGED, date(2026, 4, 30)):
        born = [each.ref for each in PROVINCES if each.ref.valid_from <= day]
        assert {at(ref, day) for ref in born} == {each.ref for each in live(day)}


def test_a_province_that_never_was_is_unknown() -> None:
    assert province(ProvinceRef(code="99", valid_from=OLD)) is None
    assert province(ProvinceRef(code="15", valid_from=date(2020, 1, 1))) is None
    assert not is_live(ProvinceRef(code="15", valid_from=date(2020, 1, 1)), CONFERENCE)
