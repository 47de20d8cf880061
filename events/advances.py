"""How much may be paid ahead of acceptance (mức tạm ứng), as the law stood on a day.

limit = advance_limit_on(Activity.CLUSTER_INFRASTRUCTURE, date(2020, 3, 1))
limit.share_pct         # 30, of what is promised; and only past half of the work
"""

import csv
from datetime import date
from pathlib import Path

from events.rules import value
from events.vocabulary import Activity

_FILE = Path(__file__).parent / "data" / "advance_limits.csv"
PROGRESS_PCT_MIN = 50
"""Where progress is needed, more than this share of the work must be done, in hundredths."""


@value
class AdvanceRule:
    """One line of a circular, during its time in force."""

    activity: Activity
    share_pct: int
    """At most this share of what is promised, in hundredths."""
    needs_progress: bool
    """Whether nothing may be advanced before half of the work is done."""
    valid_from: date
    valid_to: date | None
    """The first day on which it was no longer in force."""
    legal_basis: str
    certainty: str
    """`sourced` from the named instrument, from `memory`, or `uncertain`: to be verified."""


def advance_limit_on(activity: Activity, on: date) -> AdvanceRule | None:
    """The limit in force on that day, or None where the law sets none."""
    for rule in ADVANCE_RULES:
        in_force = rule.valid_from <= on and (rule.valid_to is None or on < rule.valid_to)
        if rule.activity is activity and in_force:
            return rule
    return None


def _rule(row: dict[str, str]) -> AdvanceRule:
    return AdvanceRule(
        activity=Activity[row["activity"]],
        share_pct=int(row["share_pct"]),
        needs_progress=row["needs_progress"] == "yes",
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        legal_basis=row["legal_basis"],
        certainty=row["certainty"],
    )


def _read() -> tuple[AdvanceRule, ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_rule(row) for row in csv.DictReader(file))


ADVANCE_RULES: tuple[AdvanceRule, ...] = _read()
"""Every limit known, in the order of the file."""
