"""GET /events as an event stream: once, in order, with an id to come back to, while one may."""

import asyncio
import socket
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import orjson
import pytest
from httpx2 import AsyncClient

from schema.access.door import unauthenticated
from schema.access.principal import PUBLIC, Principal
from schema.http.settings import Settings
from service.app import application
from service.feeding.frames import Frames
from service.runtime import Runtime
from tests.schema.callers import EVERY_CALLER, Known
from tests.schema.feeding import STREAM, asking, code, event, following, heartbeat, until
from tests.schema.test_access import register
from tests.schema.test_feed import by_sql
from tests.schema.test_sse import Frame, Stream
from tests.schema.test_stream import open_periods
from tests.seals import seal
from tests.service.wires import serving, wire

PATIENCE_SECONDS = 10


async def test_what_was_recorded_and_what_comes_arrive_once_in_order(empty: Runtime) -> None:
    await open_periods(empty, 1801, 150)
    async with asking(empty) as http, following(http) as stream:
        assert await until(stream, 150) == list(range(1, 151))
        await open_periods(empty, 2001, 3)
        assert await until(stream, 153) == [151, 152, 153]


async def test_the_first_words_say_where_the_log_ends_and_how_far_it_is_sealed(
    fund: Runtime,
) -> None:
    await fund.newest.look()
    head = (await fund.log.head()).position
    async with (
        asking(fund) as http,
        http.stream("GET", f"/events?after={head}", headers=STREAM) as response,
    ):
        stream = Stream(response)
        await stream.frame()
        sealed = fund.newest.sealed
        told = {"size": str(sealed.size), "root": sealed.root.hex()}
        here = {"cursor": str(head), "head": str(head), "checkpoint": told}
        assert await heartbeat(stream) == here


async def test_who_comes_back_goes_on_where_he_was_whatever_his_address_says(
    empty: Runtime,
) -> None:
    await open_periods(empty, 2001, 5)
    async with asking(empty) as http:
        async with following(http, "?after=1", **{"last-event-id": "3"}) as stream:
            assert await until(stream, 5) == [4, 5]
        ahead = await http.get("/events", headers=STREAM | {"last-event-id": "6"})
        assert code(ahead) == (400, "POSITION_AHEAD")


async def test_a_new_checkpoint_is_told_at_once(empty: Runtime, signer_url: str) -> None:
    await open_periods(empty, 2001, 2)
    async with asking(empty) as http, following(http, "?after=2") as stream:
        await seal(signer_url, (2,))
        told = await heartbeat(stream)
    assert told["cursor"] == "2"
    assert told["checkpoint"]["size"] == "2"
    assert bytes.fromhex(told["checkpoint"]["root"]) == empty.newest.sealed.root


async def test_a_reader_whom_nothing_concerns_is_told_how_far_the_log_was_read(
    empty: Runtime,
) -> None:
    """While it is busy, and while it is quiet."""
    empty.feed.quiet_s = 0.1
    async with asking(empty) as http, following(http, "?types=PeriodClosed") as stream:
        await asyncio.sleep(0.2)
        await open_periods(empty, 2001, 3)
        while (told := await heartbeat(stream))["cursor"] != "3":
            pass
        assert told["head"] == "3"
        assert (await heartbeat(stream))["cursor"] == "3"


async def test_each_is_told_the_events_that_the_database_shows_him(late: Runtime) -> None:
    late.feed.quiet_s = 0.1
    head = (await late.log.head()).position
    async with asking(replace(late, door=Known())) as http:
        for who in ("public", "operator", "neighbour", "auditor", "integrator"):
            shown = {} if who == "public" else {"authorization": f"Bearer {who}"}
            async with following(http, **shown) as stream:
                found = await _to_the_end(stream, head)
            assert found == await by_sql(late, EVERY_CALLER[who]), who


async def _to_the_end(stream: Stream, head: int) -> list[int]:
    found: list[int] = []
    while True:
        frame = await stream.frame()
        if "event" not in frame:
            found.append(int(frame["id"]))
        elif frame["id"] == str(head):
            return found


async def test_filters_hold_in_a_stream(empty: Runtime) -> None:
    async with asking(empty) as http, following(http, "?streams=period-2003") as stream:
        await open_periods(empty, 2001, 4)
        number, told = await event(stream)
    assert (number, told["subject"]) == (3, "period-2003")


async def test_what_is_proven_comes_as_soon_as_it_is_sealed(
    empty: Runtime, signer_url: str
) -> None:
    await open_periods(empty, 2001, 3)
    async with asking(empty) as http, following(http, "?proofs=true") as stream:
        await seal(signer_url, (2,))
        for position in (1, 2):
            number, told = await event(stream)
            assert number == position
            assert told["proof"]
        await seal(signer_url, (3,))
        assert (await event(stream))[0] == 3


class Passing(Known):
    """A door at which somebody may be somebody else the next time."""

    def __init__(self, **callers: Principal) -> None:
        super().__init__(callers)
        self.is_expired = False

    async def principal(self, credential: str) -> Principal:
        if self.is_expired:
            raise unauthenticated("expired")
        return await super().principal(credential)


