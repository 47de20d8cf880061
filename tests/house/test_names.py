"""Names say what a thing is. Words that fit everything say nothing and are not used.

`data` names the folder of dated reference data alone.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath

from tests.house.tree import ROOMS, Source, python_files

FORBIDDEN = frozenset(
    {
        "abstract",
        "base",
        "data",
        "dto",
        "handler",
        "helper",
        "helpers",
        "impl",
        "info",
        "manager",
        "process",
        "util",
        "utils",
    }
)
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
BORROWED = frozenset({"PageInfo", "_page_info", "data_received"})
"""Names that are not ours to choose: Relay asks for the first two, asyncio for the third."""


def words(name: str) -> set[str]:
    return {word.lower() for word in WORD.findall(name)}


def empty_names(sources: Iterable[Source]) -> Iterator[str]:
    """Modules, classes and functions that bear a forbidden word."""
    for source in sources:
        module = PurePath(source.path)
        for part in (*module.parts[1:-1], module.stem):
            if words(part) & FORBIDDEN:
                yield f"{source.path}: module {part}"
        for node in ast.walk(source.tree):
            named = isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            if named and words(node.name) & FORBIDDEN and node.name not in BORROWED:
                yield f"{source.path}: {node.name}"


def test_no_name_is_empty() -> None:
    assert list(empty_names(python_files(*ROOMS))) == []


def test_empty_names_are_caught() -> None:
    planted = Source(
        "events/scheme_utils.py",
        "class FundingManager:\n    def process_payment(self) -> None: ...\n"
        "async def base() -> None: ...\n",
    )
    assert list(empty_names([planted])) == [
        "events/scheme_utils.py: module scheme_utils",
        "events/scheme_utils.py: FundingManager",
        "events/scheme_utils.py: base",
        "events/scheme_utils.py: process_payment",
    ]


def test_a_word_inside_a_word_is_not_caught() -> None:
    planted = Source("events/a.py", "class DatabaseUrl: ...\ndef processed() -> None: ...\n")
    assert list(empty_names([planted])) == []
