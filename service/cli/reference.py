"""`socai reference`: put on record what the ledger ships with: an auditor finds it there."""

from typing import Annotated

from cyclopts import App, Parameter

from events.envelope import Actor
from events.ledger import Ledger
from events.vocabulary import Role
from service.cli.common import DataFolder, run, settings
from service.cli.output import say
from service.cli.serve import prepared
from service.config import Config
from service.database import CONNECT_SECONDS_MAX, database
from service.runtime import running
from service.shipped import orders

By = Annotated[str, Parameter(help="Who does it: recorded as the actor.")]

app = App(name="reference", help="Put on record what the ledger ships with: the law, provinces.")


@app.command
def record(*, by: By, data: DataFolder = None) -> None:
    """Record every shipped line with its legal basis; what is there already stays as it is."""
    told = run(_told(settings(data=data), by))
    say(f"{told} lines of reference data recorded; the others were there already.")


async def _told(config: Config, by: str) -> int:
    async with database(config, share=True) as found:
        await prepared(found)
        async with running(found.service_url, projecting=found.own is not None) as runtime:
            count = await recorded(runtime.ledger, by)
            if found.own is not None:
                head = (await runtime.log.head()).position
                await runtime.projector.wait_for(head, CONNECT_SECONDS_MAX)
            return count


async def recorded(ledger: Ledger, by: str) -> int:
    """How many lines were not on record before."""
    actor = Actor(id=by, role=Role.APPROVER.name, organisation="socai")
    return sum([len((await ledger.handle(each)).facts) for each in orders(actor)])
