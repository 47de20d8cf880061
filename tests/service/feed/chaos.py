"""The faults, and the loop that deals them: by chance, each kind as often as any other.

    counted = await broken(built, rounds=12, random=Random(7), kinds=QUICK)

What is killed is there again soon; what is frozen thaws; of a wire that goes dead nobody is told.
"""

import asyncio
import os
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from random import Random
from typing import TypeAlias

import asyncpg

from events.log import is_outage
from service.cli.output import say
from service.database import SUPERUSER
from tests.proxy import Proxy
from tests.service.feed.machine import Machine
from tests.service.feed.programs import Program

Fault: TypeAlias = Callable[[Machine, Random], Awaitable[None]]

DOWN_SECONDS_MAX = 0.8
FROZEN_SECONDS_MAX = 1.5
DEAD_SECONDS_MAX = 3.0
LONG_SECONDS = 5.0
CALM = 0.7
"""How often the next fault waits until somebody has got something after the last one."""
PROGRESS_SECONDS_MAX = 240.0
"""On a busy machine PostgreSQL takes its time to come back; a dead wire has a minute."""
OTHERS = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def broken(
    built: Machine, rounds: int, random: Random, kinds: Sequence[str]
) -> "Counter[str]":
    """Break so many things, one after another; how many of each kind."""
    counted: Counter[str] = Counter()
    deck: list[str] = []
    started = time.monotonic()
    for _ in range(rounds):
        deck = deck or random.sample(kinds, len(kinds))
        kind = deck.pop()
        began = time.monotonic()
        await FAULTS[kind](built, random)
        counted[kind] += 1
        broke_s = time.monotonic() - began
        say(f"{began - started:6.1f} s  {kind}, for {broke_s:.1f} s")
        if random.random() < CALM:
            waited_for = await _progress(built, random)
        else:
            waited_for = "nobody"
            await asyncio.sleep(random.uniform(0, DOWN_SECONDS_MAX / 2))
        calm_s = time.monotonic() - began - broke_s
        if calm_s > LONG_SECONDS:
            say(f"          {calm_s:.1f} s until something came to {waited_for}")
    return counted


async def _progress(built: Machine, random: Random) -> str:
    """Wait until one of them has got something; who."""
    one = random.choice(built.consumers)
    before = one.mark
    async with asyncio.timeout(PROGRESS_SECONDS_MAX):
        while one.mark == before:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)
    return one.wish.door


async def _kill_postmaster(built: Machine, _: Random) -> None:
    _told(built.postgres.pid, signal.SIGKILL)


async def _stop_postmaster(built: Machine, _: Random) -> None:
    _told(built.postgres.pid, signal.SIGQUIT)


async def _terminate_backends(built: Machine, _: Random) -> None:
    for each in await _backends(built):
        _told(each, signal.SIGTERM)


async def _kill_backend(built: Machine, random: Random) -> None:
    """PostgreSQL takes this for a crash, and ends all others."""
    for each in (await _backends(built))[: random.randint(1, 2)]:
        _told(each, signal.SIGKILL)


async def _freeze_backends(built: Machine, random: Random) -> None:
    backends = await _backends(built)
    await _frozen(random.sample(backends, min(3, len(backends))), random)


async def _kill_server(built: Machine, _: Random) -> None:
    built.server.signal(signal.SIGKILL)


async def _lead_server_out(built: Machine, _: Random) -> None:
    built.server.signal(signal.SIGTERM)


async def _freeze_server(built: Machine, random: Random) -> None:
    await _program_frozen(built.server, random)


async def _kill_courier(built: Machine, _: Random) -> None:
    for each in built.couriers:
        _told(each, signal.SIGKILL)


async def _freeze_courier(built: Machine, random: Random) -> None:
    await _frozen(built.couriers, random)


async def _kill_nats(built: Machine, random: Random) -> None:
    built.nats.kill()
    await asyncio.sleep(random.uniform(0, DOWN_SECONDS_MAX))
    await asyncio.to_thread(built.nats.start)


async def _freeze_nats(built: Machine, random: Random) -> None:
    assert built.nats._process is not None
    await _frozen([built.nats._process.pid], random)


async def _kill_clients(built: Machine, random: Random) -> None:
    several = random.sample(built.clients, 2)
    for each in several:
        each.program.end()
    await asyncio.sleep(random.uniform(0, DOWN_SECONDS_MAX))
    for each in several:
        each.program.start()


