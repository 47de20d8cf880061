"""What is said of a field: the string that stands under it in the source, or else its term.

Python keeps the docstring of a class and throws this one away; the JSON Schema of events and the
GraphQL types want it.
"""

import ast
import inspect
import textwrap
from functools import cache
from itertools import pairwise

from events.terms import TERMS


def said(cls: type, field: str) -> str:
    """What a field means. Raises KeyError where neither the source nor the glossary says so."""
    return notes(cls).get(field) or TERMS[field]


@cache
def notes(cls: type) -> dict[str, str]:
    """Field name to the note under it, for those that have one."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(cls))).body
    body = tree.body if isinstance(tree, ast.ClassDef) else []
    found: dict[str, str] = {}
    for field, text in pairwise(body):
        match (field, text):
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(note))),
            ):
                found[name] = inspect.cleandoc(note)
            case _:
                pass
    return found
