"""The words that SQL fragments of the schema are written in.

{self}              the row at hand
{other}             the related row
{at:x}              keeps alias x, a versioned table, to the moment asked for
{position}          the position asked for
{today}             the day it is in Vietnam
{arg:name::type}    an argument of the field, as a parameter of that SQL type
"""

import re
from typing import LiteralString

from schema.planner.arguments import Arguments
from schema.planner.moment import Moment
from schema.planner.source import Time

_WORD = re.compile(r"\{([a-z]+)(?::([A-Za-z_]+))?(?:::?([A-Za-z_\[\]]+))?\}")
_TODAY = "(now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"


def fill(
    sql: LiteralString, *, here: str, other: str = "", moment: Moment, arguments: Arguments
) -> str:
    """Write a fragment out. An argument that is named twice is one parameter."""
    written: dict[tuple[str, str], str] = {}

    def word(match: re.Match[str]) -> str:
        kind, name, detail = match.groups()
        match kind:
            case "self":
                return here
            case "other":
                return other
            case "at":
                return moment.keeps(name, Time.VERSIONS)
            case "position":
                return moment.at
            case "today":
                return _TODAY
            case "arg":
                if (name, detail) not in written:
                    written[name, detail] = arguments.parameter(name, detail)
                return written[name, detail]
            case _:
                msg = f"no word {match.group()} in SQL templates"
                raise ValueError(msg)

    return _WORD.sub(word, sql)
