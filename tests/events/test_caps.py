"""Caps are dated: the law of the effective day counts."""

from datetime import date
from itertools import pairwise

import pytest

from events.caps import CAPS, cap_on
from events.vocabulary import Activity


def test_the_cap_of_machinery_rose_on_11_may_2018() -> None:
    before = cap_on(Activity.ADVANCED_MACHINERY, date(2018, 5, 10))
    after = cap_on(Activity.ADVANCED_MACHINERY, date(2018, 5, 11))
    assert before is not None
    assert after is not None
    assert (before.amount, after.amount) == (200_000_000, 300_000_000)
    assert (before.share_pct, after.share_pct) == (50, 50)
    assert after.is_per_facility


def test_a_missing_cap_or_share_is_no_limit_and_never_nought() -> None:
    booth = cap_on(Activity.TRADE_FAIR_DOMESTIC, date(2020, 1, 1))
    assert booth is not None
    assert (booth.share_pct, booth.amount) == (80, None)
    founding = cap_on(Activity.ENTERPRISE_FOUNDING, date(2020, 1, 1))
    assert founding is not None
    assert (founding.share_pct, founding.amount) == (None, 10_000_000)
    assert cap_on(Activity.VOCATIONAL_TRAINING, date(2020, 1, 1)) is None
    assert cap_on(Activity.ADVANCED_MACHINERY, date(2014, 4, 7)) is None


@pytest.mark.parametrize("activity", Activity)
def test_no_two_caps_are_in_force_on_one_day(activity: Activity) -> None:
    spans = sorted(
        (cap.valid_from, cap.valid_to or date.max) for cap in CAPS if cap.activity is activity
    )
    for (_, ends), (begins, _) in pairwise(spans):
        assert ends <= begins


def test_every_cap_says_where_it_comes_from_and_how_sure_that_is() -> None:
    for cap in CAPS:
        assert cap.legal_basis
        assert cap.certainty in {"sourced", "memory"}
        assert (cap.share_pct, cap.amount) != (None, None)
