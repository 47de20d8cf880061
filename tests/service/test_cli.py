"""How commands end: their exit codes, and what is said where."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import asyncpg
import pytest

from events.money import InvalidAmount
from service.cli.ending import ending
from service.cli.exits import EXIT_CODES, Exit
from service.cli.serve import beside
from service.database import Database
from service.postgres import Postgres, PostgresLostError
from tests.service.command_line import running, socai


@pytest.fixture
async def empty_url(cluster: Postgres) -> AsyncIterator[str]:
    """A database in which nothing was ever migrated, as its owner."""
    name = f"empty_{uuid4().hex}"
    admin = await asyncpg.connect(cluster.url("postgres", "postgres"))
    try:
        await admin.execute(f"CREATE DATABASE {name} OWNER socai_owner")
        yield cluster.url("socai_owner", name)
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await admin.close()


NOWHERE = "postgresql://socai_service:x@127.0.0.1:1/socai"


def test_a_command_that_did_its_work_exits_with_0() -> None:
    ran = socai("version", anew=True)
    assert (ran.returncode, ran.stderr) == (Exit.OK, "")
    assert ran.stdout.startswith("socai\t")


@pytest.mark.parametrize("words", [("vers",), ("serve", "--port", "http"), ("events", "show")])
def test_a_command_line_that_makes_no_sense_exits_with_2(words: tuple[str, ...]) -> None:
    ran = socai(*words)
    assert (ran.returncode, ran.stdout) == (Exit.USAGE, "")
    assert ran.stderr


def test_an_unknown_variable_exits_with_2_and_is_named() -> None:
    ran = socai("doctor", SOCAI_PROT="1")
    assert ran.returncode == Exit.USAGE
    assert "SOCAI_PROT is not a setting" in ran.stderr


def test_pending_migrations_exit_with_1_and_say_the_next_command(empty_url: str) -> None:
    ran = socai("migrate", "status", SOCAI_DATABASE_URL=empty_url)
    assert ran.returncode == Exit.NEGATIVE
    assert ran.stdout
    assert "next: socai migrate apply" in ran.stderr


def test_migrations_are_applied_once(empty_url: str) -> None:
    first = socai("migrate", "apply", SOCAI_DATABASE_URL=empty_url)
    assert (first.returncode, bool(first.stdout)) == (Exit.OK, True), first.stderr
    again = socai("migrate", "apply", SOCAI_DATABASE_URL=empty_url)
    assert (again.returncode, again.stdout) == (Exit.OK, "")
    assert socai("migrate", "status", SOCAI_DATABASE_URL=empty_url).returncode == Exit.OK


def test_serve_never_migrates_a_database_it_was_given(empty_url: str) -> None:
    ran = socai("serve", "--port", "0", SOCAI_DATABASE_URL=empty_url)
    assert ran.returncode == Exit.NEGATIVE
    assert "next: socai migrate apply" in ran.stderr


def test_what_is_not_there_exits_with_3(database_url: str) -> None:
    for words in (("events", "show", "999"), ("events", "read", "--stream", "scheme-none")):
        ran = socai(*words, SOCAI_DATABASE_URL=database_url)
        assert (ran.returncode, ran.stdout) == (Exit.NOT_FOUND, ""), ran.stderr


def test_under_o_json_the_error_is_json_too(database_url: str) -> None:
    ran = socai("events", "show", "999", "-o", "json", SOCAI_DATABASE_URL=database_url)
    error = json.loads(ran.stderr)["error"]
    assert error["code"] == "NOT_FOUND"
    assert set(error) == {"code", "message", "rule", "next"}


def test_a_wrong_password_exits_with_4(database_url: str) -> None:
    user, _, rest = database_url.removeprefix("postgresql://").partition(":")
    url = f"postgresql://{user}:wrong@{rest.partition('@')[2]}"
    ran = socai("events", "stats", SOCAI_DATABASE_URL=url)
    assert ran.returncode == Exit.NOT_AUTHORISED, ran.stderr
    assert "wrong@" not in ran.stderr


def test_a_database_that_does_not_answer_exits_with_6() -> None:
    ran = socai("events", "stats", SOCAI_DATABASE_URL=NOWHERE)
    assert ran.returncode == Exit.UNAVAILABLE
    assert "does not answer" in ran.stderr


def test_doctor_exits_with_1_when_the_database_does_not_answer() -> None:
    ran = socai("doctor", "-o", "plain", SOCAI_DATABASE_URL=NOWHERE)
    assert ran.returncode == Exit.NEGATIVE
    assert "database\tbad" in ran.stdout


def test_a_refusal_exits_with_5_and_says_its_rule() -> None:
    told = ending(InvalidAmount(field="amount", amount=0))  # type: ignore[arg-type]
    assert (told.exit_code, told.code) == (Exit.REFUSED, "INVALID_AMOUNT")
    assert told.rule == InvalidAmount.rule


def test_a_bug_exits_with_70() -> None:
    told = ending(ZeroDivisionError("division by zero"))
    assert told.exit_code == Exit.BUG
    assert "this is a bug of Socai" in told.message


def test_ctrl_c_exits_with_130_and_tail_says_where_to_go_on(
    tmp_path: Path, database_url: str
) -> None:
    told = {"SOCAI_DATABASE_URL": database_url}
    with running(tmp_path, "tail", "--from", "0", anew=True, **told) as tail:
        tail.until(lambda: "following" in tail.words)
        tail.signal(signal.SIGINT)
        assert tail.end() == Exit.INTERRUPTED
        assert "--from 0" in tail.words


async def test_a_database_that_is_given_up_ends_serving_with_6(tmp_path: Path) -> None:
    class Lost(Postgres):
        async def until_lost(self) -> NoReturn:
            raise PostgresLostError(5, tmp_path / "postgres.log", "it was killed")

    found = Database(service_url="", owner_url="", own=Lost(tmp_path))
    with pytest.raises(PostgresLostError) as given_up:
        await beside(found, asyncio.Event().wait())
    assert ending(given_up.value).exit_code == Exit.UNAVAILABLE


def test_every_exit_code_is_in_the_help() -> None:
    for code in Exit:
        assert f"{code.value} " in EXIT_CODES.replace("\n", " ")
    assert "130 interrupted" in " ".join(socai("--help", anew=True).stdout.split())