async def test_a_stream_ends_with_the_credential_and_says_where_to_go_on(empty: Runtime) -> None:
    door = Passing(an=EVERY_CALLER["auditor"])
    async with asking(replace(empty, door=door), who="an") as http, following(http) as stream:
        await open_periods(empty, 2001, 1)
        assert await until(stream, 1) == [1]
        door.is_expired = True
        await open_periods(empty, 2002, 1)
        frame = await stream.frame()
        assert (frame["event"], frame["id"]) == ("error", "1")
        told = orjson.loads(frame["data"])
        assert told["cursor"] == "1"
        assert told["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        assert await stream.ended()


async def test_a_mandate_that_ends_shows_nothing_from_then_on(empty: Runtime) -> None:
    operator = EVERY_CALLER["operator"]
    door = Passing(an=operator, bi=operator)
    bi = {"authorization": "Bearer bi"}
    async with (
        asking(replace(empty, door=door), who="an") as http,
        following(http) as ending,
        following(http, **bi) as lasting,
    ):
        await open_periods(empty, 2001, 1)
        assert await until(ending, 1) == await until(lasting, 1) == [1]
        door.callers["an"] = replace(PUBLIC, id=operator.id)
        await register(empty)
        await open_periods(empty, 2002, 1)
        assert await until(lasting, 3) == [2, 3]
        assert await until(ending, 3) == [3]


async def test_a_reader_who_takes_nothing_is_let_go_and_the_others_are_not_kept_waiting(
    fund: Runtime,
) -> None:
    settings = Settings(stalled_seconds=0.5)
    async with serving(application(fund, settings), room=4096) as port, AsyncExitStack() as stack:
        http = await stack.enter_async_context(AsyncClient(base_url=f"http://127.0.0.1:{port}"))
        with _deaf(port) as stuck:
            lively = await stack.enter_async_context(following(http))
            await until(lively, (await fund.log.head()).position)
            await _counted(http, 'socai_events_readers{door="stream"} 1')
            assert "socai_events_dropped_total 1" in await _metrics(http)
            got = await asyncio.to_thread(_drained, stuck)
    ids = [int(each[4:]) for each in got.split(b"\n") if each.startswith(b"id: ")]
    assert ids, "it has an id to come back with"
    assert not got.endswith(b"0\r\n\r\n"), "it was cut off, and the client knows"


def _deaf(port: int) -> socket.socket:
    """A client that asks, and reads nothing."""
    found = socket.socket()
    found.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    found.connect(("127.0.0.1", port))
    found.sendall(b"GET /events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n")
    return found


def _drained(stuck: socket.socket) -> bytes:
    stuck.settimeout(PATIENCE_SECONDS)
    got = bytearray()
    try:
        while data := stuck.recv(1 << 16):
            got += data
    except ConnectionResetError:
        pass
    return bytes(got)


async def _metrics(http: AsyncClient) -> str:
    return (await http.get("/metrics")).text


async def _counted(http: AsyncClient, line: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while line not in await _metrics(http):  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.05)


async def test_a_service_that_goes_ends_its_streams_as_they_should_end(empty: Runtime) -> None:
    request = b"GET /events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n"
    async with serving(application(empty)) as port, wire(port) as reader:
        await reader.send(request)
        while b"heartbeat" not in await reader.some():
            pass
        empty.closing.set()
        assert (await reader.some()).endswith(b"0\r\n\r\n")


async def test_streams_are_bounded_with_all_others_and_given_back(empty: Runtime) -> None:
    async with asking(empty, Settings(streams_each_max=1)) as http:
        async with following(http):
            assert 'socai_events_readers{door="stream"} 1' in await _metrics(http)
            full = await http.get("/events", headers=STREAM)
            assert code(full) == (429, "TOO_MANY_STREAMS")
            asked = {"query": "subscription { events { cursor } }"}
            graphql = await http.get("/graphql", params=asked, headers=STREAM)
            assert graphql.json()["errors"][0]["extensions"]["code"] == "TOO_MANY_STREAMS"
        await _counted(http, 'socai_events_readers{door="stream"} 0')
        async with following(http):
            pass


async def test_equal_readers_at_one_place_are_given_the_same_bytes(
    empty: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    events = Frames.events

    async def counted(self: Frames, *told: Any, **more: Any) -> Any:
        asked.append(told)
        return await events(self, *told, **more)

    async with asking(replace(empty, door=Known())) as http, AsyncExitStack() as stack:
        queries = ["", "", "", "?types=PeriodOpened", "?types=PeriodOpened"]
        streams = [await stack.enter_async_context(following(http, each)) for each in queries]
        auditor = {"authorization": "Bearer auditor"}
        streams.append(await stack.enter_async_context(following(http, **auditor)))
        await open_periods(empty, 2001, 1)
        await asyncio.gather(*(until(each, 1) for each in streams))
        monkeypatch.setattr(Frames, "events", counted)
        await open_periods(empty, 2002, 1)
        frames: list[Frame] = [await each.frame() for each in streams]
    assert len(asked) == 3, "once for each wish and each sight"
    assert {each["id"] for each in frames} == {"2"}
    assert len({each["data"] for each in frames}) == 2, "the auditor reads who acted"


async def test_a_long_way_to_catch_up_is_paced_and_loses_nothing(empty: Runtime) -> None:
    await open_periods(empty, 1601, 300)
    async with asking(empty, Settings(points_public=250)) as http, following(http) as stream:
        assert await until(stream, 200) == list(range(1, 201))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(until(stream, 300), 1)  # in whatever pieces it comes
