"""Planted values of invented persons stand in the vault, and nowhere else whatever goes wrong."""

import json
import logging
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg
import httpx2
import pytest

from service.app import application
from service.postgres import Postgres
from tests.schema.doors import opened

ACTOR = {"id": "lan", "role": "CLERK", "organisation": "tt1"}
RECORD = """mutation ($id: UUID!, $input: RecordContactInput!, $c: Circumstances!) {
    recordContact(commandId: $id, input: $input, circumstances: $c) {
        __typename ... on Refusal { code message messageVi } } }"""
INLINE = """mutation { recordContact(
    commandId: "018f0000-0000-7000-8000-000000000000"
    input: {facilityId: "cs-1", personId: "x", name: "%s"}
    circumstances: {effectiveOn: "2019-03-01", actor: {id: "lan", role: "b", organisation: "c"}}
) { __typename } }"""
REVEAL = """mutation ($person: String!, $purpose: String!) {
    revealContact(facilityId: "cs-1", personId: $person, purpose: $purpose) {
        __typename ... on ContactRevealed { name phone email } ... on Refusal { code } } }"""
ERASE = """mutation ($id: UUID!, $input: EraseContactInput!, $c: Circumstances!) {
    eraseContact(commandId: $id, input: $input, circumstances: $c) {
        __typename ... on Refusal { code } } }"""
REGISTER = """mutation ($id: UUID!, $input: RegisterFacilityInput!, $c: Circumstances!) {
    registerFacility(commandId: $id, input: $input, circumstances: $c) { __typename } }"""
SHOWN = '{ facility(code: "cs-1") { contacts { personId status nameImprint event { type } } } }'
TABLES = """
    SELECT format('%I.%I', table_schema, table_name) AS name
    FROM information_schema.tables
    WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'
"""
CIRCUMSTANCES = {"effectiveOn": "2019-03-01", "actor": ACTOR, "synthetic": True}


@dataclass
class Desk:
    """Somebody who tells the service about persons, and remembers what was answered."""

    http: httpx2.AsyncClient
    planted: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    def canary(self) -> str:
        """A text that stands nowhere else in the world."""
        self.planted.append(secrets.token_hex(8))
        return self.planted[-1]

    def contact(self, person: str | None = None) -> dict[str, Any]:
        """A person with a name, a telephone and an address, all of them canaries."""
        return {
            "facilityId": "cs-1",
            "personId": person or str(uuid4()),
            "name": f"Nguyễn Thị {self.canary()}",
            "phone": f"+84 {self.canary()}",
            "email": f"{self.canary()}@example.vn",
        }

    async def tell(self, query: str, **variables: Any) -> dict[str, Any]:
        """One question or command; the answer."""
        response = await self.http.post("/graphql", json={"query": query, "variables": variables})
        self.answers.append(response.text)
        return response.json()

    async def record(self, contact: object) -> dict[str, Any]:
        """Tell of a contact person."""
        return await self.tell(RECORD, id=str(uuid4()), input=contact, c=CIRCUMSTANCES)

    async def erase(self, person: str) -> dict[str, Any]:
        """Have what is known of a person erased."""
        told = {"facilityId": "cs-1", "personId": person, "ground": "REQUEST"}
        return await self.tell(ERASE, id=str(uuid4()), input=told, c=CIRCUMSTANCES)

    def seen_in(self, *texts: str) -> list[str]:
        """The canaries that stand in a text, as they are or in hexadecimal."""
        whole = "\n".join(texts)
        return [each for each in self.planted if each in whole or each.encode().hex() in whole]


@pytest.fixture
async def root(superuser_url: str) -> AsyncIterator[asyncpg.Connection]:
    connected = await asyncpg.connect(superuser_url)
    await connected.execute("SET event_triggers = off")  # what it breaks, it mends
    yield connected
    await connected.close()


@pytest.fixture
async def desk(database_url: str, database: str, root: asyncpg.Connection) -> AsyncIterator[Desk]:
    # As talkative as an administrator can make it.
    await root.execute(f"ALTER DATABASE {database} SET log_min_duration_statement = 0")
    await root.execute(f"ALTER DATABASE {database} SET log_error_verbosity = 'verbose'")
    async with opened(database_url) as runtime:
        transport = httpx2.ASGITransport(app=application(runtime))
        async with httpx2.AsyncClient(transport=transport, base_url="http://socai") as http:
            desk = Desk(http)
            facility = {
                "facilityId": "cs-1",
                "name": "Cơ sở chè",
                "legalForm": "HOUSEHOLD",
                "ownership": "PRIVATE",
                "province": {"code": "36", "validFrom": "2008-08-01"},
                "sector": {"version": "VSIC_2018", "code": "1076"},
            }
            await desk.tell(REGISTER, id=str(uuid4()), input=facility, c=CIRCUMSTANCES)
            yield desk


