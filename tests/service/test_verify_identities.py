"""`socai verify --identities`: each by itself, at moments by chance, with an exit code."""

import asyncio
import re

import asyncpg

from events.log import Log
from projections.identities import IDENTITIES
from projections.projector import Projector
from service.cli.exits import Exit
from tests.service.command_line import socai

CHANGE = """
    UPDATE model.posting SET debit = debit + 1
    WHERE ctid = (SELECT min(ctid) FROM model.posting WHERE account = 'ADVANCED')
"""


async def read(url: str) -> None:
    async with asyncpg.create_pool(url, min_size=1) as pool:
        projector = Projector(pool, Log(pool))
        await projector.prepare()
        await projector.advance()


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("SET event_triggers = off")
    await connection.execute(statement)
    await connection.close()


def test_each_identity_is_told_and_what_breaks_is_named(
    database_url: str, superuser_url: str
) -> None:
    told = {"SOCAI_DATABASE_URL": database_url}
    assert socai("seed", "load", "--events", "300", **told).returncode == Exit.OK
    asyncio.run(read(database_url))
    ran = socai("verify", "--identities", "--moments", "15", **told)
    assert ran.returncode == Exit.OK, ran.stdout + ran.stderr
    rows = [line.split("\t") for line in ran.stdout.splitlines()]
    assert [row[0] for row in rows] == [*IDENTITIES, "read models"]
    assert {row[3] for row in rows} == {"ok"}
    assert min(int(row[1]) for row in rows[:-1]) > 15
    seed = re.findall(r"--seed (\d+)", ran.stderr)
    assert len(seed) == 1
    asyncio.run(execute(superuser_url, CHANGE))
    again = socai("verify", "--identities", "--moments", "15", "--seed", seed[0], **told)
    assert again.returncode == Exit.NEGATIVE
    assert "not so: the trial balance is 0 in every source and budget year" in again.stderr
    bad = [line.split("\t")[0] for line in again.stdout.splitlines() if "\tbad" in line]
    assert bad == [
        "the trial balance is 0 in every source and budget year",
        "every commitment is what its accounts say: open, paid, settled and owed",
        "read models",
    ]


def test_it_is_asked_by_itself(database_url: str) -> None:
    told = {"SOCAI_DATABASE_URL": database_url}
    for words in (("--only", "money"), ("--record",), ("--moments", "-1")):
        assert socai("verify", "--identities", *words, **told).returncode == Exit.USAGE
