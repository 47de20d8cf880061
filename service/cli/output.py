"""How a command prints: rows on stdout as a table, plain text, JSON or NDJSON; the rest on stderr.

A table on a terminal; tab-separated lines without colour anywhere else, so that `cut` and `awk`
read them. `NO_COLOR` and `TERM=dumb` are obeyed by rich.
"""

import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias

import orjson
from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

Row: TypeAlias = Mapping[str, object]
Format: TypeAlias = Literal["table", "plain", "json", "ndjson"]
Output: TypeAlias = Annotated[
    Format | None,
    Parameter(name=["--output", "-o"], help="How to print; default: table on a terminal."),
]


def show(rows: Sequence[Row], form: Format | None, *, title: str = "") -> None:
    """Print rows of one shape."""
    match form or _usual():
        case "json":
            write(orjson.dumps(list(rows), default=str, option=orjson.OPT_INDENT_2).decode())
        case "ndjson":
            for row in rows:
                write(orjson.dumps(row, default=str).decode())
        case "plain":
            for row in rows:
                write("\t".join(text(each) for each in row.values()))
        case "table":
            Console().print(_table(rows, title))


def write(line: str) -> None:
    """One line of data, at once: a reader of a pipe waits for it."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def say(line: str) -> None:
    """One line for the person, not for the pipe."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def text(value: object) -> str:
    """A cell: nothing for null, groups of digits never, so that it can be computed with."""
    match value:
        case None:
            return ""
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)


def vnd(amount: int | None) -> str:
    """An amount as people read it: 181.946.900.000 ₫."""
    return "–" if amount is None else f"{amount:,}".replace(",", ".") + " ₫"


def _usual() -> Format:
    return "table" if sys.stdout.isatty() else "plain"


def _table(rows: Sequence[Row], title: str) -> Table:
    table = Table(title=title or None, title_justify="left")
    for name, value in (rows[0] if rows else {}).items():
        is_number = isinstance(value, int)  # cut off, it would be another number
        table.add_column(
            name,
            justify="right" if is_number else "left",
            no_wrap=is_number,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(text(each) for each in row.values()))
    return table
