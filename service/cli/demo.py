"""`socai demo`: the ledger with the evaluation in it, on a machine with nothing else."""

import asyncio
import shutil
import socket
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from service.access import keys
from service.cli.common import DataFolder, Port, program, run, settings
from service.cli.evaluation import agrees, answered, show
from service.cli.exits import Exit, Stop
from service.cli.output import say
from service.cli.serve import beside, keyed, notice, place, prepared
from service.config import Config
from service.courier.child import couriered
from service.database import Database, connected, database
from service.port import bind, url
from service.postgres.lock import FolderLock
from service.runtime import Runtime
from service.sealing.child import sealed
from service.seed import callers, claims
from service.seed import evaluation as story
from service.server import LeavingServer, opened
from service.verifying.night import verifying
from service.webhooks import KEY_FILE

OURS = ("postgres", "passwords", "postgres.log", "seal", KEY_FILE)
"""What our own ledger keeps in its folder, and all that --reset removes."""
CATCH_UP_SECONDS_MAX = 60.0
DEMO = "demo"


def demo(
    *,
    port: Port = None,
    data: DataFolder = None,
    reset: Annotated[bool, Parameter(help="Throw the data folder's ledger away first.")] = False,
    once: Annotated[bool, Parameter(help="Print the table and leave.")] = False,
) -> None:
    """Run the ledger with the 2018–2020 evaluation in it, and print what it adds up to.

    It starts its own PostgreSQL, records the evaluation through commands, serves GraphQL, and asks
    itself examples/evaluation.graphql over HTTP. Ctrl-C stops it; the data is kept.
    """
    config = replace(settings(port=port, data=data), drain_seconds=0.0)
    if reset and config.database_url is not None:
        raise Stop(Exit.USAGE, "--reset throws away a data folder, never SOCAI_DATABASE_URL")
    with bind(config.host, config.port) as taken:
        if reset:
            forget(config.data)
        run(_demo(config, taken, once=once))


def forget(folder: Path) -> None:
    """Remove the ledger in this folder, and nothing else that may be there."""
    if not folder.exists():
        return
    lock = FolderLock.hold(folder)
    try:
        for name in OURS:
            path = folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    finally:
        lock.release()


async def _demo(config: Config, taken: socket.socket, *, once: bool) -> None:
    async with database(config, on_notice=notice) as found:
        await prepared(found)
        await beside(found, _shown(config, found, taken, once=once))


async def _shown(config: Config, found: Database, taken: socket.socket, *, once: bool) -> None:
    config = keyed(config, found)
    async with opened(found.service_url, config) as runtime:
        made = await _recorded(runtime, found)
        async with (
            sealed(config, found, say),
            verifying(config, found.service_url, say),
            couriered(config, found.service_url, say),
        ):
            if found.own is not None:
                found.own.announce(url(taken))
            server = LeavingServer(runtime, config)
            serving = asyncio.create_task(server.serve(sockets=[taken]))
            try:
                answer = await answered(url(taken))
                show(answer)
                if not once:
                    banner(url(taken), config, found, made)
                    await serving
                elif not agrees(answer):
                    raise Stop(Exit.NEGATIVE, "the events do not add up to what was reported")
            finally:
                server.should_exit = True
                await serving


async def _recorded(runtime: Runtime, found: Database) -> Mapping[str, str]:
    """The evaluation, whoever may ask, and their keys."""
    new = await story.record(runtime.ledger)
    say(f"  {new} events recorded" if new else "  the evaluation was already recorded")
    await callers.record(runtime.ledger)
    await claims.record(runtime.ledger)
    made = await throw_away(found)
    head = await runtime.log.head()
    await runtime.projector.wait_for(head.position, CATCH_UP_SECONDS_MAX)
    return made


async def throw_away(found: Database) -> Mapping[str, str]:
    """A key for each caller, for a day; those of an earlier demonstration are revoked."""
    async with connected(found.owner_url) as owner:
        for each in await keys.known(owner):
            if each.created_by == DEMO and each.is_live(datetime.now(UTC)):
                await keys.revoke(owner, each.id, DEMO)
        return {
            name: await keys.create(
                owner,
                keys.Terms(principal=callers.principal(name), by=DEMO, environment=DEMO, days=1),
            )
            for name in callers.CALLERS
        }


def keys_of(made: Mapping[str, str]) -> str:
    """One line for each caller."""
    return "\n".join(f"    {name:<15}{key}" for name, key in made.items())


def banner(at: str, config: Config, found: Database, made: Mapping[str, str]) -> None:
    """Where to go now."""
    data = "" if config.data == Config().data else f" --data {config.data}"
    socket_url = at.replace("http", "ws", 1)
    say(f"""\
  GraphiQL      {at}/graphiql
  GraphQL       {at}/graphql
  Subscription  {socket_url}/graphql   (graphql-transport-ws)
  Events        {at}/events   (SSE, NDJSON, CloudEvents)
  Data          {place(config, found)}

  Throw-away keys, for today: Authorization: Bearer …
{keys_of(made)}

  Try in another terminal:
    {program()} events stats{data}
    {program()} replay --at head --effective 2019-12-31{data}
    {program()} tail --from 0 -o ndjson{data}
    {program()} seal status{data}
    {program()} listen --forward-to http://127.0.0.1:3000/ --from 0{data}

  Ctrl-C stops it.""")
