"""Vietnamese text sorts as in a dictionary and is found without its diacritics."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from events.geography import live
from events.text import fold, sort_key
from tests.histories import UNHURRIED
from tests.world import MERGED


def in_order(texts: list[str]) -> list[str]:
    backwards = texts[::-1]
    return sorted(backwards, key=lambda text: sort_key(text).encode())


def test_letters_come_in_the_order_of_the_alphabet() -> None:
    alphabet: list[str] = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
    assert in_order(alphabet) == alphabet


def test_tones_come_after_letters_in_their_order() -> None:
    """Ngang, huyền, hỏi, ngã, sắc, nặng; but any later letter weighs more than any tone."""
    tones = ["ma", "mà", "mả", "mã", "má", "mạ", "mai", "mài"]
    assert in_order(tones) == tones


def test_case_decides_last() -> None:
    assert in_order(["hà", "Hà", "hả", "hai"]) == ["hà", "Hà", "hả", "hai"]


def test_names_come_as_in_an_atlas() -> None:
    names = [
        "An Giang",
        "Bà Rịa - Vũng Tàu",
        "Bạc Liêu",
        "Bắc Giang",
        "Bắc Kạn",
        "Bắc Ninh",
        "Bến Tre",
        "Cà Mau",
        "Cao Bằng",
        "Cần Thơ",
        "Dương Nội",
        "Đà Nẵng",
        "Đắk Lắk",
        "Đắk Nông",
        "Điện Biên",
        "Đồng Nai",
        "Hà Giang",
        "Hà Nam",
        "Hà Nội",
        "Hà Tĩnh",
        "Hải Dương",
        "Hưng Yên",
    ]
    assert in_order(names) == names


def test_no_two_provinces_share_a_key() -> None:
    standing = live(MERGED)
    assert len({sort_key(each.name) for each in standing}) == len(standing)


@UNHURRIED
@given(st.text())
def test_every_text_has_a_key_that_ignores_its_spelling_in_unicode(text: str) -> None:
    assert sort_key(unicodedata.normalize("NFD", text)) == sort_key(
        unicodedata.normalize("NFC", text)
    )


def test_a_search_needs_no_diacritics() -> None:
    assert fold("Đắk Lắk") == "dak lak"
    assert fold("CƠ KHÍ Ý YÊN") == "co khi y yen"
    assert fold("Huế") == fold("Hue\u0302\u0301") == "hue"
