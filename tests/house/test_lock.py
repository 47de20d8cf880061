"""`requirements.lock` holds every dependency of pyproject.toml, with hashes and without addresses.

Part of `make check`: it notices a dependency that was added or raised without `make lock`, offline.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from itertools import pairwise

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.tree import ROOMS, ROOT

PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;]+) (?:; [^\\]*)?\\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")


def pins(lock: str) -> Mapping[str, Version]:
    """The packages that a lock file pins."""
    found = (PIN.match(line) for line in lock.splitlines())
    return {pin[1]: Version(pin[2]) for pin in found if pin}


def faults(project: str, lock: str) -> Iterator[str]:
    """What is wrong with a lock file, given the project that it locks."""
    table = tomllib.loads(project)
    extras = table["project"].get("optional-dependencies", {}).values()
    groups = (*extras, *table.get("dependency-groups", {}).values())
    pinned = pins(lock)
    for text in [*table["project"]["dependencies"], *(each for group in groups for each in group)]:
        wanted = Requirement(text)
        found = pinned.get(canonicalize_name(wanted.name))
        if found is None or found not in SpecifierSet(str(wanted.specifier)):
            yield f"{text}: locked {found}; run `make lock`"
    for line in lock.splitlines():
        if not (PIN.match(line) or HASH.match(line) or line.lstrip().startswith("#")):
            yield f"neither a pin nor a hash: {line}"
        if "://" in line or "index-url" in line:
            yield f"an address: {line}"


def project_text() -> str:
    return (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def lock_text() -> str:
    return (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_the_lock_file_holds_every_dependency() -> None:
    assert list(faults(project_text(), lock_text())) == []


def test_every_pin_has_a_hash() -> None:
    lines = lock_text().splitlines()
    bare = [a for a, b in pairwise(lines) if PIN.match(a) and not HASH.match(b)]
    assert bare == []


def test_no_namesake_of_a_room_is_locked() -> None:
    assert set(pins(lock_text())) & set(ROOMS) == set()


PROJECT = """
[project]
dependencies = ["rich>=14", "orjson"]
[project.optional-dependencies]
export = ["pyarrow"]
[dependency-groups]
test = ["pytest"]
"""
PINNED = "    --hash=sha256:" + "0" * 64 + "\n"


def test_a_dependency_without_a_pin_is_caught() -> None:
    lock = f"orjson==3.13.0 \\\n{PINNED}rich==13.0 \\\n{PINNED}"
    assert [fault.split(":")[0] for fault in faults(PROJECT, lock)] == [
        "rich>=14",
        "pyarrow",
        "pytest",
    ]


def test_an_address_is_caught() -> None:
    lock = f"--index-url https://example.test/simple\norjson==3.13.0 \\\n{PINNED}"
    assert any(fault.startswith("an address") for fault in faults(PROJECT, lock))
