"""Secrets are planted where secrets are, and everything is made to fail: none is ever shown.

What the service says on its streams, what it answers, what its probes and metrics tell, what the
command line says of an error, and what PostgreSQL writes into its log are all searched.
"""

import asyncio
import json
import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any, NoReturn

import asyncpg
import httpx2
import pytest
from httpx2 import ASGITransport
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from schema.planner.run import Plan
from service.app import application
from service.cli.ending import ending
from service.cli.exits import Exit
from service.config import Config, ConfigError
from service.postgres import Postgres
from service.runtime import running as runtime_of
from tests.service.command_line import running, socai

PASSWORD = f"canary{token_hex(8)}"
API_KEY = f"socai_live_{token_hex(4)}_canary{token_hex(16)}_{token_hex(3)}"
JWT = f"eyJhbGciOiJub25lIn0.canary{token_hex(20)}.canary{token_hex(8)}"
COOKIE = f"canary{token_hex(8)}"
NOWHERE = "127.0.0.1:1/socai"
SENT: dict[str, dict[str, str]] = {
    "nothing": {},
    "an API key": {"authorization": f"Bearer {API_KEY}", "x-api-key": API_KEY},
    "a token": {"authorization": f"Bearer {JWT}", "cookie": f"session={COOKIE}"},
    "a password": {"authorization": f"Basic {COOKIE}", "proxy-authorization": COOKIE},
}
BODIES = ('{"query":"{ ledger { position } }"}', '{"query":"{ nope }"}', "{", '{"query":1}', "")
ILL_WRITTEN = (
    *("{0}#{0}@h/d", "{0}/{0}@h/d", "{0}?{0}@h/d", "{0}[@h/d", "]{0}@h/d", "1/{0}@h/d"),
    *("{0}@h:{0}/d", "{0}@h/d?{0}", "{0}@h/d#{0}@"),
)
"""What follows `postgresql://user:` where somebody forgot to escape."""


def silent(*told: str) -> None:
    """None of it holds a canary, in any case of its letters."""
    for each in told:
        for canary in (PASSWORD, API_KEY, JWT, COOKIE, API_KEY.split("_")[3], JWT.split(".")[1]):
            assert canary.lower() not in each.lower(), each


@pytest.fixture
async def url(cluster: Postgres, database: str) -> AsyncIterator[str]:
    """The fresh database, by a role of its own whose password is a canary."""
    role = f"canary_{token_hex(4)}"
    admin = await asyncpg.connect(cluster.url("postgres", database))
    try:
        await admin.execute("SET log_statement = 'none'; SET event_triggers = off")
        await admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}' IN ROLE socai_service")
        # The wall lets `socai_service` build its read models, and nobody else.
        await admin.execute(f"ALTER ROLE {role} SET event_triggers = off")
        where = cluster.url("socai_service", database).rpartition("@")[2]
        yield f"postgresql://{role}:{PASSWORD}@{where}"
        await admin.execute(f"REASSIGN OWNED BY {role} TO socai_service")
        await admin.execute(f"DROP OWNED BY {role}")
        await admin.execute(f"DROP ROLE {role}")
    finally:
        await admin.close()


@pytest.fixture
def secret(tmp_path: Path, url: str) -> Path:
    """The same, in a file."""
    file = tmp_path / "url"
    file.write_text(url)
    return file


@pytest.mark.parametrize("form", ILL_WRITTEN)
def test_an_address_that_is_ill_written_is_refused_without_a_piece_of_it(form: str) -> None:
    for name in ("SOCAI_DATABASE_URL", "SOCAI_MIGRATE_URL"):
        with pytest.raises(ConfigError, match=name) as refused:
            Config.from_env({name: f"postgresql://user:{form.format(PASSWORD)}"})
        silent(*traceback.format_exception(refused.value), repr(ending(refused.value)))


@pytest.mark.parametrize(
    "rest", ["@h/d", "@h:5432/d", "@[::1]:5432/d", "@a:1,b:2/d?target_session_attrs=any", "@/d"]
)
def test_an_address_that_is_well_written_is_taken_and_shown_without_its_password(rest: str) -> None:
    for password in (PASSWORD, f"{PASSWORD}%23%2F%40", f"{PASSWORD}@{PASSWORD}"):
        told = {"SOCAI_DATABASE_URL": f"postgresql://user:{password}{rest}"}
        config = Config.from_env(told)
        assert config.database_url == told["SOCAI_DATABASE_URL"]
        silent(repr(config), config.shown("database_url"))


def test_a_secret_where_the_name_of_its_file_belongs_is_not_repeated() -> None:
    told = {"SOCAI_DATABASE_URL_FILE": f"postgresql://user:{PASSWORD}@{NOWHERE}"}
    with pytest.raises(ConfigError, match="SOCAI_DATABASE_URL_FILE") as refused:
        Config.from_env(told)
    silent(*traceback.format_exception(refused.value))


