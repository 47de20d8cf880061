"""The repository as the house tests read it: its rooms, its files and their syntax trees."""

import ast
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("events", "projections", "schema", "service")
UNRELEASED = re.compile(r"^## \[?Unreleased\]?$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
BREAKING = re.compile(r"^### Breaking$(.*?)(?=^### |\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file: where it stands, its text and its syntax tree."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)


def python_files(*folders: str) -> Sequence[Source]:
    """Every Python file below the folders, in the order of their names."""
    return [
        Source(str(path.relative_to(ROOT)), path.read_text(encoding="utf-8"))
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "node_modules" not in path.parts
    ]


@cache
def committed() -> Sequence[Path]:
    """Every file that is or would be committed; without git, every file but the ignored folders."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0 and listed.stdout:
        names = listed.stdout.decode().rstrip("\0").split("\0")
        return sorted(ROOT / name for name in names if (ROOT / name).is_file())
    return sorted(_walk(ROOT))


def documents() -> Iterator[tuple[str, str]]:
    """Every Markdown page of the repository: its path and its text."""
    for path in committed():
        if path.suffix == ".md":
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def breaking_names(changelog: str) -> set[str]:
    """What the breaking list of the next release names."""
    unreleased = "".join(UNRELEASED.findall(changelog))
    return set(re.findall(r"`([^`]+)`", "".join(BREAKING.findall(unreleased))))


def public_classes(source: Source) -> Iterator[ast.ClassDef]:
    """The classes that other modules may use."""
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node


def decorated(node: ast.ClassDef, names: Iterable[str]) -> bool:
    """Whether a class stands under one of the decorators, with or without arguments."""
    for each in node.decorator_list:
        bare = each.func if isinstance(each, ast.Call) else each
        if isinstance(bare, ast.Name) and bare.id in names:
            return True
    return False


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        ignored = path.name.startswith(".") and path.name not in {".ci", ".gitignore"}
        if ignored or path.name in {"__pycache__", "node_modules", "dist", "build", "graphiql"}:
            continue
        if path.is_dir():
            yield from _walk(path)
        else:
            yield path
