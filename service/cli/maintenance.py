"""`socai maintenance`: a window in which the database may be changed, recorded at both ends."""

from typing import Annotated

from cyclopts import App, Parameter

from events.ledger import Receipt
from events.wall import Window, window
from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.cli.output import Output, say, show
from service.config import Config
from service.database import connected, database
from service.maintenance import close_window, open_window, superuser

MINUTES = 15

app = App(name="maintenance", help="Open a window in which the database may be changed.")


@app.command(name="open")
def open_(
    *,
    reason: Annotated[str, Parameter(help="What is to be done in it; it is recorded.")],
    minutes: Annotated[int, Parameter(help="How long at most, up to 480.")] = MINUTES,
    data: DataFolder = None,
) -> None:
    """Open a window, as a superuser. It ends by itself; close it when the work is done."""
    receipt = run(_opened(settings(data=data), reason, minutes))
    say(f"Open for {minutes} minutes, by event {receipt.position}. Then: socai maintenance close")


@app.command
def close(*, data: DataFolder = None) -> None:
    """Close the window, as a superuser. Waits for whoever is still changing something."""
    receipt = run(_closed(settings(data=data)))
    say(f"Closed, by event {receipt.position}.")


@app.command
def status(*, data: DataFolder = None, output: Output = None) -> None:
    """Say whether a window is open; exit code 1 if one is, or was never closed."""
    found = run(_found(settings(data=data)))
    if found is None:
        say("No maintenance window is open.")
        return
    row = {
        "position": found.position,
        "state": "open" if found.is_open else "ended",
        "until": found.until,
        "reason": found.reason,
    }
    show([row], output)
    raise Stop(Exit.NEGATIVE, "the window was not closed", then="socai maintenance close")


async def _opened(config: Config, reason: str, minutes: int) -> Receipt:
    async with database(config, share=True) as found:
        return await open_window(superuser(found), reason, minutes)


async def _closed(config: Config) -> Receipt:
    async with database(config, share=True) as found:
        return await close_window(superuser(found))


async def _found(config: Config) -> Window | None:
    async with database(config, share=True) as found, connected(found.service_url) as service:
        return await window(service)