async def _freeze_client(built: Machine, random: Random) -> None:
    await _program_frozen(random.choice(built.clients).program, random)


async def _kill_receiver(built: Machine, random: Random) -> None:
    built.receiver.program.end()
    await asyncio.sleep(random.uniform(0, DOWN_SECONDS_MAX))
    built.receiver.program.start()


async def _cut_clients(built: Machine, _: Random) -> None:
    for each in built.clients:
        each.wire.cut()


async def _swallow_of_client(built: Machine, random: Random) -> None:
    random.choice(built.clients).wire.swallow()


async def _dead_client(built: Machine, random: Random) -> None:
    """Both ends wait for the other; only who has a deadline comes back by himself."""
    one = random.choice([each for each in built.clients if each.has_deadline])
    await _dead(one.wire, random)


async def _cut_hooks(built: Machine, _: Random) -> None:
    built.receiver.wire.cut()


async def _swallow_of_receiver(built: Machine, _: Random) -> None:
    built.receiver.wire.swallow()


async def _dead_hooks(built: Machine, random: Random) -> None:
    await _dead(built.receiver.wire, random)


async def _cut_broker(built: Machine, _: Random) -> None:
    built.broker.cut()


async def _swallow_of_broker(built: Machine, _: Random) -> None:
    built.broker.swallow()


async def _dead_broker(built: Machine, random: Random) -> None:
    await _dead(built.broker, random)


async def _cut_database(built: Machine, _: Random) -> None:
    built.database.cut()


async def _swallow_of_database(built: Machine, _: Random) -> None:
    built.database.swallow()


async def _dead_database(built: Machine, random: Random) -> None:
    await _dead(built.database, random)


FAULTS: Mapping[str, Fault] = {
    "PostgreSQL killed": _kill_postmaster,
    "PostgreSQL stopped at once": _stop_postmaster,
    "backends terminated": _terminate_backends,
    "backend killed": _kill_backend,
    "backends frozen": _freeze_backends,
    "server killed": _kill_server,
    "server told to leave": _lead_server_out,
    "server frozen": _freeze_server,
    "courier killed": _kill_courier,
    "courier frozen": _freeze_courier,
    "NATS killed": _kill_nats,
    "NATS frozen": _freeze_nats,
    "clients killed": _kill_clients,
    "client frozen": _freeze_client,
    "receiver killed": _kill_receiver,
    "wires of clients cut": _cut_clients,
    "answer to a client swallowed": _swallow_of_client,
    "wire of a client dead": _dead_client,
    "wire to the receiver cut": _cut_hooks,
    "answer of the receiver swallowed": _swallow_of_receiver,
    "wire to the receiver dead": _dead_hooks,
    "wire to NATS cut": _cut_broker,
    "answer of NATS swallowed": _swallow_of_broker,
    "wire to NATS dead": _dead_broker,
    "wire to the database cut": _cut_database,
    "answer of the database swallowed": _swallow_of_database,
    "wire to the database dead": _dead_database,
}
SLOW = ("wire to the receiver dead", "wire to NATS dead", "wire to the database dead")
"""What is noticed by a deadline of ten seconds or more: for the long run."""
QUICK = tuple(name for name in FAULTS if name not in SLOW)


async def _backends(built: Machine) -> list[int]:
    """Whoever serves a connection; nobody, if there is none to ask."""
    try:
        connection = await asyncpg.connect(built.postgres.url(SUPERUSER, "socai"), timeout=5)
    except Exception as error:
        if not is_outage(error):
            raise
        return []
    try:
        return [row["pid"] for row in await connection.fetch(OTHERS)]
    except Exception as error:
        if not is_outage(error):
            raise
        return []
    finally:
        connection.terminate()


async def _dead(wire: Proxy, random: Random) -> None:
    """Nothing comes back, and nobody says so. Half of the time the connections are cut later."""
    wire.stall()
    await asyncio.sleep(random.uniform(0, DEAD_SECONDS_MAX))
    wire.resume()
    if random.random() < 0.5:
        wire.cut()


async def _program_frozen(program: Program, random: Random) -> None:
    if not program.has_ended and program.process is not None:
        await _frozen([program.process.pid], random)


async def _frozen(pids: Sequence[int], random: Random) -> None:
    for each in pids:
        _told(each, signal.SIGSTOP)
    await asyncio.sleep(random.uniform(0, FROZEN_SECONDS_MAX))
    for each in pids:
        _told(each, signal.SIGCONT)


def _told(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
