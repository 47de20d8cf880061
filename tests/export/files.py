"""Exports in memory, and what strangers' programs read in them."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

import duckdb
import pyarrow.parquet as pq
from python_calamine import CalamineWorkbook

from service.export.formats import OF_ONE_TABLE, OF_THE_FUND, writer
from service.export.fund import Wanted, named, opened
from service.export.view import EVERYTHING, PUBLISHED

Rows = Sequence[Mapping[str, Any]]
TABULAR = ("ndjson", "csv", "parquet", "xlsx")
RELEASE = "1.2.3"


def wanted(
    position: int,
    table: str | None = None,
    effective: date | None = None,
    *,
    everything: bool = False,
) -> Wanted:
    return Wanted(
        position=position,
        effective=effective,
        view=EVERYTHING if everything else PUBLISHED,
        table=named(table) if table else None,
        release=RELEASE,
    )


async def exported(url: str, form: str, told: Wanted) -> bytes:
    """The bytes of a file, as the command writes them."""
    file = BytesIO()
    async with opened(url, told) as fund:
        formats = OF_THE_FUND if told.table is None else OF_ONE_TABLE
        await writer(formats[form])(fund, file, lambda _: None)
    return file.getvalue()


def read(form: str, file: bytes, table: str, folder: Path) -> Rows:
    """The rows of a table, by a program that nobody here wrote."""
    place = folder / f"{table}.{form}"
    place.write_bytes(file)
    match form:
        case "ndjson":
            return [json.loads(line) for line in file.decode().splitlines()[1:]]
        case "csv":
            return _asked(f"SELECT * FROM read_csv('{place}')")
        case "parquet":
            return _asked(f"SELECT * FROM '{place}'")
        case _:
            return sheet(file, table)


def sheet(file: bytes, table: str) -> Rows:
    """The rows of one sheet, under the names that stand second in its heading."""
    book = CalamineWorkbook.from_filelike(BytesIO(file))
    (name,) = (each for each in book.sheet_names if each.endswith(f" · {table}"))
    heading, *rows = book.get_sheet_by_name(name).to_python()
    names = [str(each).rpartition(" · ")[2] for each in heading]
    return [dict(zip(names, row, strict=True)) for row in rows]


def lines(file: bytes) -> list[dict[str, str]]:
    """A CSV's lines as they stand there."""
    return list(csv.DictReader(StringIO(file.decode("utf-8-sig"), newline="")))


def parts(package: bytes) -> dict[str, bytes]:
    """The files of a zip."""
    with ZipFile(BytesIO(package)) as opened_:
        return {name: opened_.read(name) for name in opened_.namelist()}


def words(file: bytes) -> str:
    """Everything that a file says, unpacked, whatever its format."""
    if is_zipfile(BytesIO(file)):
        return "\n".join(f"{name}\n{words(each)}" for name, each in parts(file).items())
    if file.startswith(b"PAR1"):
        table = pq.read_table(BytesIO(file))
        return f"{table.schema.metadata}\n{table.to_pylist()}"
    return file.decode("utf-8")


def _asked(statement: str) -> Rows:
    with duckdb.connect() as connection:
        answer = connection.sql(statement)
        return [dict(zip(answer.columns, row, strict=True)) for row in answer.fetchall()]