async def everything_goes_wrong(desk: Desk, root: asyncpg.Connection) -> None:
    """Refused, malformed, cut off, and failed by the database before and after it was kept."""
    known = desk.contact()
    assert (await desk.record(known))["data"]["recordContact"]["__typename"] == "Recorded"
    refused = await desk.record(desk.contact(known["personId"]))
    assert refused["data"]["recordContact"]["code"] == "CONTACT_IS_RECORDED"
    named = await desk.record(desk.contact(desk.canary()))
    assert named["data"]["recordContact"]["code"] == "PERSON_ID_SPEAKS"
    unreadable = {**desk.contact(), "phone": f"{desk.canary()}\x00"}
    assert (await desk.record(unreadable))["data"]["recordContact"]["code"] == "INVALID_TEXT"
    whole = desk.contact()
    for malformed in (
        {**whole, "phone": {desk.canary(): desk.canary()}},
        {**whole, "phone": [desk.canary()]},
        {**whole, "name": None},
        {name: each for name, each in whole.items() if name != "name"},
        {**whole, "telephone": desk.canary()},
        [whole],
        desk.canary(),
    ):
        assert "errors" in await desk.record(malformed)
    assert "errors" in await desk.tell(INLINE % desk.canary())
    assert "errors" in await desk.tell(INLINE.replace("personId", "person") % desk.canary())
    cut = json.dumps({"query": RECORD, "variables": {"input": desk.contact()}})[:-9]
    body = await desk.http.post(
        "/graphql", content=cut, headers={"content-type": "application/json"}
    )
    told = {"query": RECORD, "variables": json.dumps({"input": desk.contact()})}
    got = await desk.http.get("/graphql", params=told)
    assert (body.status_code, got.status_code) == (400, 405)
    desk.answers += [body.text, got.text]
    await the_database_fails(desk, root)


async def the_database_fails(desk: Desk, root: asyncpg.Connection) -> None:
    """Once in the vault, whose error would tell the row; once in the log, when it is kept."""
    await root.execute("ALTER TABLE vault.value ADD CONSTRAINT no CHECK (field <> 'x') NOT VALID")
    await root.execute("ALTER TABLE vault.value DROP CONSTRAINT no")
    await root.execute(
        "ALTER TABLE vault.value ADD CONSTRAINT no CHECK (field <> 'phone') NOT VALID"
    )
    assert "errors" in await desk.record(desk.contact())
    await root.execute("ALTER TABLE vault.value DROP CONSTRAINT no")
    await root.execute("""
        CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'no commit today: %', NEW; END $$;
        CREATE TRIGGER fail BEFORE INSERT ON ledger.commit
        FOR EACH ROW EXECUTE FUNCTION public.fail()
    """)
    assert "errors" in await desk.record(desk.contact())
    await root.execute("DROP TRIGGER fail ON ledger.commit")


async def tables(root: asyncpg.Connection, *, but: str) -> str:
    """Every row of every table but one, as text."""
    names = [row["name"] for row in await root.fetch(TABLES)]
    assert {"ledger.event", "model.contact", "vault.access", but} <= set(names)
    found: list[str] = []
    for name in names:
        if name != but:
            rows = await root.fetch(f"SELECT each::text FROM {name} AS each")
            found += [row[0] for row in rows]
    return "\n".join(found)


async def test_no_personal_value_is_found_outside_of_the_vault(
    desk: Desk, root: asyncpg.Connection, cluster: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "httpx2")  # the client's own log of what it sends
    await everything_goes_wrong(desk, root)
    await desk.tell(SHOWN)
    metrics = (await desk.http.get("/metrics")).text
    server_log = cluster.log.read_text(encoding="utf-8", errors="replace")
    assert "vault.keep" in server_log
    assert "incident" in caplog.text
    for name, text in {
        "tables": await tables(root, but="vault.value"),
        "metrics": metrics,
        "answers": "\n".join(desk.answers),
        "our log": caplog.text,
        "PostgreSQL's log": server_log,
    }.items():
        assert desk.seen_in(text) == [], name
    kept = [row[0] for row in await root.fetch("SELECT each::text FROM vault.value AS each")]
    assert len(desk.seen_in(*kept)) == 6  # of the one recorded, and of the one the log then lost


async def test_what_is_revealed_is_what_was_recorded_and_after_erasure_nothing(
    desk: Desk, root: asyncpg.Connection
) -> None:
    known = desk.contact()
    await desk.record(known)
    asked = {"person": known["personId"], "purpose": "mời nghiệm thu"}
    revealed = (await desk.tell(REVEAL, **asked))["data"]["revealContact"]
    assert {name: revealed[name] for name in ("name", "phone", "email")} == {
        name: known[name] for name in ("name", "phone", "email")
    }
    before = (await desk.tell(SHOWN))["data"]["facility"]["contacts"]
    assert (await desk.erase(known["personId"]))["data"]["eraseContact"]["__typename"] == "Recorded"
    after = (await desk.tell(SHOWN))["data"]["facility"]["contacts"]
    assert [each["status"] for each in (*before, *after)] == ["KEPT", "ERASED"]
    assert [{**each, "status": "ERASED"} for each in before] == after
    for again in (await desk.tell(REVEAL, **asked), await desk.erase(known["personId"])):
        (answer,) = again["data"].values()
        assert answer["code"] == "CONTACT_IS_ERASED"
    assert await root.fetchval("SELECT count(*) FROM vault.value") == 0
    (row,) = await root.fetch("SELECT by_id, fields, purpose FROM vault.access")
    assert tuple(row) == ("lan", ["email", "name", "phone"], "mời nghiệm thu")


async def test_an_answer_with_personal_values_is_kept_nowhere(desk: Desk) -> None:
    """The same question twice is looked at twice, and leaves two rows."""
    known = desk.contact()
    await desk.record(known)
    asked = {"person": known["personId"], "purpose": "gọi điện"}
    for _ in range(2):
        await desk.tell(REVEAL, **asked)
    metrics = (await desk.http.get("/metrics")).text
    assert "socai" in metrics
    assert desk.seen_in(metrics) == []


async def test_a_mutation_that_only_looks_says_what_for(desk: Desk) -> None:
    known = desk.contact()
    await desk.record(known)
    asked = {"person": known["personId"], "purpose": " "}
    assert (await desk.tell(REVEAL, **asked))["data"]["revealContact"]["code"] == "INVALID_TEXT"
