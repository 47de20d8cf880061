"""Whoever follows gets everything, in order, whatever is killed, frozen or cut, and whenever.

SOCAI_SOAK multiplies the faults, SOCAI_SEED repeats a run. What must hold is in `checks.py`.
"""

import asyncio
import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random, SystemRandom
from typing import NamedTuple

import asyncpg
import orjson
import pytest

from service.cli.output import say
from service.database import SUPERUSER
from tests.checkers import Stored, stored
from tests.jetstream import read
from tests.service.feed.chaos import FAULTS, QUICK, broken
from tests.service.feed.checks import Log, brought, delivered, followed, recorded_once, repeats
from tests.service.feed.journal import sessions
from tests.service.feed.machine import COURIER, Machine, machine
from tests.service.feed.programs import Client
from tests.service.feed.writing import Writer

SOAK = int(os.environ.get("SOCAI_SOAK", "1"))
ROUNDS = 12
EVENTS_BEFORE = 20
CATCH_UP_SECONDS_MAX = 180.0
PUBLISHED = """
    SELECT e.position
    FROM ledger.event AS e
    JOIN model.subject AS s ON s.stream = e.stream AND s.since <= e.position
      AND s.until > e.position AND s.valid_to = 'infinity'
    WHERE s.published
    ORDER BY e.position
"""
SHOWN = """
    SELECT position FROM model.moment
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc")


class Outcome(NamedTuple):
    """The log when all is over, and which of it is for whom."""

    events: Sequence[Stored]
    log: Log
    visible: Mapping[str, Sequence[int]]
    """To each client, by its door."""


async def test_whatever_breaks_every_consumer_gets_every_event(
    folder: Path, tmp_path: Path
) -> None:
    seed = int(os.environ.get("SOCAI_SEED") or SystemRandom().randrange(10**9))
    say(f"SOCAI_SEED={seed}")
    began = time.monotonic()
    async with machine(folder, tmp_path) as built:
        writer = Writer(built.database.url, seed)
        kinds = QUICK if SOAK == 1 else tuple(FAULTS)
        async with asyncio.TaskGroup() as group:
            group.create_task(writer.run())
            await writer.until(EVENTS_BEFORE)
            counted = await broken(built, ROUNDS * SOAK, Random(seed), kinds)
            writer.is_enough = True
        outcome = await _caught_up(built)
        for each in built.consumers:
            each.program.end()
        faults = recorded_once(outcome.events, writer.acknowledged)
        faults += [*_of_clients(built, outcome), *await _of_courier(built, outcome.log)]
    say(f"{counted.total()} faults: {dict(counted)}")
    say(f"{len(outcome.events)} events; a command was sent once more {writer.again} times")
    say(f"{time.monotonic() - began:.0f} s in all; faults found: {faults}")
    assert faults == []
    assert len(outcome.events) > ROUNDS * SOAK


async def _caught_up(built: Machine) -> Outcome:
    """Wait until all have all; who never gets there is named."""
    began = time.monotonic()
    outcome = await _outcome(built)
    head = len(outcome.events)
    due = {door: seen[-1] for door, seen in outcome.visible.items()}
    due |= dict.fromkeys(COURIER, head)
    while late := await built.behind(due):
        assert time.monotonic() - began < CATCH_UP_SECONDS_MAX, late
        await asyncio.sleep(0.1)
    say(f"all had everything {time.monotonic() - began:.1f} s after the last fault")
    return outcome


async def _outcome(built: Machine) -> Outcome:
    """The log as it stands; the read models say whose each event is, once they are so far."""
    url = built.postgres.url(SUPERUSER, "socai")
    events = await stored(url)
    connection = await asyncpg.connect(url)
    try:
        async with asyncio.timeout(CATCH_UP_SECONDS_MAX):
            while await connection.fetchval(SHOWN) < len(events):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.1)
        published = [row[0] for row in await connection.fetch(PUBLISHED)]
    finally:
        await connection.close()
    log = Log.of(events)
    visible = {each.wish.door: _visible(each, log, published) for each in built.clients}
    return Outcome(events, log, visible)


def _visible(client: Client, log: Log, published: Sequence[int]) -> Sequence[int]:
    seen = published if client.wish.is_public else list(log.ids)
    types = client.wish.types
    return [each for each in seen if not types or log.types[each] in types]


def _of_clients(built: Machine, outcome: Outcome) -> list[str]:
    """What is wrong with those who keep a cursor."""
    faults: list[str] = []
    for each in built.clients:
        door, found = each.wish.door, sessions(each.journal)
        got = [one for session in found for one in session.got]
        say(f"  {door}: {len(got)} got, {repeats(got)} again, {len(found)} attempts")
        wrong = followed(outcome.log, outcome.visible[door], found)
        faults += [f"{door}: {fault}" for fault in wrong]
    return faults


async def _of_courier(built: Machine, log: Log) -> list[str]:
    """What is wrong with those who are brought everything."""
    got = [one for session in sessions(built.receiver.journal) for one in session.got]
    say(f"  webhook: {len(got)} got, {repeats(got)} again")
    found = await read(built.nats.url)
    ids = [orjson.loads(each.body)["id"] for each in found]
    say(f"  NATS: {len(found)} in the stream")
    return [
        *(f"webhook: {fault}" for fault in delivered(log, list(log.ids), got)),
        *(f"NATS: {fault}" for fault in brought(log, [each.position for each in found], ids)),
    ]
