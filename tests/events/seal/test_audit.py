"""What verification finds: each kind of flaw, planted by a superuser whom nothing stops."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from events.appender import Appender
from events.seal.announced import Announced
from events.seal.audit import Audit, Kind, Trust, audited
from events.seal.checkpoint import Checkpoint
from events.seal.memory import Memory
from events.seal.note import SigningKey, VerifierKey, signed
from events.seal.signer import Signer
from tests.entries import fill, fill_many

ORIGIN = "ledger.example/socai"
FREE = "ALTER TABLE {0} DISABLE TRIGGER ALL; {1}; ALTER TABLE {0} ENABLE TRIGGER ALL"

FORGE = """
    UPDATE ledger.event
    SET body = replace(convert_from(body, 'UTF8'), 'OFFICER', 'OFFICEr')::bytea
    WHERE position = 270
"""
UNBIND = "ALTER TABLE ledger.event DROP CONSTRAINT event_says_its_columns;"
EARLIER = """
    UPDATE ledger.event
    SET recorded_at = recorded_at - interval '1 day',
        body = replace(
            convert_from(body, 'UTF8'),
            ledger.instant(recorded_at),
            ledger.instant(recorded_at - interval '1 day')
        )::bytea
    WHERE position = 12
"""
CHANGES = (
    "budget_year = 2019",
    "command_id = gen_random_uuid()",
    "effective_on = effective_on + 1",
    "event_id = gen_random_uuid()",
    "recorded_at = recorded_at + interval '1 microsecond'",
    "stream = 'period-other'",
    "type = 'PeriodClosed'",
    "version = version + 1",
    "body = 'nonsense'",
    "body = '[]'",
    """body = replace(convert_from(body, 'UTF8'), '"type"', '"tipe"')::bytea""",
)
"""Each makes the columns of an event say something else than its bytes."""


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    memory = Memory(tmp_path / "seal")
    memory.begin(ORIGIN)
    return memory


@pytest.fixture
async def root(superuser_url: str) -> AsyncIterator[asyncpg.Connection]:
    root = await asyncpg.connect(superuser_url)
    await root.execute("SET session_replication_role = replica; SET event_triggers = off")
    yield root
    await root.close()


@pytest.fixture
async def sealed(database_url: str, signer_url: str, memory: Memory) -> None:
    """Three hundred events, signed at 257 and at 300."""
    connection = await asyncpg.connect(signer_url)
    signer = Signer(connection, memory)
    async with Appender(database_url) as appender:
        await fill_many(appender, 257)
        await signer.look()
        await fill(appender, 43)
        await signer.look()
    await connection.close()


async def look(url: str, *keys: VerifierKey, notes: tuple[str, ...] = ()) -> Audit:
    return await trusting(url, Trust(pinned=keys, notes=notes))


async def trusting(url: str, trust: Trust) -> Audit:
    connection = await asyncpg.connect(url)
    try:
        return await audited(connection, trust, lambda _: None)
    finally:
        await connection.close()


def key_of(memory: Memory) -> VerifierKey:
    return memory.signing_keys()[0].verifier


async def test_a_whole_log_has_no_flaw(database_url: str, memory: Memory, sealed: None) -> None:
    last = memory.last_signed()
    assert last is not None
    audit = await look(database_url, key_of(memory), notes=(last[1],))
    assert audit.flaws == []
    assert (audit.events, audit.checkpoints, audit.subtrees, audit.kept) == (300, 2, 1, 1)
    assert audit.root == last[0].root


@pytest.mark.parametrize(
    ("table", "statement", "kind", "position"),
    [
        ("ledger.event", "DELETE FROM ledger.event WHERE position = 7", Kind.MISSING, 7),
        ("ledger.event", "DELETE FROM ledger.event WHERE position = 7", Kind.ROOT, 257),
        ("ledger.head", "UPDATE ledger.head SET position = 301", Kind.HEAD, 300),
        (
            "ledger.event",
            FORGE,
            Kind.ROOT,
            300,
        ),
        (
            "ledger.event",
            UNBIND + "UPDATE ledger.event SET type = 'PeriodClosed' WHERE position = 9",
            Kind.COLUMNS,
            9,
        ),
        (
            "ledger.event",
            EARLIER,
            Kind.TIME,
            12,
        ),
        (
            "ledger.event",
            "DELETE FROM ledger.event WHERE position = 280",
            Kind.STREAM,
            281,
        ),
        (
            "ledger.stream",
            "INSERT INTO ledger.stream (name, version, position) VALUES ('period-none', 1, 4)",
            Kind.STREAM,
            4,
        ),
        (
            "ledger.stream",
            "UPDATE ledger.stream SET version = 42 WHERE name = 'period-full'",
            Kind.STREAM,
            300,
        ),
        ("seal.subtree", "UPDATE seal.subtree SET hash = sha256('')", Kind.SUBTREE, 256),
        (
            "seal.checkpoint",
            "UPDATE seal.checkpoint SET root = sha256('') WHERE size = 257",
            Kind.ROOT,
            257,
        ),
        (
            "seal.checkpoint",
            "UPDATE seal.checkpoint SET note = replace(note, '257', '256') WHERE size = 257",
            Kind.SIGNATURE,
            257,
        ),
        ("seal.checkpoint", "DELETE FROM seal.checkpoint", Kind.UNSIGNED, 300),
    ],
)
@pytest.mark.usefixtures("sealed")
async def test_whatever_is_changed_is_named_at_its_first_position(
    database_url: str, memory: Memory, root: asyncpg.Connection,
    table: str, statement: str, kind: Kind, position: int,
) -> None:  # fmt: skip
    await root.execute(FREE.format(table, statement))
    audit = await look(database_url, key_of(memory))
    assert (kind, position) in [(each.kind, each.position) for each in audit.flaws]


async def test_a_column_that_says_otherwise_than_the_bytes_is_named(
    database_url: str, root: asyncpg.Connection, sealed: None
) -> None:
    await root.execute(UNBIND)
    columns = "body, event_id, stream, version, type, recorded_at, effective_on, budget_year"
    await root.execute(
        f"CREATE TABLE public.before AS SELECT {columns}, command_id FROM ledger.event"
        " WHERE position = 9"
    )
    back = f"({columns}, command_id) = (SELECT * FROM public.before)"
    for change in CHANGES:
        for statement, is_found in ((change, True), (back, False)):
            update = f"UPDATE ledger.event SET {statement} WHERE position = 9"
            await root.execute(FREE.format("ledger.event", update))
            flaws = [(each.kind, each.position) for each in (await look(database_url)).flaws]
            assert ((Kind.COLUMNS, 9) in flaws) is is_found, change


async def test_a_log_that_ends_before_a_checkpoint_that_was_kept_is_behind(
    database_url: str, memory: Memory, sealed: None
) -> None:
    (key,) = memory.signing_keys()
    ahead = signed(str(Checkpoint(origin=ORIGIN, size=400, root=b"\0" * 32)), [key])
    audit = await look(database_url, key.verifier, notes=(ahead,))
    assert [(each.kind, each.position) for each in audit.flaws] == [(Kind.BEHIND, 300)]


async def test_two_roots_of_one_size_under_one_key_are_fraud(
    database_url: str, memory: Memory, sealed: None
) -> None:
    (key,) = memory.signing_keys()
    other = signed(str(Checkpoint(origin=ORIGIN, size=257, root=b"\0" * 32)), [key])
    audit = await look(database_url, key.verifier, notes=(other,))
    (flaw,) = audit.flaws
    assert (flaw.kind, flaw.position, flaw.detail) == (
        Kind.ROOT,
        257,
        "two roots were signed: fraud",
    )


async def test_a_key_is_good_only_if_a_good_one_vouches_for_it(
    database_url: str, signer_url: str, memory: Memory, sealed: None
) -> None:
    """The second key signs alone at 301; it was announced at 290, or after what it signs."""
    old, new = key_of(memory), memory.add_key(SigningKey.generate(ORIGIN)).verifier
    memory.drop_key(old.id.hex())
    (memory.folder / "last-signed").unlink()
    async with Appender(database_url) as appender:
        await fill(appender, 1, "period-more")
    connection = await asyncpg.connect(signer_url)
    await Signer(connection, memory).look()
    await connection.close()
    tried: list[tuple[list[Announced], list[Kind]]] = [
        ([Announced(position=290, key=new)], []),
        ([Announced(position=290, key=new, retired=302)], []),
        ([Announced(position=290, key=new, retired=301)], [Kind.SIGNATURE]),
        ([Announced(position=301, key=new)], [Kind.SIGNATURE]),
        ([], [Kind.SIGNATURE]),
    ]
    for announced, flaws in tried:
        audit = await trusting(database_url, Trust(pinned=[old], announced=announced))
        assert [each.kind for each in audit.flaws] == flaws
    first = [Announced(position=1, key=old, retired=301), Announced(position=290, key=new)]
    audit = await trusting(database_url, Trust(announced=first))
    assert audit.flaws == []
