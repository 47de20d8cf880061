"""The identities of the money, each by itself, at as many moments as an auditor likes.

verdicts = await identified(url, Random(7), 60)
"""

from collections.abc import Sequence
from random import Random

from events.log import Log
from projections.identities import IDENTITIES, identities
from projections.pairs import pairs
from service.pools import reading
from service.verifying.verify import CONNECTIONS, State, Verdict, models


async def identified(url: str, random: Random, count: int) -> Sequence[Verdict]:
    """One verdict for each identity; and whether what is summed is what the log says."""
    async with reading(url, CONNECTIONS) as pool:
        tried = await pairs(pool, random, count)
        broken = {each.name: each for each in await identities(pool, tried)}
        verdicts = [
            Verdict(
                what=name,
                checked=len(tried),
                unit="moments",
                state=State.BAD if name in broken else State.OK,
                found=str(broken.get(name, "")),
            )
            for name in IDENTITIES
        ]
        return [*verdicts, await models(pool, Log(pool), lambda *_: None)]
