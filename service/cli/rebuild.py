"""`socai rebuild`: build the read models anew from the log, while the old ones serve."""

from projections.rebuild import Progress, Rebuilt
from projections.rebuild import rebuild as build
from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.cli.output import Output, say, show
from service.cli.progress import metered
from service.config import Config
from service.database import database
from service.runtime import running


def rebuild(*, data: DataFolder = None, output: Output = None) -> None:
    """Build the read models anew beside those that serve, compare, and swap.

    Readers are served by the old ones until the new ones stand. Interrupted, it leaves nothing
    behind. Exit code 1 if the old ones were not what the log says: now they are.
    """
    built = run(_rebuilt(settings(data=data)))
    show(
        [
            {"readModel": name, "wasAsTheLogSays": name not in built.differing}
            for name in built.compared
        ],
        output,
    )
    if built.differing:
        raise Stop(Exit.NEGATIVE, f"{', '.join(built.differing)} differed and were put right")
    say(f"The read models stand at position {built.position}.")


async def _rebuilt(config: Config) -> Rebuilt:
    async with (
        database(config, share=True) as found,
        running(found.service_url, projecting=False) as runtime,
    ):
        head = await runtime.log.head()
        with metered("rebuilt", head.position) as told:

            def show_progress(progress: Progress) -> None:
                told(progress.done)

            return await build(runtime.pool, runtime.log, show_progress)
