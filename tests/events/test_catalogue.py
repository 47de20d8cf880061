"""Every union meets in the catalogue: names, streams, refusals and their codes."""

import re
from collections import Counter
from pathlib import Path

import pytest

from events.catalogue import (
    AGGREGATES,
    COMMANDS,
    FACTS,
    REFUSALS,
    RETIRED,
    aggregate_of,
    aggregate_of_stream,
    facts_of,
)
from events.identity import InvalidCode, PeriodCode
from events.money import Vnd
from events.period import PERIOD
from events.rules import Refusal
from events.scheme import BudgetExceeded
from events.vocabulary import FundingSource
from tests.events.test_period import open_

PROMISED = {
    "BUDGET_EXCEEDED",
    "COMMITMENT_EXCEEDED",
    "CAP_EXCEEDED",
    "COUNTERPART_SHORT",
    "NOT_ACCEPTED",
    "FOCAL_RULE",
    "FACILITY_CLOSED",
    "PERIOD_CLOSED",
    "SCHEME_STOPPED",
    "WRONG_AUTHORITY",
    "UNKNOWN_UNIT_AT_DATE",
    "FUTURE_EFFECTIVE_DATE",
    "ADVANCE_LIMIT",
    "DOUBLE_FUNDING",
    "INELIGIBLE_PLACE",
    "INELIGIBLE_SECTOR",
    "DISTRICT_ABOLISHED",
    "BUDGET_YEAR_CLOSED",
    "EDIT_FORBIDDEN",
    "ALREADY_CORRECTED",
    "REALLOCATION_UNBALANCED",
    "RECOVERY_EXCEEDED",
}
"""The codes of the invariants that clients were promised; those of the log itself are elsewhere."""

SHARED = {"FOCAL_RULE", "WRONG_AUTHORITY"}
"""Codes of the law that more than one refusal tells of, each with the figures of its case."""


def test_every_fact_belongs_to_one_aggregate() -> None:
    owned = [each for aggregate in AGGREGATES for each in facts_of(aggregate)]
    assert sorted(owned, key=str) == sorted(FACTS.values(), key=str)
    assert (len(FACTS), len(RETIRED), len(COMMANDS)) == (97, 1, 92)


def test_what_is_retired_says_what_is_recorded_instead() -> None:
    for fact, instead in RETIRED.items():
        assert instead
        assert not RETIRED.keys() & set(instead)
        for each in instead:
            assert each.__name__ in str(fact.__doc__)


def test_the_stream_of_a_command_leads_back_to_its_aggregate() -> None:
    assert aggregate_of(open_) is PERIOD
    assert PERIOD.stream(open_) == "period-2018-2020"
    assert aggregate_of_stream("period-2018-2020") is PERIOD


@pytest.mark.parametrize("stream", ["", "period", "period-", "budget-2018", "-x"])
def test_a_name_that_is_no_stream_is_refused(stream: str) -> None:
    with pytest.raises(InvalidCode):
        aggregate_of_stream(stream)


def test_the_promised_codes_exist() -> None:
    assert {each.code for each in REFUSALS.values()} >= PROMISED


def test_codes_differ_but_for_two_halves_of_one_rule_and_no_field_hides_them() -> None:
    shared = Counter(each.code for each in REFUSALS.values())
    assert {code for code, times in shared.items() if times > 1} == SHARED
    for refused in REFUSALS.values():
        assert "code" not in refused.__annotations__


@pytest.mark.parametrize("refused", REFUSALS.values(), ids=lambda each: each.__name__)
def test_every_refusal_speaks_of_its_own_fields_only(refused: type[Refusal]) -> None:
    fields = refused.__annotations__.keys()
    for sentence in (refused.english, refused.vietnamese):
        assert sentence
        assert set(re.findall(r"{(\w+)}", sentence)) <= fields


@pytest.mark.parametrize("refused", REFUSALS.values(), ids=lambda each: each.__name__)
def test_every_refusal_is_raised_in_a_test_of_the_rules(refused: type[Refusal]) -> None:
    tests = Path(__file__).parent.glob("test_*.py")
    written = "".join(each.read_text(encoding="utf-8") for each in tests)
    assert re.search(rf"\b{refused.__name__}\(", written) or refused.__name__ == "AlreadyReserved"


def test_a_message_shows_amounts_in_groups_and_years_as_years() -> None:
    refused = BudgetExceeded(
        source=FundingSource.LOCAL_GRANT,
        budget_year=2019,
        requested=Vnd(1_500_000),
        headroom=Vnd(0),
    )
    assert refused.message == (
        "Only 0 đồng of LOCAL_GRANT 2019 is still free; 1.500.000 đồng was asked for."
    )
    assert "kinh phí khuyến công địa phương năm 2019" in refused.message_vi
    assert str(refused).startswith("BUDGET_EXCEEDED: ")


def test_a_period_code_with_a_hyphen_is_still_one_stream() -> None:
    assert PERIOD.stream(open_).removeprefix("period-") == PeriodCode("2018-2020")
