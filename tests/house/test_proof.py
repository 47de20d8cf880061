"""The pages about proof say what the tests show, and name everything that verification may find."""

import re

from events.seal.audit import Kind
from tests.house.tree import ROOT

PROOF = (ROOT / "docs/explanation/proof.md").read_text(encoding="utf-8")
HOW_TO = (ROOT / "docs/how-to/verify-the-ledger.md").read_text(encoding="utf-8")
TEST = (ROOT / "tests/service/test_tampering.py").read_text(encoding="utf-8")
STEP = re.compile(r"^\| (\d) \| .* \| (.*) \|$", re.MULTILINE)
PROVED = re.compile(r"^async def test_(\d)_.*?(?=^async def|\Z)", re.MULTILINE | re.DOTALL)


def test_every_step_of_the_attacker_is_done_and_what_is_said_is_what_the_test_expects() -> None:
    done = {found[1]: found[0] for found in PROVED.finditer(TEST)}
    told = dict(STEP.findall(PROOF))
    assert told.keys() == done.keys()
    assert len(told) == 7
    for step, words in told.items():
        said = re.findall(r"`([^`]+)`", words)
        assert bool(said) is (step not in {"0", "6"})
        assert [each for each in said if each not in done[step]] == []


def test_whatever_verification_may_find_is_on_the_page_with_what_to_do() -> None:
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", HOW_TO, re.MULTILINE)
    assert {kind.value[0] for kind in Kind} - set(rows) == set()
