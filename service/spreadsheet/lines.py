"""Rows become commands, each with an id that follows from what it says.

The same file twice is the same commands twice, and a ledger carries out an id once. Two equal rows
of one sheet are two commands: each counts how often it stood there before.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid5

import orjson

from events.rules import value
from service.spreadsheet.cells import Cell, CellError, is_empty, read
from service.spreadsheet.files import Sheet, address
from service.spreadsheet.form import CIRCUMSTANCES, Column, Form, forms

NAMES: Final = UUID("0b5f0b0e-6a57-5f7e-9a3e-5d0c8f1e2a44")
"""The name space of imported command ids. Never changes."""
_HEADER_ROWS = 5
"""The keys stand within the first rows: below a title, as in our own template."""


@value
class Line:
    """A command that a row says."""

    place: str
    """Sheet and row."""
    command_id: UUID
    sent: Mapping[str, Any]
    """As `BatchCommand` of the GraphQL contract."""


@value
class Wrong:
    """A cell that cannot be read, or a row that the ledger refuses."""

    place: str
    code: str
    message: str
    message_vi: str


@value
class Read:
    """What a sheet says."""

    lines: Sequence[Line]
    wrong: Sequence[Wrong]
    rows: int
    """Rows with something in them: every one is a line, or has something wrong."""


def read_sheet(sheet: Sheet) -> Read | None:
    """Its commands; None: the sheet is named after no command."""
    form = forms().get(sheet.name)
    if form is None:
        return None
    header, at = _header(sheet, form)
    if at < 0:
        return _headless(sheet)
    lines: list[Line] = []
    wrong: list[Wrong] = []
    rows, seen = 0, Counter[bytes]()
    for nth, row in enumerate(sheet.rows[at + 1 :], at + 1):
        if all(map(is_empty, row)):
            continue
        rows += 1
        found = list(_cells(form, header, row))
        place = f"{sheet.name}!A{nth + 1}"
        errors = [
            Wrong(
                place=f"{sheet.name}!{address(nth, column)}",
                code="CELL",
                message=f"{key}: {told.english}",
                message_vi=f"{key}: {told.vietnamese}",
            )
            for key, column, told in found
            if isinstance(told, CellError)
        ]
        if errors:
            wrong += errors
            continue
        sent = _sent(form, {key: told for key, _, told in found})
        said = orjson.dumps([sheet.name, sent], option=orjson.OPT_SORT_KEYS)
        seen[said] += 1
        identity = uuid5(NAMES, f"{said.decode()}#{seen[said]}")
        lines.append(
            Line(place=place, command_id=identity, sent={"commandId": str(identity), **sent})
        )
    return Read(lines=lines, wrong=wrong, rows=rows)


def _headless(sheet: Sheet) -> Read:
    """Nothing can be read where no column has a name; an empty sheet is just empty."""
    wrong = Wrong(
        place=f"{sheet.name}!A1",
        code="NO_HEADER",
        message="the first rows name no column",
        message_vi="các dòng đầu không nêu tên cột",
    )
    rows = min(len(sheet.rows), 1)
    return Read(lines=(), wrong=(wrong,) * rows, rows=rows)


def _header(sheet: Sheet, form: Form) -> tuple[Mapping[str, int], int]:
    """Key -> column, and the row that the keys stand in; -1: there is none."""
    keys = {each.key for each in form.columns}
    best: tuple[Mapping[str, int], int] = {}, -1
    for nth, row in enumerate(sheet.rows[:_HEADER_ROWS]):
        found = {str(cell).strip(): at for at, cell in enumerate(row) if str(cell).strip() in keys}
        if len(found) > len(best[0]):
            best = found, nth
    return best


def _cells(
    form: Form, header: Mapping[str, int], row: Sequence[Cell]
) -> Iterator[tuple[str, int, Any]]:
    """Each column's key, where it stands, and what it says or what is wrong with it."""
    on = _effective(header, row)
    for each in form.columns:
        at = header.get(each.key, -1)
        cell = row[at] if 0 <= at < len(row) else None
        yield each.key, max(at, 0), _cell(each, cell, on)


def _cell(column: Column, cell: Cell, on: date) -> Any:
    if is_empty(cell):
        if column.is_required:
            return CellError("must be filled in.", "phải được điền.")
        return None
    try:
        return read(column.kind, cell, on)
    except CellError as error:
        return error


def _effective(header: Mapping[str, int], row: Sequence[Cell]) -> date:
    """The day that names of places are read on; if it cannot be read, its own cell says so."""
    at = header.get("effectiveOn", -1)
    try:
        return date.fromisoformat(read(date, row[at] if 0 <= at < len(row) else None, date.min))
    except CellError:
        return date.max


def _sent(form: Form, told: Mapping[str, Any]) -> Mapping[str, Any]:
    circumstances: dict[str, Any] = {"effectiveOn": told["effectiveOn"]}
    if told["synthetic"]:
        circumstances["synthetic"] = True
    if told["instrument"]:
        circumstances["authority"] = {
            "instrument": told["instrument"],
            "date": told["instrumentDate"] or told["effectiveOn"],
            "signer": told["signer"],
        }
    around = {each.key for each in CIRCUMSTANCES}
    own = {key: said for key, said in told.items() if key not in around and said is not None}
    return {"circumstances": circumstances, "command": {form.name: own}}
