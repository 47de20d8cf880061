"""What every scenario leaves behind is whole: the identities of the money hold after it.

    await whole(runtime)      # fails with the identity that does not hold, where, and for what

Asked by the fixtures that end a test with a ledger of its own (`tests/schema/conftest.py`).
"""

from projections.identities import identities, moments
from service.runtime import Runtime

ANY = "SELECT EXISTS (SELECT FROM ledger.event WHERE type = 'SchemeApproved')"
PIECES, PATIENCE_SECONDS = 2, 30


async def whole(runtime: Runtime) -> None:
    """At the head and half-way there, without a day and at the end of every year."""
    if not await runtime.pool.fetchval(ANY):
        return  # no money moved
    await runtime.projector.wait_for((await runtime.log.head()).position, PATIENCE_SECONDS)
    assert await identities(runtime.pool, await moments(runtime.pool, PIECES)) == []
