"""`socai subscriptions`: look after those who follow without asking, webhooks and the relay.

socai subscriptions list
socai subscriptions reset nats/socai --to 0 --yes
"""

import getpass
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, TypeAlias

import asyncpg
from cyclopts import App, Parameter

from events.rules import value
from schema.scalars import Position
from schema.webhooks.desk import Changed, Endpoint
from schema.webhooks.refusals import (
    WAITING_MAX,
    NotSentYet,
    PositionAhead,
    TooManyRedeliveries,
)
from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.cli.output import Output, Row, say, show
from service.config import Config
from service.consumers import acts, endpoints
from service.consumers.cursors import WEBHOOK, Cursor, cursors
from service.consumers.endpoints import Transaction
from service.database import database
from service.pools import reading

CHANGES_SHOWN = 100

Name: TypeAlias = Annotated[str, Parameter(help="As `list` prints it: webhook/ID or nats/NAME.")]
By: TypeAlias = Annotated[
    str | None, Parameter(help="Who does it, for the record; your name on this machine.")
]

app = App(
    name="subscriptions",
    help="Look after those who are sent what is recorded: webhooks, the relay.",
)


@value
class Standing:
    """A consumer with all that is known of it."""

    cursor: Cursor
    endpoint: Endpoint | None
    """None: it is no webhook."""
    waiting: int
    """Events that are to be sent once more."""
    changes: Sequence[Changed]


@app.command(name="list")
def list_(*, data: DataFolder = None, output: Output = None) -> None:
    """List every consumer whose cursor is kept: how far it is, and what keeps it."""
    found = run(_all(settings(data=data)))
    show([_row(each) for each in found], output)
    if not found:
        say("Nobody is sent anything.")


@app.command(name="show")
def show_(name: Name, /, *, data: DataFolder = None, output: Output = None) -> None:
    """Show one: its cursor, of a webhook where it is sent and for whom, and who changed what."""
    found = run(_one(settings(data=data), name))
    rows = [{"what": key, "is": told} for key, told in _told(found).items()]
    if output in {"json", "ndjson"}:
        show([{**_told(found), "changes": [_change(each) for each in found.changes]}], output)
        return
    show(rows, output)
    show([_change(each) for each in found.changes], output)


@app.command
def pause(name: Name, /, *, by: By = None, data: DataFolder = None) -> None:
    """Send it nothing until it is resumed; its place is kept."""
    run(_paused(settings(data=data), name, _who(by)))
    say(f"{name} is paused. Then: socai subscriptions resume {name}")


@app.command
def resume(name: Name, /, *, by: By = None, data: DataFolder = None) -> None:
    """Go on from where it stands, at once, whatever failed before."""
    found = run(_resumed(settings(data=data), name, _who(by)))
    say(f"{name} is {found.state.name.lower()}, after position {found.position}.")


@app.command
def reset(
    name: Name,
    /,
    *,
    to: Annotated[int, Parameter(help="Go on after this position; 0: from the beginning.")],
    yes: Annotated[bool, Parameter(negative="", help="Do not ask.")] = False,
    by: By = None,
    data: DataFolder = None,
) -> None:
    """Move a cursor: everything after the position is sent again, or what lies between never."""
    config = settings(data=data)
    _sure(run(_one(config, name)).cursor, to, yes=yes)
    before = run(_moved(config, name, to, _who(by)))
    say(f"{name} goes on after position {to}; it stood at {before}.")


@app.command
def replay(
    name: Name,
    /,
    *,
    from_: Annotated[int, Parameter(name="--from", help="The first position.")],
    to: Annotated[int | None, Parameter(help="The last one; the same if not said.")] = None,
    by: By = None,
    data: DataFolder = None,
) -> None:
    """Have events sent to a webhook once more, up to 1,000; its cursor stays."""
    last = from_ if to is None else to
    count = run(_sent_again(settings(data=data), name, from_, last, _who(by)))
    say(f"{count} events will be sent to {name} once more.")


async def _all(config: Config) -> list[Cursor]:
    async with _pool(config) as pool:
        return await cursors(pool)


async def _one(config: Config, name: str) -> Standing:
    async with _held(config, name) as (connection, cursor):
        id_ = name.removeprefix(WEBHOOK)
        endpoint = await endpoints.endpoint(connection, id_) if id_ != name else None
        changes = await endpoints.changes_of(connection, name, CHANGES_SHOWN)
        waiting = await endpoints.waiting(connection, id_) if endpoint else 0
        return Standing(cursor=cursor, endpoint=endpoint, waiting=waiting, changes=changes)


