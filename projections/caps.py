"""What the law lets the fund give (định mức hỗ trợ): each line during its time in force."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from events.money import Vnd
from events.policy import SUPPORT_CAPS, caps_in, evolve_caps
from events.vocabulary import Activity, CapUnit, Certainty, FundingSource
from projections.columns import INFINITY
from projections.dated import Told, telling
from projections.listing import Listing


class SupportCap(NamedTuple):
    """The most that the fund gives to an activity, during its time in force."""

    subject: str
    valid_from: date
    activity: Activity
    source: FundingSource
    province_code: str | None
    province_from: date | None
    share_pct: int | None
    cap: Vnd | None
    unit: CapUnit
    valid_to: date
    legal_basis: str
    certainty: Certainty
    position: int | None
    """Of the event that set it; None: it ships with the ledger."""


def _support_caps(told: Told) -> Iterator[SupportCap]:
    for each in caps_in(told.lines):
        yield SupportCap(
            subject=" ".join(each.subject),
            valid_from=each.valid_from,
            activity=each.activity,
            source=each.source,
            province_code=each.province.code if each.province else None,
            province_from=each.province.valid_from if each.province else None,
            share_pct=each.share_pct,
            cap=each.amount,
            unit=each.unit,
            valid_to=each.valid_to or INFINITY,
            legal_basis=each.legal_basis,
            certainty=each.certainty,
            position=told.position(each),
        )


LISTINGS: tuple[Listing[Any], ...] = (
    Listing(
        "support_cap",
        SupportCap,
        "subject, valid_from",
        Told(),
        _support_caps,
        stream=SUPPORT_CAPS,
        evolve=telling(evolve_caps),
    ),
)
