"""What is asked: `questions/FILE.graphql` of us, `.postgraphile.graphql` of the peer, `.sql` raw.

All three of a name must answer alike; `agreement.py` sees to it before anything is timed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from graphql import OperationDefinitionNode, parse, print_ast

Variables: TypeAlias = Mapping[str, Any]
Samples: TypeAlias = Mapping[str, Sequence[Variables]]
"""What variables may be, by the name that a question wants them under."""

FOLDER = Path(__file__).parent / "questions"
POSITION = "position"
STANDS = re.compile(r"STANDS\((\w+)\)")
AT_HEAD = r"\1.until = 9223372036854775807 AND \1.valid_to = 'infinity'"
AS_OF = r"\1.since <= {position} AND \1.until > {position} AND \1.valid_to = 'infinity'"


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the table."""

    name: str
    title: str
    wants: str
    """Which samples its variables are drawn from; `after`: the cursors of its own pages."""
    connections: int = 16
    as_of: bool = False
    rows: int = 0
    """Asked of the file `rows`, whose ROWS this number stands for."""

    @property
    def path(self) -> str:
        """Where the raw application answers it."""
        return f"/{self.name}/as-of" if self.as_of else f"/{self.name}"

    @property
    def ours(self) -> str:
        """The document that we are asked."""
        text = self._text("graphql")
        return moved(text) if self.as_of else text

    @property
    def theirs(self) -> str | None:
        """The document that PostGraphile is asked; it knows no other moment than now."""
        return None if self.as_of else self._text("postgraphile.graphql")

    @property
    def statement(self) -> str:
        """The hand-written SQL. `STANDS(x)` keeps the rows of x to the moment."""
        text = self._text("sql")
        if not self.as_of:
            return STANDS.sub(AT_HEAD, text)
        last = max((int(number) for number in re.findall(r"\$(\d+)", text)), default=0)
        return STANDS.sub(AS_OF.format(position=f"${last + 1}::bigint"), text)

    @property
    def file(self) -> str:
        """What its files are called before their endings."""
        return "rows" if self.rows else self.name

    def _text(self, ending: str) -> str:
        text = (FOLDER / f"{self.file}.{ending}").read_text(encoding="utf-8")
        return text.replace("ROWS", str(self.rows)) if self.rows else text


def moved(text: str) -> str:
    """The same question as of a position."""
    (asked,) = parse(text).definitions
    assert isinstance(asked, OperationDefinitionNode)
    variables = ", ".join(print_ast(each) for each in asked.variable_definitions or ())
    whole = print_ast(asked.selection_set)
    return f"query ({variables} ${POSITION}: Position!) {{ asOf(position: ${POSITION}) {whole} }}"


PLAIN = (
    Question("tiny", "one field", "facility"),
    Question("point", "point, three levels", "commitment"),
    Question("rows_100", "100 rows × 5", "after", rows=100),
    Question("rows_1000", "1,000 rows × 5", "after", connections=4, rows=1_000),
    Question("totals", "totals by province", "nothing", connections=4),
)
FILTERED = (
    Question("tiny_filter", "one field, filtered", "province"),
    Question("point_filter", "point, filtered", "facility"),
    Question("rows_100_filter", "100 rows, filtered", "scheme"),
    Question("rows_1000_filter", "1,000 rows, filtered", "sector", connections=4),
    Question("totals_filter", "totals, filtered", "sector", connections=4),
)
AS_OF_HALF = tuple(replace(each, title=f"{each.title}, as of", as_of=True) for each in PLAIN)
QUESTIONS = PLAIN + FILTERED + AS_OF_HALF
