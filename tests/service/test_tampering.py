"""Whoever owns the machine, step by step on a real data folder; and who notices.

The table of docs/explanation/proof.md: each step is what the one before it lacked.
"""

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from events.appender import Appender
from events.ledger import Ledger
from events.log import Log
from events.seal.checkpoint import Checkpoint
from events.seal.kept import Seal
from events.seal.memory import Memory
from events.seal.note import signed
from events.seal.signer import HistoryLostError, Signer
from events.seal.tree import Frontier, leaf_of
from service.database import Database
from service.maintenance import migrated
from service.postgres import Postgres
from service.postgres.account import Account
from service.postgres.binaries import find
from service.sealing.keys import begun
from service.verifying.verify import Asked, Part, State, Verdict, remembered, verified
from tests.entries import fill_many

TARGET = 7
TRUE, FALSE = b'"role":"OFFICER"', b'"role":"OFFICEr"'


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Postgres]:
    async with Postgres(folder / "data", no_sync=True) as postgres:
        yield postgres


async def _record(folder: Path) -> tuple[str, str, bytes]:
    """A ledger with 41 events, signed at 21 and at 41: its file, its first checkpoint, a body."""
    memory = Memory(folder / "seal")
    async with running(folder) as postgres:
        urls = {role: postgres.url(role) for role in ("socai_owner", "socai_service", "postgres")}
        await migrated(
            Database(service_url="", owner_url=urls["socai_owner"], superuser_url=urls["postgres"])
        )
        signing = await asyncpg.connect(postgres.url("socai_signer"))
        async with (
            asyncpg.create_pool(urls["socai_service"], min_size=1, max_size=1) as pool,
            Appender(urls["socai_service"]) as appender,
        ):
            await begun(Ledger(Log(pool), appender), memory, "ledger.example/socai")
            signer = Signer(signing, memory)
            await fill_many(appender, 20)
            (first,) = await signer.look()
            await fill_many(appender, 20)
            await signer.look()
            body = await pool.fetchval("SELECT body FROM ledger.event WHERE position = $1", TARGET)
            path = await pool.fetchval("SELECT pg_relation_filepath('ledger.event')")
        await signing.close()
    return path, first, body


