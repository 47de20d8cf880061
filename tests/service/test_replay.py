"""`socai replay` over a history in which facts come late, and over a table that was changed."""

import json
from random import Random

import asyncpg

from service.cli.exits import Exit
from service.runtime import running
from tests import histories
from tests.projections.recording import record
from tests.service.command_line import socai


async def test_a_row_that_was_changed_is_named(database_url: str, superuser_url: str) -> None:
    await record(superuser_url, histories.tell(Random(1), 150).recorded)
    async with running(database_url) as runtime:
        head = (await runtime.log.head()).position
        await runtime.projector.wait_for(head, 60)
    for at in (("head",), ("30",), (str(head), "--effective", "2019-06-30")):
        ran = socai("replay", "--at", *at, "-o", "json", SOCAI_DATABASE_URL=database_url)
        assert ran.returncode == Exit.OK, ran.stderr
        told = json.loads(ran.stdout)
        assert all(row["agrees"] for row in (*told["money"], *told["readModels"]))
    superuser = await asyncpg.connect(superuser_url)
    try:
        changed = await superuser.fetchval(
            "UPDATE model.facility SET name = 'X' WHERE ctid = (SELECT ctid FROM model.facility"
            " WHERE valid_to = 'infinity' AND until = 9223372036854775807 LIMIT 1)"
            " RETURNING facility_id"
        )
    finally:
        await superuser.close()
    ran = socai("replay", "--at", "head", "-o", "json", SOCAI_DATABASE_URL=database_url)
    assert ran.returncode == Exit.NEGATIVE
    models = json.loads(ran.stdout)["readModels"]
    wrong = {row["readModel"]: row["difference"] for row in models if not row["agrees"]}
    assert set(wrong) == {"facility"}
    assert wrong["facility"].startswith(f"{changed}: name is X")
