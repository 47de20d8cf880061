"""`socai import`: commands from a spreadsheet, sent to a ledger by whoever shows a key."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, TypeAlias
from urllib.parse import urlsplit

from cyclopts import Parameter

from schema.planner.limits import COMMANDS as MOST
from service.cli.exits import Exit, Stop
from service.cli.output import Output, Row, say, show
from service.fetch import FetchError
from service.spreadsheet.files import UnreadableFileError, sheets
from service.spreadsheet.form import forms
from service.spreadsheet.lines import Line, Read, Wrong, read_sheet
from service.spreadsheet.sending import How, Ledger, NotAnsweredError, Told, sent
from service.spreadsheet.template import GUIDE, write

KEY: Final = "SOCAI_KEY"
"""The environment variable that an API key or a token is read from: it is no argument, which others
could see."""
File: TypeAlias = Annotated[Path, Parameter(help="A workbook (.xlsx, .ods …) or a .csv file.")]
To: TypeAlias = Annotated[
    str, Parameter(help="Address of the ledger; its GraphQL is at /graphql there.")
]


def import_(
    file: File,
    /,
    *,
    to: To = "http://127.0.0.1:8000",
    command: Annotated[
        str | None, Parameter(help="Which command the rows of a .csv are; default: its name.")
    ] = None,
    dry_run: Annotated[
        bool, Parameter(negative="", help="Say what would become of each row; record nothing.")
    ] = False,
    together: Annotated[
        bool, Parameter(negative="", help="All rows or none; up to 1,000.")
    ] = False,
    output: Output = None,
) -> None:
    """Send each row of a spreadsheet as a command; errors are named by sheet and cell.

    The key is read from SOCAI_KEY. The same file twice changes nothing: the id of a command follows
    from what its row says. Accepted and refused rows are all rows.
    """
    read = _read(file, command)
    wrong = [each for one in read for each in one.wrong]
    lines = [each for one in read for each in one.lines]
    rows = sum(each.rows for each in read)
    how = How.DRY if dry_run else How.TOGETHER if together else How.EACH
    if len(lines) > MOST.most and how is not How.EACH:
        raise Stop(Exit.USAGE, f"{len(lines):,} rows; at most {MOST.most:,} go in one request.")
    is_held = together and wrong
    told = [] if is_held else asyncio.run(_sent(_ledger(to), lines, how))
    wrong += [each for one in told for each in one.wrong]
    show([_row(each) for each in wrong], output)
    accepted = sum(each.recorded for each in told)
    _sum(accepted, sum(each.repeated for each in told), rows, how)
    if is_held:
        say("Nothing was sent: with --together, every row must be readable.")
    if accepted < rows:
        raise Stop(Exit.NEGATIVE, f"{rows - accepted:,} of {rows:,} rows are refused.")


def template(
    file: Annotated[Path, Parameter(help="Where to write it; a file that is there stays.")],
    /,
    *,
    command: Annotated[
        Sequence[str], Parameter(help="Only these; may be given several times. Default: all.")
    ] = (),
) -> None:
    """Write the empty form that `socai import` reads: a sheet for each command, and a guide."""
    unknown = [each for each in command if each not in forms()]
    if unknown:
        raise Stop(Exit.NOT_FOUND, f"no such command: {', '.join(unknown)}")
    if file.exists():
        raise Stop(Exit.REFUSED, f"{file} is there already.")
    try:
        write(file, command or list(forms()))
    except ImportError as error:
        raise _lacking(error) from None
    say(f"{file}: {len(command or forms())} sheets. Then: socai import {file} --dry-run")


def _lacking(error: ImportError) -> Stop:
    return Stop(Exit.USAGE, f"{error.name} is not there.", then="Install socai[spreadsheet].")


def _read(file: Path, command: str | None) -> Sequence[Read]:
    read = []
    try:
        for each in sheets(file, command):
            found = read_sheet(each)
            if found is not None:
                read.append(found)
            elif each.name != GUIDE:
                say(f"sheet {each.name} is named after no command: left out")
    except UnreadableFileError as error:
        raise Stop(Exit.USAGE, str(error)) from None
    except ImportError as error:
        raise _lacking(error) from None
    if not read:
        raise Stop(
            Exit.USAGE,
            "no sheet is named after a command.",
            then="Write an empty form: socai template FILE",
        )
    return read


def _ledger(to: str) -> Ledger:
    key = os.environ.get(KEY, "")
    if not key:
        raise Stop(Exit.NOT_AUTHORISED, f"{KEY} holds no key.", then="Make one: socai keys make")
    parts = urlsplit(to.rstrip("/") + "/graphql")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Stop(Exit.USAGE, f"--to is no web address: {to}")
    return Ledger(parts=parts, key=key)


async def _sent(ledger: Ledger, lines: Sequence[Line], how: How) -> list[Told]:
    try:
        return [each async for each in sent(ledger, lines, how)]
    except FetchError as error:
        raise Stop(
            Exit.UNAVAILABLE, str(error), then="Send it again: nothing is done twice."
        ) from None
    except NotAnsweredError as error:
        code = (
            Exit.NOT_AUTHORISED if error.code in {"FORBIDDEN", "UNAUTHENTICATED"} else Exit.REFUSED
        )
        raise Stop(code, f"{error.code}: {error}") from None


def _row(wrong: Wrong) -> Row:
    return {
        "cell": wrong.place,
        "code": wrong.code,
        "vi": wrong.message_vi,
        "en": wrong.message,
    }


def _sum(accepted: int, repeated: int, rows: int, how: How) -> None:
    would = "would be accepted" if how is How.DRY else "accepted"
    before = f" ({repeated:,} of them before)" if repeated else ""
    say(f"{accepted:,} {would}{before} + {rows - accepted:,} refused = {rows:,} rows")