@pytest.fixture(scope="module")
def recorded(stopped: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Scene"]:
    folder = tmp_path_factory.mktemp("tampering")
    subprocess.run(["cp", "-pR", stopped, folder / "data"], check=True)
    path, first, body = asyncio.run(_record(folder))
    yield Scene(folder, folder / "data" / "postgres" / path, first, body)
    shutil.rmtree(folder)


@pytest.fixture
def scene(recorded: "Scene", tmp_path: Path) -> Iterator["Scene"]:
    """A stopped ledger of one's own, as its thief finds it."""
    folder = tmp_path / "ledger"
    subprocess.run(["cp", "-pR", recorded.folder, folder], check=True)
    yield Scene(
        folder, folder / recorded.heap.relative_to(recorded.folder), recorded.first, recorded.body
    )
    shutil.rmtree(folder, ignore_errors=True)


class Scene:
    """A data folder, the file of its events, the first checkpoint, and the body that is forged."""

    def __init__(self, folder: Path, heap: Path, first: str, body: bytes) -> None:
        self.folder, self.heap, self.first, self.body = folder, heap, first, body

    @property
    def memory(self) -> Memory:
        return Memory(self.folder / "seal")

    def edit(self, old: bytes, new: bytes) -> None:
        """In the file itself."""
        told = self.heap.read_bytes()
        assert told.count(old) == 1
        self.heap.write_bytes(told.replace(old, new))

    def forge(self) -> None:
        self.edit(self.body, self.body.replace(TRUE, FALSE))

    def fix_leaf(self) -> None:
        self.edit(leaf_of(self.body), leaf_of(self.body.replace(TRUE, FALSE)))

    def checksums(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """PostgreSQL's own tool for the sums of its pages."""
        data = self.folder / "data" / "postgres"
        account = Account.current()
        program = find(account).program("pg_checksums")
        place = account.folder or str(data)
        command = account.command(program, [*arguments, "-D", place])
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=data)

    def fix_checksums(self) -> None:
        assert self.checksums("--disable").returncode == 0
        assert self.checksums("--enable", "--no-sync").returncode == 0

    async def verify(self, *notes: str, own: bool = False) -> list[Verdict]:
        """What a start of the service, and every night, would find."""
        kept = (*notes, *(remembered(self.memory) if own else ()))
        async with running(self.folder) as postgres:
            url = postgres.url("socai_service")
            asked = Asked(parts=frozenset({Part.LOG}), notes=kept)
            return list(await verified(url, asked, lambda *_: None))

    async def sign(self) -> None:
        async with running(self.folder) as postgres:
            connection = await asyncpg.connect(postgres.url("socai_signer"))
            try:
                await Signer(connection, self.memory).look()
            finally:
                await connection.close()


def found(verdicts: list[Verdict]) -> str:
    return " | ".join(each.found for each in verdicts if each.state is not State.OK)


async def test_0_nothing_is_found_where_nothing_was_done(scene: Scene) -> None:
    assert scene.checksums("--check").returncode == 0
    assert found(await scene.verify(scene.first, own=True)) == ""
    await scene.sign()


async def test_1_bytes_edited_in_the_file_are_noticed_by_the_page_checksum(scene: Scene) -> None:
    scene.forge()
    checked = scene.checksums("--check")
    assert checked.returncode == 1
    assert "checksum verification failed" in checked.stderr
    assert "invalid page" in found(await scene.verify())


async def test_2_with_the_checksums_recomputed_by_the_hash_of_the_event(scene: Scene) -> None:
    scene.forge()
    scene.fix_checksums()
    assert scene.checksums("--check").returncode == 0
    told = found(await scene.verify())
    assert f"position {TARGET}: its hash is not that of its bytes" in told


async def test_3_with_the_hash_fixed_as_well_by_the_signed_root(scene: Scene) -> None:
    scene.forge()
    scene.fix_leaf()
    scene.fix_checksums()
    told = found(await scene.verify())
    assert "its hash is not" not in told
    assert "position 21: the events are not those that were signed (checkpoint)" in told
    with pytest.raises(HistoryLostError, match="the first 41 events are not those"):
        await scene.sign()


async def _resigned(scene: Scene) -> None:
    """With the stolen key: every checkpoint anew, and the signer's memory with them."""
    memory = scene.memory
    async with running(scene.folder) as postgres:
        root = await asyncpg.connect(postgres.url("postgres"))
        await root.execute("SET session_replication_role = replica; SET event_triggers = off")
        await root.execute("ALTER TABLE seal.checkpoint DISABLE TRIGGER ALL")
        frontier = Frontier()
        for row in await root.fetch("SELECT position, body FROM ledger.event ORDER BY position"):
            frontier.append(leaf_of(row["body"]))
            if row["position"] in {21, 41}:
                head = Checkpoint(origin=memory.origin, size=frontier.size, root=frontier.root())
                note = signed(str(head), memory.signing_keys())
                await root.execute(
                    "UPDATE seal.checkpoint SET root = $2, note = $3 WHERE size = $1",
                    head.size, head.root, note,
                )  # fmt: skip
                memory.remember(note)
        await root.execute("ALTER TABLE seal.checkpoint ENABLE TRIGGER ALL")
        await root.close()


async def test_4_with_a_stolen_key_by_whoever_kept_an_older_checkpoint(scene: Scene) -> None:
    scene.forge()
    scene.fix_leaf()
    scene.fix_checksums()
    await _resigned(scene)
    told = found(await scene.verify(scene.first))
    assert "position 21" in told
    assert "two roots were signed: fraud" in told


async def test_5_a_tail_that_was_cut_off_by_the_signer_and_by_what_it_remembers(
    scene: Scene,
) -> None:
    async with running(scene.folder) as postgres:
        root = await asyncpg.connect(postgres.url("postgres"))
        await root.execute("SET session_replication_role = replica; SET event_triggers = off")
        for table, statement in (
            ("ledger.event", "DELETE FROM ledger.event WHERE position > 30"),
            ("ledger.stream", "DELETE FROM ledger.stream WHERE position > 30"),
            ("ledger.commit", "DELETE FROM ledger.commit WHERE last_position > 30"),
            ("ledger.head", "UPDATE ledger.head SET position = 30"),
            ("seal.checkpoint", "DELETE FROM seal.checkpoint WHERE size > 30"),
        ):
            await root.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL; {statement}")
            await root.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")
        await root.close()
    assert "position 30: the log ends before what was signed" in found(await scene.verify(own=True))
    with pytest.raises(HistoryLostError, match="the log ends at 30, and 41 events were signed"):
        await scene.sign()
    async with (
        running(scene.folder) as postgres,
        asyncpg.create_pool(postgres.url("socai_service"), min_size=1, max_size=1) as pool,
    ):
        halt = await Seal(Log(pool)).halt()
        assert halt is not None
        assert halt.signed_size == 41


async def test_6_all_of_it_before_anybody_kept_a_checkpoint_by_nobody(scene: Scene) -> None:
    """No seal helps whoever never looked. So: keep a checkpoint, early and elsewhere."""
    scene.forge()
    scene.fix_leaf()
    scene.fix_checksums()
    await _resigned(scene)
    assert found(await scene.verify(own=True)) == ""
    await scene.sign()
