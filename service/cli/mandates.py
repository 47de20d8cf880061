"""`socai mandates`: who may do what, by events in the ledger.

The first ones are made here, by whoever has the machine; later ones in GraphQL, by administrators.
"""

from datetime import datetime
from typing import Annotated, Final, LiteralString

import asyncpg
from cyclopts import App, Parameter

from events.clock import today
from events.deciding import uuid7
from events.envelope import Actor, Order
from events.geography import live_on
from events.identity import OrganisationId
from events.mandate import (
    Bounds,
    ConfirmMandate,
    MandateCommand,
    MandateId,
    PrincipalId,
    ProposeMandate,
    RevokeMandate,
)
from events.vocabulary import Role
from service.access.door import principal_of
from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.cli.output import Output, say, show, write
from service.cli.serve import prepared
from service.config import Config
from service.database import CONNECT_SECONDS_MAX, database
from service.runtime import running

KNOWN: Final[LiteralString] = """
    SELECT principal, mandate_id, role, organisation, province_code, centre, last_day, status
    FROM model.mandate
    WHERE until = 9223372036854775807 AND valid_to = 'infinity'
    ORDER BY principal, mandate_id
    LIMIT 100000
"""
Principal = Annotated[str, Parameter(help="Whose: letters, digits, . _ -")]
Mandate = Annotated[str, Parameter(help="Code of the mandate, such as 1.")]
By = Annotated[str, Parameter(help="Who does it: recorded as the actor.")]

app = App(name="mandates", help="Propose, confirm, revoke and list who may do what.")


@app.command
def propose(  # noqa: PLR0913 - each is a word of the command line
    principal: Principal,
    mandate: Mandate,
    role: Annotated[str, Parameter(help=f"One of {', '.join(each.name for each in Role)}.")],
    *,
    by: By,
    organisation: Annotated[str, Parameter(help="Code of the body that is acted for.")],
    province: Annotated[str | None, Parameter(help="GSO code of the province today.")] = None,
    centre: Annotated[str | None, Parameter(help="Code of the centre.")] = None,
    last_day: Annotated[datetime | None, Parameter(help="Last day on which it counts.")] = None,
    data: DataFolder = None,
) -> None:
    """Propose a role for somebody; it counts once another person has confirmed it."""
    command = ProposeMandate(
        principal=PrincipalId(principal),
        mandate_id=MandateId(mandate),
        role=_role(role),
        organisation=OrganisationId(organisation),
        bounds=_bounds(province, centre),
        last_day=last_day.date() if last_day else None,
    )
    run(_record(settings(data=data), command, by))
    say(f"Proposed: {role} for {principal}. Another person confirms it.")


@app.command
def confirm(principal: Principal, mandate: Mandate, *, by: By, data: DataFolder = None) -> None:
    """Confirm what somebody else proposed: it counts from now on."""
    command = ConfirmMandate(principal=PrincipalId(principal), mandate_id=MandateId(mandate))
    run(_record(settings(data=data), command, by))
    say(f"Confirmed: {principal} {mandate}.")


@app.command
def revoke(
    principal: Principal,
    mandate: Mandate,
    *,
    by: By,
    reason: Annotated[str, Parameter(help="Why, for the record.")],
    data: DataFolder = None,
) -> None:
    """Take a mandate back: within seconds it counts no more."""
    command = RevokeMandate(
        principal=PrincipalId(principal), mandate_id=MandateId(mandate), reason=reason
    )
    run(_record(settings(data=data), command, by))
    say(f"Revoked: {principal} {mandate}.")


@app.command
def principal(
    issuer: Annotated[str, Parameter(help="Address of the issuer, as it is configured.")],
    subject: Annotated[str, Parameter(help="Subject (`sub`) of the tokens that it gives.")],
) -> None:
    """Print the code under which the ledger knows the bearer of an issuer's tokens."""
    write(principal_of(issuer, subject))


@app.command(name="list")
def list_(*, data: DataFolder = None, output: Output = None) -> None:
    """List every mandate: proposed, confirmed, revoked."""
    show([dict(row) for row in run(_known(settings(data=data)))], output)


def _role(name: str) -> Role:
    if name.upper() not in Role.__members__:
        raise Stop(Exit.USAGE, f"no role {name!r}; known: {', '.join(Role.__members__)}")
    return Role[name.upper()]


def _bounds(province: str | None, centre: str | None) -> Bounds:
    ref = None if province is None else live_on(province, today())
    if province is not None and ref is None:
        raise Stop(Exit.NOT_FOUND, f"no province has the code {province} today")
    return Bounds(province=ref, centre=OrganisationId(centre) if centre else None)


async def _record(config: Config, command: MandateCommand, by: str) -> None:
    async with database(config, share=True) as found:
        await prepared(found)
        async with running(found.service_url, projecting=found.own is not None) as runtime:
            actor = Actor(id=by, role=Role.ADMIN.name, organisation="socai")
            order = Order(command=command, command_id=uuid7(), effective_on=today(), actor=actor)
            receipt = await runtime.ledger.handle(order)
            if found.own is not None:
                await runtime.projector.wait_for(receipt.position, CONNECT_SECONDS_MAX)


async def _known(config: Config) -> list[asyncpg.Record]:
    async with database(config, share=True) as found:
        await prepared(found)
        async with running(found.service_url, projecting=found.own is not None) as runtime:
            return await runtime.pool.fetch(KNOWN)
