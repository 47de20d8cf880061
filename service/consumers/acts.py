"""What is done to consumers, by their owners and by operators, and written down with who asked.

    async with pool.acquire() as connection, connection.transaction():
        cursor = await held(connection, "webhook/kho-bac")
        await paused(connection, cursor.name, "operator minh")

Each stands in a transaction of the caller's, which holds the consumer: whoever delivers waits.
"""

from typing import Final, LiteralString

from schema.webhooks.desk import Act, State
from service.consumers import cursors
from service.consumers import endpoints as kept
from service.consumers.cursors import WEBHOOK, Cursor
from service.consumers.endpoints import Transaction

HOLD: Final[LiteralString] = """
    SELECT true
    FROM feed.consumer
    WHERE name = $1
    FOR UPDATE
"""


async def held(connection: Transaction, name: str) -> Cursor | None:
    """A consumer that nobody else moves till the transaction ends; None: there is none."""
    await connection.fetchval(HOLD, name)
    found = [each for each in await cursors.cursors(connection, name) if each.name == name]
    return found[0] if found else None


async def paused(connection: Transaction, name: str, by: str) -> None:
    """Send nothing; the place is kept."""
    await cursors.turned(connection, name, State.PAUSED)
    await kept.changed(connection, name, by, Act.PAUSED)


async def resumed(connection: Transaction, name: str, by: str) -> None:
    """Go on at once. A receiver who did not agree, or said that he is gone, is asked first."""
    state = State.LIVE
    if name.startswith(WEBHOOK):
        id_ = name.removeprefix(WEBHOOK)
        endpoint = await kept.endpoint(connection, id_)
        if endpoint is not None and endpoint.state is State.GONE:
            await kept.ungrant(connection, id_)
            state = State.PENDING
        elif endpoint is not None and endpoint.granted_at is None:
            state = State.PENDING
    await cursors.turned(connection, name, state)
    await kept.changed(connection, name, by, Act.RESUMED)


async def moved(connection: Transaction, name: str, by: str, position: int) -> None:
    """Go on after another position; what is paused or parked stays so."""
    await cursors.moved(connection, name, position)
    await kept.changed(connection, name, by, Act.REWOUND, position)


async def sent_again(connection: Transaction, id: str, first: int, last: int, by: str) -> int:
    """Have these positions sent to a webhook once more; how many were not waiting already."""
    count = await kept.once_more(connection, id, first, last, by)
    if count:
        await kept.changed(connection, f"{WEBHOOK}{id}", by, Act.REDELIVERED, first)
    return count
