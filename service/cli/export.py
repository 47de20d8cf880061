"""`socai export`: the fund as a file, at any moment that it was ever at."""

import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from errno import EDQUOT, EFBIG, ENOSPC, EROFS
from pathlib import Path
from typing import Annotated, BinaryIO, Literal
from uuid import uuid4

from asyncpg import UndefinedTableError
from cyclopts import App, Parameter

from projections.model import State
from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.cli.moments import Effective, day, position_of
from service.cli.output import say
from service.cli.progress import metered
from service.cli.version import release
from service.config import Config
from service.database import database
from service.export.formats import (
    EVENTS,
    OF_ONE_TABLE,
    OF_THE_FUND,
    Format,
    Write,
    total,
    writer,
)
from service.export.fund import (
    CannotHoldError,
    Fund,
    ModelsBehindError,
    Wanted,
    named,
    opened,
)
from service.export.view import EVERYTHING, PUBLISHED
from service.runtime import Runtime, running

NO_ROOM = frozenset({EDQUOT, EFBIG, ENOSPC, EROFS})
"""What a disk says that does not take the file; any other fault is of the way to the database."""

app = App(name="export", help="Write the fund as a file.")
app.command(
    "service.cli.takeaway:bundle",
    name="bundle",
    help="Write the log so that strangers verify it, without us.",
)


@app.default
def export(  # noqa: PLR0913 - every option is one of a person's words
    *,
    form: Annotated[
        Literal[tuple(OF_THE_FUND)],  # type: ignore[valid-type]
        Parameter(name=["--format", "-f"], help="In which format."),
    ],
    at: Annotated[
        str, Parameter(help="`head`, a position, or a recorded time such as 2026-11-24T09:00.")
    ] = "head",
    effective: Effective = None,
    table: Annotated[str | None, Parameter(help="Only this read model, such as entry.")] = None,
    everything: Annotated[
        bool, Parameter(negative=(), help="Also what is not published; for auditors inside.")
    ] = False,
    output: Annotated[
        Path | None,
        Parameter(
            name=["--output", "-o"],
            allow_leading_hyphen=True,
            help="Into this file; `-`, or nothing: to stdout.",
        ),
    ] = None,
    force: Annotated[bool, Parameter(negative=(), help="Write over a file that is there.")] = False,
    data: DataFolder = None,
) -> None:
    """Write the fund as it stood at a moment; the file says of which, and by which checkpoint.

    Unless `--everything` is said, it holds what the fund publishes: no tax codes, no vouchers.
    """
    chosen = _chosen(form, table, is_whole=everything)
    file = _file(output, is_forced=force)
    if file is None and not chosen.is_text:
        raise Stop(Exit.USAGE, f"{form} is no text: say into which file with --output")
    if chosen.is_whole and effective is not None:
        raise Stop(Exit.USAGE, "the log is whole on every day", then="--at, or --table")
    told = _wanted(table, effective, is_whole=everything)
    run(_exported(settings(data=data), chosen, at, told, file))
    if file is not None:
        say(f"{file}: {file.stat().st_size:,} bytes")


async def _exported(
    config: Config, form: Format, at: str, wanted: Wanted, file: Path | None
) -> None:
    write = _writer(form)
    async with _opened(config, at, wanted) as fund:
        count = await total(form, fund)
        unit = "events" if form.counts == EVENTS else "schemes" if form.is_open else "rows"
        with _into(file) as into, metered("exported", count, unit) as told:
            await write(fund, into, told)
        say(fund.moment.statement)


@asynccontextmanager
async def _opened(config: Config, at: str, wanted: Wanted) -> AsyncIterator[Fund]:
    """The fund at the moment that is meant, its read models brought up to the log."""
    async with database(config, share=True) as found:
        async with running(found.service_url, projecting=False) as runtime:
            position = await _position(runtime, at)
            await _brought_up(runtime)
        try:
            async with opened(found.service_url, replace(wanted, position=position)) as fund:
                yield fund
        except ModelsBehindError as error:
            raise Stop(Exit.UNAVAILABLE, str(error), then="socai doctor") from error
        except CannotHoldError as error:
            then = "--format csv or parquet, or another --at"
            raise Stop(Exit.REFUSED, str(error), then=then) from error


