"""`socai replay`: what the fund was at any past moment, recomputed from the events alone.

Twice, by two ways that share nothing. The events are read as anyone may read them, as JSON, and
their amounts added up without a line of the code that makes the read models. And every read model
is folded from nothing, in memory, and held against its table row for row.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final, LiteralString, NamedTuple

import asyncpg
import orjson
from cyclopts import Parameter

from events.log import Log
from projections.compare import compared
from projections.replay import replay as fold
from service.cli.common import DataFolder, run, settings
from service.cli.exits import Exit, Stop
from service.cli.moments import Effective, day, position_of
from service.cli.output import Format, Output, Row, say, show, write
from service.cli.progress import metered
from service.config import Config
from service.database import database
from service.runtime import running

PAGE = 2_000
PRETTY = orjson.OPT_INDENT_2
POSTINGS = {
    "CounterpartPledged": ("PLEDGE", 1),
    "SupportCommitted": ("COMMITMENT", 1),
    "CommitmentReduced": ("REDUCTION", -1),
    "CommitmentCancelled": ("CANCELLATION", -1),
    "AdvancePaid": ("ADVANCE", 1),
    "DisbursementPaid": ("DISBURSEMENT", 1),
    "PaymentReversed": ("REVERSAL", -1),
    "SettlementApproved": ("SETTLEMENT", 1),
    "CommitmentReallocated": ("REALLOCATION_OUT", -1),
    "ReallocationReceived": ("REALLOCATION_IN", 1),
    "RecoveryReceived": ("RECOVERY", -1),
    "CounterpartInvested": ("INVESTMENT", 1),
    "PriorPeriodAdjusted": ("REVERSAL", -1),
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
    at: Annotated[
        str, Parameter(help="`head`, a position, or a recorded time such as 2026-11-24T09:00.")
    ],
    effective: Effective = None,
    data: DataFolder = None,
    output: Output = None,
) -> None:
    """Recompute the fund as of a moment from the events alone, beside what the read models say.

    Times without a zone are Vietnam's; a day means its end. Exit code 1 if anything differs.
    """
    money, models = run(_replayed(settings(data=data), at, day(effective)))
    _show(money, models, output)
    wrong = [row for row in (*money, *models) if not row["agrees"]]
    if wrong:
        said = f"{len(wrong)} of {len(money) + len(models)} differ"
        raise Stop(Exit.NEGATIVE, said, then="socai verify")
    say("The read models say the same." if money else "No money had moved yet.")


def _show(money: Sequence[Row], models: Sequence[Row], output: Format | None) -> None:
    """One document for a program, two tables for a person."""
    if output == "json":
        write(orjson.dumps({"money": money, "readModels": models}, option=PRETTY).decode())
        return
    show(money, output, title="Bút toán · the account")
    show(models, output, title="Bảng tổng hợp · the read models")


async def _replayed(
    config: Config, at: str, effective: date
) -> tuple[Sequence[Row], Sequence[Row]]:
    async with (
        database(config, share=True) as found,
        running(found.service_url, projecting=False) as runtime,
    ):
        position = await position_of(runtime.log, at)
        await runtime.projector.prepare()
        await runtime.projector.advance()
        counts, sums = await _recomputed(runtime.log, position, effective)
        modelled = await runtime.pool.fetch(READ_MODELS, position, effective)
        with metered("folded", position) as told:
            replayed = await fold(runtime.log, position, effective, told)
        models = await compared(runtime.pool, replayed)
    return _compared(counts, sums, modelled), [
        {
            "readModel": each.name,
            "rowsFromEvents": each.replayed,
            "rowsStored": each.stored,
            "agrees": each.agrees,
            "difference": each.difference,
        }
        for each in models
    ]


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
    told, type_ = event["data"], str(event["type"])
    assert isinstance(told, dict)  # noqa: S101 - the envelope's shape
    is_correction = type_ == "EntryCorrected"
    posting = POSTINGS.get(told["correctsType"] if is_correction else type_)
    if posting is None or date.fromisoformat(str(event["effectiveDate"])) > effective:
        return
    amount = _difference(told["changes"]) if is_correction else int(told["amount"])
    if not amount:
        return
    kind, sign = posting
    if told.get("adjustment") == "INCREASE":
        sign = 1  # of a closed year more is paid, not less
    line = Line(kind, told.get("source", "COUNTERPART"), told["budgetYear"])
    counts[line] += 1
    sums[line] += sign * amount


def _difference(changes: list[dict[str, str]]) -> int:
    """By how much the amount of a posting is corrected; a correction of words moves nothing."""
    return sum(
        int(each["after"]) - int(each["before"]) for each in changes if each["field"] == "amount"
    )


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
