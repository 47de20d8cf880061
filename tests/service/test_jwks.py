"""The keys of an issuer: when they are fetched, how long they serve, what becomes of a fault."""

import asyncio
from collections.abc import Iterator

import pytest

from service import fetch
from service.access.jwks import (
    AGAIN_SECONDS,
    FIRST_SECONDS,
    REFRESH_SECONDS,
    STALE_SECONDS_MAX,
    UNKNOWN_SECONDS,
)
from service.access.tokens import BadTokenError, Reason, Tokens
from tests.service.issuer import DISCOVERY, LocalIssuer, private_key, public_jwk, running_issuer


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def local() -> Iterator[LocalIssuer]:
    with running_issuer() as local:
        yield local


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tokens(local: LocalIssuer, clock: Clock) -> Tokens:
    return Tokens([local.issuer], clock)


async def refusal(tokens: Tokens, text: str) -> Reason:
    with pytest.raises(BadTokenError) as refused:
        await tokens.verify(text)
    return refused.value.reason


def publish(local: LocalIssuer, *numbers: int) -> None:
    """From now on these keys, and no other."""
    local.keys[:] = [public_jwk(private_key(local.family, each), str(each)) for each in numbers]


async def test_all_who_come_at_once_share_one_fetch(tokens: Tokens, local: LocalIssuer) -> None:
    await asyncio.gather(*(tokens.verify(local.token()) for _ in range(20)))
    await tokens.verify(local.token())
    assert local.fetches == 1


async def test_an_unknown_key_is_asked_for_once_a_minute(
    tokens: Tokens, local: LocalIssuer, clock: Clock
) -> None:
    await tokens.verify(local.token())
    for name in ("7", "8", "9"):
        assert await refusal(tokens, local.token(header={"kid": name})) is Reason.UNKNOWN_KEY
        assert local.fetches == 2
    clock.now += UNKNOWN_SECONDS - 1
    assert await refusal(tokens, local.token(header={"kid": "7"})) is Reason.UNKNOWN_KEY
    assert local.fetches == 2
    clock.now += 1
    assert await refusal(tokens, local.token(header={"kid": "7"})) is Reason.UNKNOWN_KEY
    assert local.fetches == 3


async def test_a_flood_of_unknown_keys_is_one_fetch(tokens: Tokens, local: LocalIssuer) -> None:
    await tokens.verify(local.token())
    flood = (refusal(tokens, local.token(header={"kid": str(each)})) for each in range(2, 40))
    assert set(await asyncio.gather(*flood)) == {Reason.UNKNOWN_KEY}
    assert local.fetches == 2


async def test_a_new_key_serves_at_once_beside_the_old_one(
    tokens: Tokens, local: LocalIssuer
) -> None:
    await tokens.verify(local.token())
    publish(local, 1, 2)
    await tokens.verify(local.token(number=2))
    await tokens.verify(local.token())
    assert local.fetches == 2


async def test_a_key_that_was_taken_back_stops_working_within_minutes(
    tokens: Tokens, local: LocalIssuer, clock: Clock
) -> None:
    await tokens.verify(local.token())
    publish(local, 2)
    clock.now += REFRESH_SECONDS - 1
    await tokens.verify(local.token())
    clock.now += 1
    assert await refusal(tokens, local.token()) is Reason.UNKNOWN_KEY
    await tokens.verify(local.token(number=2))


async def test_an_issuer_without_any_key_left_lets_nobody_in(
    tokens: Tokens, local: LocalIssuer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await tokens.verify(local.token())
    publish(local)
    clock.now += REFRESH_SECONDS
    assert await refusal(tokens, local.token()) is Reason.UNKNOWN_KEY
    assert "has no ES256 key" in caplog.text


async def test_while_the_issuer_is_down_its_keys_serve_for_a_day(
    tokens: Tokens, local: LocalIssuer, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await tokens.verify(local.token())
    local.down()
    clock.now += REFRESH_SECONDS
    await tokens.verify(local.token())
    assert f"{local.url}{DISCOVERY} answers 503" in caplog.text
    clock.now += STALE_SECONDS_MAX - REFRESH_SECONDS
    await tokens.verify(local.token())
    clock.now += 1
    assert await refusal(tokens, local.token()) is Reason.KEYS_UNAVAILABLE
    local.answers.clear()
    clock.now += AGAIN_SECONDS
    await tokens.verify(local.token())


async def test_an_issuer_that_is_down_is_not_asked_by_every_token(
    tokens: Tokens, local: LocalIssuer, clock: Clock
) -> None:
    local.down()
    for wait in (0, FIRST_SECONDS - 1, 1):
        clock.now += wait
        assert await refusal(tokens, local.token()) is Reason.KEYS_UNAVAILABLE
    assert local.fetches == 2
    local.answers.clear()
    clock.now += FIRST_SECONDS
    await tokens.verify(local.token())
    local.down()
    for wait, fetches in ((REFRESH_SECONDS, 4), (AGAIN_SECONDS - 1, 4), (1, 5)):
        clock.now += wait
        await tokens.verify(local.token())
        assert local.fetches == fetches


async def test_one_waits_for_a_slow_issuer_and_the_others_go_on(
    tokens: Tokens, local: LocalIssuer, clock: Clock
) -> None:
    await tokens.verify(local.token())
    clock.now += REFRESH_SECONDS
    local.wait.clear()
    waiting = asyncio.create_task(tokens.verify(local.token()))
    await asyncio.to_thread(local.waiting.wait, 10)
    await tokens.verify(local.token())
    assert not waiting.done()
    local.wait.set()
    await waiting
    assert local.fetches == 2


async def test_who_goes_away_while_keys_are_fetched_leaves_them_to_the_next(
    tokens: Tokens, local: LocalIssuer
) -> None:
    local.wait.clear()
    first = asyncio.create_task(tokens.verify(local.token()))
    await asyncio.to_thread(local.waiting.wait, 10)
    first.cancel()
    second = asyncio.create_task(tokens.verify(local.token()))
    await asyncio.sleep(0)
    local.wait.set()
    await second
    assert first.cancelled()
    assert local.fetches == 1


async def test_an_issuer_that_keeps_us_waiting_is_as_good_as_down(
    tokens: Tokens,
    local: LocalIssuer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(fetch, "SECONDS_MAX", 0.1)
    local.wait.clear()
    assert await refusal(tokens, local.token()) is Reason.KEYS_UNAVAILABLE
    assert "did not answer within 0.1 s" in caplog.text
