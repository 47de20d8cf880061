"""A file has at most 300 lines, a function at most 40: what a person reads in one sitting."""

import ast
from collections.abc import Iterable, Iterator

from tests.house.tree import ROOMS, Source, python_files

FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 40


def long_files(sources: Iterable[Source]) -> Iterator[str]:
    for source in sources:
        lines = len(source.text.splitlines())
        if lines > FILE_LINES_MAX:
            yield f"{source.path}: {lines} lines"


def long_functions(sources: Iterable[Source]) -> Iterator[str]:
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    yield f"{source.path}: {node.name} has {lines} lines"


def test_no_file_is_longer_than_300_lines() -> None:
    assert list(long_files(python_files(*ROOMS, "tests", "benchmarks"))) == []


def test_no_function_of_the_product_is_longer_than_40_lines() -> None:
    assert list(long_functions(python_files(*ROOMS))) == []


def test_a_file_of_301_lines_is_caught() -> None:
    assert list(long_files([Source("long.py", "x = 1\n" * 301)])) == ["long.py: 301 lines"]


def test_a_function_of_41_lines_is_caught() -> None:
    body = "async def slow() -> None:\n" + "    x = 1\n" * 40
    assert list(long_functions([Source("a.py", body)])) == ["a.py: slow has 41 lines"]
    assert list(long_functions([Source("a.py", body.removesuffix("    x = 1\n"))])) == []
