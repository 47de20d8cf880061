"""Readers who are behind read for themselves, and still ask once whose the events are."""

import asyncio
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from schema.feed.audience import PUBLIC_AUDIENCE
from schema.feed.feed import Feed
from schema.feed.filters import EVERYTHING
from schema.feed.item import Item
from service.runtime import Runtime

EVENTS, READERS = 50, 8
SECONDS_MAX = 10


@pytest.fixture
def bounded() -> Iterator[None]:
    """A loop that nobody gets out of is an error, and not the end of the tests."""

    def over(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(SECONDS_MAX)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


async def shown(runtime: Runtime) -> list[int]:
    """What the public sees, of items of one's own."""
    page = await runtime.feed.read(0, EVENTS)
    found = await runtime.feed.shown(page, EVERYTHING, PUBLIC_AUDIENCE)
    assert all(each.reach is not None for each in page.items)
    return [each.position for each in found]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every time that the database is asked; its answer is not remembered by page."""
    found: list[object] = []
    ask = Feed._ask

    async def counted(self: Feed, *told: Any) -> Any:
        found.append(told)
        answer = await ask(self, *told)
        self._shown.clear()
        return answer

    monkeypatch.setattr(Feed, "_ask", counted)
    return found


async def test_of_those_who_wait_for_the_same_events_one_asks(
    fund: Runtime, asked: list[object]
) -> None:
    pages = [await fund.feed.read(0, EVENTS) for _ in range(READERS)]
    told = await asyncio.gather(
        *(fund.feed.shown(each, EVERYTHING, PUBLIC_AUDIENCE) for each in pages)
    )
    assert len(asked) == 1
    positions = [[each.position for each in found] for found in told]
    assert positions == [positions[0]] * READERS != [[]] * READERS


@pytest.mark.usefixtures("bounded")
async def test_whoever_comes_just_when_the_answer_is_there_asks_himself(
    fund: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the end of the one who asked and the news of it."""
    late = await fund.feed.read(0, EVENTS)
    later: list[asyncio.Task[Any]] = []
    ask = Feed._ask

    async def asks(self: Feed, *told: Any) -> Any:
        answer = await ask(self, *told)
        if not later:
            self._shown.clear()
            # It takes its first step before anybody is told that this one has ended.
            later.append(asyncio.create_task(self._reach(late.items)))
        return answer

    monkeypatch.setattr(Feed, "_ask", asks)
    first = await shown(fund)
    await later[0]
    assert first
    assert all(isinstance(each, Item) and each.reach is not None for each in late.items)
