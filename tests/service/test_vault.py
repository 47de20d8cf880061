"""`socai vault`, and the role that owns the vault in clusters of any age."""

import json
from datetime import date
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from events.appender import Appender
from events.facility import RecordContact
from events.guard import drift
from events.identity import FacilityId, PersonId
from events.ledger import Ledger
from events.log import Log
from events.migrate import migrate
from events.personal import Personal
from events.wall import put_up
from service.cli.exits import Exit
from service.database import Database
from service.maintenance import migrated
from service.postgres import Postgres
from tests.events.test_ledger import facility, order
from tests.service.command_line import socai

LAN = PersonId(str(uuid4()))
NAME = "Nguyễn Thị Lan"
ABOUT = ("--facility", "cs-1", "--person", LAN)
OWNERS = """
    SELECT DISTINCT relowner::regrole::text
    FROM pg_class
    WHERE relnamespace = 'vault'::regnamespace
"""


@pytest.fixture
async def told(database_url: str) -> str:
    """A ledger with one facility and its contact person."""
    contact = RecordContact(
        facility_id=FacilityId("cs-1"), person_id=LAN, name=Personal(NAME), phone=Personal("0912")
    )
    async with (
        asyncpg.create_pool(database_url, min_size=1) as pool,
        Appender(database_url) as appender,
    ):
        ledger = Ledger(Log(pool), appender, today=lambda: date(2026, 11, 5))
        await ledger.handle(order(facility()))
        await ledger.handle(order(contact))
    return database_url


def test_who_looks_says_what_for_and_is_listed(told: str) -> None:
    silent = socai("vault", "reveal", *ABOUT, "--by", "minh", SOCAI_DATABASE_URL=told)
    assert (silent.returncode, silent.stdout) == (Exit.USAGE, "")
    looks = ("vault", "reveal", *ABOUT, "--by", "minh", "--purpose", "mời nghiệm thu")
    shown = socai(*looks, "-o", "json", SOCAI_DATABASE_URL=told)
    assert shown.returncode == Exit.OK, shown.stderr
    assert {row["field"]: row["value"] for row in json.loads(shown.stdout)} == {
        "name": NAME,
        "phone": "0912",
    }
    asks = ("vault", "access", "--person", LAN, "-o", "json")
    listed = socai(*asks, anew=True, SOCAI_DATABASE_URL=told)
    (row,) = json.loads(listed.stdout)
    assert (row["by"], row["purpose"], row["fields"]) == ("minh", "mời nghiệm thu", "name phone")


def test_what_is_erased_can_be_shown_no_more(told: str) -> None:
    erases = ("vault", "erase", *ABOUT, "--by", "minh", "--ground", "request")
    erased = socai(*erases, "-o", "plain", SOCAI_DATABASE_URL=told)
    assert erased.returncode == Exit.OK, erased.stderr
    assert "ContactErased" in erased.stdout
    for words in (erases, ("vault", "reveal", *ABOUT, "--by", "minh", "--purpose", "x")):
        again = socai(*words, SOCAI_DATABASE_URL=told)
        assert (again.returncode, again.stdout) == (Exit.REFUSED, "")
        assert "has been erased" in again.stderr


def test_who_was_never_recorded_is_refused_by_name(told: str) -> None:
    other = ("--facility", "cs-1", "--person", str(uuid4()), "--by", "minh", "--purpose", "x")
    ran = socai("vault", "reveal", *other, "-o", "json", SOCAI_DATABASE_URL=told)
    assert ran.returncode == Exit.REFUSED
    assert json.loads(ran.stderr)["error"]["code"] == "UNKNOWN_CONTACT"


async def test_a_cluster_of_an_older_version_is_given_the_role_of_the_vault(folder: Path) -> None:
    async with Postgres(folder, no_sync=True) as postgres:
        root = await asyncpg.connect(postgres.url("postgres"))
        await root.execute("DROP ROLE socai_vault")
        await root.close()
        found = Database(
            service_url="",
            owner_url=postgres.url("socai_owner"),
            superuser_url=postgres.url("postgres"),
            own=postgres,
        )
        assert await migrated(found)
        assert await migrated(found) == []
        root = await asyncpg.connect(postgres.url("postgres"))
        assert [row[0] for row in await root.fetch(OWNERS)] == ["socai_vault"]
        assert [each for each in await drift(root) if each.kind != "setting"] == []
        await root.close()


async def test_where_the_role_cannot_be_had_the_vault_is_the_owners(folder: Path) -> None:
    """On a server that is not ours; the service still comes in by the functions alone."""
    async with Postgres(folder, no_sync=True) as postgres:
        root = await asyncpg.connect(postgres.url("postgres"))
        await root.execute("REVOKE socai_vault FROM socai_owner")
        owner = await asyncpg.connect(postgres.url("socai_owner"))
        await migrate(owner)
        assert [row[0] for row in await root.fetch(OWNERS)] == ["socai_owner"]
        await put_up(root)
        assert [each for each in await drift(root) if each.kind != "setting"] == []
        service = await asyncpg.connect(postgres.url("socai_service"))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await service.execute("SELECT value FROM vault.value")
        for connection in (root, owner, service):
            await connection.close()
