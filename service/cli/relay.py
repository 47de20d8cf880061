"""`socai relay`: how far the relay to NATS is, and whether it goes on."""

from typing import Annotated

from cyclopts import App, Parameter

from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.cli.output import Output, say, show
from service.config import Config
from service.courier.cursors import NATS, Cursor, State, cursors, turned

app = App(name="relay", help="How far the relay to NATS is, and whether it goes on.")


@app.command
def status(*, data: DataFolder = None, output: Output = None) -> None:
    """Say how far each stream is behind the log; exit code 1 if one does not go on."""
    found = run(_asked(settings(data=data)))
    show([_row(each) for each in found], output)
    stuck = [each.name for each in found if each.state is not State.LIVE or each.error]
    if stuck:
        raise Stop(Exit.NEGATIVE, f"does not go on: {', '.join(stuck)}")


@app.command
def pause(*, data: DataFolder = None) -> None:
    """Send nothing until it is resumed. What is recorded meanwhile is sent then."""
    config = settings(data=data)
    run(_turned(config, State.PAUSED, None))
    say(f"{config.broker.consumer} is paused")


@app.command
def resume(
    *,
    after: Annotated[
        int | None,
        Parameter(help="Position to go on after, in a stream that was purged; 0: from the first."),
    ] = None,
    data: DataFolder = None,
) -> None:
    """Go on, and try again at once if something was in the way.

    A stream that still has its last message is gone on after that message, whatever --after says:
    it would have everything twice. To send again, purge it first.
    """
    config = settings(data=data)
    if after is not None and after < 0:
        raise Stop(Exit.USAGE, f"--after is a position of the log, not {after}")
    run(_turned(config, State.LIVE, after))
    say(f"{config.broker.consumer} goes on")


async def _asked(config: Config) -> list[Cursor]:
    import asyncpg

    from service.database import database

    async with (
        database(config, share=True) as found,
        asyncpg.create_pool(found.service_url, min_size=1, max_size=1) as pool,
    ):
        return await cursors(pool, NATS)


async def _turned(config: Config, state: State, after: int | None) -> None:
    import asyncpg

    from service.database import database

    async with (
        database(config, share=True) as found,
        asyncpg.create_pool(found.service_url, min_size=1, max_size=1) as pool,
    ):
        if not await turned(pool, config.broker.consumer, state, after):
            raise Stop(
                Exit.NOT_FOUND,
                f"{config.broker.consumer} has never been relayed to",
                then="socai relay status",
            )


def _row(cursor: Cursor) -> dict[str, object]:
    return {
        "name": cursor.name,
        "state": cursor.state.name,
        "position": cursor.position,
        "lag": cursor.lag,
        "lateSeconds": None if cursor.late is None else round(cursor.late, 1),
        "failures": cursor.failures,
        "retryAt": cursor.retry_at,
        "error": cursor.error,
    }
