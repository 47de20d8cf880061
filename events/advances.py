"""How much may be paid ahead of acceptance (mức tạm ứng), as the law stood on a day.

limit = advance_limit_on(Activity.CLUSTER_INFRASTRUCTURE, date(2020, 3, 1))
limit.share_pct         # 30, of what is promised; and only past half of the work
"""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from events.rules import value
from events.validity import is_in_force
from events.vocabulary import Activity, Certainty

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
    certainty: Certainty

    @property
    def subject(self) -> str:
        """What it is about: of two limits on one activity, one is in force."""
        return self.activity.name


def advance_limit_on(
    activity: Activity, on: date, limits: Sequence[AdvanceRule] | None = None
) -> AdvanceRule | None:
    """The limit in force on that day, or None where the law sets none.

    `limits` None: what the ledger ships with.
    """
    for rule in ADVANCE_RULES if limits is None else limits:
        if rule.activity is activity and is_in_force(rule, on):
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
        certainty=Certainty[row["certainty"].upper()],
    )


def _read() -> tuple[AdvanceRule, ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_rule(row) for row in csv.DictReader(file))


ADVANCE_RULES: tuple[AdvanceRule, ...] = _read()
"""Every limit that the ledger ships with, in the order of the file."""
