"""360Giving: valid by its schema, and each grant is the sum of its transactions."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from projections.commitment import commitment
from projections.scheme import scheme
from service.export.fund import opened
from tests.export.files import exported, wanted
from tests.export.grant_checks import FOLDER, faults
from tests.export.told import demonstration
from tests.histories import History

MOMENTS = ((1.0, None), (0.6, None), (1.0, date(2019, 6, 30)), (0.8, date(2025, 7, 1)))


@pytest.mark.parametrize(("share", "effective"), MOMENTS)
async def test_a_package_is_valid_at_every_moment_and_adds_up(
    url: str, history: History, share: float, effective: date | None
) -> None:
    told = wanted(int(len(history.recorded) * share), None, effective)
    package = json.loads(await exported(url, "360giving", told))
    assert faults(package) == []
    async with opened(url, told) as fund:
        schemes = {row.scheme_id async for row in fund.rows(scheme)}
        rows = [row async for row in fund.rows(commitment) if row.scheme_id in schemes]
    assert [each["amountAwarded"] for each in package["grants"]] == [
        row.committed - row.taken_back for row in rows
    ]
    assert [each["amountDisbursed"] for each in package["grants"]] == [
        row.advanced + row.disbursed - row.reversed - row.recovered for row in rows
    ]


async def test_the_demonstration_is_valid_and_says_that_it_is_invented(demo_url: str) -> None:
    package = json.loads(await exported(demo_url, "360giving", wanted(len(demonstration()))))
    assert faults(package) == []
    for grant in package["grants"]:
        assert grant["socai:synthetic"] is True
        assert "synthetic data" in grant["title"]


async def test_the_package_says_of_which_moment_it_is(sealed_url: str) -> None:
    package = json.loads(await exported(sealed_url, "360giving", wanted(12)))
    assert package["socai"]["position"] == 12
    assert package["socai"]["checkpoint"]["size"] == 14
    days = (package["modified"], package["socai"]["recordedAt"])
    assert len({datetime.fromisoformat(each) for each in days}) == 1


SCHEMA = "the standard's schema is not at hand: STANDARD_360GIVING names its folder"
BY_WORDS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "no recipient": (lambda grant: grant.pop("recipientOrganization"), "recipientOrganization"),
    "a sum that is none": (lambda grant: grant.update(amountAwarded=1), "not the sum"),
}
BY_SCHEMA: dict[str, Callable[[dict[str, Any]], object]] = {
    "no recipient": lambda grant: grant.pop("recipientOrganization"),
    "a day that there is not": lambda grant: grant.update(awardDate="2020-13-01"),
    "a country that there is not": lambda grant: grant["beneficiaryLocation"][0].update(
        countryCode="XX"
    ),
    "a currency that there is not": lambda grant: grant.update(currency="đồng"),
    "a payee without a name": lambda grant: grant["recipientOrganization"][0].pop("name"),
    "an amount in words": lambda grant: grant.update(amountAwarded="một tỷ"),
}


@pytest.mark.parametrize("what", BY_WORDS)
async def test_the_checks_see_what_is_wrong(url: str, history: History, what: str) -> None:
    package = json.loads(await exported(url, "360giving", wanted(len(history.recorded))))
    harm, said = BY_WORDS[what]
    harm(package["grants"][0])
    assert any(said in each for each in faults(package))


@pytest.mark.skipif(FOLDER is None, reason=SCHEMA)
@pytest.mark.parametrize("what", BY_SCHEMA)
async def test_the_schema_sees_what_is_wrong(url: str, history: History, what: str) -> None:
    package = json.loads(await exported(url, "360giving", wanted(len(history.recorded))))
    assert faults(package) == []
    BY_SCHEMA[what](package["grants"][0])
    assert faults(package)
