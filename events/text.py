"""Vietnamese text: what may be recorded, how it sorts, how it is found.

Read `required` for what the rules accept, `sort_key` for alphabetical order, `fold` for search.
"""

import re
import unicodedata
from functools import cache

from events.identity import nfc
from events.rules import Refusal, refusal

TEXT_CHARACTERS_MAX = 4_000
"""Longest text a fact carries: two pages. Longer evidence is a document with a hash."""

_UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # controls, halves of pairs
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_SHAPES = {"\u0306", "\u0302", "\u031b"}  # breve, circumflex, horn: they make another letter
_RANK = {letter: chr(ord("A") + place) for place, letter in enumerate(_LETTERS)}
_BEFORE_DIGITS, _AFTER_LETTERS, _LEVEL = "!", "~", "\t"


@refusal(rule="text is written out, composed (NFC), without control characters")
class InvalidText(Refusal):
    """{field} is empty, longer than 4000 characters, or holds control characters.

    {field} bị bỏ trống, dài quá 4000 ký tự hoặc chứa ký tự điều khiển.
    """

    field: str


def required(field: str, text: str) -> str:
    """The text in its one spelling: trimmed and composed. Refuses what cannot be read."""
    clean = nfc(text).strip()
    if not clean or len(clean) > TEXT_CHARACTERS_MAX or _UNREADABLE.search(clean):
        raise InvalidText(field=field)
    return clean


def optional(field: str, text: str | None) -> str | None:
    """As `required`; None stays None, which is not the same as empty."""
    return None if text is None else required(field, text)


def sort_key(text: str) -> str:
    """Vietnamese alphabetical order as a text that sorts by its bytes.

    Three levels, as in a Vietnamese dictionary: first the letters (a ă â b c d đ e ê …), then the
    tones (ngang huyền hỏi ngã sắc nặng), then lower case before upper.
    """
    letters: list[str] = []
    tones: list[str] = []
    cases: list[str] = []
    for character in nfc(text):
        base, tone = _parted(character)
        letters.append(_rank(base))
        tones.append(tone)
        cases.append("1" if character != character.lower() else "0")
    return _LEVEL.join(
        ("".join(letters), "".join(tones).rstrip("0"), "".join(cases).rstrip("0"))
    ).rstrip(_LEVEL)


def fold(text: str) -> str:
    """For search: lower case, no diacritics, đ as d."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@cache
def _parted(character: str) -> tuple[str, str]:
    """A letter of the alphabet in lower case, and its tone."""
    base, tone = "", "0"
    for mark in unicodedata.normalize("NFD", character.lower()):
        if mark in _TONES:
            tone = _TONES[mark]
        elif mark in _SHAPES or not unicodedata.combining(mark):
            base += mark
    return nfc(base), tone


@cache
def _rank(letter: str) -> str:
    if letter in _RANK:
        return _RANK[letter]
    if letter == " " or (letter.isascii() and letter.isdigit()):
        return letter
    return _BEFORE_DIGITS if letter.isascii() else _AFTER_LETTERS + letter
