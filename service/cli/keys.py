"""`socai keys`: make, replace, revoke and list API keys. What a key may is in `socai mandates`."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, TypeVar

import asyncpg
from cyclopts import App, Parameter

from events.mandate import PrincipalId
from schema.access.principal import SCOPES
from service.access import keys
from service.cli.common import DataFolder, run, settings
from service.cli.output import Output, Row, say, show, write
from service.config import Config
from service.database import connected, database

T = TypeVar("T")
By = Annotated[str, Parameter(help="Who does it, for the record.")]

app = App(name="keys", help="Make, replace, revoke and list API keys.")


@app.command
def create(
    principal: Annotated[str, Parameter(help="Whose key it is: letters, digits, . _ -")],
    *,
    by: By,
    scope: Annotated[
        tuple[str, ...], Parameter(help="read, write, follow; all three if not said.")
    ] = (),
    days: Annotated[float, Parameter(help="How long it lives.")] = keys.DAYS_DEFAULT,
    environment: Annotated[str, Parameter(help="Stands in the key: of which deployment.")] = "live",
    data: DataFolder = None,
) -> None:
    """Make a key and print it, once. Only its SHA-256 is kept."""
    terms = keys.Terms(
        principal=PrincipalId(principal),
        by=by,
        environment=environment,
        scopes=frozenset(scope) or SCOPES,
        days=days,
    )
    write(run(_as_owner(settings(data=data), lambda owner: keys.create(owner, terms))))
    say("It is not shown again. What it may: socai mandates")


@app.command
def rotate(
    key: Annotated[str, Parameter(help="Its id: eight characters.")],
    *,
    by: By,
    overlap: Annotated[
        float, Parameter(help="Days that the old one goes on.")
    ] = keys.OVERLAP_DAYS_DEFAULT,
    data: DataFolder = None,
) -> None:
    """Make a key of the same terms and print it; the old one goes on for some days."""
    write(run(_as_owner(settings(data=data), lambda owner: keys.rotate(owner, key, by, overlap))))
    say(f"It is not shown again. {key} ends in {overlap:g} days.")


@app.command
def revoke(
    key: Annotated[str, Parameter(help="Its id: eight characters.")],
    *,
    by: By,
    data: DataFolder = None,
) -> None:
    """End a key now: within a second it opens nothing."""
    run(_as_owner(settings(data=data), lambda owner: keys.revoke(owner, key, by)))
    say(f"{key} is revoked.")


@app.command(name="list")
def list_(*, data: DataFolder = None, output: Output = None) -> None:
    """List every key there ever was; none of them can be used from here."""
    now = datetime.now(UTC)
    found = run(_as_owner(settings(data=data), keys.known))
    show([_row(each, now) for each in found], output)


def _row(key: keys.Known, now: datetime) -> Row:
    return {
        "key": key.id,
        "principal": key.principal,
        "scopes": " ".join(key.scopes),
        "state": "live" if key.is_live(now) else "revoked" if key.revoked_at else "expired",
        "expires": key.expires_at,
        "last used": key.last_used_at,
        "created by": key.created_by,
        "revoked by": key.revoked_by,
    }


async def _as_owner(config: Config, work: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    """As the owner of the log, who alone makes keys."""
    async with database(config, share=True) as found, connected(found.owner_url) as owner:
        return await work(owner)
