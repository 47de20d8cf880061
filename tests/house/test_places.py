"""What is committed names no machine: no home folder, no package registry, no mirror."""

import re
from collections.abc import Iterable, Iterator

import pytest

from tests.house.tree import ROOT, committed

PLANTED = "planted" + " on purpose"
MACHINE = re.compile(
    r"""
      (?<![\w.$}])/(?:home|Users)/[a-z]      # somebody's home
    | (?<![\w.$}])/root/
    | (?:pypi|pythonhosted|npmjs|jsdelivr|unpkg)\.(?:org|com|net)
    | (?:esm\.sh|cdnjs\.)
    | //[^/\s"']*(?:artifactory|nexus|mirror)\b
    """,
    re.VERBOSE,
)
TEXT_BYTES_MAX = 2_000_000


def machines(files: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Lines that name a machine, with where they stand."""
    for name, text in files:
        for number, line in enumerate(text.splitlines(), 1):
            if MACHINE.search(line) and PLANTED not in line:
                yield f"{name}:{number}: {line.strip()[:100]}"


def readable() -> Iterator[tuple[str, str]]:
    for path in committed():
        name = str(path.relative_to(ROOT))
        if path.stat().st_size <= TEXT_BYTES_MAX and name != "tests/house/test_places.py":
            yield name, path.read_bytes().decode("utf-8", errors="replace")


def test_no_committed_file_names_a_machine() -> None:
    assert list(machines(readable())) == []


@pytest.mark.parametrize(
    "line",
    [
        "see /home/lan/socai",
        "cd /root/socai",
        f"https://registry.{'npmjs'}.org/react",
        f"https://files.{'pythonhosted'}.org/packages/aa/bb",
        "--index-url https://nexus.example/simple",
        f"<script src='https://cdn.{'jsdelivr'}.net/npm/react'>",
    ],
)
def test_a_machine_is_caught(line: str) -> None:
    assert list(machines([("a.md", line)])) == [f"a.md:1: {line}"]


@pytest.mark.parametrize("line", ["$HOME/socai", "/var/lib/postgresql", "postgresql://h/db"])
def test_an_ordinary_path_is_not_caught(line: str) -> None:
    assert list(machines([("a.md", line)])) == []


def test_no_working_paper_is_committed() -> None:
    """The lock file of uv names registries; it stays at home."""
    names = {str(path.relative_to(ROOT)) for path in committed()}
    assert "uv.lock" not in names
    assert not {name for name in names if name.startswith((".venv/", "node_modules/"))}
