"""What can be said of entries together: each measure as an aggregate over entries `{self}`.

Where it can be added up, it is also one over running totals (`planner/tallied.py`).
"""

from collections.abc import Mapping
from typing import LiteralString

from schema.planner.sums import Measure
from schema.survivors import survivors

_PAID: LiteralString = "('ADVANCE', 'DISBURSEMENT', 'REVERSAL')"
_GRANTED: LiteralString = (
    "('COMMITMENT', 'REDUCTION', 'CANCELLATION', 'REALLOCATION_OUT', 'REALLOCATION_IN')"
)
FLOWS: Mapping[LiteralString, Measure] = {
    "total": Measure(
        entries="coalesce(sum({self}.amount) FILTER (WHERE {self}.kind = 'PLEDGE'"
        " OR {self}.kind IN " + _GRANTED + "), 0)",
        tally="coalesce(sum({self}.granted + {self}.counterpart), 0)",
    ),
    "grant": Measure(
        entries="coalesce(sum({self}.amount) FILTER (WHERE {self}.kind IN " + _GRANTED + "), 0)",
        tally="coalesce(sum({self}.granted), 0)",
    ),
    "counterpart": Measure(
        entries="coalesce(sum({self}.amount) FILTER (WHERE {self}.kind = 'PLEDGE'), 0)",
        tally="coalesce(sum({self}.counterpart), 0)",
    ),
    "disbursed": Measure(
        entries="coalesce(sum({self}.amount) FILTER (WHERE {self}.kind IN " + _PAID + "), 0)",
        tally="coalesce(sum({self}.disbursed), 0)",
    ),
    "settled": Measure(
        entries="coalesce(sum({self}.amount) FILTER (WHERE {self}.kind = 'SETTLEMENT'), 0)",
        tally="coalesce(sum({self}.settled), 0)",
    ),
    "entry_count": Measure(entries="count(*)", tally="coalesce(sum({self}.entry_count), 0)"),
}
MEASURES: Mapping[str, Measure] = {
    **FLOWS,
    # Of little, and of late: added up from entries.
    "recovered": Measure(
        entries="coalesce(-sum({self}.amount) FILTER (WHERE {self}.kind = 'RECOVERY'), 0)"
    ),
    "invested": Measure(
        entries="coalesce(sum({self}.amount) FILTER (WHERE {self}.kind = 'INVESTMENT'), 0)"
    ),
    # One thing may stand in several cells: what is counted once is counted from entries.
    "facilities": Measure(
        entries=survivors("SELECT unnest(array_agg(DISTINCT {self}.facility_id))")
    ),
    "schemes": Measure(entries="count(DISTINCT {self}.scheme_id)"),
    "commitments": Measure(
        entries="count(DISTINCT ({self}.scheme_id, {self}.commitment_id))"
        " FILTER (WHERE {self}.commitment_id IS NOT NULL)"
    ),
}
