"""`--format xlsx`: a workbook (bảng tính) with a sheet for each table, Vietnamese first.

The first sheet says of which moment it is, the last what the codes mean. Cells are written row by
row through a folder of the system's temporary one, so that memory does not grow with the fund. A
text is a text whatever it begins with: none is ever a formula, and Excel is told so of those that
look like one. Excel holds 15 digits exactly: an amount of more is a text.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from io import BytesIO
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, Final, TypeAlias, cast
from uuid import UUID

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from events.dates import VIETNAM
from projections.columns import Column
from projections.projection import Projection
from service.export.cells import DANGEROUS
from service.export.fund import CannotHoldError, Fund
from service.export.headings import TABLES, heading
from service.export.view import money

ROWS_MAX: Final = 1_048_576
"""Of a sheet, with its heading: what Excel reads."""
EXACT_MAX: Final = 10**15 - 1
"""Excel keeps a binary float, and 15 digits of it once a person touches the cell."""
FIRST_DAY: Final = date(1900, 3, 1)
"""Before it Excel counts a day that never was."""
DAY_0: Final = date(1899, 12, 30).toordinal()
SECOND_0: Final = datetime(1899, 12, 30, tzinfo=VIETNAM)
"""A day of Excel's is a number, and an instant the part of a day that is over."""
WIDTH_MAX = 44
PROVENANCE, CODES = "Nguồn · Provenance", "Danh mục · Codes"
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
FORMATS: Mapping[str, Mapping[str, object]] = {
    "heading": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
    "money": {"num_format": '#,##0 "₫"'},
    "number": {"num_format": "0"},
    "day": {"num_format": "yyyy-mm-dd"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm:ss"},
    "quoted": {"quote_prefix": True},
    "wrapped": {"text_wrap": True, "valign": "top"},
}
Put: TypeAlias = Callable[[int, int, Any], object]
"""Write a value that is there into a cell: row, column, value."""


class _Outlet:
    """The file, until it is shut: xlsxwriter leaves a zip that failed to the collector."""

    def __init__(self, into: BinaryIO) -> None:
        self._into: BinaryIO | None = into

    def write(self, chunk: bytes) -> int:
        return self._into.write(chunk) if self._into else len(chunk)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._into.seek(offset, whence) if self._into else offset

    def tell(self) -> int:
        return self._into.tell() if self._into else 0

    def flush(self) -> None:
        if self._into:
            self._into.flush()

    def shut(self) -> None:
        """Nothing reaches the file any more."""
        self._into = None


async def write(fund: Fund, into: BinaryIO, told: Callable[[int], None]) -> None:
    """All tables that were asked for. CannotHoldError: one has more rows than a sheet."""
    counts = {table: await fund.count(table) for table in fund.tables}
    for table, rows in counts.items():
        if rows >= ROWS_MAX:
            raise CannotHoldError(
                f"{table.name} has {rows:,} rows, and a sheet of Excel {ROWS_MAX - 1:,}"
            )
    with TemporaryDirectory(prefix="socai-") as folder:
        outlet = _Outlet(into)
        book = xlsxwriter.Workbook(cast("BytesIO", outlet), {**OPTIONS, "tmpdir": folder})
        await _fill(book, fund, counts, told)
        try:
            book.close()
        except FileCreateError as error:
            raise error.args[0] from error  # what the system said
        finally:
            outlet.shut()


async def _fill(
    book: Workbook, fund: Fund, counts: Mapping[Projection, int], told: Callable[[int], None]
) -> None:
    book.set_properties({"created": _created(fund), "comments": fund.moment.statement})
    formats = {name: book.add_format(dict(each)) for name, each in FORMATS.items()}
    _say(book, formats, PROVENANCE, _provenance(fund, counts))
    done = 0
    for table, rows in counts.items():
        sheet = book.add_worksheet(f"{TABLES[table.name]} · {table.name}")
        puts = _opened(sheet, formats, table, fund.columns(table), rows)
        row = 0
        async for page in fund.pages(table):
            for values in page:
                row += 1
                for column, got in enumerate(values):
                    if got is not None:
                        puts[column](row, column, got)
            told(done + row)
        done += row
    _say(book, formats, CODES, _codes(fund))


def _opened(
    sheet: Worksheet,
    formats: Mapping[str, Format],
    table: Projection,
    columns: tuple[Column, ...],
    rows: int,
) -> list[Put]:
    """The heading, and how the cells of each column are written."""
    amounts = money(table)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(rows, 1), len(columns) - 1)
    for place, each in enumerate(columns):
        title = f"{heading(each.name)} · {each.name}"
        sheet.set_column(place, place, _width(each, title))
        sheet.write_string(0, place, title, formats["heading"])
    return [_put(sheet, formats, each, is_money=each.name in amounts) for each in columns]


