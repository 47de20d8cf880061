"""One cell, read as people fill it in: amounts, days, terms and codes as Vietnam writes them.

    read(Vnd, "181 tỷ 946,9 triệu", on)      # "181946900000"
    read(date, "05/11/2020", on)             # "2020-11-05"
    read(ProvinceRef, "Nam Định", on)        # {"code": "36", "validFrom": "2008-08-01"}

What is read is what the GraphQL input takes. What cannot be read is a `CellError`.
"""

import dataclasses
import re
from datetime import UTC, date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, TypeAlias, Union, get_args, get_origin, get_type_hints

from events.dates import VIETNAM
from events.geography import live, live_on
from events.identity import ProvinceRef, SectorRef, nfc
from events.money import Figure, UnreadableAmount, Vnd, read_amount
from events.personal import Personal
from events.sectors import SECTORS
from events.text import fold
from events.wire import camel

Cell: TypeAlias = "str | float | bool | date | datetime | None"
Json: TypeAlias = Any
_Kind: TypeAlias = Any
"""A class, a NewType or a union: Python has no type that says so."""
EXACT_MAX: Final = 2**53
"""Beyond it a spreadsheet's own numbers are no longer whole."""
MANY, PARTS = ";", "/"
"""What stands between several values, and between the parts of one."""
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YES, _NO = frozenset({"co", "x", "true", "yes", "1"}), frozenset({"khong", "false", "no", "0"})


class CellError(Exception):
    """A cell that cannot be read. Both sentences are for the person who filled it in."""

    def __init__(self, english: str, vietnamese: str) -> None:
        super().__init__(english)
        self.english, self.vietnamese = english, vietnamese


def is_empty(cell: Cell) -> bool:
    """Whether nothing was filled in."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def is_optional(kind: _Kind) -> bool:
    """Whether it may be left empty."""
    return get_origin(kind) in {Union, UnionType}


def read(kind: _Kind, cell: Cell, on: date) -> Json:
    """What the cell says, as the GraphQL input takes it. Names of places hold on that day."""
    if is_optional(kind):
        inner = next(each for each in get_args(kind) if each is not NoneType)
        return None if is_empty(cell) else read(inner, cell, on)
    if get_origin(kind) is tuple:
        inner, parts = get_args(kind)[0], "" if is_empty(cell) else _text(cell)
        return [read(inner, each.strip(), on) for each in parts.split(MANY) if each.strip()]
    if kind in _READERS:
        return _READERS[kind](cell, on)
    if hasattr(kind, "__supertype__"):
        return read(kind.__supertype__, cell, on)
    if dataclasses.is_dataclass(kind):
        return _parts(kind, cell, on)
    return _term(kind, cell)


def _parts(kind: _Kind, cell: Cell, on: date) -> Json:
    """A value of several parts, in the order of its fields."""
    names = [each.name for each in dataclasses.fields(kind)]
    parts = [each.strip() for each in _text(cell).split(PARTS)]
    if len(parts) != len(names):
        wanted = f" {PARTS} ".join(map(camel, names))
        raise CellError(f"Write it as {wanted}.", f"Ghi theo dạng {wanted}.")
    hints = get_type_hints(kind)
    pairs = zip(names, parts, strict=True)
    return {camel(name): read(hints[name], part, on) for name, part in pairs}


def _term(kind: type[Enum], cell: Cell) -> str:
    """A member of a closed list, by its name or its Vietnamese term."""
    wanted = fold(_text(cell))
    for each in kind:
        if wanted in {fold(each.name), fold(str(each.value))}:
            return each.name
    known = ", ".join(str(each.value) for each in kind)
    raise CellError(f"One of these: {known}.", f"Chọn một trong: {known}.")


def _text(cell: Cell, _on: date | None = None) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # a code typed as a number
    return nfc(str(cell)).strip()


def _whole(cell: Cell, _on: date) -> int:
    is_number = isinstance(cell, float) and not isinstance(cell, bool)
    if is_number and float(cell).is_integer() and abs(cell) < EXACT_MAX:
        return int(cell)
    if isinstance(cell, str) and re.fullmatch(r"-?\d{1,15}", cell.strip()):
        return int(cell)
    raise CellError("A whole number.", "Ghi một số nguyên.")


def _amount(cell: Cell, on: date) -> str:
    if isinstance(cell, float):
        return str(_whole(cell, on))
    try:
        return str(read_amount(_text(cell)))
    except UnreadableAmount as error:
        raise CellError(error.message, error.message_vi) from None


def _day(cell: Cell, _on: date) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = _text(cell)
    found = _DAY.fullmatch(text)
    try:
        if found:
            day, month, year = map(int, found.groups())
            return date(year, month, day).isoformat()
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise CellError(
            "A day: 05/11/2020 or 2020-11-05.", "Ghi ngày: 05/11/2020 hoặc 2020-11-05."
        ) from None


def _instant(cell: Cell, _on: date) -> str:
    try:
        moment = cell if isinstance(cell, datetime) else datetime.fromisoformat(_text(cell))
    except ValueError:
        raise CellError("A time: 2020-11-05 07:11.", "Ghi thời điểm: 2020-11-05 07:11.") from None
    told = moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    return told.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _flag(cell: Cell, _on: date) -> bool:
    if isinstance(cell, bool):
        return cell
    wanted = fold(_text(cell))
    if wanted in _YES | _NO:
        return wanted in _YES
    raise CellError("Yes or no.", "Ghi có hoặc không.")


def _province(cell: Cell, on: date) -> Json:
    """By its code on that day, its name on that day, or code@first day."""
    text = _text(cell)
    code, _, since = text.partition("@")
    if since:
        return {"code": code, "validFrom": _day(since, on)}
    ref = live_on(code.zfill(2), on)
    if ref is None:
        wanted = fold(text)
        ref = next((each.ref for each in live(on) if fold(each.name) == wanted), None)
    if ref is None:
        raise CellError(
            f"No province of {on} is called or numbered {text}.",
            f"Ngày {on} không có tỉnh, thành phố nào có tên hoặc mã {text}.",
        )
    return {"code": ref.code, "validFrom": ref.valid_from.isoformat()}


def _sector(cell: Cell, _on: date) -> Json:
    """VERSION:code; or the code alone, where one version has it."""
    version, _, code = _text(cell).rpartition(":")
    found = [
        each.ref for each in SECTORS if each.ref.code == code and version in {"", each.ref.version}
    ]
    if version and not found:
        return {"version": version, "code": code}  # for the ledger to refuse by name
    if len(found) != 1:
        raise CellError(
            "VERSION:code, such as VSIC_2018:1076.", "Ghi PHIÊN_BẢN:mã, ví dụ VSIC_2018:1076."
        )
    return {"version": found[0].version, "code": found[0].code}


_READERS: Final[dict[Any, Any]] = {
    str: _text,
    Personal: _text,
    int: _whole,
    bool: _flag,
    Vnd: _amount,
    Figure: _amount,
    date: _day,
    datetime: _instant,
    ProvinceRef: _province,
    SectorRef: _sector,
}
