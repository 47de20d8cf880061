"""`docs/how-to/check-a-proof.md`, followed: its questions are asked, its script is run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient

from events.seal.tree import is_consistent
from service.app import application
from service.runtime import Runtime
from tests.house.tree import ROOT
from tests.schema.answers import answered
from tests.schema.conftest import SEALED, Ask
from tests.schema.test_heartbeats import following, following_one
from tests.seals import signing_key

PAGE = (ROOT / "docs/how-to/check-a-proof.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


ONE, SINCE, WATCH = blocks("graphql")
(SCRIPT,) = blocks("python")


@pytest.fixture
async def folder(fund: Runtime, ask: Ask, tmp_path: Path) -> Path:
    """What somebody has who saved one event, its proof and the key."""
    event = answered(await ask(ONE, position=181))["event"]
    (tmp_path / "body").write_text(event["body"], encoding="utf-8")
    transport = ASGITransport(app=application(fund))
    async with AsyncClient(transport=transport, base_url="http://socai") as http:
        proof = await http.get("/events/181.tlog-proof")
    (tmp_path / "event.tlog-proof").write_bytes(proof.content)
    (tmp_path / "vkey").write_text(f"{signing_key().verifier}\n", encoding="utf-8")
    (tmp_path / "check.py").write_text(SCRIPT, encoding="utf-8")
    return tmp_path


def checked(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "check.py", "body", "event.tlog-proof", "vkey"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_script_of_the_page_finds_the_event_under_the_signed_root(folder: Path) -> None:
    ran = checked(folder)
    assert (ran.stdout, ran.stderr) == ("event 181 is one of the 255 events that were signed\n", "")


FORGED = (
    ("body", b'"version":', b'"versioN":'),
    ("event.tlog-proof", b"index 180", b"index 181"),
    ("event.tlog-proof", b"\n255\n", b"\n256\n"),
    ("vkey", b"ledger.example", b"Ledger.example"),
)


def test_the_script_of_the_page_is_not_deceived(folder: Path) -> None:
    for name, old, new in FORGED:
        told = (folder / name).read_bytes()
        assert told.count(old) == 1
        (folder / name).write_bytes(told.replace(old, new))
        assert checked(folder).returncode != 0
        (folder / name).write_bytes(told)


async def test_the_later_question_of_the_page_shows_that_the_ledger_only_grew(ask: Ask) -> None:
    kept, newest = SEALED[2], SEALED[-1]
    data = answered(await ask(SINCE, kept=kept))
    proof = data["consistencyProof"]
    roots = [bytes.fromhex(proof[each]) for each in ("fromRoot", "toRoot")]
    hashes = [bytes.fromhex(each) for each in proof["hashes"]]
    assert is_consistent(kept, newest, hashes, *roots)
    assert data["checkpoint"]["root"] == proof["toRoot"]


async def test_the_subscription_of_the_page_tells_of_checkpoints(fund: Runtime) -> None:
    async with following(fund, document=WATCH) as feed:
        assert (await following_one(feed))["checkpoint"]["size"] == SEALED[-1]
