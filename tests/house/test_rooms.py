"""The four rooms stand side by side, imports go one way, and the rules know no clock.

The directions are the business of import-linter (`make check`); here its contracts are shown to
bite, each on a copy of the tree with one fault planted.
"""

import ast
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.house.tree import ROOMS, ROOT, Source, python_files

IN_THE_WORLD = frozenset(
    {
        "appender",
        "blocks",
        "clock",
        "codec",
        "deciding",
        "entry",
        "examples",
        "follower",
        "guard",
        "wall",
        "ledger",
        "log",
        "migrate",
        "notes",
        "seal",
        "shapes",
        "states",
        "terms",
        "vault",
        "wire",
    }
)
"""Modules of `events` that are no rules: they meet bytes, the database, the clock or the source."""
CLOCKS = frozenset({"now", "today", "utcnow", "fromtimestamp"})


def rule_files() -> list[str]:
    """The modules that the purity contract names: the one list of rule files."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (pure,) = [each for each in contracts["contracts"] if each["name"].startswith("The rules are")]
    return [module.replace(".", "/") for module in pure["source_modules"]]


def clocks(sources: Iterable[Source]) -> Iterator[str]:
    """Calls that ask for the time: datetime.now(), date.today() and their kin."""
    for source in sources:
        for node in ast.walk(source.tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in CLOCKS
            ):
                yield f"{source.path}: {ast.unparse(node)}"


def test_the_four_rooms_are_siblings() -> None:
    found = {Path(str(import_module(room).__file__)).parent for room in ROOMS}
    assert found == {ROOT / room for room in ROOMS}


def test_every_module_of_events_is_a_rule_or_says_that_it_is_none() -> None:
    """A new file is held to purity unless it is named here."""
    found = {path.stem for path in (ROOT / "events").glob("[a-z]*.py")}
    found |= {path.parent.name for path in (ROOT / "events").glob("*/__init__.py")}
    assert {Path(name).name for name in rule_files()} == found - IN_THE_WORLD


def test_no_rule_asks_for_the_time() -> None:
    prefixes = tuple(f"{name}{end}" for name in rule_files() for end in (".py", "/"))
    sources = [each for each in python_files("events") if each.path.startswith(prefixes)]
    assert len(sources) >= len(rule_files())
    assert list(clocks(sources)) == []


def test_a_clock_in_a_rule_is_caught() -> None:
    planted = Source("events/a.py", "x = datetime.now(tz=UTC)\ny = dt.date.today()\n")
    assert list(clocks([planted])) == [
        "events/a.py: datetime.now(tz=UTC)",
        "events/a.py: dt.date.today()",
    ]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the four rooms and of the contracts, in which a fault may be planted."""
    copy = tmp_path_factory.mktemp("house")
    for room in ROOMS:
        shutil.copytree(
            ROOT / room, copy / room, ignore=shutil.ignore_patterns("static", "__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def broken(house: Path) -> str:
    """What lint-imports says about the copy; nothing if every contract is kept."""
    linter = Path(sys.executable).with_name("lint-imports")
    said = subprocess.run(
        [linter, "--no-cache"], cwd=house, capture_output=True, text=True, check=False
    )
    return "" if said.returncode == 0 else said.stdout


def test_every_contract_is_kept(house: Path) -> None:
    assert broken(house) == ""


@pytest.mark.parametrize(
    ("file", "fault", "contract"),
    [
        ("events/period.py", "import schema.scalars", "Imports go one way BROKEN"),
        ("events/period.py", "import time", "The rules are pure"),
        ("events/period.py", "import asyncpg", "The rules are pure"),
        ("events/rules.py", "import events.ledger", "No circles inside a room BROKEN"),
        ("events/stray.py", '"""Nobody gave it a place."""', "stray"),
        ("projections/stray.py", '"""Nobody gave it a place."""', "stray"),
        ("schema/stray.py", '"""Nobody gave it a place."""', "stray"),
        ("service/stray.py", '"""Nobody gave it a place."""', "stray"),
    ],
)
def test_a_planted_fault_breaks_its_contract(
    house: Path, file: str, fault: str, contract: str
) -> None:
    planted = house / file
    before = planted.read_text(encoding="utf-8") if planted.exists() else None
    try:
        planted.write_text(f"{before or ''}\n{fault}\n", encoding="utf-8")
        assert contract in broken(house)
    finally:
        if before is None:
            planted.unlink()
        else:
            planted.write_text(before, encoding="utf-8")
