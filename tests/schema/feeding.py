"""Readers of GET /events over a real socket: of pages, and of an event stream."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from httpx2 import AsyncClient, Response

from schema.http.settings import Settings
from service.app import application
from service.runtime import Runtime
from tests.schema.test_sse import Stream
from tests.service.wires import serving

STREAM = {"accept": "text/event-stream"}
LINES, BATCH = "application/x-ndjson", "application/cloudevents-batch+json"
FOR_EVER = "public, max-age=31536000, immutable"


@asynccontextmanager
async def asking(
    runtime: Runtime, settings: Settings | None = None, who: str = ""
) -> AsyncIterator[AsyncClient]:
    """A client over a real socket."""
    shown = {"authorization": f"Bearer {who}"} if who else {}
    async with (
        serving(application(runtime, settings)) as port,
        AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=shown, timeout=30) as client,
    ):
        yield client


def told(response: Response) -> list[dict[str, Any]]:
    """The events of a page, whatever its media type."""
    assert response.status_code == 200, response.text
    if response.headers["content-type"].startswith("application/x-ndjson"):
        return [orjson.loads(each) for each in response.content.splitlines()]
    found: list[dict[str, Any]] = response.json()
    return found


def positions(response: Response) -> list[int]:
    return [int(each["sequence"]) for each in told(response)]


def code(response: Response) -> tuple[int, str]:
    (error,) = response.json()["errors"]
    assert error["extensions"]["messageVi"]
    assert response.headers["cache-control"] == "no-store"
    return response.status_code, error["extensions"]["code"]


async def walked(http: AsyncClient, address: str, **sent: Any) -> list[int]:
    """The positions of every page, by the link that each shows to the next."""
    found: list[int] = []
    while True:
        response = await http.get(address, **sent)
        found += positions(response)
        if response.headers["socai-cursor"] == response.headers["socai-head"]:
            return found
        address = "/events" + response.headers["link"].partition(">")[0].removeprefix("<")


@asynccontextmanager
async def following(http: AsyncClient, query: str = "", **headers: str) -> AsyncIterator[Stream]:
    """An event stream, after its first words."""
    async with http.stream("GET", f"/events{query}", headers=STREAM | headers) as response:
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        stream = Stream(response)
        assert await stream.frame() == {"retry": "2000"}
        assert (await stream.frame())["event"] == "heartbeat"
        yield stream


async def event(stream: Stream) -> tuple[int, dict[str, Any]]:
    """The next event, and its id."""
    while "event" in (frame := await stream.frame()):
        assert frame["event"] == "heartbeat"
    told = orjson.loads(frame["data"])
    assert int(told["sequence"]) == int(frame["id"])
    return int(frame["id"]), told


async def heartbeat(stream: Stream) -> dict[str, Any]:
    while (frame := await stream.frame()).get("event") != "heartbeat":
        pass
    told: dict[str, Any] = orjson.loads(frame["data"])
    assert frame["id"] == told["cursor"]
    return told


async def until(stream: Stream, last: int) -> list[int]:
    """The ids of events up to a position."""
    found: list[int] = []
    while not found or found[-1] < last:
        found.append((await event(stream))[0])
    return found
