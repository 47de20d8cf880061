"""`socai vault`: look at what is known of persons, erase it, and see who looked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeAlias
from uuid import UUID

from cyclopts import App, Parameter

from events.appender import Appender
from events.clock import today
from events.deciding import uuid7
from events.envelope import Actor, Order
from events.facility import EraseContact
from events.identity import FacilityId, PersonId
from events.ledger import Ledger
from events.log import Log
from events.vault import Shown, Vault
from events.vocabulary import ErasureGround
from service.cli.common import DataFolder, run, settings
from service.cli.events import line
from service.cli.output import Output, Row, say, show
from service.config import Config
from service.database import Database, database
from service.pools import reading

Who: TypeAlias = Annotated[str, Parameter(help="Who asks: an id, as the directory knows it.")]
Facility: TypeAlias = Annotated[str, Parameter(help="Code of the facility.")]
Person: TypeAlias = Annotated[str, Parameter(help="Id of the contact person.")]

app = App(name="vault", help="Personal data: look at it, erase it, see who looked.")


@app.command
def reveal(
    *,
    facility: Facility,
    person: Person,
    purpose: Annotated[str, Parameter(help="What for. It is written down.")],
    by: Who,
    data: DataFolder = None,
    output: Output = None,
) -> None:
    """Show what is known of a contact person. That it was shown is written down first."""

    async def rows(config: Config) -> list[Row]:
        async with _opened(config) as (_, log):
            shown = await Vault(log).reveal(
                FacilityId(facility), PersonId(person), _at_the_server(by), purpose
            )
            return [_row(each) for each in shown]

    show(run(rows(settings(data=data))), output)


@app.command
def erase(
    *,
    facility: Facility,
    person: Person,
    ground: Annotated[ErasureGround, Parameter(help="On which ground of the law.")],
    by: Who,
    command: Annotated[
        UUID | None, Parameter(help="Id of the command, to try it again; a new one if not said.")
    ] = None,
    data: DataFolder = None,
    output: Output = None,
) -> None:
    """Erase what is known of a contact person, and record that it was. Nothing brings it back."""
    order: Order[Any] = Order(
        command=EraseContact(
            facility_id=FacilityId(facility), person_id=PersonId(person), ground=ground
        ),
        command_id=command or uuid7(),
        effective_on=today(),
        actor=_at_the_server(by),
    )

    async def rows(config: Config) -> list[Row]:
        async with _opened(config) as (found, log), Appender(found.service_url) as appender:
            receipt = await Ledger(log, appender).handle(order)
            return [line(each) for each in receipt.facts]

    say(f"command {order.command_id}")
    show(run(rows(settings(data=data))), output)


@app.command
def access(
    *,
    person: Annotated[str | None, Parameter(help="Only looks at this person.")] = None,
    limit: Annotated[int, Parameter(help="How many.")] = 50,
    data: DataFolder = None,
    output: Output = None,
) -> None:
    """List who looked at personal data, the latest first."""

    async def rows(config: Config) -> list[Row]:
        async with _opened(config) as (_, log):
            return [
                {
                    "at": each.at,
                    "personId": each.person_id,
                    "fields": " ".join(each.fields),
                    "by": each.actor.id,
                    "role": each.actor.role,
                    "organisation": each.actor.organisation,
                    "purpose": each.purpose,
                }
                for each in await Vault(log).accesses(limit, person)
            ]

    show(run(rows(settings(data=data))), output)


@asynccontextmanager
async def _opened(config: Config) -> AsyncIterator[tuple[Database, Log]]:
    """The log and the vault beside it."""
    async with database(config, share=True) as found, reading(found.service_url, 1) as pool:
        yield found, Log(pool)


def _at_the_server(id: str) -> Actor:
    """Who sits at the server itself needs no leave of ours; he is written down all the same."""
    return Actor(id=id, role="COMMAND_LINE", organisation="socai")


def _row(shown: Shown) -> Row:
    return {
        "field": shown.imprint.field,
        "value": shown.text.reveal(),
        "salt": shown.salt.hex(),
        "imprint": shown.imprint.hmac,
    }
