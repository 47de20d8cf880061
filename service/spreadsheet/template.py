"""The empty form: a workbook with a guide, and a sheet for each command.

    write(Path("mau.xlsx"), ["registerFacility"])

The same names make the same sheets; what the columns mean stands in notes on their heads.
"""

from collections.abc import Sequence
from enum import Enum
from itertools import count
from pathlib import Path
from types import NoneType
from typing import Any, Final, get_args

from events.identity import ProvinceRef, SectorRef
from events.money import Vnd
from service.spreadsheet.cells import MANY, is_optional
from service.spreadsheet.files import address
from service.spreadsheet.form import Column, Form, forms

GUIDE: Final = "Hướng dẫn"
ROWS: Final = 1_000
"""So many rows have their lists of terms at hand."""
LIST_CHARACTERS_MAX: Final = 255
"""Excel takes no longer list beside a cell."""
_TOLD: Final = (
    "Mỗi trang là một loại lệnh; mỗi dòng từ dòng 3 là một lệnh. Trang để trống được bỏ qua.",
    "Dòng 2 là tên cột cho máy: không sửa. Cột có dấu * phải được điền.",
    "Số tiền: 181946900000, hoặc 181 tỷ 946,9 triệu. Ngày: 05/11/2020.",
    "Tỉnh, thành phố: mã hoặc tên tại ngày hiệu lực. Ngành: VSIC_2018:1076.",
    f"Nhiều giá trị trong một ô được ngăn bằng dấu {MANY}",
    "Nhập hai lần cùng một tệp không làm thay đổi gì thêm.",
    "",
    "One sheet for each kind of command, one row for each command, from row 3 on.",
)


def write(file: Path, names: Sequence[str]) -> None:
    """Write a workbook with the sheets of these commands."""
    import xlsxwriter  # of the extra `spreadsheet`

    with xlsxwriter.Workbook(file) as workbook:
        head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        key = workbook.add_format({"italic": True, "font_color": "#666666"})
        guide = workbook.add_worksheet(GUIDE)
        guide.set_column(0, 0, 30)
        guide.set_column(1, 1, 90)
        rows = count()
        for line in _TOLD:
            guide.write_string(next(rows), 0, line)
        next(rows)
        for name in names:
            row = next(rows)
            guide.write_url(row, 0, f"internal:'{name}'!A3", string=name)
            guide.write_string(row, 1, forms()[name].title)
        for name in names:
            _sheet(workbook.add_worksheet(name), forms()[name], head, key)


def _sheet(sheet: Any, form: Form, head: Any, key: Any) -> None:
    sheet.freeze_panes(2, 0)
    sheet.set_row(0, 45)
    for at, each in enumerate(form.columns):
        star = " *" if each.is_required else ""
        sheet.set_column(at, at, max(14, len(each.key) + 2))
        sheet.write_string(0, at, each.title + star, head)
        sheet.write_string(1, at, each.key, key)
        sheet.write_comment(0, at, f"{each.note}\n{_written(each)}".strip())
        terms = _terms(each.kind)
        if terms and len(",".join(terms)) <= LIST_CHARACTERS_MAX:
            where = f"{address(2, at)}:{address(ROWS + 1, at)}"
            sheet.data_validation(where, {"validate": "list", "source": terms})


def _written(column: Column) -> str:
    """How it is written, where that is not plain."""
    kind = _inner(column.kind)
    if kind is ProvinceRef:
        return "36, Nam Định"
    if kind is SectorRef:
        return "VSIC_2018:1076"
    if kind is Vnd:
        return "181946900000; 181 tỷ 946,9 triệu"
    terms = _terms(kind)
    return ", ".join(terms)


def _terms(kind: Any) -> list[str]:
    """The Vietnamese terms of a closed list."""
    inner = _inner(kind)
    is_list = isinstance(inner, type) and issubclass(inner, Enum)
    return [str(each.value) for each in inner] if is_list else []


def _inner(kind: Any) -> Any:
    if is_optional(kind):
        return next(each for each in get_args(kind) if each is not NoneType)
    return kind
