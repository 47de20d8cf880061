"""OCDS: valid by its own program, and its own program merges our releases to what we say."""

import json
import socket
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import date, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.scheme.correction import Correction, EntryCorrected
from events.vocabulary import Role
from schema.access.policy import may_read
from service.export.ocds_record import record, state
from service.export.ocds_release import Telling
from tests import histories
from tests.export import eventful
from tests.export.files import exported, wanted
from tests.export.ocds_checks import faults, merged, ordered
from tests.export.told import demonstration, told
from tests.histories import UNHURRIED, History

ORACLE = settings(UNHURRIED, max_examples=60)
MOMENTS = ((1.0, None), (0.6, None), (1.0, date(2019, 6, 30)), (0.8, date(2025, 7, 1)))
EVENTFUL = eventful.eventful().recorded
MOVES = st.sampled_from((histories.MOVES, eventful.MOVES))


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks the world for a schema fails."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: Any) -> None:
        if self.family == socket.AF_UNIX or address[0] in {"127.0.0.1", "::1", "localhost"}:
            return connect(self, address)
        raise AssertionError(f"somebody asks {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def agree(recorded: Any, position: int, effective: date | None = None) -> int:
    """Schemes whose releases the standard's program merges to the read models' word."""
    schemes = 0
    for each in told(recorded, position, effective):
        compiled = record(each.dossier, each.releases, each.names)["compiledRelease"]
        assert ordered(merged(each.releases)) == ordered(compiled)
        schemes += 1
    return schemes


@ORACLE
@given(
    seed=st.integers(min_value=0, max_value=10_000),
    share=st.floats(min_value=0.3, max_value=1),
    effective=st.none() | st.dates(date(2018, 1, 1), date(2026, 10, 31)),
    moves=MOVES,
)
def test_a_merge_of_our_releases_is_what_our_read_models_say(
    seed: int, share: float, effective: date | None, moves: histories.Moves
) -> None:
    recorded = histories.tell(Random(seed), 120, moves).recorded
    agree(recorded, int(len(recorded) * share), effective)


def test_a_merge_of_the_demonstration_is_what_our_read_models_say() -> None:
    recorded = demonstration()
    assert agree(recorded, len(recorded)) == 3


@pytest.mark.parametrize(("share", "effective"), MOMENTS)
async def test_packages_are_valid_at_every_moment(
    url: str, history: History, share: float, effective: date | None
) -> None:
    at = wanted(int(len(history.recorded) * share), None, effective)
    releases = json.loads(await exported(url, "ocds", at))
    records = json.loads(await exported(url, "ocds-records", at))
    assert faults(releases) == []
    assert faults(records) == []
    inside = [each for one in records["records"] for each in one["releases"]]
    assert inside == releases["releases"]
    for each in records["records"]:
        assert ordered(merged(each["releases"])) == ordered(each["compiledRelease"])


async def test_the_demonstration_is_valid_and_says_that_it_is_invented(demo_url: str) -> None:
    releases = json.loads(await exported(demo_url, "ocds", wanted(len(demonstration()))))
    assert faults(releases) == []
    assert all(each.get("socai:synthetic") for each in releases["releases"])


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a tag that there is not": (lambda each: each.update(tag=["grant"]), "grant"),
    "a day that there is not": (lambda each: each.update(date="2026-02-30"), "date"),
    "no contracting process": (lambda each: each.pop("ocid"), "ocid"),
    "an amount in words": (
        lambda each: each["contracts"][0]["value"].update(amount="một tỷ"),
        "number",
    ),
    "a currency that there is not": (
        lambda each: each["contracts"][0]["value"].update(currency="XYZ"),
        "currency",
    ),
    "an empty list": (lambda each: each.update(parties=[]), "parties"),
}


@pytest.mark.parametrize("what", BROKEN)
async def test_the_validator_sees_what_is_wrong(url: str, history: History, what: str) -> None:
    package = json.loads(await exported(url, "ocds", wanted(len(history.recorded))))
    harm, said = BROKEN[what]
    harm(next(each for each in package["releases"] if "contracts" in each))
    assert any(said in each for each in faults(package)), faults(package)


@pytest.mark.parametrize(("share", "effective"), MOMENTS)
def test_a_merge_of_everything_that_happens_to_money_is_what_our_read_models_say(
    share: float, effective: date | None
) -> None:
    assert agree(EVENTFUL, int(len(EVENTFUL) * share), effective) > 1


async def test_the_package_says_of_which_moment_it_is(sealed_url: str) -> None:
    for form in ("ocds", "ocds-records"):
        package = json.loads(await exported(sealed_url, form, wanted(12)))
        assert package["socai"]["position"] == 12
        assert package["socai"]["checkpoint"]["size"] == 14
        days = (package["publishedDate"], package["socai"]["recordedAt"])
        assert len({datetime.fromisoformat(each) for each in days}) == 1


def test_what_is_paid_is_what_is_left_of_the_payments() -> None:
    """Sums of the standard's own objects are sums of ours."""
    for each in told(EVENTFUL, len(EVENTFUL)):
        contracts = {one["id"]: one for one in state(each.dossier, each.names).get("contracts", ())}
        for row in each.dossier.commitments:
            moved = contracts[row.commitment_id].get("implementation", {}).get("transactions", ())
            paid = sum(one["value"]["amount"] for one in moved)
            assert paid == row.advanced + row.disbursed - row.reversed - row.recovered
            assert contracts[row.commitment_id]["value"]["amount"] == row.committed - row.taken_back


def test_the_budget_is_the_ceilings_and_what_closed_years_left_of_them() -> None:
    returned = 0
    for each in told(EVENTFUL, len(EVENTFUL)):
        of = each.dossier
        whole = sum(one.amount for one in of.ceilings) + sum(one.amount for one in of.balances)
        assert merged(each.releases)["planning"]["budget"]["amount"]["amount"] == whole
        returned += sum(one.amount for one in of.balances)
    assert returned < 0


def with_canary(said: Correction) -> Correction:
    """What is corrected is shown where the field is; the number of a voucher is not."""
    hidden = said.field == "voucher"
    return replace(said, before="chim-yen", after="chim-yen") if hidden else said


def test_a_release_has_nothing_of_an_event_that_the_public_may_not_read() -> None:
    tellings: dict[str, Telling] = {}
    planted = set()
    for event in EVENTFUL:
        if not event.stream.startswith("scheme-"):
            continue
        fact = type(event.fact).__name__
        hidden = [each.name for each in fields(event.fact) if not may_public(fact, each.name)]
        planted |= {(fact, name) for name in hidden}
        canaries: dict[str, Any] = dict.fromkeys(hidden, "chim-yen")
        if isinstance(event.fact, EntryCorrected):
            canaries["changes"] = tuple(map(with_canary, event.fact.changes))
        told = replace(event, fact=replace(event.fact, **canaries))
        telling = tellings.setdefault(event.stream, Telling({}))
        assert "chim-yen" not in json.dumps(telling.release(told))
        assert f'"{event.actor.id}"' not in json.dumps(telling.release(told))
    assert planted == {
        ("AdvancePaid", "voucher"),
        ("RecoveryReceived", "voucher"),
        ("DisbursementPaid", "voucher"),
        ("DisbursementPaid", "voucher"),
        ("EntryCorrected", "changes"),
        ("StepProposed", "step"),
    }


def may_public(fact: str, field: str) -> bool:
    first, *rest = field.split("_")
    name = first + "".join(each.title() for each in rest)
    return may_read(frozenset({Role.PUBLIC}), fact, name)
