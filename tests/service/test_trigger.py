"""`socai trigger`: every type of event, with what it needs, and never beside anything real."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from events.appender import Appender
from events.catalogue import FACTS, members
from events.clock import today
from events.envelope import Actor
from events.identity import FacilityId, PersonId
from events.ledger import Ledger
from events.log import Log
from events.maintenance import MaintenanceOpened
from events.period import PeriodOpened
from events.rules import Refusal
from events.scheme import DisbursementPaid
from events.seal.announced import announcements
from events.seal.audit import Trust, audited
from events.seal.memory import Memory
from events.seal.signer import Signer
from events.signing import IntroduceSigningKey, SigningEvent
from events.vault import Vault, freshly_salted
from service.cli.exits import Exit, Stop
from service.cli.trigger import ASKED_FOR, Told, checked, recorded, trigger
from service.database import Database, connected
from service.maintenance import close_window, open_window
from service.seed.sample.cast import Cast, fresh
from service.seed.sample.frame import introduce_key
from service.seed.sample.story import STORY, leading_to, orders
from service.seed.story import step
from tests.histories import Memory as Rules
from tests.service.command_line import socai

EVERY = tuple(FACTS.values())
DAYS = (date(2026, 1, 1), date(2026, 12, 31), date(2028, 2, 29))
"""A year begins, ends, and has a day more."""


@pytest.fixture
async def log(pool: "asyncpg.Pool[asyncpg.Record]") -> Log:
    """The log of a fresh ledger."""
    return Log(pool)


@pytest.fixture
async def ledger(log: Log, database_url: str) -> AsyncIterator[Ledger]:
    async with Appender(database_url) as appender:
        yield Ledger(log, appender)


def rules(cast: Cast) -> Rules:
    """The rules alone, over a ledger that another key signs."""
    memory = Rules()
    other = introduce_key(fresh(cast.today))
    memory.ask(step("first key", other, cast.today, synthetic=False), cast.today)
    return memory


def told_by_the_rules(facts: Sequence[type], cast: Cast) -> list[type]:
    memory = rules(cast)
    asked = {each: freshly_salted(told) for fact in facts for each, told in orders(fact, cast)}
    return [type(event.fact) for each in facts for event in memory.ask(asked[each], cast.today)]


async def triggered(url: str, log: Log, folder: Path, fact: type, count: int = 1) -> Sequence[Told]:
    found = Database(service_url=url, owner_url=url)
    return await recorded(found, log, folder, fact, count)


def test_every_fact_of_the_catalogue_is_in_the_story() -> None:
    assert set(STORY) == set(EVERY)


@pytest.mark.parametrize("fact", EVERY)
def test_the_rules_admit_the_way_to_a_fact_on_any_day(fact: type) -> None:
    for day in DAYS:
        way = leading_to(fact)
        assert told_by_the_rules(way, fresh(day)) == list(way)
        assert way[-1] is fact


@pytest.mark.parametrize("fact", EVERY)
def test_nothing_on_the_way_to_a_fact_may_be_left_out(fact: type) -> None:
    way = leading_to(fact)
    for left_out in way[:-1]:
        with pytest.raises(Refusal):
            told_by_the_rules([each for each in way if each is not left_out], fresh(today()))


def test_two_casts_have_no_code_in_common() -> None:
    one, other = fresh(today()), fresh(today())
    names = {each.command_id for cast in (one, other) for _, each in orders(DisbursementPaid, cast)}
    assert len(names) == 2 * len(leading_to(DisbursementPaid))
    assert replace(one, tag=other.tag, person_id=other.person_id, vkey=other.vkey) == other


async def test_every_type_is_recorded_in_one_ledger_again_and_again(
    log: Log, database_url: str, tmp_path: Path
) -> None:
    for fact in EVERY:
        told = await triggered(database_url, log, tmp_path / "seal", fact, 2)
        asked = [each for each in told if each.why == ASKED_FOR]
        assert [each.type for each in asked] == [fact.__name__] * 2
        for each in asked:
            (event,) = await log.read(each.position - 1, 1)
            assert (type(event.fact), event.stream) == (fact, each.stream)
    events = await log.read(0, 10_000)
    first_key = next(each for each in events if isinstance(each.fact, members(SigningEvent)))
    assert [each for each in events if not each.synthetic] == [first_key]
    await checked(log, tmp_path)


async def test_a_count_tells_of_so_many(log: Log, database_url: str, tmp_path: Path) -> None:
    told = await triggered(database_url, log, tmp_path, DisbursementPaid, 3)
    assert [each.position for each in told] == list(range(1, 28))
    asked = [each for each in told if each.why == ASKED_FOR]
    assert [each.type for each in asked] == ["DisbursementPaid"] * 3
    assert len({each.stream for each in asked}) == 3


async def test_a_maintenance_window_is_not_left_open(
    log: Log, database_url: str, superuser_url: str, tmp_path: Path
) -> None:
    told = await triggered(database_url, log, tmp_path, MaintenanceOpened)
    assert [each.type for each in told] == ["MaintenanceOpened", "MaintenanceClosed"]
    await open_window(superuser_url, "a migration of the sandbox", 1)
    await close_window(superuser_url)


async def test_a_contact_is_in_the_vault_and_then_is_not(
    log: Log, database_url: str, tmp_path: Path
) -> None:
    told = await triggered(database_url, log, tmp_path, FACTS["ContactRecorded"])
    fact = (await log.read(told[-1].position - 1, 1))[0].fact
    asked = FacilityId(fact.facility_id), PersonId(fact.person_id)
    lan = Actor(id="lan", role="ADMIN", organisation="socai")
    assert len(await Vault(log).reveal(*asked, lan, "thử")) == 2
    told = await triggered(database_url, log, tmp_path, FACTS["ContactErased"])
    fact = (await log.read(told[-1].position - 1, 1))[0].fact
    with pytest.raises(Refusal):
        await Vault(log).reveal(FacilityId(fact.facility_id), fact.person_id, lan, "thử")


async def test_the_seal_of_a_sandbox_stays_whole_with_keys_that_sign_nothing(
    log: Log, database_url: str, signer_url: str, tmp_path: Path
) -> None:
    for name in ("SigningKeyIntroduced", "SigningKeyRetired"):
        await triggered(database_url, log, tmp_path / "seal", FACTS[name])
    async with connected(signer_url) as signer:
        await Signer(signer, Memory(tmp_path / "seal")).look()
    trust = Trust(announced=await announcements(log))
    async with connected(database_url) as auditor:
        audit = await audited(auditor, trust, lambda _: None)
    assert (audit.flaws, audit.checkpoints) == ([], 1)


async def test_a_ledger_with_anything_real_in_it_is_refused(
    ledger: Ledger, log: Log, tmp_path: Path
) -> None:
    cast = fresh(today())
    for _, order in orders(PeriodOpened, cast):
        await ledger.handle(order)
    key = IntroduceSigningKey(vkey=cast.vkey, reason="a server begins to sign")
    await ledger.handle(step("key", key, cast.today, synthetic=False))
    await checked(log, tmp_path)
    for _, order in orders(PeriodOpened, fresh(today())):
        await ledger.handle(replace(order, synthetic=False, command_id=uuid4()))
    with pytest.raises(Stop, match="event 3, PeriodOpened, is not synthetic") as refused:
        await checked(log, tmp_path)
    assert refused.value.exit_code is Exit.REFUSED


@pytest.mark.parametrize("name", ["DisbursmentPaid", "disbursementpaid", "DisbursementsPaid"])
def test_who_misspells_a_type_is_told_the_one_he_means(name: str, tmp_path: Path) -> None:
    with pytest.raises(Stop, match="did you mean DisbursementPaid") as refused:
        trigger(name, data=tmp_path)
    assert refused.value.exit_code is Exit.USAGE
    assert list(tmp_path.iterdir()) == []


def test_a_type_that_resembles_none_is_refused_without_a_guess(tmp_path: Path) -> None:
    with pytest.raises(Stop, match=r"^no event is called 'x'$"):
        trigger("x", data=tmp_path)


def test_a_database_that_was_given_is_never_a_sandbox(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOCAI_DATABASE_URL", database_url)
    with pytest.raises(Stop, match="never in SOCAI_DATABASE_URL"):
        trigger("PeriodOpened")


def test_without_a_type_every_type_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    trigger(output="json")
    listed = {each["type"]: each["needs"] for each in json.loads(capsys.readouterr().out)}
    assert list(listed) == list(FACTS)
    assert (listed["PeriodOpened"], listed["DisbursementPaid"]) == (0, 8)


def test_a_folder_that_nobody_serves_becomes_a_sandbox(folder: Path) -> None:
    ran = socai("trigger", "FacilityClosed", "--data", str(folder))
    assert ran.returncode == Exit.OK, ran.stderr
    assert [line.split("\t")[::3] for line in ran.stdout.splitlines()] == [
        ["1", "needed"],
        ["2", ASKED_FOR],
    ]
