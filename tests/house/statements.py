"""The SQL of the product: every literal text in the four rooms that begins like a statement."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.house.tree import Source

STATEMENT = re.compile(r"\s*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|MERGE INTO|WITH|VALUES)\s")
TEMPLATE = re.compile(r"\{[\w:]*\}")
"""Text that is completed before it is run; what comes of it is prepared by its own test."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement and the place it stands at."""

    place: str
    text: str


def statements(sources: Iterable[Source]) -> Sequence[Statement]:
    """Every literal statement, under the name of the constant or function that holds it."""
    return [each for source in sources for each in _within(source.tree, source.path)]


def _within(node: ast.AST, place: str) -> Iterator[Statement]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.JoinedStr) or _is_docstring(child):
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            if STATEMENT.match(child.value) and not TEMPLATE.search(child.value):
                yield Statement(place, child.value)
        else:
            yield from _within(child, _name(child, place))


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _name(node: ast.AST, place: str) -> str:
    path = place.partition("::")[0]
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return f"{path}::{name}"
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return f"{path}::{name}"
        case _:
            return place
