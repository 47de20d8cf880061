"""What a caller may see, as predicates that stand in every statement that reads the table.

A scope names tables and says of each which rows it shows. The compiler writes the condition beside
the one that keeps the moment, wherever the table is read: in lists, relations, counts, filters and
sums. Nothing is hidden after the fact.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import LiteralString

from schema.planner.refusals import QueryRefusedError

FORBIDDEN = "FORBIDDEN"
_NO_TABLES: Mapping[str, LiteralString] = MappingProxyType({})


@dataclass(frozen=True, eq=False, slots=True)
class Scope:
    """Rows of a table that is not named are all shown. Compared by identity: one for each role."""

    rows: Mapping[str, LiteralString] = field(default_factory=lambda: _NO_TABLES)
    """Table to a condition over `{self}`; `{scope:name::type}` is a figure of the caller's."""
    may_read: Callable[[str, str], bool] = lambda _type, _field: True
    """Whether a field of a type is the caller's to read, to filter by and to order by."""

    def admit(self, type_: str, field: str) -> None:
        """Refuse a field that is not."""
        if not self.may_read(type_, field):
            raise ForbiddenError(f"{type_}.{field}")


EVERYTHING = Scope()
"""All of the fund."""


class ForbiddenError(QueryRefusedError):
    """The caller may not do what was asked."""

    def __init__(self, asked: str) -> None:
        super().__init__(
            FORBIDDEN,
            f"{asked} is not for the roles that you have.",
            f"{asked} không thuộc quyền của vai trò đang dùng.",
            asked=asked,
        )
        self.asked = asked


def figure(name: str) -> str:
    """Under which name a figure of the caller's stands among the variables of a request.

    No variable of a document can have it: GraphQL's names have no `$`.
    """
    return f"${name}"
