"""`socai replay`: what the fund was at any past moment, recomputed from the events alone.

The events are read as anyone may read them, as JSON, and their amounts added up without a line of
the code that makes the read models; beside each sum stands the read models' own.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final, LiteralString, NamedTuple

import asyncpg
import orjson

from events.log import Log
from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.cli.moments import At, Effective, day_of, position_of
from service.cli.output import Output, Row, say, show
from service.config import Config
from service.database import database
from service.runtime import running

PAGE = 2_000
EVER = date.max
POSTINGS = {
    "CounterpartPledged": ("PLEDGE", 1),
    "SupportCommitted": ("COMMITMENT", 1),
    "CommitmentReduced": ("REDUCTION", -1),
    "CommitmentCancelled": ("CANCELLATION", -1),
    "AdvancePaid": ("ADVANCE", 1),
    "DisbursementPaid": ("DISBURSEMENT", 1),
    "PaymentReversed": ("REVERSAL", -1),
    "SettlementApproved": ("SETTLEMENT", 1),
}
"""Type of event -> the line of the account it is, and its sign."""
READ_MODELS: Final[LiteralString] = """
    SELECT kind, source, budget_year, count(*) AS entries, sum(amount)::bigint AS amount
    FROM model.entry
    WHERE position <= $1
      AND effective_on <= $2
    GROUP BY kind, source, budget_year
"""


class Line(NamedTuple):
    """What sums are kept by."""

    kind: str
    source: str
    budget_year: int


def replay(
    *,
    at: At,
    effective: Effective = None,
    data: DataFolder = None,
    output: Output = None,
) -> None:
    """Add up the account as of a moment from the events alone, beside the read models' sums.

    Times without a zone are Vietnam's; a day means its end. Exit code 1 if any sum differs.
    """
    rows = run(_replayed(settings(data=data), at, day_of(effective) if effective else EVER))
    show(rows, output)
    wrong = sum(not row["agrees"] for row in rows)
    if wrong:
        raise Stop(Exit.NEGATIVE, f"{wrong} sums differ", then="socai rebuild")
    say("The read models say the same." if rows else "No money had moved yet.")


async def _replayed(config: Config, at: str, effective: date) -> Sequence[Row]:
    async with (
        database(config, share=True) as found,
        running(found.service_url, projecting=False) as runtime,
    ):
        position = await position_of(runtime.log, at)
        say(f"replaying {position} events")
        await runtime.projector.advance()
        counts, sums = await _recomputed(runtime.log, position, effective)
        modelled = await runtime.pool.fetch(READ_MODELS, position, effective)
    return _compared(counts, sums, modelled)


async def _recomputed(
    log: Log, position: int, effective: date
) -> tuple[Counter[Line], Counter[Line]]:
    """How many postings there are of each kind, and their sum."""
    counts: Counter[Line] = Counter()
    sums: Counter[Line] = Counter()
    after = 0
    while after < position:
        page = await log.raw(after, min(PAGE, position - after))
        if not page:
            break
        for _, body in page:
            _post(orjson.loads(body), effective, counts, sums)
        after = page[-1][0]
    return counts, sums


def _post(
    event: dict[str, object], effective: date, counts: Counter[Line], sums: Counter[Line]
) -> None:
    posting = POSTINGS.get(str(event["type"]))
    if posting is None or date.fromisoformat(str(event["effectiveDate"])) > effective:
        return
    told = event["data"]
    assert isinstance(told, dict)  # noqa: S101 - the envelope's shape
    kind, sign = posting
    line = Line(kind, told.get("source", "COUNTERPART"), told["budgetYear"])
    counts[line] += 1
    sums[line] += sign * int(told["amount"])


def _compared(
    counts: Counter[Line], sums: Counter[Line], modelled: Sequence[asyncpg.Record]
) -> Sequence[Row]:
    theirs = {Line(each["kind"], each["source"], each["budget_year"]): each for each in modelled}
    order = [kind for kind, _ in POSTINGS.values()]
    lines = sorted(
        set(counts) | set(theirs),
        key=lambda each: (order.index(each.kind), each.budget_year, each.source),
    )
    return [
        {
            "kind": line.kind,
            "source": line.source,
            "budgetYear": line.budget_year,
            "entries": counts[line],
            "fromEvents": sums[line],
            "readModels": theirs[line]["amount"] if line in theirs else None,
            "agrees": line in theirs
            and (counts[line], sums[line]) == (theirs[line]["entries"], theirs[line]["amount"]),
        }
        for line in lines
    ]