async def _position(runtime: Runtime, at: str) -> int:
    try:
        return await position_of(runtime.log, at)
    except UndefinedTableError:
        said = "there is no ledger in this database yet"
        raise Stop(Exit.NEGATIVE, said, then="socai migrate apply") from None


async def _brought_up(runtime: Runtime) -> None:
    """Made where there are none; a server of another version keeps its own."""
    async with runtime.pool.acquire() as connection:
        state = await runtime.projector.model.state(connection)
    if state is State.OUTDATED:
        said = "the read models are of another version of Socai"
        raise Stop(Exit.UNAVAILABLE, said, then="socai rebuild")
    if state is State.ABSENT:
        await runtime.projector.prepare()
    await runtime.projector.advance()


def _file(output: Path | None, *, is_forced: bool) -> Path | None:
    """The file that is meant; None: stdout."""
    if output is None or str(output) == "-":
        return None
    if str(output).startswith("-"):
        raise Stop(Exit.USAGE, f"--output is a file, not {output}", then=f"--output ./{output}")
    if not output.parent.is_dir():
        raise Stop(Exit.NOT_FOUND, f"there is no folder {output.parent}")
    if output.exists() and not is_forced:
        raise Stop(Exit.REFUSED, f"{output} is there already", then="--force, or another --output")
    return output


def _chosen(form: str, table: str | None, *, is_whole: bool) -> Format:
    """The format that is meant; one that holds everything is not had by default."""
    formats = OF_THE_FUND if table is None else OF_ONE_TABLE
    if form not in formats:
        raise Stop(Exit.USAGE, f"{form} holds the whole fund: leave out --table")
    if formats[form].is_whole and not is_whole:
        said = "the log holds what is not published, such as tax codes"
        raise Stop(Exit.USAGE, said, then="--everything, or --table")
    if formats[form].is_open and is_whole:
        raise Stop(Exit.USAGE, f"{form} is for what is published: leave out --everything")
    return formats[form]


def _wanted(table: str | None, effective: str | None, *, is_whole: bool) -> Wanted:
    """What is asked for, but for the position, which the database knows."""
    view = EVERYTHING if is_whole else PUBLISHED
    projection = None if table is None else named(table)
    known = [each.name for each in view.tables]
    if table is not None and (projection is None or projection not in view.tables):
        raise Stop(Exit.USAGE, f"--table is one of {', '.join(known)}, not {table!r}")
    return Wanted(
        position=0,
        effective=day(effective) if effective else None,
        view=view,
        table=projection,
        release=release(),
    )


def _writer(form: Format) -> Write:
    try:
        return writer(form)
    except ModuleNotFoundError as error:
        said = f"{error.name} is not installed here"
        raise Stop(Exit.UNAVAILABLE, said, then="pip install 'socai[export]'") from error


@contextmanager
def _into(file: Path | None) -> Iterator[BinaryIO]:
    """Where the bytes go. A file takes its name when it is whole, and leaves nothing before."""
    if file is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    unfinished = file.with_name(f".{file.name}.{uuid4().hex[:8]}")
    try:
        with unfinished.open("xb") as into:
            yield into
            into.flush()
            os.fsync(into.fileno())
        unfinished.replace(file)
    except PermissionError as error:
        raise Stop(Exit.NOT_AUTHORISED, f"{file}: {error.strerror}") from error
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        then = "make room, or another --output"
        raise Stop(Exit.UNAVAILABLE, f"{file}: {error.strerror}", then=then) from error
    finally:
        unfinished.unlink(missing_ok=True)
