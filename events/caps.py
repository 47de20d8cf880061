"""The most the fund may give to an activity (định mức hỗ trợ), as the law stood on a day."""

import csv
from datetime import date
from pathlib import Path

from events.money import Vnd
from events.rules import value
from events.vocabulary import Activity

_FILE = Path(__file__).parent / "data" / "support_caps.csv"
_PER_FACILITY = {"facility", "enterprise"}


@value
class Cap:
    """One line of a circular, during its time in force. None is no limit, never 0."""

    activity: Activity
    share_pct: int | None
    """At most this share of the total cost, in hundredths."""
    amount: Vnd | None
    unit: str
    """What the amount is for: facility, model, contest, cluster …"""
    valid_from: date
    valid_to: date | None
    """The first day on which it was no longer in force."""
    legal_basis: str
    certainty: str
    """`sourced` from the named instrument, or from `memory` and to be verified."""

    @property
    def is_per_facility(self) -> bool:
        """Whether several commitments to one facility share the amount."""
        return self.unit in _PER_FACILITY


def cap_on(activity: Activity, on: date) -> Cap | None:
    """The cap in force on that day, or None where the law sets none."""
    for cap in CAPS:
        in_force = cap.valid_from <= on and (cap.valid_to is None or on < cap.valid_to)
        if cap.activity is activity and in_force:
            return cap
    return None


def _cap(row: dict[str, str]) -> Cap:
    return Cap(
        activity=Activity[row["activity"]],
        share_pct=int(row["max_share_pct"]) if row["max_share_pct"] else None,
        amount=Vnd(int(row["cap_vnd"])) if row["cap_vnd"] else None,
        unit=row["unit"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        legal_basis=row["legal_basis"],
        certainty=row["certainty"],
    )


def _read() -> tuple[Cap, ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_cap(row) for row in csv.DictReader(file))


CAPS: tuple[Cap, ...] = _read()
"""Every cap known, in the order of the file."""
