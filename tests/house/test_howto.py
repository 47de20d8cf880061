"""`docs/how-to/add-an-event.md`, followed to the letter on a copy of the tree.

Each of its code blocks is put where the page says, and each checker says what the page promises.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOMS, ROOT

PAGE = ROOT / "docs/how-to/add-an-event.md"
ORGANISATION = "events/organisation.py"
TELLS = """
from datetime import date
from events.catalogue import FACTS
from events.organisation import *
from events.organisation import ChangeOrganisationKind, OrganisationKindChanged
from events.rules import Occasion
from events.shapes import event_shapes
from events.vocabulary import OrganisationKind, Role
from projections.catalogue import PROJECTIONS
from schema.access.policy import COMMANDS, may_read
from schema.contract.kinds import kinds
from schema.contract.page import events_page
from schema.root import sdl

day = Occasion(effective_on=date(2020, 1, 1), today=date(2020, 1, 1))
body = Organisation(
    registration=OrganisationRegistered(
        organisation_id="x", name="Cục", kind=OrganisationKind.DEPARTMENT
    )
)
centre = OrganisationKind.CENTRE
(changed,) = decide(ChangeOrganisationKind(organisation_id="x", kind=centre), body, day)
assert changed == OrganisationKindChanged(organisation_id="x", kind=centre)
assert evolve(body, changed).registration.kind is centre
assert "OrganisationKindChanged" in FACTS
assert "OrganisationKindChanged" in event_shapes()["$defs"]
assert not {each.name for each in PROJECTIONS if each.silent(FACTS.values())}
changing = kinds()["OrganisationKindChanged"]
assert '"kind":"CENTRE"' in changing.example and '"synthetic":true' in changing.example
assert [len(each.readers) for each in changing.fields] == [len(Role)] * 2
assert "### OrganisationKindChanged" in events_page()
told = sdl()
assert may_read(frozenset({Role.PUBLIC}), "OrganisationKindChanged", "kind")
assert COMMANDS["changeOrganisationKind"] == {Role.APPROVER}
assert "changeOrganisationKind(" in told and "type OrganisationKindChanged" in told
print("followed")
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for room in ROOMS:
        ignored = shutil.ignore_patterns("__pycache__", "graphiql")
        shutil.copytree(ROOT / room, tmp_path / room, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def blocks() -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def put(file: Path, block: str, before: str) -> None:
    """Put a block before a line that must be there once."""
    text = file.read_text(encoding="utf-8")
    assert text.count(before) == 1, f"{file.name}: {before!r} stands there {text.count(before)}×"
    file.write_text(text.replace(before, f"{block}{before}"), encoding="utf-8")


def replace(file: Path, old: str, new: str) -> None:
    put(file, new, old)
    file.write_text(file.read_text(encoding="utf-8").replace(new + old, new), encoding="utf-8")


def run(copy: Path, *words: str) -> str:
    done = subprocess.run(words, cwd=copy, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def types(copy: Path) -> str:
    """What pyrefly says of the file that the page changes."""
    return run(copy, str(Path(sys.executable).with_name("pyrefly")), "check", ORGANISATION)


def test_a_stranger_adds_a_fact_by_the_page_alone(copy: Path) -> None:
    found = blocks()
    fact, command, unions, arm, rename, evolved, row_arm, declared, door, read, given, _ = found
    rules, rows = copy / ORGANISATION, copy / "projections/organisation.py"

    put(rules, f"{fact}\n\n", "@command\nclass RegisterOrganisation")
    put(rules, f"{command}\n\n", '@refusal(rule="an organisation is registered once")')
    for union in re.findall(r"^\w+: TypeAlias = \(.*?^\)\n", unions, re.MULTILINE | re.DOTALL):
        name = union.partition(":")[0]
        old = re.search(rf"^{name}: TypeAlias = .*$", rules.read_text("utf-8"), re.MULTILINE)
        assert old
        replace(rules, f"{old[0]}\n", union)
    assert types(copy).count("assert_never") >= 2

    put(rules, arm, "        case _:\n            assert_never(command)")
    put(rules, f"{rename}\n\n", "def _begun(")
    put(rules, evolved, "        case _:\n            assert_never(event)")
    assert "0 errors" in types(copy)

    text = rows.read_text(encoding="utf-8")
    text = re.sub(
        r"(from events.organisation import [^\n(]*)", r"\1, OrganisationKindChanged", text
    )
    rows.write_text(text, encoding="utf-8")
    passed = "        CentreTerritorySet,\n        PeriodEvent"
    text = rows.read_text(encoding="utf-8")
    head, names = text.split("organisation_name = Projection(")
    names = names.replace(passed, f"        OrganisationKindChanged,\n{passed}", 1)
    rows.write_text(f"{head}organisation_name = Projection({names}", encoding="utf-8")
    put(rows, "        OrganisationKindChanged,\n", "        OrganisationRenamed,\n")
    subject = copy / "projections/subject.py"
    put(subject, "from events.organisation import OrganisationKindChanged\n", "from events.period ")
    put(subject, "        OrganisationKindChanged,\n", "        CentreTerritorySet,\n")
    put(rows, f"{row_arm}\n\n", "organisation = Projection(")
    changes = declared.splitlines()[-1]
    replace(rows, "    changes={OrganisationRenamed: _renamed},\n", f"{changes}\n")

    put(copy / "schema/registers.py", door, "    rename_organisation = records(")
    policy = copy / "schema/access/policy.py"
    put(copy / "schema/access/facts.py", read, '    "OrganisationRegistered": ')
    put(policy, given, '        "setCentreTerritory": ')
    assert run(copy, sys.executable, "-c", TELLS) == "followed\n"
