"""`socai import` against a real server: errors by sheet and cell, and nothing done twice."""

import csv
import json
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from service.cli.exits import Exit
from service.spreadsheet.files import UnreadableFileError, address, sheets
from service.spreadsheet.form import CIRCUMSTANCES, forms
from service.spreadsheet.lines import read_sheet
from service.spreadsheet.template import GUIDE
from tests.service.command_line import ROOT, Running, running, socai

Rows = Sequence[Sequence[Any]]
FACILITY = [
    "effectiveOn",
    "synthetic",
    "facilityId",
    "name",
    "legalForm",
    "ownership",
    "province",
    "sector",
]
CLOSING = ["effectiveOn", "synthetic", "facilityId", "reason"]


def facility(number: int, province: object = "Nam Định", name: str = "") -> list[Any]:
    name = name or f"Cơ sở {number}"
    who = ["hợp tác xã", "tập thể", province, "1076"]
    return ["01/02/2018", "có", f"nhap-{number}", name, *who]


def workbook(file: Path, pages: dict[str, Rows]) -> Path:
    with xlsxwriter.Workbook(file) as made:
        for name, rows in pages.items():
            page = made.add_worksheet(name)
            for nth, row in enumerate(rows):
                page.write_row(nth, 0, row)
    return file


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("import")
    with running(folder, "demo", "--port", "0", "--data", str(folder / "data")) as started:
        started.ready()
        yield started


def imported(
    demo: Running, file: Path, *more: str, role: str = "operator"
) -> tuple[int, list[dict[str, str]], str]:
    ran = socai(
        "import", str(file), "--to", demo.url, "-o", "ndjson", *more, SOCAI_KEY=demo.key(role)
    )
    return ran.returncode, [json.loads(each) for each in ran.stdout.splitlines()], ran.stderr


def test_every_row_is_accepted_or_refused_and_the_file_twice_changes_nothing(
    demo: Running, tmp_path: Path
) -> None:
    file = workbook(
        tmp_path / "co-so.xlsx",
        {
            "registerFacility": [
                FACILITY,
                facility(1),
                facility(2, "Xứ Đông"),
                facility(3),
                [],
                facility(1, name="Tên khác"),
            ],
            "closeFacility": [CLOSING, ["02/03/2019", "có", "nhap-1", "nghỉ"]],
            "Ghi chú": [["của chúng tôi"]],
        },
    )
    expected = {
        "registerFacility!G3": "CELL",
        "registerFacility!A6": "FACILITY_DIFFERS",
    }
    code, wrong, said = imported(demo, file, "--dry-run")
    assert (code, {each["cell"]: each["code"] for each in wrong}) == (Exit.NEGATIVE, expected)
    assert "3 would be accepted + 2 refused = 5 rows" in said
    assert "Ghi chú is named after no command" in said
    code, wrong, said = imported(demo, file)
    assert (code, {each["cell"]: each["code"] for each in wrong}) == (Exit.NEGATIVE, expected)
    assert "3 accepted + 2 refused = 5 rows" in said
    assert all(each["vi"] and each["en"] for each in wrong)
    code, wrong, said = imported(demo, file)
    assert "3 accepted (3 of them before) + 2 refused = 5 rows" in said


def test_together_all_rows_or_none(demo: Running, tmp_path: Path) -> None:
    rows = [FACILITY, facility(21), facility(22)]
    file = workbook(tmp_path / "a.xlsx", {"registerFacility": [*rows, facility(21, name="x")]})
    code, wrong, said = imported(demo, file, "--together")
    assert code == Exit.NEGATIVE
    assert [each["code"] for each in wrong] == ["NOT_CARRIED_OUT"] * 2 + ["FACILITY_DIFFERS"]
    assert "0 accepted + 3 refused = 3 rows" in said
    file = workbook(tmp_path / "b.xlsx", {"registerFacility": [*rows, facility(23, "?")]})
    code, wrong, said = imported(demo, file, "--together")
    assert (code, len(wrong)) == (Exit.NEGATIVE, 1)
    assert "Nothing was sent" in said
    file = workbook(tmp_path / "c.xlsx", {"registerFacility": rows})
    code, wrong, said = imported(demo, file, "--together")
    assert (code, wrong) == (Exit.OK, [])
    assert "2 accepted + 0 refused = 2 rows" in said


@pytest.mark.parametrize(("delimiter", "mark"), [(",", "utf-8"), (";", "utf-8-sig")])
def test_a_csv_file_is_one_kind_of_command(
    demo: Running, tmp_path: Path, delimiter: str, mark: str
) -> None:
    file = tmp_path / "registerFacility.csv"
    with file.open("w", encoding=mark, newline="") as into:
        csv.writer(into, delimiter=delimiter).writerows([FACILITY, facility(31), facility(32)])
    code, wrong, said = imported(demo, file, "--dry-run")
    assert (code, wrong) == (Exit.OK, []), said
    other = file.rename(tmp_path / "co so.csv")
    code, _, said = imported(demo, other, "--dry-run")
    assert code == Exit.USAGE
    assert "socai template" in said
    code, wrong, said = imported(demo, other, "--dry-run", "--command", "registerFacility")
    assert (code, wrong) == (Exit.OK, [])


