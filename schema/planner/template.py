"""The words that SQL fragments of the schema are written in.

{self}               the row at hand
{other}              the related row
{at:x}               keeps alias x, of a versioned table or the log, to the moment and the scope
{between:x}          keeps alias x, a versioned table, to what stood between from_position and
                     to_position of the row at hand, on the day and in the scope of the question
{shown:x}            keeps alias x to the caller's scope alone
{position}           the position asked for
{today}              the day it is in Vietnam
{sealed}             the size of the newest checkpoint; null if there is none
{id}                 the global identity that is looked for
{arg:name::type}     an argument of the field, as a parameter of that SQL type
{scope:name::type}   a figure of the caller's, as a parameter of that SQL type
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import LiteralString

from schema.planner.arguments import Arguments
from schema.planner.inputs import Getter
from schema.planner.moment import Moment
from schema.planner.scope import figure
from schema.planner.source import ENTRIES, EVENTS, Time

_WORD = re.compile(r"\{([a-z]+)(?::([A-Za-z_]+))?(?:::?([A-Za-z_\[\]]+))?\}")
TODAY = "(now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"
SEALED = "(SELECT size FROM sealed)"
"""How far the log is sealed, as the one statement sees it (`run.py`)."""
_TIMES: Mapping[str, Time] = {ENTRIES: Time.LINES, EVENTS: Time.LOG}
"""How tables are kept to a moment that are no versions."""


@dataclass(frozen=True, slots=True)
class Filling:
    """What the words of one fragment stand for."""

    arguments: Arguments
    moment: Moment
    here: str
    other: str = ""
    id: str = ""

    def fill(self, sql: str) -> str:
        """Write a fragment out. An argument that is named twice is one parameter."""
        written: dict[str, str] = {}

        def word(match: re.Match[str]) -> str:
            if match.group() not in written:
                written[match.group()] = self._word(sql, *match.groups())
            return written[match.group()]

        return _WORD.sub(word, sql)

    def _word(self, sql: str, kind: str, name: str, detail: str) -> str:
        match kind:
            case "self":
                return self.here
            case "other":
                return self.other
            case "at":
                table = _read_as(sql, name)
                return self.kept(name, table, _TIMES.get(table, Time.VERSIONS))
            case "between":
                kept = self.moment.between(name, self.here)
                shown = self._shown(name, _read_as(sql, name))
                return kept if shown is None else f"{kept} AND {shown}"
            case "shown":
                return self._shown(name, _read_as(sql, name)) or "true"
            case "position":
                self._reads(Time.LOG)
                return self.moment.at
            case "today":
                return TODAY
            case "sealed":
                return SEALED
            case "id":
                return self.id
            case "arg":
                return self.arguments.parameter(name, detail)
            case "scope":
                return self.arguments.parameters.figure(name, _figure(name), detail)
            case _:
                raise ValueError(f"no word {{{kind}}} in SQL templates")

    def kept(self, alias: str, table: str, time: Time) -> str:
        """The predicate that keeps the rows of a table to the moment and to the scope."""
        self._reads(time)
        kept, shown = self.moment.keeps(alias, time), self._shown(alias, table)
        if shown is None:
            return kept
        return shown if kept == "true" else f"{kept} AND {shown}"

    def _shown(self, alias: str, table: str) -> str | None:
        """The scope's condition on a table; None: it is shown whole."""
        shown = self.arguments.given.scope.rows.get(table)
        if shown is None:
            return None
        return f"({Filling(self.arguments, self.moment, alias).fill(shown)})"

    def _reads(self, time: Time) -> None:
        """Note that the answer depends on the head of the ledger, if it does."""
        if self.moment.position is None and time is not Time.NONE:
            self.arguments.parameters.reads_head = True


def _figure(name: str) -> Getter:
    return lambda variables: variables.get(figure(name))


@cache
def _read_as(sql: LiteralString, alias: str) -> str:
    """The table that a fragment reads under an alias."""
    found = set(re.findall(rf"(\w+\.\w+) AS {alias}\b", sql))
    if len(found) != 1:
        raise ValueError(f"{{at:{alias}}} stands in a fragment that reads {found} as {alias}")
    return found.pop()
