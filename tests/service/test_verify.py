"""`socai verify`, at the command line, at a start and at night: what it says, who hears of it."""

import asyncio
import re
import shlex
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import asyncpg
import httpx2
import pytest

from events.seal.memory import Memory
from projections.identities import IDENTITIES
from service.cli.exits import Exit
from service.config import Config, ConfigError
from service.database import Database, database
from service.verifying.night import until_next
from tests.service.command_line import ROOT, running, socai

PAGE = (ROOT / "docs/how-to/verify-the-ledger.md").read_text(encoding="utf-8")
LINES = [
    shlex.split(line)[1:]
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
"""The commands of the page: all of it; with a key and a checkpoint; with a note of it."""
NOT_WHOLE = "the record is not what it was: see `socai verify`"


async def found_in(folder: Path) -> Database:
    async with database(Config.from_env({"SOCAI_DATA": str(folder)}), share=True) as found:
        return found


async def execute(url: str | None, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def told_of(line: list[str]) -> tuple[int, str]:
    """How many things a command tells of, and what it says of all of them."""
    if "--identities" in line:
        return len(IDENTITIES) + 1, "Every identity holds at every moment that was tried."
    return (3 if "--only" in line else 5), "The record is whole"


def test_the_demo_is_whole_and_a_changed_sum_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    told = {"SOCAI_DATA": str(folder)}
    with running(tmp_path, "demo", "--port", "0", "--data", str(folder)) as demo:
        demo.until(lambda: "Ctrl-C" in demo.words)
        memory = Memory(folder / "seal")
        (key,) = memory.signing_keys()
        known = {"KEY": str(key.verifier), "KEPT": str(folder / "seal" / "last-signed")}
        for line in LINES:
            ran = socai(*(known.get(word, word) for word in line), **told)
            assert ran.returncode == Exit.OK, ran.stdout + ran.stderr
            assert {each.split("\t")[3] for each in ran.stdout.splitlines()} == {"ok"}
            rows, said = told_of(line)
            assert len(ran.stdout.splitlines()) == rows
            assert said in ran.stderr
        part = socai("verify", "--only", "money", "--record", **told)
        assert part.returncode == Exit.USAGE, "a part would be taken for the whole"
        other = str(key.verifier).replace("socai.invalid", "other.invalid")
        assert socai("verify", "--only", "log", "--key", other, **told).returncode == Exit.USAGE
        found = asyncio.run(found_in(folder))
        asyncio.run(
            execute(
                found.superuser_url,
                "UPDATE model.commitment SET committed = committed + 1 WHERE ctid = ("
                "SELECT min(ctid) FROM model.commitment"
                " WHERE until > 1e18 AND valid_to = 'infinity')",
            )
        )
        ran = socai("verify", "-o", "plain", "--record", **told)
        assert ran.returncode == Exit.NEGATIVE
        assert "commitment differs: the log says (" in ran.stdout
        assert "not so: every commitment is the sum of its lines" in ran.stdout
        answer = httpx2.get(f"{demo.url}/readyz")
        assert (answer.status_code, answer.json()["reason"]) == (503, NOT_WHOLE)
        assert "socai_verify_ok 0\n" in httpx2.get(f"{demo.url}/metrics").text
        assert socai("rebuild", **told).returncode == Exit.NEGATIVE, "it was put right"
        assert socai("verify", "--record", **told).returncode == Exit.OK
        assert httpx2.get(f"{demo.url}/readyz").status_code == httpx2.codes.OK
        assert "socai_verify_ok 1\n" in httpx2.get(f"{demo.url}/metrics").text


def test_a_server_verifies_everything_when_it_starts(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    told = {"SOCAI_VERIFY_AT": "03:30"}
    with running(tmp_path, "serve", "--port", "0", "--data", str(folder), **told) as serving:
        url = serving.ready()
        serving.until(lambda: "socai_verify_ok 1\n" in httpx2.get(f"{url}/metrics").text)
        assert "socai_verify_events 1\n" in httpx2.get(f"{url}/metrics").text
        found = asyncio.run(found_in(folder))
    with running(tmp_path, "serve", "--port", "0", "--data", str(folder)) as serving:
        serving.ready()
        found = asyncio.run(found_in(folder))
        forge = """
            SET session_replication_role = replica;
            SET event_triggers = off;
            ALTER TABLE ledger.event DISABLE TRIGGER ALL;
            UPDATE ledger.event
            SET body = replace(convert_from(body, 'UTF8'), ':"signer"', ':"Signer"')::bytea;
            ALTER TABLE ledger.event ENABLE TRIGGER ALL;
        """
        asyncio.run(execute(found.superuser_url, forge))
    with running(tmp_path, "serve", "--port", "0", "--data", str(folder), **told) as serving:
        serving.until(lambda: "VERIFICATION FAILED" in serving.words)
        assert "position 1: the events are not those that were signed" in serving.words
        assert httpx2.get(f"{serving.url}/readyz").status_code == 503


def test_a_ledger_that_nobody_signed_is_not_called_whole(database_url: str) -> None:
    told = {"SOCAI_DATABASE_URL": database_url}
    assert socai("seed", "load", "--events", "20", **told).returncode == Exit.OK
    ran = socai("verify", "--only", "log", **told)
    assert ran.returncode == Exit.NEGATIVE
    assert "nothing is signed" in ran.stderr
    assert "unknown" in ran.stdout


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 11, 28, 18, 0, tzinfo=UTC), 1),  # 01:00 in Vietnam
        (datetime(2026, 11, 28, 19, 0, tzinfo=UTC), 24),
        (datetime(2026, 11, 28, 20, 30, tzinfo=UTC), 22.5),
    ],
)
def test_the_night_comes_once_a_day(now: datetime, hours: float) -> None:
    assert until_next(time(2, 0), now) == timedelta(hours=hours)


@pytest.mark.parametrize("told", ["25:00", "night", "2"])
def test_a_time_that_is_none_is_refused(told: str) -> None:
    with pytest.raises(ConfigError, match="SOCAI_VERIFY_AT must be a time"):
        Config.from_env({"SOCAI_VERIFY_AT": told})
