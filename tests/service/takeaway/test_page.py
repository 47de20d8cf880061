"""`docs/how-to/verify-a-bundle.md`, followed to the letter: a demo's bundle, verified by others."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from service.cli import main
from service.cli.exits import Exit
from tests.service.command_line import ROOT, socai
from tests.service.takeaway.conftest import HERE
from tests.service.takeaway.verifiers import OPENSSL

PAGE = (ROOT / "docs/how-to/verify-a-bundle.md").read_text(encoding="utf-8")
MAKE, *VERIFY = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
PAGE_SECONDS_MAX = 120


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The data folder of a demo that has left."""
    folder = str(tmp_path_factory.mktemp("demo") / "ledger")
    ran = socai("demo", "--once", "--port", "0", "--data", folder)
    assert ran.returncode == Exit.OK, ran.stderr
    return folder


def test_the_page_is_followed_where_nothing_of_ours_is(
    ledger: str, go: Path, openssl: None, tmp_path: Path
) -> None:
    program, *words, folder = MAKE.split()
    assert (program, folder) == ("socai", "bundle")
    made = socai(*words, str(tmp_path / folder), "--data", ledger)
    assert made.returncode == Exit.OK, made.stderr
    assert "bundled: 6" in made.stderr
    assert "not published" in made.stderr
    shutil.copy(HERE / "verify.go", tmp_path)
    told = {"PATH": os.environ["PATH"], "GOCACHE": str(go.parent / "cache")}
    done = subprocess.run(
        ["sh", "-eux", "-c", "".join(VERIFY)],
        cwd=tmp_path,
        env=told,
        capture_output=True,
        text=True,
        check=False,
        timeout=PAGE_SECONDS_MAX,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    first, *_, file, last = done.stdout.splitlines()
    assert first == "Signature Verified Successfully"
    assert file.startswith("VERIFIED, by keys that came with it")
    assert re.fullmatch(r"VERIFIED \d+ \S{44}", last)
    assert OPENSSL.format(key="key.pem") in PAGE
    # The README of the bundle says the same.
    readme = (tmp_path / folder / "README.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```sh\n(.*?)^```", readme, re.MULTILINE | re.DOTALL):
        assert block in PAGE
    assert f"`{(tmp_path / folder / 'vkey').read_text().strip()}`" in readme
    # A second one does not go over the first.
    again = socai(*words, str(tmp_path / folder), "--data", ledger)
    assert again.returncode == Exit.REFUSED
    assert "is there already, and not empty" in again.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("--output b", Exit.NOT_FOUND),
        ("--output b --at 0", Exit.USAGE),
        ("--output no/b", Exit.NOT_FOUND),
        ("--at 1", Exit.USAGE),
    ],
)
def test_what_cannot_be_made_is_answered_in_a_sentence(
    words: str,
    code: Exit,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("SOCAI_DATABASE_URL", database_url)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main(["export", "bundle", *words.split()])
    assert ended.value.code == code
    said = capsys.readouterr()
    assert said.out == ""
    assert "Traceback" not in said.err
    assert list(tmp_path.iterdir()) == []
