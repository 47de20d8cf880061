"""Histories put into the log as they are, without asking the rules again. Needs a superuser."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import asyncpg

from events.codec import seal, unseal
from events.envelope import Order, Recorded

COLUMNS = (
    "position", "body", "event_id", "stream", "version", "type", "recorded_at", "effective_on",
    "budget_year", "command_id",
)  # fmt: skip


async def record(url: str, recorded: Iterable[Recorded[Any]]) -> None:
    """Append these events, which must follow what is there."""
    rows = [_row(each) for each in recorded]
    if not rows:
        return
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET ROLE socai_appender")
        async with connection.transaction():
            await connection.copy_records_to_table(
                "event", schema_name="ledger", columns=COLUMNS, records=rows
            )
            await connection.execute(
                "UPDATE ledger.head SET position = $1, recorded_at = $2", rows[-1][0], rows[-1][6]
            )
            await connection.execute(
                'INSERT INTO ledger."commit" (last_position, first_position, recorded_at)'
                " VALUES ($1, $2, $3)",
                rows[-1][0], rows[0][0], rows[-1][6],
            )  # fmt: skip
    finally:
        await connection.close()


def body(event: Recorded[Any]) -> bytes:
    """The bytes of an event that was never in a log."""
    order: Order[Any] = Order(
        command=None,
        command_id=event.command_id,
        effective_on=event.effective_on,
        actor=event.actor,
        authority=event.authority,
        causation=event.causation,
        correlation=event.correlation,
        synthetic=event.synthetic,
    )
    sealed = seal(event.fact, id=event.id, stream=event.stream, version=event.version, order=order)
    return sealed.before + canonical_instant(event.recorded_at) + sealed.after


def canonical_instant(moment: datetime) -> bytes:
    """As PostgreSQL writes it into the body."""
    written = moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
    return f'"{written}"'.encode()


def _row(event: Recorded[Any]) -> tuple[Any, ...]:
    written = body(event)
    assert unseal(event.position, written) == event
    return (
        event.position, written, event.id, event.stream, event.version, event.type,
        event.recorded_at, event.effective_on, event.budget_year, event.command_id,
    )  # fmt: skip
