"""`docs/how-to/export-the-fund.md`, followed to the letter in a folder of its own."""

import json
import re
import shlex
from pathlib import Path

import duckdb
import pytest

from service.cli import main
from service.cli import replay as replaying
from service.cli.exits import Exit
from tests.service.command_line import ROOT

PAGE = (ROOT / "docs/how-to/export-the-fund.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|sql)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
REPLAY = ["replay", "--at", "head", "--output", "json"]


def run(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == Exit.OK, words


def test_the_page_is_followed(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOCAI_DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)
    asked: list[tuple[str, ...]] = []
    for language, block in BLOCKS:
        if language == "sql":
            with duckdb.connect() as connection:
                rows = connection.sql(block).fetchall()
            asked += [tuple(str(each) for each in row) for row in rows]
        else:
            for line in block.splitlines():
                program, *words = shlex.split(line)
                assert program == "socai"
                run(words)
    assert {each.name for each in tmp_path.iterdir()} == {
        *re.findall(r"--output (\S+)", PAGE)
    }  # nothing half-written is left
    capsys.readouterr()
    run(REPLAY)
    lines = json.loads(capsys.readouterr().out)["money"]
    names = ("kind", "source", "budgetYear", "fromEvents")
    assert {tuple(str(line[name]) for name in names) for line in lines} == set(asked)
    assert len(asked) == len(lines) > len(replaying.POSTINGS) // 2
