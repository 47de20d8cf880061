"""`docs/reference/open-data.md`: its commands are given, its identifiers are those in the files."""

import json
import re
import shlex
from pathlib import Path

import pytest
from lxml import etree

from service.cli import main
from service.cli.exits import Exit
from tests.export.ocds_checks import merged
from tests.export.test_page import run
from tests.service.command_line import ROOT

PAGE = (ROOT / "docs/reference/open-data.md").read_text(encoding="utf-8")
COMMANDS = [
    shlex.split(line)[1:]
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]


def test_the_page_is_followed(
    demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCAI_DATABASE_URL", demo_url)
    monkeypatch.chdir(tmp_path)
    for words in COMMANDS:
        run(words)
    tree = etree.parse(tmp_path / "fund.xml").getroot()
    assert "{https://socai.example/ns/export}position" in tree.attrib
    releases, records, grants = (
        json.loads((tmp_path / f"{name}.json").read_text("utf-8"))
        for name in ("releases", "records", "grants")
    )
    assert releases["socai"]["position"] == 120
    assert records["socai"]["effectiveOn"] == "2019-12-31"
    for record in records["records"]:
        assert merged(record["releases"])["ocid"] == record["compiledRelease"]["ocid"]
    said = json.dumps([releases, records, grants]) + etree.tostring(tree, encoding="unicode")
    table = PAGE.partition("## Identifiers")[2].partition("## What becomes what")[0]
    for prefix in re.findall(r"`((?:VN|ocds|360G|GSO)-[^`]*)`", table):
        assert prefix in said, prefix


def test_what_is_not_for_publication_is_refused(
    demo_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOCAI_DATABASE_URL", demo_url)
    with pytest.raises(SystemExit) as ended:
        main(["export", "--format", "iati", "--everything"])
    assert ended.value.code == Exit.USAGE
    assert "leave out --everything" in capsys.readouterr().err
