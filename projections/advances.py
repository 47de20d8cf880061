"""How much may be paid ahead of acceptance (mức tạm ứng): each line during its time in force."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from events.policy import ADVANCE_LIMITS, evolve_limits, limits_in
from events.vocabulary import Activity, Certainty
from projections.columns import INFINITY
from projections.dated import Told, telling
from projections.listing import Listing


class AdvanceLimit(NamedTuple):
    """The most that may be paid ahead for an activity, during its time in force."""

    subject: str
    valid_from: date
    activity: Activity
    share_pct: int
    needs_progress: bool
    valid_to: date
    legal_basis: str
    certainty: Certainty
    position: int | None
    """Of the event that set it; None: it ships with the ledger."""


def _limits(told: Told) -> Iterator[AdvanceLimit]:
    for each in limits_in(told.lines):
        yield AdvanceLimit(
            subject=each.subject,
            valid_from=each.valid_from,
            activity=each.activity,
            share_pct=each.share_pct,
            needs_progress=each.needs_progress,
            valid_to=each.valid_to or INFINITY,
            legal_basis=each.legal_basis,
            certainty=each.certainty,
            position=told.position(each),
        )


LISTINGS: tuple[Listing[Any], ...] = (
    Listing(
        "advance_limit",
        AdvanceLimit,
        "subject, valid_from",
        Told(),
        _limits,
        stream=ADVANCE_LIMITS,
        evolve=telling(evolve_limits),
    ),
)
