"""The formats of `socai export`, and who writes each.

    form = OF_THE_FUND["ndjson"]
    await writer(form)(fund, file, told)

A format is a function of a module of this folder, which is imported when it is asked for, because
some stand on packages that not everybody has.
"""

from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import BinaryIO, Final, TypeAlias

from events.rules import value
from service.export.fund import Fund

Told: TypeAlias = Callable[[int], None]
"""Told how many rows or events are written so far."""
Write: TypeAlias = Callable[[Fund, BinaryIO, Told], Awaitable[None]]
"""Write the fund's tables into a file that need not be seekable. The file stays open."""

EVENTS: Final = "events"
ROWS: Final = "rows"


@value
class Format:
    """How a file is written."""

    writer: str
    """`module:function`, of this folder."""
    is_text: bool
    """Whether it may go to a terminal or a pipe; else it is for a file alone."""
    counts: str = ROWS
    """What progress is counted in: rows of all tables asked for, events, or one read model's."""
    is_whole: bool = False
    """Whether it holds everything that is recorded, and cannot be had of what is published."""
    needs: str | None = None
    """A package that not everybody has: `pip install 'socai[export]'`."""


OF_ONE_TABLE: Mapping[str, Format] = MappingProxyType(
    {
        "ndjson": Format(writer="as_ndjson:write", is_text=True),
        "csv": Format(writer="as_csv:write", is_text=True),
        "parquet": Format(writer="as_parquet:write", is_text=False, needs="pyarrow"),
        "xlsx": Format(writer="as_xlsx:write", is_text=False, needs="xlsxwriter"),
    }
)
"""Name to format of a file that holds one read model: `--table entry`."""

OF_THE_FUND: Mapping[str, Format] = MappingProxyType(
    {
        "ndjson": Format(writer="as_log:write", is_text=True, counts=EVENTS, is_whole=True),
        "csv": Format(writer="as_package:write_csv", is_text=False),
        "parquet": Format(writer="as_package:write_parquet", is_text=False, needs="pyarrow"),
        "xlsx": Format(writer="as_xlsx:write", is_text=False, needs="xlsxwriter"),
    }
)
"""Name to format of a file that holds the fund."""


def writer(form: Format) -> Write:
    """Its function. ModuleNotFoundError: the package that it needs is not installed."""
    if form.needs is not None:
        import_module(form.needs)
    module, _, name = form.writer.partition(":")
    write: Write = getattr(import_module(f"service.export.{module}"), name)
    return write


async def total(form: Format, fund: Fund) -> int:
    """How many the file will have of what the format counts."""
    if form.counts == EVENTS:
        return fund.moment.position
    counted = (each for each in fund.tables if form.counts in {ROWS, each.name})
    return sum([await fund.count(each) for each in counted])
