"""A program on the generated client: typed answers, exact money, the feed. `use.py URL KEY`."""

import asyncio
import sys
from contextlib import aclosing
from datetime import date

from generated import Client  # pyrefly: ignore[missing-import]


async def main(url: str, key: str) -> None:
    """Ask once, and follow the first message of the feed."""
    shown = {"Authorization": f"Bearer {key}"}
    socket = {"ws_url": url.replace("http:", "ws:"), "ws_connection_init_payload": shown}
    async with Client(url, headers=shown, **socket) as client:
        answer = await client.evaluation()
        assert answer.period.facility_count == 63
        assert answer.period.totals.total == 181_946_900_000
        assert answer.period.from_ == date(2018, 1, 1)

        async with aclosing(client.feed()) as feed:
            message = await anext(feed)
        told = message.events.events
        assert 1 <= len(told) <= 20
        assert {event.type_ for event in told} <= {"SupportCommitted", "DisbursementPaid"}


asyncio.run(main(*sys.argv[1:]))
