"""What people have: an Excel workbook, or a CSV file of one kind of command.

for sheet in sheets(Path("co-so.xlsx")): ...
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

from events.rules import value
from service.spreadsheet.cells import Cell, is_empty

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
ROWS_MAX = 100_000


class UnreadableFileError(Exception):
    """No spreadsheet, or one that cannot be read."""


@value
class Sheet:
    """One sheet: every row, as it stands there."""

    name: str
    rows: Sequence[Sequence[Cell]]


def sheets(file: Path, command: str | None = None) -> Iterator[Sheet]:
    """The sheets of a workbook; of a CSV file the one, named after the command or the file."""
    if file.suffix.lower() in WORKBOOKS:
        yield from _workbook(file)
    elif file.suffix.lower() == ".csv":
        yield Sheet(name=command or file.stem, rows=_csv(file))
    else:
        raise UnreadableFileError(f"{file.name} is neither a workbook nor a .csv file")


def address(row: int, column: int) -> str:
    """A1 is row 0, column 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def _workbook(file: Path) -> Iterator[Sheet]:
    from python_calamine import CalamineError, CalamineWorkbook  # of the extra `spreadsheet`

    try:
        with CalamineWorkbook.from_path(file) as workbook:
            for name in workbook.sheet_names:
                rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                yield Sheet(name=name, rows=_bounded(cast("Sequence[Sequence[Cell]]", rows)))
    except (CalamineError, OSError) as error:
        raise UnreadableFileError(f"{file.name} cannot be read: {error}") from None


def _csv(file: Path) -> Sequence[Sequence[Cell]]:
    """Commas or semicolons, UTF-8 with or without a mark: what Excel and LibreOffice save."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        raise UnreadableFileError(f"{file.name} is not UTF-8 text: {error}") from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    return _bounded(list(csv.reader(text.splitlines(), delimiter=delimiter)))


def _bounded(rows: Sequence[Sequence[Cell]]) -> Sequence[Sequence[Cell]]:
    if len(rows) > ROWS_MAX:
        raise UnreadableFileError(f"more than {ROWS_MAX:,} rows: send it in parts")
    last = max((nth for nth, row in enumerate(rows) if not all(map(is_empty, row))), default=-1)
    return rows[: last + 1]
