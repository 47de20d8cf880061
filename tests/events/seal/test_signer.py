"""The signer on a real database: what it signs, what it never signs, and when it halts writing."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from asyncpg import Record

from events.appender import Appender
from events.envelope import Order
from events.identity import PeriodCode
from events.ledger import Ledger
from events.log import Log
from events.period import ClosePeriod
from events.seal.checkpoint import Checkpoint
from events.seal.kept import LedgerHalted, Seal
from events.seal.memory import Memory
from events.seal.note import SigningKey, opened
from events.seal.signer import HistoryLostError, Signer
from events.seal.tiles import Tile, hashes_of
from events.seal.tree import Frontier, is_consistent, leaf_of, root_of
from tests.entries import LAN, entry, fill, fill_many
from tests.events.test_period import open_

ORIGIN = "ledger.example/socai"


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    memory = Memory(tmp_path / "seal")
    memory.begin(ORIGIN)
    return memory


@pytest.fixture
async def connection(signer_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(signer_url)
    yield connection
    await connection.close()


@pytest.fixture
async def appender(database_url: str) -> AsyncIterator[Appender]:
    async with Appender(database_url) as appender:
        yield appender


@pytest.fixture
def log(pool: "asyncpg.Pool[Record]") -> Log:
    return Log(pool)


@pytest.fixture
async def root(superuser_url: str) -> AsyncIterator[asyncpg.Connection]:
    """Whom nothing stops."""
    root = await asyncpg.connect(superuser_url)
    await root.execute("SET session_replication_role = replica; SET event_triggers = off")
    await root.execute("ALTER TABLE ledger.event DISABLE TRIGGER ALL")
    yield root
    await root.close()


async def back_to(root: asyncpg.Connection, position: int) -> None:
    """The log as it was: what a restored backup looks like."""
    for table in ("commit", "command", "stream", "head"):
        await root.execute(f"ALTER TABLE ledger.{table} DISABLE TRIGGER ALL")
    for table, column in (
        ("event", "position"), ("commit", "last_position"), ("command", "last_position"),
        ("stream", "position"),
    ):  # fmt: skip
        await root.execute(f"DELETE FROM ledger.{table} WHERE {column} > $1", position)
    await root.execute("UPDATE ledger.head SET position = $1", position)
    for table in ("event", "commit", "command", "stream", "head"):
        await root.execute(f"ALTER TABLE ledger.{table} ENABLE TRIGGER ALL")
    await root.execute("ALTER TABLE ledger.head ENABLE ALWAYS TRIGGER not_halted")


def heads(notes: list[str], memory: Memory) -> list[Checkpoint]:
    keys = [each.verifier for each in memory.signing_keys()]
    return [Checkpoint.read(opened(note, keys)) for note in notes]


async def test_what_is_signed_is_the_tree_over_the_recorded_bytes(
    memory: Memory, connection: asyncpg.Connection, appender: Appender, log: Log
) -> None:
    signer, seal = Signer(connection, memory), Seal(log)
    assert await signer.look() == []
    await fill_many(appender, 300)
    (first,) = heads(await signer.look(), memory)
    await fill(appender, 3)
    (second,) = heads(await signer.look(), memory)
    assert await signer.look() == []
    assert (first.size, second.size) == (300, 303)
    frontier = Frontier()
    bodies = [body for _, body in await log.raw(0, 1000)]
    for body in bodies:
        frontier.append(leaf_of(body))
        if frontier.size == 300:
            assert frontier.root() == first.root
    assert frontier.root() == second.root
    latest = await seal.latest()
    assert latest is not None
    assert (latest.size, latest.root) == (303, second.root)
    for position in (1, 255, 256, 257, 300, 303):
        path = await seal.inclusion(position, 303)
        assert path is not None
        assert root_of(leaf_of(bodies[position - 1]), position - 1, 303, path) == second.root
    for old in (1, 255, 256, 299, 300, 302, 303):
        proof = await seal.consistency(old, 303)
        assert proof is not None
        before = Frontier()
        for body in bodies[:old]:
            before.append(leaf_of(body))
        assert is_consistent(old, 303, proof, before.root(), second.root)
    assert await seal.inclusion(304, 303) is None
    assert await seal.consistency(304, 303) is None
    tile = await seal.tile(Tile(level=0, index=1, width=47))
    assert tile is not None
    assert hashes_of(tile) == [leaf_of(body) for body in bodies[256:303]]
    assert await seal.tile(Tile(level=0, index=1, width=48)) is None


async def test_a_closed_period_is_sealed_at_its_own_event(
    memory: Memory, connection: asyncpg.Connection, appender: Appender, log: Log
) -> None:
    ledger, signer = Ledger(log, appender), Signer(connection, memory)
    span = date(2021, 1, 1), date(2025, 12, 31)
    later = replace(open_, code=PeriodCode("2021-2025"), starts_on=span[0], ends_on=span[1])
    asked = [open_, ClosePeriod(code=open_.code), later]
    for command in asked:
        await ledger.handle(
            Order(command=command, command_id=uuid4(), effective_on=open_.starts_on, actor=LAN)
        )
    assert [each.size for each in heads(await signer.look(), memory)] == [2, 3]
    await ledger.handle(
        Order(
            command=ClosePeriod(code=PeriodCode("2021-2025")),
            command_id=uuid4(),
            effective_on=open_.ends_on,
            actor=LAN,
        )
    )
    assert [each.size for each in heads(await signer.look(), memory)] == [4]


async def test_a_log_that_was_rolled_back_is_never_signed_and_takes_no_more_events(
    memory: Memory,
    connection: asyncpg.Connection,
    appender: Appender,
    root: asyncpg.Connection,
    log: Log,
) -> None:
    await fill_many(appender, 5)
    signer = Signer(connection, memory)
    await signer.look()
    await back_to(root, 3)
    with pytest.raises(HistoryLostError, match="ends at 3, and 5 events were signed"):
        await signer.look()
    with pytest.raises(LedgerHalted, match="5 events were signed"):
        await appender.append(entry("period-after"))
    assert (await log.head()).position == 3
    # Another signer with the same memory comes to the same end, with nothing in its head.
    with pytest.raises(HistoryLostError):
        await Signer(connection, memory).look()
    assert [each.size for each in await Seal(log).checkpoints(0, 10)] == [5]
    halt = await Seal(log).halt()
    assert halt is not None
    assert (halt.stored_size, halt.signed_size) == (3, 5)


async def test_a_log_that_went_another_way_after_a_rollback_is_never_signed(
    memory: Memory, connection: asyncpg.Connection, appender: Appender, root: asyncpg.Connection
) -> None:
    await fill_many(appender, 5)
    signer = Signer(connection, memory)
    await signer.look()
    await back_to(root, 3)
    await fill_many(appender, 4)
    with pytest.raises(HistoryLostError, match="event 5 is not the one that was signed"):
        await signer.look()
    with pytest.raises(HistoryLostError, match="the first 5 events are not those"):
        await signer.look()


async def test_writing_goes_on_when_the_log_is_again_what_was_signed(
    memory: Memory, connection: asyncpg.Connection, appender: Appender, root: asyncpg.Connection
) -> None:
    await fill_many(appender, 3)
    signer = Signer(connection, memory)
    await signer.look()
    body = await root.fetchval("SELECT body FROM ledger.event WHERE position = 2")
    forged = body.replace(b'"role":"OFFICER"', b'"role":"OFFICEr"')
    await root.execute("UPDATE ledger.event SET body = $1 WHERE position = 2", forged)
    with pytest.raises(HistoryLostError):
        await Signer(connection, memory).look()
    await root.execute("UPDATE ledger.event SET body = $1 WHERE position = 2", body)
    with pytest.raises(LedgerHalted):
        await appender.append(entry("period-after"))
    assert await signer.look() == []
    assert (await appender.append(entry("period-after"))).first == 4


async def test_what_was_signed_and_not_published_is_published_at_the_next_start(
    memory: Memory, connection: asyncpg.Connection, appender: Appender, root: asyncpg.Connection,
    log: Log,
) -> None:  # fmt: skip
    await fill_many(appender, 2)
    (note,) = await Signer(connection, memory).look()
    await root.execute("ALTER TABLE seal.checkpoint DISABLE TRIGGER ALL")
    await root.execute("DELETE FROM seal.checkpoint")
    assert await Signer(connection, memory).look() == []
    latest = await Seal(log).latest()
    assert latest is not None
    assert latest.note == note


async def test_an_older_memory_is_brought_up_to_what_was_published_with_its_key(
    memory: Memory, connection: asyncpg.Connection, appender: Appender, root: asyncpg.Connection
) -> None:
    await fill_many(appender, 2)
    (old,) = await Signer(connection, memory).look()
    await fill_many(appender, 2)
    await Signer(connection, memory).look()
    memory.remember(old)
    assert await Signer(connection, memory).look() == []
    found = memory.last_signed()
    assert found is not None
    assert found[0].size == 4
    memory.remember(old)
    body = await root.fetchval("SELECT body FROM ledger.event WHERE position = 4")
    forged = body.replace(b'"role":"OFFICER"', b'"role":"OFFICEr"')
    await root.execute("UPDATE ledger.event SET body = $1 WHERE position = 4", forged)
    with pytest.raises(HistoryLostError, match="another signer signed 4 other events"):
        await Signer(connection, memory).look()


async def test_two_keys_sign_together_while_one_takes_over_from_the_other(
    memory: Memory, connection: asyncpg.Connection, appender: Appender
) -> None:
    (old,) = memory.signing_keys()
    await fill_many(appender, 1)
    signer = Signer(connection, memory)
    await signer.look()
    new = memory.add_key(SigningKey.generate(ORIGIN))
    await fill_many(appender, 1)
    (both,) = await signer.look()
    assert opened(both, [old.verifier]) == opened(both, [new.verifier])
    memory.drop_key(old.verifier.id.hex())
    await fill_many(appender, 1)
    (one,) = await Signer(connection, memory).look()
    assert opened(one, [new.verifier])
    assert old.verifier.id.hex() not in one


async def test_a_break_in_the_middle_of_a_look_leaves_no_hole_in_the_tree(
    memory: Memory,
    connection: asyncpg.Connection,
    signer_url: str,
    appender: Appender,
    log: Log,
) -> None:
    await fill_many(appender, 600)
    broken = await asyncpg.connect(signer_url)
    looking = asyncio.create_task(Signer(broken, memory).look())
    await asyncio.sleep(0.005)
    broken.terminate()
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await looking
    await Signer(connection, memory).look()
    assert await Seal(log).tile(Tile(level=1, index=0, width=2)) is not None


async def test_the_service_can_write_nothing_of_the_seal(pool: "asyncpg.Pool[Record]") -> None:
    for statement in (
        "INSERT INTO seal.checkpoint VALUES (1, sha256(''), '')",
        "INSERT INTO seal.subtree VALUES (1, 0, sha256(''))",
        "UPDATE seal.halt SET lifted_at = now()",
        "INSERT INTO seal.signer VALUES (true, now(), 1)",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(statement)


async def test_the_signer_can_write_nothing_but_the_seal(connection: asyncpg.Connection) -> None:
    for statement in (
        "UPDATE ledger.head SET position = 0",
        "DELETE FROM seal.checkpoint",
        "UPDATE seal.checkpoint SET note = ''",
        "DELETE FROM seal.halt",
        "SELECT * FROM ledger.command",
        "SELECT * FROM access.key",
        "SELECT * FROM vault.value",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
