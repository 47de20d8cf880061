"""`socai seed`: fill a ledger, with the evaluation or with a great deal."""

from typing import Annotated

from cyclopts import App, Parameter, validators

from service.cli.common import DataFolder, run, settings
from service.cli.output import say
from service.cli.progress import metered
from service.cli.serve import notice, prepared
from service.config import Config
from service.database import database
from service.runtime import running
from service.seed import evaluation as story
from service.seed import load as many

app = App(name="seed", help="Fill a ledger through real commands.")


@app.command
def evaluation(*, data: DataFolder = None) -> None:
    """Record the 2018–2020 evaluation. Twice changes nothing."""
    new = run(_evaluation(settings(data=data)))
    say(f"{new} new events." if new else "Nothing new: it was already recorded.")


@app.command
def load(
    *,
    events: Annotated[
        int,
        Parameter(
            validator=validators.Number(gte=1, lte=many.EVENTS_MAX),
            help="How many, up to 1,000,000.",
        ),
    ],
    seed: Annotated[int, Parameter(help="Another seed, another ledger.")] = 1,
    callers: Annotated[int, Parameter(help="How many at once.")] = many.CALLERS,
    data: DataFolder = None,
) -> None:
    """Record a large ledger, the same from the same seed; an interrupted one is gone on with."""
    run(_load(settings(data=data), many.plan(events, seed), callers))


async def _evaluation(config: Config) -> int:
    async with database(config, share=True, on_notice=notice) as found:
        await prepared(found)
        async with running(found.service_url, projecting=False) as runtime:
            return await story.record(runtime.ledger)


async def _load(config: Config, planned: many.Plan, callers: int) -> None:
    async with database(config, share=True, on_notice=notice) as found:
        await prepared(found)
        async with running(found.service_url, projecting=False) as runtime:
            with metered("recorded", planned.events) as told:
                await many.record(runtime.ledger, planned, told, callers)
