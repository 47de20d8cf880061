"""What each format promises of its cells, read back by programs that nobody here wrote."""

import csv
import errno
import gc
import hashlib
import json
import os
import re
import tempfile
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from projections.columns import columns_of
from projections.entry import entry
from projections.scheme import scheme
from service.export import as_parquet, as_xlsx
from service.export.cells import DANGEROUS, QUOTE, guarded
from service.export.fund import CannotHoldError, opened
from service.export.view import money
from tests.export.files import exported, lines, parts, read, sheet, wanted
from tests.export.planted import APOSTROPHE, FORMULA, HUGE, planted
from tests.histories import UNHURRIED, History

HEAD = len(tuple(planted()))


def read_back(cell: str) -> str:
    """What the page on exports tells a reader to do."""
    return cell.removeprefix(QUOTE)


@UNHURRIED
@given(text=st.one_of(st.text(), st.text(alphabet="=+-@\t'＝a", max_size=4)))
def test_a_guarded_text_is_no_formula_and_can_be_read_back(text: str) -> None:
    assert read_back(guarded(text)) == text
    assert guarded(text)[:1] not in DANGEROUS - {QUOTE}


async def test_a_csv_is_what_excel_and_everybody_else_reads(
    planted_url: str, tmp_path: Path
) -> None:
    file = await exported(planted_url, "csv", wanted(HEAD, "scheme"))
    assert file.startswith(b"\xef\xbb\xbfscheme_id,")
    assert file.endswith(b"\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"")
    (row,) = lines(file)
    assert (row["starts_on"], row["synthetic"]) == ("2019-05-01", "true")
    assert json.loads(row["contents"]) == ["ADVANCED_MACHINERY", "TECHNOLOGY_LINE"]
    assert row["title"] == QUOTE + APOSTROPHE
    (known,) = read("csv", file, "scheme", tmp_path)
    assert known["scheme_id"] == "da-1"  # the mark is no part of the first name


async def test_a_text_that_a_spreadsheet_would_run_is_left_alone(planted_url: str) -> None:
    file = await exported(planted_url, "csv", wanted(HEAD, "organisation"))
    (row,) = lines(file)
    assert row["name"] == QUOTE + FORMULA
    assert read_back(row["name"]) == FORMULA
    quotes = await exported(planted_url, "csv", wanted(HEAD, "figure"))
    assert lines(quotes)[0]["quote"] == "'+84 tỷ"
    book = await exported(planted_url, "xlsx", wanted(HEAD))
    assert sheet(book, "organisation")[0]["name"] == FORMULA
    with ZipFile(BytesIO(book)) as inside:
        sheets = [inside.read(name) for name in inside.namelist() if "worksheets/" in name]
        assert not any(re.search(rb"<f[ >]", each) for each in sheets)
        assert b'quotePrefix="1"' in inside.read("xl/styles.xml")


async def test_the_same_texts_stand_in_parquet_and_ndjson_as_they_are(
    planted_url: str, tmp_path: Path
) -> None:
    for form in ("parquet", "ndjson"):
        file = await exported(planted_url, form, wanted(HEAD, "organisation"))
        assert read(form, file, "organisation", tmp_path)[0]["name"] == FORMULA


@pytest.mark.parametrize("form", ["csv", "parquet", "ndjson", "xlsx"])
async def test_more_digits_than_a_float_keeps_are_kept(
    planted_url: str, tmp_path: Path, form: str
) -> None:
    file = await exported(planted_url, form, wanted(HEAD, "figure"))
    (row,) = read(form, file, "figure", tmp_path)
    assert row["value"] == (str(HUGE) if form == "xlsx" else HUGE)


async def test_parquet_has_the_types_of_the_read_model(url: str, history: History) -> None:
    told = wanted(len(history.recorded), "entry")
    file = pq.ParquetFile(BytesIO(await exported(url, "parquet", told)))
    found = {each.name: each.type for each in file.schema_arrow}
    for name in money(entry) | {"position", "budget_year"}:
        assert found[name] == pa.int64()
    assert found["effective_on"] == pa.date32()
    assert found["recorded_at"] == pa.timestamp("us", tz="UTC")
    assert found["synthetic"] == pa.bool_()
    assert not file.schema_arrow.field("amount").nullable
    assert file.schema_arrow.field("commitment_id").nullable


async def test_parquet_is_written_in_row_groups(
    url: str, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_parquet, "GROUP_ROWS", 20)
    monkeypatch.setattr("service.export.fund.PAGE_ROWS", 10)
    told = wanted(len(history.recorded), "entry")
    file = pq.ParquetFile(BytesIO(await exported(url, "parquet", told)))
    groups = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    assert groups[:-1] == [20] * (len(groups) - 1)
    assert len(groups) > 2
    async with opened(url, told) as fund:
        assert sum(groups) == await fund.count(entry)


async def test_a_workbook_has_days_and_instants_and_whole_amounts(
    url: str, history: History
) -> None:
    book = await exported(url, "xlsx", wanted(len(history.recorded)))
    async with opened(url, wanted(len(history.recorded), "entry")) as fund:
        rows = [row async for row in fund.rows(entry)]
    shown = sheet(book, "entry")
    assert [int(each["amount"]) for each in shown] == [row.amount for row in rows]
    assert [each["effective_on"] for each in shown] == [row.effective_on for row in rows]
    for each, row in zip(shown, rows, strict=True):
        told: datetime = each["recorded_at"]
        there = row.recorded_at.astimezone(UTC).replace(tzinfo=None)
        assert abs((told - there).total_seconds() - 7 * 3600) < 0.01
    with ZipFile(BytesIO(book)) as inside:
        assert '#,##0 "₫"' in inside.read("xl/styles.xml").decode().replace("&quot;", '"')


async def test_a_workbook_explains_its_codes_and_begins_with_its_source(planted_url: str) -> None:
    book = await exported(planted_url, "xlsx", wanted(HEAD))
    with ZipFile(BytesIO(book)) as inside:
        names = re.findall(r'<sheet name="([^"]+)"', inside.read("xl/workbook.xml").decode())
    assert names[0] == "Nguồn · Provenance"
    assert names[-1] == "Danh mục · Codes"
    assert "Bút toán · entry" in names
    codes = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_name(names[-1]).to_python()
    assert ["FundingSource", "NATIONAL_GRANT", "kinh phí khuyến công quốc gia"] in codes


async def test_a_sheet_that_is_too_long_is_refused_before_it_is_begun(
    url: str, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_xlsx, "ROWS_MAX", 20)
    with pytest.raises(CannotHoldError, match=r"entry has \d+ rows, and a sheet of Excel 19"):
        await exported(url, "xlsx", wanted(len(history.recorded), "entry"))
    assert await exported(url, "xlsx", wanted(len(history.recorded), "scheme"))


class Full(BytesIO):
    """A file on a disk that has no room once."""

    failed = False

    def write(self, chunk: Any, /) -> int:
        if self.failed:
            return super().write(chunk)
        self.failed = True
        raise OSError(errno.ENOSPC, "No space left on device")


async def test_a_workbook_that_cannot_be_written_leaves_nothing_behind(
    planted_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    async with opened(planted_url, wanted(HEAD)) as fund:
        with pytest.raises(OSError, match="No space left"):
            await as_xlsx.write(fund, Full(), lambda _: None)
    gc.collect()  # what xlsxwriter left there goes on writing, and pytest would hear of it
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - a Path would want a thread


@pytest.mark.parametrize("form", ["csv", "parquet"])
async def test_a_package_describes_its_files(url: str, history: History, form: str) -> None:
    files = parts(await exported(url, form, wanted(len(history.recorded), None, date(2025, 7, 1))))
    about = json.loads(files.pop("datapackage.json"))
    assert {each["path"] for each in about["resources"]} == set(files)
    for each in about["resources"]:
        file = files[each["path"]]
        assert each["hash"] == f"sha256:{hashlib.sha256(file).hexdigest()}"
        assert each["bytes"] == len(file)
        named = [field["name"] for field in each["schema"]["fields"]]
        assert named == columns(form, file)
        assert set(each["schema"]["primaryKey"]) <= set(named)
    assert about["socai"]["effectiveOn"] == "2025-07-01"


def columns(form: str, file: bytes) -> list[str]:
    if form == "parquet":
        return list(pq.read_schema(BytesIO(file)).names)
    return next(csv.reader(StringIO(file.decode("utf-8-sig"))))


async def test_duckdb_joins_the_files_of_a_package(
    url: str, history: History, tmp_path: Path
) -> None:
    """A name is joined to a code where it stands, and the map is that of the day."""
    for name, file in parts(await exported(url, "parquet", wanted(len(history.recorded)))).items():
        (tmp_path / name).write_bytes(file)
    with duckdb.connect() as asked:
        rows = asked.sql(
            f"SELECT DISTINCT e.province_code, e.province_name FROM '{tmp_path}/entry.parquet' AS e"
            f" JOIN '{tmp_path}/scheme.parquet' USING (scheme_id) WHERE e.province_name IS NULL"
        ).fetchall()
    assert rows == []


def test_money_is_what_is_declared_as_money() -> None:
    assert money(entry) == {"amount"}
    assert money(scheme) == set()
    assert {each.name for each in columns_of(entry.row) if each.kind is int} > money(entry)