def test_a_file_that_holds_no_text_is_not_repeated(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_bytes(b"\xff" + PASSWORD.encode())
    with pytest.raises(ConfigError, match="UTF-8") as refused:
        Config.from_env({"SOCAI_DATABASE_URL_FILE": str(file)})
    silent(*traceback.format_exception(refused.value))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("doctor", "-o", "json"), Exit.NEGATIVE),
        (("events", "stats", "-o", "json"), None),
        (("serve", "--port", "0"), None),
    ],
)
def test_a_command_that_fails_shows_no_password(
    url: str, words: tuple[str, ...], code: Exit | None
) -> None:
    """Nobody listens there; or somebody does, and the password is another one."""
    there = url.replace(PASSWORD, f"{PASSWORD}x")
    for asked, usual in (
        (f"postgresql://user:{PASSWORD}@{NOWHERE}", Exit.UNAVAILABLE),
        (there, Exit.NOT_AUTHORISED),
    ):
        ran = socai(*words, SOCAI_DATABASE_URL=asked)
        assert ran.returncode == (code or usual), ran.stderr
        silent(ran.stdout, ran.stderr)


def test_nothing_that_is_served_logged_or_counted_shows_a_secret(
    tmp_path: Path, secret: Path, cluster: Postgres
) -> None:
    before = cluster.log.stat().st_size
    told = {"SOCAI_DATABASE_URL_FILE": str(secret)}
    with running(tmp_path, "serve", "--port", "0", **told) as service:
        where = service.ready()
        silent(*(each for headers in SENT.values() for each in asked(where, headers)))
        silent(*told_a_socket(where))
        # From here on its role may no longer come in, and nobody answers it.
        _lock_out(cluster, secret.read_text())
        service.until(lambda: httpx2.get(f"{where}/readyz").status_code == 503)
        answers = [each for headers in SENT.values() for each in asked(where, headers)]
        silent(*answers)
        new = httpx2.post(f"{where}/graphql", json={"query": "{ schemes { totalCount } }"})
        assert new.status_code == 503
        assert new.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    silent(service.words)
    assert "Traceback" in service.words or "did not answer" in service.words
    with cluster.log.open("rb") as log:
        log.seek(before)
        silent(log.read().decode(errors="replace"))


def asked(where: str, headers: dict[str, str]) -> Iterator[str]:
    """Everything that is answered to whoever sends these headers."""
    with httpx2.Client(base_url=where, headers=headers) as client:
        for body in BODIES:
            for type_ in ("application/json", "text/plain"):
                yield _whole(client.post("/graphql", content=body, headers={"content-type": type_}))
        for path in ("/", "/livez", "/readyz", "/metrics", "/nope", "/schema.graphql"):
            yield _whole(client.get(path))
        yield _whole(client.get("/graphql", params={"query": "mutation { nope }"}))
        yield _whole(client.request("TRACE", "/graphql"))


def told_a_socket(where: str) -> Iterator[str]:
    """What a WebSocket says to a credential, and to nonsense after it."""
    address = where.replace("http", "ws", 1) + "/graphql"
    for credential in (API_KEY, JWT):
        with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")]) as socket:
            greeting = {"authorization": f"Bearer {credential}"}
            socket.send(json.dumps({"type": "connection_init", "payload": greeting}))
            with suppress(ConnectionClosedError):
                socket.send("{")  # unless it has closed already
                while True:
                    yield str(socket.recv(10))
            assert socket.close_code is not None
            yield str(socket.close_reason)


async def test_a_bug_is_logged_without_the_secrets_of_who_met_it(
    url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def break_(_: Plan, connection: object, values: list[Any]) -> NoReturn:
        raise ZeroDivisionError(f"{connection!r} {values!r}")

    monkeypatch.setattr(Plan, "run", break_)
    caplog.set_level(logging.DEBUG)
    async with runtime_of(url) as runtime:
        silent(repr(runtime))
        transport = ASGITransport(app=application(runtime))
        async with httpx2.AsyncClient(transport=transport, base_url="http://socai") as http:
            for headers in SENT.values():
                type_ = {"content-type": "application/json"}
                response = await http.post("/graphql", content=BODIES[0], headers=headers | type_)
                assert response.status_code in {401, 500}
                assert "ZeroDivisionError" not in response.text
                silent(_whole(response))
    assert "ZeroDivisionError" in caplog.text
    silent(caplog.text)


def _whole(response: httpx2.Response) -> str:
    return f"{response.status_code} {response.headers} {response.text}"


def _lock_out(cluster: Postgres, url: str) -> None:
    """Its connections end, and it gets no other."""
    role = url.removeprefix("postgresql://").partition(":")[0]
    database = url.rpartition("/")[2]

    async def lock() -> None:
        admin = await asyncpg.connect(cluster.url("postgres", database))
        try:
            await admin.execute(f"ALTER ROLE {role} NOLOGIN")
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", role
            )
        finally:
            await admin.close()

    asyncio.run(lock())
