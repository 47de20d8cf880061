"""`socai migrate`: bring the log to this version's shape, or see whether it is."""

from cyclopts import App

from events.migrate import pending
from events.wall import stands
from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.cli.output import Output, say, show
from service.config import Config
from service.database import connected, database
from service.maintenance import migrated

app = App(name="migrate", help="Bring the log's tables to this version's shape.")


@app.command
def status(*, data: DataFolder = None, output: Output = None) -> None:
    """List the migrations that are still to be applied; exit code 1 if there are any."""
    missing = run(_pending(settings(data=data)))
    show([{"pending": name} for name in missing], output)
    if missing:
        raise Stop(Exit.NEGATIVE, f"{len(missing)} to be applied", then="socai migrate apply")
    say("Nothing to be applied.")


@app.command
def apply(*, data: DataFolder = None, output: Output = None) -> None:
    """Apply what is missing, as the owner of the database. Twice is once.

    Where the database refuses to be changed, a superuser opens a maintenance window for it: of our
    own PostgreSQL we are one; of another, say SOCAI_SUPERUSER_URL.
    """
    done, is_walled = run(_apply(settings(data=data)))
    show([{"applied": name} for name in done], output)
    say(f"{len(done)} migration(s) applied." if done else "Nothing to be applied.")
    if not is_walled:
        say("The database may still be changed by its owner at any time: once, as a superuser,")
        say("  SOCAI_SUPERUSER_URL=postgresql://… socai migrate apply")


async def _pending(config: Config) -> list[str]:
    async with database(config, share=True) as found, connected(found.owner_url) as owner:
        return await pending(owner)


async def _apply(config: Config) -> tuple[list[str], bool]:
    async with database(config, share=True) as found:
        done = await migrated(found)
        async with connected(found.owner_url) as owner:
            return done, await stands(owner)