async def _paused(config: Config, name: str, by: str) -> None:
    async with _held(config, name) as (connection, _):
        await acts.paused(connection, name, by)


async def _resumed(config: Config, name: str, by: str) -> Cursor:
    async with _held(config, name) as (connection, _):
        await acts.resumed(connection, name, by)
        return _there(await acts.held(connection, name), name)


async def _moved(config: Config, name: str, to: int, by: str) -> int:
    async with _held(config, name) as (connection, cursor):
        if to > cursor.head:
            raise PositionAhead(position=Position(to), head=Position(cursor.head))
        await acts.moved(connection, name, by, to)
        return cursor.position


async def _sent_again(config: Config, name: str, first: int, last: int, by: str) -> int:
    async with _held(config, name) as (connection, cursor):
        id_ = name.removeprefix(WEBHOOK)
        if id_ == name:
            raise Stop(
                Exit.REFUSED,
                f"{name} is no webhook: single events are not sent to it once more",
                then=f"socai subscriptions reset {name} --to …",
            )
        if not 1 <= first <= last:
            raise Stop(Exit.USAGE, "positions go from 1 on, and --to is not before --from")
        if last > cursor.position:
            at = Position(cursor.position)
            raise NotSentYet(webhook=id_, position=Position(last), cursor=at)
        if await endpoints.waiting(connection, id_) + last - first + 1 > WAITING_MAX:
            raise TooManyRedeliveries(webhook=id_, limit=WAITING_MAX)
        return await acts.sent_again(connection, id_, first, last, by)


@asynccontextmanager
async def _pool(config: Config) -> AsyncIterator[asyncpg.Pool]:
    async with (
        database(config, share=True) as found,
        reading(found.service_url, 1) as pool,
    ):
        yield pool


@asynccontextmanager
async def _held(config: Config, name: str) -> AsyncIterator[tuple[Transaction, Cursor]]:
    """A consumer that nobody else moves for the length of the block."""
    async with (
        _pool(config) as pool,
        pool.acquire() as connection,
        connection.transaction(),
    ):
        yield connection, _there(await acts.held(connection, name), name)


def _there(found: Cursor | None, name: str) -> Cursor:
    if found is None:
        raise Stop(Exit.NOT_FOUND, f"there is no {name}", then="socai subscriptions list")
    return found


def _sure(cursor: Cursor, to: int, *, yes: bool) -> None:
    """Ask whoever sits there; a script has to say it."""
    if to < 0:
        raise Stop(Exit.USAGE, "a position is 0 or more")
    if yes:
        return
    between = abs(cursor.position - to)
    what = "sent again" if to < cursor.position else "never sent"
    told = f"{cursor.name} stands at {cursor.position}: {between} events would be {what}"
    if not sys.stdin.isatty():
        raise Stop(Exit.USAGE, told, then="say --yes")
    sys.stderr.write(f"{told}. Go on? [y/N] ")
    sys.stderr.flush()
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise Stop(Exit.NEGATIVE, "nothing was changed")


def _who(by: str | None) -> str:
    """Told apart from principals, whose names have no blank."""
    return f"operator {by or getpass.getuser()}"


def _row(cursor: Cursor) -> Row:
    kind, _, _ = cursor.name.partition("/")
    return {
        "name": cursor.name,
        "kind": kind,
        "state": cursor.state.name,
        "cursor": cursor.position,
        "head": cursor.head,
        "lag": cursor.lag,
        "lagSeconds": 0.0 if cursor.late is None else round(cursor.late, 3),
        "failures": cursor.failures,
        "retryAt": cursor.retry_at,
        "error": cursor.error,
    }


def _told(found: Standing) -> Row:
    row = {**_row(found.cursor), "movedAt": found.cursor.moved_at}
    if (endpoint := found.endpoint) is None:
        return row
    return {
        **row,
        "principal": endpoint.principal,
        "url": endpoint.contents.url,
        "description": endpoint.contents.description,
        "filter": endpoint.contents.filter,
        "proofs": endpoint.contents.proofs,
        "createdAt": endpoint.created_at,
        "grantedAt": endpoint.granted_at,
        "rate": endpoint.rate,
        "secrets": endpoint.generation,
        "waiting": found.waiting,
    }


def _change(change: Changed) -> Row:
    return {
        "at": change.at,
        "by": change.asked_by,
        "act": change.act.name,
        "position": change.position,
    }
