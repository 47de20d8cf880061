"""A database that no longer refuses what it must: the probe, the metric and the doctor say so."""

import asyncio
from pathlib import Path

import asyncpg
import httpx2

from service.cli.exits import Exit
from service.config import Config
from service.database import Database, database
from tests.service.command_line import WATCHED, running, socai

TAKEN_AWAY = "SET event_triggers = off; ALTER TABLE ledger.event DISABLE TRIGGER append_only"


async def _found(folder: Path) -> Database:
    async with database(Config.from_env({"SOCAI_DATA": str(folder)}), share=True) as found:
        return found


async def _as_superuser(url: str | None, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def test_who_takes_a_trigger_away_is_noticed_at_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    with running(tmp_path, "serve", "--port", "0", "--data", str(folder)) as first:
        url = first.ready()
        assert httpx2.get(f"{url}/readyz").status_code == httpx2.codes.OK
        assert "socai_guard_drift 0\n" in httpx2.get(f"{url}/metrics").text
        assert "guard\tok" in socai("doctor", "-o", "plain", "--data", str(folder)).stdout
        found = asyncio.run(_found(folder))
        asyncio.run(_as_superuser(found.superuser_url, TAKEN_AWAY))
        told = {"SOCAI_DATABASE_URL": found.service_url}
        with running(tmp_path, "serve", "--port", "0", **told) as second:
            url = second.ready()
            refused = httpx2.get(f"{url}/readyz")
            assert (refused.status_code, refused.json()["reason"]) == (503, WATCHED)
            assert "append_only" not in refused.text, "strangers are not told where the hole is"
            assert "socai_guard_drift 1\n" in httpx2.get(f"{url}/metrics").text
            assert "trigger event.append_only" in second.words
            asked = httpx2.post(f"{url}/graphql", json={"query": "{ ledger { position } }"})
            assert asked.json()["data"] == {"ledger": {"position": 1}}, "the key of the seal"
        ran = socai("doctor", "-o", "plain", "--data", str(folder))
        assert ran.returncode == Exit.NEGATIVE
        assert "guard\tbad\ttrigger event.append_only is D 58 ledger.refuse" in ran.stdout