def test_who_may_not_is_told_so(demo: Running, tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", {"registerFacility": [FACILITY, facility(41)]})
    code, wrong, said = imported(demo, file, role="auditor")
    assert (code, wrong) == (Exit.NOT_AUTHORISED, [])
    assert "FORBIDDEN" in said
    ran = socai("import", str(file), "--to", demo.url)
    assert ran.returncode == Exit.NOT_AUTHORISED
    ran = socai("import", str(file), "--to", demo.url, SOCAI_KEY="socai_x")
    assert ran.returncode == Exit.NOT_AUTHORISED
    ran = socai("import", str(file), "--to", "http://127.0.0.1:1", SOCAI_KEY="x")
    assert ran.returncode == Exit.UNAVAILABLE
    ran = socai("import", str(file), "--to", "ftp://127.0.0.1", SOCAI_KEY="x")
    assert ran.returncode == Exit.USAGE


def test_the_form_that_is_written_is_the_form_that_is_read(demo: Running, tmp_path: Path) -> None:
    file = tmp_path / "mau.xlsx"
    assert socai("template", str(file)).returncode == Exit.OK
    with CalamineWorkbook.from_path(file) as made:
        assert made.sheet_names == [GUIDE, *forms()]
    for each in sheets(file):
        found = read_sheet(each)
        assert each.name == GUIDE or (found is not None and found.rows == 0), each.name
    assert socai("template", str(file)).returncode == Exit.REFUSED
    assert (
        socai("template", str(tmp_path / "x.xlsx"), "--command", "x").returncode == Exit.NOT_FOUND
    )
    code, wrong, said = imported(demo, file)
    assert (code, wrong) == (Exit.OK, [])
    assert "0 accepted + 0 refused = 0 rows" in said


def test_the_page_is_followed(demo: Running, tmp_path: Path) -> None:
    page = (ROOT / "docs/how-to/import-a-spreadsheet.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    assert len(lines) == 3
    for line in lines:
        told = line.replace("mau.xlsx", str(tmp_path / "mau.xlsx"))
        told = told.replace("http://127.0.0.1:8000", demo.url)
        ran = socai(*shlex.split(told)[1:], SOCAI_KEY=demo.key("operator"))
        assert ran.returncode == Exit.OK, ran.stderr


def test_every_command_has_a_form_with_its_words() -> None:
    for form in forms().values():
        keys = [each.key for each in form.columns]
        assert keys[: len(CIRCUMSTANCES)] == [each.key for each in CIRCUMSTANCES]
        assert len(set(keys)) == len(keys), form.name
        assert form.title != form.name
        assert len(form.name) <= 31, "Excel takes no longer name of a sheet"
        assert all(each.title and each.note for each in form.columns), form.name


def test_equal_rows_are_commands_of_their_own_and_others_move_none(tmp_path: Path) -> None:
    header = ["effectiveOn", "schemeId", "facilityId", "amount", "budgetYear"]
    row = ["01/03/2019", "D1", "F1", 5000.0, 2019.0]
    first = _ids(tmp_path / "a.xlsx", [header, row, row])
    again = _ids(tmp_path / "b.xlsx", [header, ["02/03/2019", *row[1:]], row, [], row])
    assert len(set(first)) == 2
    assert again[1:] == first


def _ids(file: Path, rows: Rows) -> list[str]:
    (sheet,) = sheets(workbook(file, {"pledgeCounterpart": rows}))
    read = read_sheet(sheet)
    assert read is not None
    assert read.wrong == []
    return [str(each.command_id) for each in read.lines]


def test_a_sheet_without_names_of_columns_says_so(tmp_path: Path) -> None:
    file = workbook(tmp_path / "a.xlsx", {"closeFacility": [["ngày", "mã"], ["1", "2"]]})
    (sheet,) = sheets(file)
    read = read_sheet(sheet)
    assert read is not None
    assert [each.code for each in read.wrong] == ["NO_HEADER"]


def test_what_is_no_spreadsheet_is_refused(tmp_path: Path) -> None:
    for name, text in (("a.xlsx", b"no zip"), ("a.csv", b"\xff\xfe\x00"), ("a.pdf", b"%PDF")):
        file = tmp_path / name
        file.write_bytes(text)
        with pytest.raises(UnreadableFileError):
            list(sheets(file))
    with pytest.raises(UnreadableFileError):
        list(sheets(tmp_path / "nicht-da.xlsx"))


def test_addresses_are_those_of_the_program() -> None:
    assert [address(0, 0), address(4, 25), address(9, 26), address(0, 702)] == [
        "A1",
        "Z5",
        "AA10",
        "AAA1",
    ]
