"""`socai seed`: fill a ledger, with the evaluation or with a great deal."""

from typing import Annotated

from cyclopts import App, Parameter, validators

from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.cli.output import say
from service.cli.progress import metered
from service.cli.serve import notice, prepared
from service.config import Config
from service.database import database
from service.runtime import running
from service.seed import claims
from service.seed import evaluation as story
from service.seed import load as many
from service.seed.fund import Fund

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
        int | None,
        Parameter(
            validator=validators.Number(gte=1, lte=many.EVENTS_MAX),
            help="How many, up to 1,000,000.",
        ),
    ] = None,
    fund: Annotated[
        tuple[int, int, int] | None,
        Parameter(
            negative=(), help="Instead: facilities, schemes, commitments, such as 5000 200 50000."
        ),
    ] = None,
    seed: Annotated[int, Parameter(help="Another seed, another ledger.")] = 1,
    callers: Annotated[int, Parameter(help="How many at once.")] = many.CALLERS,
    data: DataFolder = None,
) -> None:
    """Record a large ledger, the same from the same seed; an interrupted one is gone on with."""
    run(_load(settings(data=data), _planned(events, fund, seed), callers))


def _planned(events: int | None, fund: tuple[int, int, int] | None, seed: int) -> many.Planned:
    match events, fund:
        case int(), None:
            return many.plan(events, seed)
        case None, (facilities, schemes, commitments):
            if min(facilities, schemes, commitments) < 1 or commitments > facilities * schemes:
                rule = "--fund takes numbers from 1; no scheme supports a facility twice"
                raise Stop(Exit.USAGE, rule)
            return Fund(facilities=facilities, schemes=schemes, commitments=commitments, seed=seed)
        case _:
            raise Stop(Exit.USAGE, "say either --events or --fund")


async def _evaluation(config: Config) -> int:
    async with database(config, share=True, on_notice=notice) as found:
        await prepared(found)
        async with running(found.service_url, projecting=False) as runtime:
            new = await story.record(runtime.ledger)
            return new + await claims.record(runtime.ledger)


async def _load(config: Config, planned: many.Planned, callers: int) -> None:
    async with database(config, share=True, on_notice=notice) as found:
        await prepared(found)
        async with running(found.service_url, projecting=False) as runtime:
            with metered("recorded", planned.events) as told:
                await many.record(runtime.ledger, planned, told, callers)
