"""`socai export bundle`: the log in files that strangers verify, without us."""

from pathlib import Path
from typing import Annotated

from asyncpg import UndefinedTableError
from cyclopts import Parameter

from events.seal.note import NotSignedError
from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.cli.output import say
from service.cli.progress import metered
from service.config import Config
from service.database import database
from service.takeaway.making import FolderNotEmptyError, NotWhatWasSignedError, make
from service.takeaway.snapshot import NotSealedError, opened


def bundle(
    *,
    output: Annotated[
        Path, Parameter(name=["--output", "-o"], help="Into this folder, which is empty or new.")
    ],
    at: Annotated[
        int | None, Parameter(help="Under the first checkpoint that covers this position.")
    ] = None,
    data: DataFolder = None,
) -> None:
    """Write the log under its latest checkpoint, and all that a stranger needs to verify it.

    It holds every byte that was recorded, also what is not published.
    """
    if at is not None and at < 1:
        raise Stop(Exit.USAGE, "positions begin with 1")
    if not output.absolute().parent.is_dir():
        raise Stop(Exit.NOT_FOUND, f"there is no folder {output.absolute().parent}")
    try:
        run(_made(settings(data=data), output, at))
    except UndefinedTableError:
        said = "there is no ledger in this database yet"
        raise Stop(Exit.NEGATIVE, said, then="socai migrate apply") from None
    except NotSealedError as error:
        raise Stop(Exit.NOT_FOUND, str(error), then="socai seal status") from error
    except FolderNotEmptyError as error:
        raise Stop(Exit.REFUSED, str(error), then="another --output") from error
    except (NotWhatWasSignedError, NotSignedError) as error:
        raise Stop(Exit.NEGATIVE, str(error), then="socai verify") from error


async def _made(config: Config, folder: Path, at: int | None) -> None:
    async with (
        database(config, share=True) as found,
        opened(found.service_url, at) as snapshot,
    ):
        with metered("bundled", snapshot.size) as told:
            files = await make(snapshot, folder, told)
    say(f"{folder}: {files:,} files; it also holds what is not published.")
    say(f"Verify it where nothing of ours is: cd {folder}; python3 verify.py")
