"""Which database this process works with: the one it was given, or its own.

    async with database(config) as found:
        connection = await asyncpg.connect(found.service_url)

Its own is started in the data folder and stopped at the end of the block. A command that only wants
to look (`share=True`) goes to the server that another socai runs on that folder, if one does.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from events.appender import Appender
from events.ledger import Ledger
from events.log import Log
from events.rules import value
from service.config import Config
from service.postgres import FolderHeldError, Notice, Postgres, PostgresError

SUPERUSER, OWNER, SERVICE, SIGNER = "postgres", "socai_owner", "socai_service", "socai_signer"
NAME = "socai"
CONNECT_SECONDS_MAX = 10


@value
class Database:
    """Where to connect, and as whom."""

    service_url: str
    owner_url: str
    superuser_url: str | None = None
    """None: of a database that we were given, nobody said."""
    signer_url: str | None = None
    """As whom the seal is kept; None: nobody said."""
    own: Postgres | None = None
    """Set if this process runs the server itself."""


@asynccontextmanager
async def database(
    config: Config, *, share: bool = False, on_notice: Callable[[Notice], None] | None = None
) -> AsyncIterator[Database]:
    """The database of this process, for the length of the block."""
    if config.database_url is not None:
        owner = config.migrate_url or config.database_url
        yield Database(
            service_url=config.database_url,
            owner_url=owner,
            superuser_url=config.superuser_url,
            signer_url=config.signer_url,
        )
        return
    postgres = Postgres(config.data, on_notice=on_notice)
    try:
        await postgres.start()
    except FolderHeldError:
        if not share:
            raise
        yield _running_in(config.data)
        return
    try:
        yield Database(
            service_url=postgres.url(SERVICE),
            owner_url=postgres.url(OWNER),
            superuser_url=postgres.url(SUPERUSER),
            signer_url=postgres.url(SIGNER),
            own=postgres,
        )
    finally:
        await postgres.stop()


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """One connection, for the length of the block."""
    connection = await asyncpg.connect(
        url, timeout=CONNECT_SECONDS_MAX, server_settings={"application_name": "socai"}
    )
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def recording(url: str) -> AsyncIterator[Ledger]:
    """A ledger for a command or two, for the length of the block."""
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool, Appender(url) as appender:
        yield Ledger(Log(pool), appender)


def _running_in(folder: Path) -> Database:
    """The server that another process runs on this folder, by the notes it keeps there."""
    try:
        port = int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[3])
        lines = (folder / "passwords").read_text().splitlines()
    except (OSError, IndexError, ValueError) as error:
        raise PostgresError(f"{folder} is held by another socai that is still starting") from error
    passwords = dict(line.split(":")[3:5] for line in lines)

    def url(role: str) -> str:
        return f"postgresql://{role}:{passwords[role]}@127.0.0.1:{port}/{NAME}"

    return Database(
        service_url=url(SERVICE),
        owner_url=url(OWNER),
        superuser_url=url(SUPERUSER),
        signer_url=url(SIGNER),
    )
