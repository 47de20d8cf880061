"""API keys: how they look, how many there are, and what the door finds behind them."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from datetime import date

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.deciding import uuid7
from events.envelope import Actor, Order
from events.identity import OrganisationId
from events.mandate import (
    ConfirmMandate,
    MandateCommand,
    MandateId,
    PrincipalId,
    ProposeMandate,
    RevokeMandate,
)
from events.vocabulary import Role
from schema.access.door import UNAUTHENTICATED
from schema.http.refusals import RefusedError
from schema.planner.refusals import QueryRefusedError
from service.access import door as doors
from service.access import keys
from service.access.door import FrontDoor
from service.access.tokens import Tokens
from service.runtime import Runtime, running

LAN = PrincipalId("lan")
ONE = MandateId("1")
TERMS = keys.Terms(principal=LAN, by="root", environment="test")


@pytest.fixture
async def owner(owner_url: str) -> AsyncIterator[asyncpg.Connection]:
    connected = await asyncpg.connect(owner_url)
    yield connected
    await connected.close()


@pytest.fixture
async def runtime(database_url: str) -> AsyncIterator[Runtime]:
    async with running(database_url) as opened:
        yield opened


async def entrust(runtime: Runtime, *commands: MandateCommand) -> None:
    """Record commands about mandates, each by another person than the last."""
    position = 0
    for number, command in enumerate(commands):
        order = Order(
            command=command,
            command_id=uuid7(),
            effective_on=date(2026, 1, 1),
            actor=Actor(id=f"admin-{number}", role="ADMIN", organisation="socai"),
        )
        position = (await runtime.ledger.handle(order)).position
    await runtime.projector.wait_for(position, 30)


AUDITOR = (
    ProposeMandate(
        principal=LAN, mandate_id=ONE, role=Role.AUDITOR, organisation=OrganisationId("ktnn")
    ),
    ConfirmMandate(principal=LAN, mandate_id=ONE),
)


async def test_a_key_is_found_by_scanners_and_kept_as_a_hash(owner: asyncpg.Connection) -> None:
    key = await keys.create(owner, TERMS)
    assert re.fullmatch(r"socai_test_[a-z0-9]{8}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}", key)
    (row,) = await owner.fetch("SELECT * FROM access.key")
    secret = key.split("_")[3]
    assert secret not in repr(dict(row))
    assert row["sha256"] == keys.digest(key)
    assert row["id"] == keys.key_id(key)
    assert (
        len(
            {
                await keys.create(owner, keys.Terms(principal=PrincipalId(f"p{n}"), by="x"))
                for n in range(20)
            }
        )
        == 20
    )


@given(place=st.integers(0, 200), sign=st.characters(codec="ascii"))
def test_a_mistyped_key_never_reaches_the_database(place: int, sign: str) -> None:
    key = "socai_test_k3v9x0ab_" + "4" * 43
    key = f"{key}_{keys._checksum(key)}"
    place %= len(key)
    typed = key[:place] + sign + key[place + 1 :]
    assert (keys.digest(typed) is None) is (typed != key)


async def test_a_principal_has_two_live_keys_at_most(owner: asyncpg.Connection) -> None:
    first = keys.key_id(await keys.create(owner, TERMS))
    second = keys.key_id(await keys.create(owner, TERMS))
    for more in (keys.create(owner, TERMS), keys.rotate(owner, first, "root")):
        with pytest.raises(keys.TooManyKeys):
            await more
    await keys.revoke(owner, first, "root")
    with pytest.raises(keys.UnknownKey):
        await keys.revoke(owner, first, "root")
    assert await keys.rotate(owner, second, "root", overlap_days=1)
    states = {each.id: each for each in await keys.known(owner)}
    assert len(states) == 3
    assert states[first].revoked_by == "root"
    lives = (states[second].expires_at - states[second].created_at).total_seconds()
    assert 80_000 < lives < 90_000


@pytest.mark.parametrize(
    "terms",
    [
        keys.Terms(principal=LAN, by="x", scopes=frozenset()),
        keys.Terms(principal=LAN, by="x", scopes=frozenset({"everything"})),
        keys.Terms(principal=LAN, by="x", days=0),
        keys.Terms(principal=LAN, by="x", days=367),
    ],
)
async def test_terms_that_make_no_sense_are_refused(
    owner: asyncpg.Connection, terms: keys.Terms
) -> None:
    with pytest.raises(keys.BadKeyTerms):
        await keys.create(owner, terms)


async def test_nobody_but_the_owner_makes_keys(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    for attempt in (
        "INSERT INTO access.key (id) VALUES ('a')",
        "UPDATE access.key SET principal = 'x'",
        "UPDATE access.key SET revoked_at = NULL",
        "DELETE FROM access.key",
        "UPDATE access.attempt SET code = 'x'",
        "DELETE FROM access.attempt",
        "TRUNCATE access.attempt",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.execute(attempt)


async def test_a_key_says_who_and_the_ledger_says_what(
    runtime: Runtime, owner: asyncpg.Connection
) -> None:
    key = await keys.create(owner, TERMS)
    nobody = await runtime.door.principal(key)
    assert (nobody.id, nobody.roles) == (LAN, {Role.PUBLIC})
    await entrust(runtime, *AUDITOR)
    door = FrontDoor(runtime.pool, Tokens(()))
    assert Role.AUDITOR in (await door.principal(key)).roles
    (row,) = await keys.known(owner)
    assert row.last_used_at is not None


async def test_a_proposal_alone_counts_for_nothing(
    runtime: Runtime, owner: asyncpg.Connection
) -> None:
    key = await keys.create(owner, TERMS)
    await entrust(runtime, AUDITOR[0])
    assert (await runtime.door.principal(key)).roles == {Role.PUBLIC}


async def test_what_is_revoked_stops_to_count_within_a_second(
    runtime: Runtime, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = await keys.create(owner, TERMS)
    await entrust(runtime, *AUDITOR)
    assert Role.AUDITOR in (await runtime.door.principal(key)).roles
    await entrust(runtime, RevokeMandate(principal=LAN, mandate_id=ONE, reason="nghỉ việc"))
    assert Role.AUDITOR in (await runtime.door.principal(key)).roles  # believed for a moment
    now = time.monotonic() + doors.LOOK_SECONDS
    monkeypatch.setattr(doors.time, "monotonic", lambda: now)
    assert (await runtime.door.principal(key)).roles == {Role.PUBLIC}
    await keys.revoke(owner, keys.key_id(key), "root")
    now += doors.LOOK_SECONDS + 1
    assert await reason(runtime, key) == "unknown, expired or revoked"


async def reason(runtime: Runtime, credential: str) -> str:
    with pytest.raises(QueryRefusedError) as refused:
        await runtime.door.principal(credential)
    assert refused.value.code == UNAUTHENTICATED
    assert refused.value.extensions
    return str(refused.value.extensions["reason"])


async def test_a_credential_that_proves_nothing_is_refused_and_written_down(
    runtime: Runtime, owner: asyncpg.Connection
) -> None:
    key = await keys.create(owner, TERMS)
    forged = f"{key[:-8]}{'A' if key[-8] != 'A' else 'B'}"
    forged = f"{forged}_{keys._checksum(forged)}"
    assert keys.digest(forged) is not None
    assert await reason(runtime, forged) == "unknown, expired or revoked"
    assert await reason(runtime, "socai_x") == "malformed"
    assert await reason(runtime, "a.b.c") == "malformed"
    noted = [each.attempt for each in await runtime.door.noted(None, 10)]
    assert [each.code for each in noted] == [UNAUTHENTICATED] * 3
    assert noted[-1].principal == f"key {keys.key_id(key)}"
    assert forged not in repr(noted)


async def test_a_key_that_has_expired_opens_nothing(
    runtime: Runtime, owner: asyncpg.Connection
) -> None:
    key = await keys.create(owner, keys.Terms(principal=LAN, by="x", days=1 / 86400 / 5))
    await asyncio.sleep(0.3)  # the key's own time passes
    assert await reason(runtime, key) in {"expired", "unknown, expired or revoked"}


async def test_where_nobody_knows_who_may_what_nobody_may(
    runtime: Runtime, owner: asyncpg.Connection, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    key = await keys.create(owner, TERMS)
    await entrust(runtime, *AUDITOR)
    await pool.execute("UPDATE model.moment SET stopped = '{mandate}'")
    with pytest.raises(RefusedError) as refused:
        await FrontDoor(runtime.pool, Tokens(())).principal(key)
    assert refused.value.status == 503


def test_a_subject_is_somebody_at_one_issuer_alone() -> None:
    first = doors.principal_of("https://a.vn", "1")
    assert first == doors.principal_of("https://a.vn", "1")
    assert first != doors.principal_of("https://b.vn", "1")
    assert re.fullmatch(r"o-[0-9a-f]{32}", first)
