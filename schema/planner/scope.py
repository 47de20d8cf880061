"""What a caller may see, as predicates that stand in every statement that reads the table.

A scope names tables and says of each which rows it shows. The compiler writes the condition beside
the one that keeps the moment, wherever the table is read: in lists, relations, counts, filters and
sums. Nothing is hidden after the fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import LiteralString

_NO_TABLES: Mapping[str, LiteralString] = MappingProxyType({})


@dataclass(frozen=True, eq=False, slots=True)
class Scope:
    """Rows of a table that is not named are all shown. Compared by identity: one for each role."""

    rows: Mapping[str, LiteralString] = field(default_factory=lambda: _NO_TABLES)
    """Table to a condition over `{self}`; `{scope:name::type}` is a figure of the caller's."""


EVERYTHING = Scope()
"""The public fund: all of it."""


def figure(name: str) -> str:
    """Under which name a figure of the caller's stands among the variables of a request.

    No variable of a document can have it: GraphQL's names have no `$`.
    """
    return f"${name}"
