"""Single events that somebody wants sent once more, beside the order: the cursor stays.

    await repeated(means, endpoint)

One attempt each: whoever asked looks at what came of it, and asks again if he wants.
"""

from schema.feed.filters import EVERYTHING
from service.courier.endpoints import Endpoint, asked_again, done
from service.courier.means import Means
from service.courier.sending import Outcome

HIDDEN = Outcome(ms=0, error="whoever registered this webhook may not see the event")


async def repeated(means: Means, endpoint: Endpoint) -> None:
    """Send what is wished for, the oldest wish first."""
    for wish, position in await asked_again(means.pool, endpoint.id):
        page = await means.feed.read(position - 1, 1)
        if endpoint.proofs and position > page.sealed.size:
            return
        audience = await means.audience(endpoint)
        shown = await means.feed.shown(page, EVERYTHING, audience)
        outcome = await means.sent(endpoint, shown[0], audience) if shown else HIDDEN
        await means.note(endpoint, position, outcome, is_redelivery=True)
        await done(means.pool, wish)
