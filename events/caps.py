"""The most the fund may give to an activity (định mức hỗ trợ), as the law stood on a day.

`CAPS` is what the ledger ships with; what was recorded since comes on top (`events/validity.py`).
"""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from events.identity import ProvinceRef
from events.money import Vnd
from events.rules import value
from events.validity import is_in_force
from events.vocabulary import Activity, CapUnit, Certainty, FundingSource

_FILE = Path(__file__).parent / "data" / "support_caps.csv"
_PER_FACILITY = {CapUnit.FACILITY, CapUnit.ENTERPRISE}


@value
class Cap:
    """One line of a circular, during its time in force. None is no limit, never 0."""

    activity: Activity
    source: FundingSource
    """Whose money it limits: the nation's, or that of one province."""
    province: ProvinceRef | None
    """Whose council set it (nghị quyết HĐND); None: it holds for the whole country."""
    share_pct: int | None
    """At most this share of the total cost, in hundredths."""
    amount: Vnd | None
    unit: CapUnit
    valid_from: date
    valid_to: date | None
    """The first day on which it was no longer in force."""
    legal_basis: str
    certainty: Certainty

    @property
    def is_per_facility(self) -> bool:
        """Whether several commitments to one facility share the amount."""
        return self.unit in _PER_FACILITY

    @property
    def subject(self) -> tuple[str, str, str]:
        """What it is about: of two caps on one thing, one is in force."""
        return self.activity.name, self.source.name, str(self.province or "")


def cap_on(
    activity: Activity,
    on: date,
    caps: Sequence[Cap] | None = None,
    source: FundingSource = FundingSource.NATIONAL_GRANT,
    province: ProvinceRef | None = None,
) -> Cap | None:
    """The cap in force on that day, or None where the law sets none.

    A province limits its own money by a resolution of its council; where it has set nothing, the
    nation's cap holds for local money too. `caps` None: what the ledger ships with.
    """
    in_force = [
        each
        for each in (CAPS if caps is None else caps)
        if each.activity is activity and is_in_force(each, on)
    ]
    if source is FundingSource.LOCAL_GRANT and province is not None:
        for each in in_force:
            if each.province == province:
                return each
    return next((each for each in in_force if each.province is None), None)


def _cap(row: dict[str, str]) -> Cap:
    return Cap(
        activity=Activity[row["activity"]],
        source=FundingSource.NATIONAL_GRANT,
        province=None,
        share_pct=int(row["max_share_pct"]) if row["max_share_pct"] else None,
        amount=Vnd(int(row["cap_vnd"])) if row["cap_vnd"] else None,
        unit=CapUnit[row["unit"].upper()],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        legal_basis=row["legal_basis"],
        certainty=Certainty[row["certainty"].upper()],
    )


def _read() -> tuple[Cap, ...]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return tuple(_cap(row) for row in csv.DictReader(file))


CAPS: tuple[Cap, ...] = _read()
"""Every cap that the ledger ships with, in the order of the file."""
