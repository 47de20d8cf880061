"""What the ledger stands on is listed, and looked up; a look that saw nothing is no pass."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.test_lock import lock_text, pins, project_text
from tests.house.test_places import machines
from tests.house.tree import ROOT

AUDIT = "import runpy, sys; main = runpy.run_path({path!r})['main']; sys.exit(main({command!r}))"
HOLE = {"id": "GHSA-x", "fix_versions": ["2"]}
SOUND: dict[str, object] = {"name": "a", "version": "1", "vulns": []}
UNKNOWN = {"name": "b", "skip_reason": "not found"}


@pytest.fixture(scope="module")
def bill() -> str:
    """The bill of materials, made anew."""
    subprocess.run([sys.executable, ".ci/sbom.py"], cwd=ROOT, check=True, capture_output=True)
    version = tomllib.loads(project_text())["project"]["version"]
    return (ROOT / "dist" / f"socai-{version}.cdx.json").read_text(encoding="utf-8")


def test_the_bill_of_materials_is_valid_cyclonedx(bill: str) -> None:
    validator = JsonStrictValidator(SchemaVersion.V1_6)
    assert validator.validate_str(bill) is None
    assert validator.validate_str(bill.replace('"library"', '"libary"')) is not None


def test_the_bill_holds_every_runtime_dependency_as_it_is_locked(bill: str) -> None:
    listed = {each["purl"]: each for each in json.loads(bill)["components"]}
    locked = pins(lock_text())
    wanted = tomllib.loads(project_text())["project"]["dependencies"]
    for text in wanted:
        name = canonicalize_name(Requirement(text).name)
        found = listed[f"pkg:pypi/{name}@{locked[name]}"]
        assert {each["content"] for each in found["hashes"]} <= set(
            lock_text().replace(":", " ").split()
        )
        assert found["hashes"]
    assert "pkg:pypi/graphql-core@" + str(locked["graphql-core"]) in listed  # two steps away
    assert not any(name.startswith("pkg:pypi/pytest") for name in listed)
    assert any(name.startswith("pkg:npm/graphiql@") for name in listed)


def test_the_bill_says_what_is_there_for_those_who_ask_for_it(bill: str) -> None:
    scopes = {each["name"]: each.get("scope") for each in json.loads(bill)["components"]}
    extras = tomllib.loads(project_text())["project"]["optional-dependencies"]
    names = {Requirement(text).name for extra in extras.values() for text in extra}
    assert names >= {"pyarrow", "xlsxwriter"}
    assert {scopes[name] for name in names} == {"optional"}
    assert scopes["asyncpg"] is None


def test_the_bill_says_what_stands_on_what(bill: str) -> None:
    under = {
        each["ref"].partition("@")[0]: " ".join(each.get("dependsOn", ()))
        for each in json.loads(bill)["dependencies"]
    }
    assert "pkg:pypi/graphql-core@" in under["pkg:pypi/strawberry-graphql"]
    assert "pkg:pypi/anyio@" in under["pkg:pypi/starlette"]


def test_the_bill_names_no_machine_and_no_moment(bill: str) -> None:
    assert list(machines([("bill", bill)])) == []
    assert "timestamp" not in bill


def audited(tmp_path: Path, said: str) -> subprocess.CompletedProcess[str]:
    """What our audit makes of what pip-audit says."""
    file = tmp_path / "said"
    file.write_text(said)
    program = AUDIT.format(path=str(ROOT / ".ci/audit.py"), command=["cat", str(file)])
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )


def test_a_known_hole_fails_the_check(tmp_path: Path) -> None:
    ran = audited(tmp_path, json.dumps({"dependencies": [SOUND, SOUND | {"vulns": [HOLE]}]}))
    assert ran.returncode == 1
    assert "GHSA-x, corrected in 2" in ran.stdout


def test_no_known_hole_passes_and_says_of_what_nothing_is_known(tmp_path: Path) -> None:
    ran = audited(tmp_path, json.dumps({"dependencies": [SOUND, UNKNOWN]}))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "AUDIT INCOMPLETE: nothing is known of b" in ran.stdout


@pytest.mark.parametrize("said", ["", "{}", json.dumps({"dependencies": [UNKNOWN, UNKNOWN]})])
def test_an_audit_that_saw_nothing_passes_loudly(tmp_path: Path, said: str) -> None:
    ran = audited(tmp_path, said)
    assert ran.returncode == 0
    assert "AUDIT SKIPPED" in ran.stderr
