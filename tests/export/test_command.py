"""`socai export` as a person gives it: where the bytes go, and how it ends."""

import json
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.cli import export as command
from service.cli import main
from service.cli.exits import Exit
from service.export import as_xlsx
from service.export.formats import OF_THE_FUND
from service.postgres import Postgres
from tests.export.files import lines
from tests.histories import History
from tests.service.command_line import socai

Socai = Callable[..., int]


@pytest.fixture
def run(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Socai:
    """A command in a folder of its own, in this very process; its exit code."""
    monkeypatch.setenv("SOCAI_DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)

    def told(*words: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(["export", *words])
        return int(str(ended.value.code))

    return told


def test_a_file_takes_its_name_when_it_is_whole(
    run: Socai, tmp_path: Path, capsys: pytest.CaptureFixture[str], history: History
) -> None:
    assert run("--format", "csv", "--table", "entry", "--output", "entry.csv") == Exit.OK
    said = capsys.readouterr()
    assert said.out == ""
    assert f"the ledger at position {len(history.recorded)}; not sealed yet" in said.err
    assert "entry.csv: " in said.err
    assert [each.name for each in tmp_path.iterdir()] == ["entry.csv"]


def test_text_goes_to_stdout_and_everything_else_to_stderr(
    run: Socai, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    for output in ((), ("--output", "-")):
        assert run("--format", "csv", "--table", "entry", "--at", "100", *output) == Exit.OK
        out, err = capfdbinary.readouterr()
        assert {each["ledger_position"] for each in lines(out)} == {"100"}
        assert b"exported: " in err


def test_a_file_that_is_there_is_written_over_by_force_alone(
    run: Socai, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "fund.xlsx").write_text("mine")
    assert run("--format", "xlsx", "--output", "fund.xlsx") == Exit.REFUSED
    assert "--force" in capsys.readouterr().err
    assert (tmp_path / "fund.xlsx").read_text() == "mine"
    assert run("--format", "xlsx", "--output", "fund.xlsx", "--force") == Exit.OK
    assert (tmp_path / "fund.xlsx").read_bytes().startswith(b"PK")


def test_an_export_that_fails_leaves_nothing_and_takes_nothing_away(tmp_path: Path) -> None:
    (tmp_path / "fund.csv").write_text("before")

    def interrupted() -> None:
        with command._into(tmp_path / "fund.csv") as into:
            into.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [each.name for each in tmp_path.iterdir()] == ["fund.csv"]
    assert (tmp_path / "fund.csv").read_text() == "before"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--format", "xlsx"), Exit.USAGE, "--output"),
        (("--format", "csv"), Exit.USAGE, "--output"),
        (("--format", "ndjson"), Exit.USAGE, "--everything"),
        (
            ("--format", "ndjson", "--everything", "--effective", "2020-01-01"),
            Exit.USAGE,
            "the log is whole",
        ),
        (("--format", "csv", "--table", "people"), Exit.USAGE, "--table is one of"),
        (("--format", "xml"), Exit.USAGE, "xml"),
        (("--format", "iati", "--everything"), Exit.USAGE, "leave out --everything"),
        (("--format", "ocds", "--table", "entry"), Exit.USAGE, "leave out --table"),
        (("--format", "360giving", "--at", "0"), Exit.REFUSED, "no commitment is published"),
        (("--format", "csv", "--table", "entry", "--at", "soon"), Exit.USAGE, "--at is"),
        (("--format", "csv", "--table", "entry", "--effective", "1"), Exit.USAGE, "--effective"),
        (("--format", "csv", "--table", "entry", "--at", "999999"), Exit.NOT_FOUND, "ends at"),
        (("--format", "csv", "--output", "--force"), Exit.USAGE, "--output is a file"),
        (("--format", "csv", "--output", "no/such.zip"), Exit.NOT_FOUND, "no folder"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(
    run: Socai,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    code: Exit,
    said: str,
) -> None:
    assert run(*words) == code
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""
    assert "Traceback" not in told.err


def test_a_package_that_is_not_installed_is_named(
    run: Socai, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for form, name, module in (
        ("parquet", "pyarrow", "service.export.as_parquet"),
        ("xlsx", "xlsxwriter", "service.export.as_xlsx"),
    ):
        monkeypatch.delitem(sys.modules, module, raising=False)
        monkeypatch.setitem(sys.modules, name, None)
        assert run("--format", form, "--table", "entry", "--output", "file") == Exit.UNAVAILABLE
        said = capsys.readouterr().err
        assert name in said
        assert "pip install 'socai[export]'" in said
    assert run("--format", "parquet", "--output", "file") == Exit.UNAVAILABLE


@pytest.fixture
def no_room() -> Iterator[None]:
    """No file of this process grows beyond 2,000 bytes: the system says EFBIG.

    xlsxwriter would leave its own files to the collector; test_formats.py has a workbook's disk.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("form", sorted(set(OF_THE_FUND) - {"xlsx"}))
@pytest.mark.usefixtures("no_room")
def test_a_disk_without_room_is_named_and_nothing_is_left(
    run: Socai, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    whole = () if OF_THE_FUND[form].is_open else ("--everything",)
    assert run("--format", form, "--output", "fund", *whole) == Exit.UNAVAILABLE
    said = capsys.readouterr().err
    assert "fund: File too large" in said
    assert "next: make room" in said
    assert list(tmp_path.iterdir()) == []


def test_what_no_sheet_can_hold_is_refused_with_a_way_out(
    run: Socai, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(as_xlsx, "ROWS_MAX", 20)
    assert run("--format", "xlsx", "--output", "fund.xlsx") == Exit.REFUSED
    assert "next: --format csv or parquet" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_database_without_a_ledger_says_so(
    run: Socai,
    cluster: Postgres,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SOCAI_DATABASE_URL", cluster.url("postgres", "postgres"))
    assert run("--format", "csv", "--table", "entry") == Exit.NEGATIVE
    said = capsys.readouterr()
    assert said.out == ""
    assert "next: socai migrate apply" in said.err


def test_a_ledger_that_was_never_served_is_exported(database_url: str) -> None:
    """As a program of its own: its exit code is the shell's."""
    words = ("export", "--format", "ndjson", "--everything")
    ran = socai(*words, anew=True, SOCAI_DATABASE_URL=database_url)
    assert ran.returncode == Exit.OK, ran.stderr
    (line,) = ran.stdout.splitlines()
    assert json.loads(line)["socai"]["position"] == 0


def test_the_help_names_every_format(run: Socai, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == Exit.OK
    said = " ".join(capsys.readouterr().out.split())
    assert all(form in said for form in OF_THE_FUND)