def _put(sheet: Worksheet, formats: Mapping[str, Format], column: Column, *, is_money: bool) -> Put:
    quoted = formats["quoted"]

    def text(row: int, place: int, got: str) -> None:
        sheet.write_string(row, place, got, quoted if got[:1] in DANGEROUS else None)

    def number(row: int, place: int, got: int) -> None:
        if abs(got) > EXACT_MAX:
            text(row, place, str(got))
        else:
            sheet.write_number(row, place, got, formats["money" if is_money else "number"])

    def day(row: int, place: int, got: date) -> None:
        if got < FIRST_DAY:
            text(row, place, got.isoformat())
        else:
            sheet.write_number(row, place, got.toordinal() - DAY_0, formats["day"])

    def instant(row: int, place: int, got: datetime) -> None:
        days = (got - SECOND_0) / timedelta(days=1)
        sheet.write_number(row, place, days, formats["instant"])

    if column.is_array:
        return lambda row, place, got: text(row, place, "; ".join(got))
    if column.kind is bool:
        return sheet.write_boolean
    if column.kind is UUID:
        return lambda row, place, got: text(row, place, str(got))
    puts: Mapping[type, Put] = {int: number, date: day, datetime: instant}
    return puts.get(column.kind, text)


def _width(column: Column, title: str) -> int:
    """In letters; a long title is wrapped."""
    kinds = {int: 12, date: 12, datetime: 20, bool: 10, UUID: 38}
    return min(WIDTH_MAX, max(kinds.get(column.kind, 24), len(title) // 2 + 4))


def _say(
    book: Workbook, formats: Mapping[str, Format], name: str, lines: list[tuple[str, ...]]
) -> None:
    """A sheet of words."""
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 2, 60)
    for row, line in enumerate(lines):
        for place, text in enumerate(line):
            sheet.write_string(row, place, text, formats["heading" if place == 0 else "wrapped"])


def _provenance(fund: Fund, counts: Mapping[Projection, int]) -> list[tuple[str, ...]]:
    moment, seal = fund.moment, fund.moment.checkpoint
    recorded = moment.recorded_at.astimezone(UTC).isoformat() if moment.recorded_at else ""
    return [
        ("Nguồn · Statement", moment.statement),
        ("Vị trí trong sổ cái · Position", str(moment.position)),
        ("Thời điểm ghi sổ · Recorded at", recorded),
        ("Ngày hiệu lực · Effective on", moment.effective.isoformat() if moment.effective else ""),
        ("Phạm vi · View", fund.view.name),
        ("Số sự kiện được niêm phong · Checkpoint size", str(seal.size) if seal else ""),
        ("Gốc của điểm niêm phong · Checkpoint root", seal.root if seal else ""),
        ("Điểm niêm phong · Checkpoint", seal.note if seal else ""),
        ("Giờ · Times", "Giờ Việt Nam (UTC+7) · Vietnam's time"),
        ("Số tiền · Amounts", "đồng; trên 15 chữ số: dạng chữ · above 15 digits: as text"),
        *((f"{TABLES[table.name]} · {table.name}", f"{rows}") for table, rows in counts.items()),
    ]


def _codes(fund: Fund) -> list[tuple[str, ...]]:
    """Every code that a cell may have, and its official term."""
    kinds: dict[str, type[Enum]] = {}
    for table in fund.tables:
        for each in fund.columns(table):
            if each.is_enum:
                kinds.setdefault(each.kind.__name__, each.kind)
    return [(name, each.name, each.value) for name, kind in kinds.items() for each in kind]


def _created(fund: Fund) -> datetime:
    """No clock: two workbooks of one moment are equal byte by byte."""
    return (fund.moment.recorded_at or datetime(1980, 1, 1, tzinfo=UTC)).replace(tzinfo=None)
