"""Money: whole đồng, exact. Reads and writes it as Vietnamese newspapers and ledgers do.

`read_amount("181 tỷ 946,9 triệu đồng")` is 181946900000 and `write_amount` says it back; the comma
is the decimal mark and the dot parts thousands. `write_ledger` gives `181.946.900.000 ₫`.
"""

import re
from fractions import Fraction
from typing import NewType

from events.identity import nfc
from events.rules import Refusal, refusal

Vnd = NewType("Vnd", int)
"""An amount in whole đồng."""
Figure = NewType("Figure", int)
"""A whole number of any kind and size: đồng for money, a count for everything else."""

AMOUNT_MAX = 2**53 - 1
"""Largest amount: every JSON reader in the world holds it exactly. Nine million tỷ."""

_UNITS = {"tỷ": 10**9, "tỉ": 10**9, "triệu": 10**6, "nghìn": 10**3, "ngàn": 10**3}
_NUMBER = r"[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:,[0-9]+)?"
_PART = re.compile(rf"({_NUMBER})\s*(tỷ|tỉ|triệu|nghìn|ngàn)?", re.IGNORECASE)
_CURRENCY = re.compile(r"\s*(?:đồng|đ|₫|vnd|vnđ)\s*$", re.IGNORECASE)


@refusal(rule="money is whole đồng, more than nothing")
class InvalidAmount(Refusal):
    """{field} must be a whole amount above 0 and below 2^53; it was {amount}.

    {field} phải là số nguyên lớn hơn 0 và nhỏ hơn 2^53; đã nhận {amount}.
    """

    field: str
    amount: Figure


@refusal(rule="money is whole đồng, written as Vietnamese writes it")
class UnreadableAmount(Refusal):
    """Not an amount of whole đồng: "{text}".

    "{text}" không phải là một số tiền tròn đồng.
    """

    text: str


def checked_amount(field: str, amount: int) -> None:
    """Refuse an amount that is not above 0 and exact everywhere."""
    if not 0 < amount <= AMOUNT_MAX:
        raise InvalidAmount(field=field, amount=Figure(amount))


def read_amount(text: str) -> Vnd:
    """What a person wrote, in whole đồng: tỷ, triệu, nghìn, largest first."""
    rest = _CURRENCY.sub("", nfc(text)).strip()
    total, below, at = Fraction(0), None, 0
    while at < len(rest):
        part = _PART.match(rest, at)
        if part is None:
            raise UnreadableAmount(text=text)
        scale = _UNITS.get((part[2] or "").lower(), 1)
        if below is not None and scale >= below:
            raise UnreadableAmount(text=text)
        total += Fraction(part[1].replace(".", "").replace(",", ".")) * scale
        below, at = scale, part.end() + len(rest[part.end() :]) - len(rest[part.end() :].lstrip())
    if below is None or total.denominator != 1 or total > AMOUNT_MAX:
        raise UnreadableAmount(text=text)
    return Vnd(int(total))


def write_amount(amount: Vnd) -> str:
    """As a newspaper writes it, and exact: `181 tỷ 946,9 triệu đồng`."""
    billions, rest = divmod(amount, 10**9)
    said = [f"{billions} tỷ"] if billions else []
    if rest >= 10**6:
        said.append(f"{_decimal(rest, 10**6)} triệu")
    elif rest >= 10**3:
        said.append(f"{_decimal(rest, 10**3)} nghìn")
    elif rest or not said:
        said.append(str(rest))
    return " ".join((*said, "đồng"))


def write_ledger(amount: Vnd) -> str:
    """As a ledger writes it: `181.946.900.000 ₫`."""
    return f"{amount:,}".replace(",", ".") + " ₫"


def _decimal(amount: int, unit: int) -> str:
    whole, part = divmod(amount, unit)
    digits = f"{part:0{len(str(unit)) - 1}d}".rstrip("0")
    return f"{whole},{digits}" if digits else str(whole)
