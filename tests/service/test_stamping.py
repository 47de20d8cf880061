"""A time-stamping authority on loopback: what is stamped when, and what is kept."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from cryptography import x509

from events.appender import Appender
from events.envelope import Order
from events.ledger import Ledger
from events.log import Log
from events.period import ClosePeriod
from events.seal.kept import Seal
from events.seal.memory import Memory
from events.seal.signer import Signer
from events.seal.stamp import Asked, stamped_at
from service.sealing.stamping import Stamper
from tests.entries import LAN, fill_many
from tests.events.seal.authority import Authority
from tests.events.seal.shown import ORIGIN
from tests.events.test_period import open_
from tests.service.answering import answering


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
def seal(pool: "asyncpg.Pool[asyncpg.Record]") -> Seal:
    return Seal(Log(pool))


async def test_one_checkpoint_a_day_is_stamped_and_each_that_closes_a_period(
    tmp_path: Path,
    memory: Memory,
    connection: asyncpg.Connection,
    appender: Appender,
    seal: Seal,
    pool: "asyncpg.Pool[asyncpg.Record]",
) -> None:
    authority = Authority(tmp_path / "tsa")
    roots = x509.load_pem_x509_certificates((authority.folder / "ca.pem").read_bytes())
    ledger, signer = Ledger(Log(pool), appender), Signer(connection, memory)
    with answering(authority.reply) as url:
        stamper = Stamper(connection, url, roots, hours=24)
        await stamper.stamp()
        for events in (1, 1):
            await fill_many(appender, events)
            await signer.look()
            await stamper.stamp()
        assert await sizes(seal) == [1], "a day has not passed"
        await Stamper(connection, url, roots, hours=1e-9).stamp()
        assert await sizes(seal) == [1, 2]
        for command in (open_, ClosePeriod(code=open_.code)):
            await ledger.handle(
                Order(command=command, command_id=uuid4(), effective_on=open_.starts_on, actor=LAN)
            )
        await fill_many(appender, 1)
        await signer.look()
        for _ in range(2):
            await stamper.stamp()
    assert await sizes(seal) == [1, 2, 4]
    notes = {each.size: each.note for each in await seal.checkpoints(0, 10)}
    for row in await seal.timestamps(5):
        assert row["authority"] == url
        assert authority.is_by(row["token"], notes[row["size"]].encode())
        assert stamped_at(row["token"], notes[row["size"]], roots)


async def sizes(seal: Seal) -> list[int]:
    return [row["size"] for row in await seal.timestamps(1_000)]


async def test_an_authority_that_is_away_or_lies_is_asked_again_later(
    tmp_path: Path, memory: Memory, connection: asyncpg.Connection, appender: Appender, seal: Seal
) -> None:
    authority = Authority(tmp_path / "tsa")
    roots = x509.load_pem_x509_certificates((authority.folder / "ca.pem").read_bytes())
    await fill_many(appender, 1)
    (note,) = await Signer(connection, memory).look()
    other = note.replace("\n1\n", "\n2\n")
    asked: list[bytes] = []

    def lies(kind: str, request: bytes) -> bytes | None:
        asked.append(request)
        return {
            "away": None,
            "page": b"<html>",
            "stale": authority.reply(Asked.of(note).request),
            "other": authority.reply(Asked.of(other).request),
        }[kind]

    for kind in ("away", "page", "stale", "other"):
        asked.clear()
        with answering(lambda request, kind=kind: lies(kind, request)) as url:
            stamper = Stamper(connection, url, roots, hours=24)
            await stamper.stamp()
            await stamper.stamp()
        assert len(asked) == 1, "not at once"
        assert await sizes(seal) == []
