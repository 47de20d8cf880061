"""Where a thing lies is decided on what the log says at the append; the limit is not recorded."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest

from events.appender import Appender
from events.catalogue import Command
from events.codec import fingerprint
from events.envelope import Jurisdiction, Order
from events.facility import RelocateFacility, UpdateFacility
from events.identity import FacilityId, OrganisationId, ProvinceRef
from events.jurisdiction import OutsideJurisdiction
from events.ledger import Ledger
from events.log import Log, VersionConflict
from service.seed import bulk
from service.seed.actors import OPERATOR
from tests.histories import TODAY
from tests.world import NAM_DINH, OLD

FACILITY = bulk.facility_id(1, 0)
HOME = ProvinceRef(code="01", valid_from=OLD)
AWAY = NAM_DINH
ACCEPTANCE = 6
"""Its place among the orders of a scheme."""


@pytest.fixture
async def ledgers(database_url: str, pool: asyncpg.Pool) -> AsyncIterator[list[Ledger]]:
    """Two processes, as it were; a facility in Hà Nội with an advance, ready to be accepted."""
    async with Appender(database_url) as one, Appender(database_url) as other:
        both = [Ledger(Log(pool), each, today=lambda: TODAY) for each in (one, other)]
        told = (*bulk.frame(), bulk.facility(1, 0)[0], *bulk.scheme(1, 0, 1)[:ACCEPTANCE])
        for order in told:
            await both[0].handle(order)
        yield both


def by_operator(
    command: Command, *provinces: ProvinceRef, version: int | None = None
) -> Order[Command]:
    return Order(
        command=command,
        command_id=uuid4(),
        effective_on=bulk.scheme(1, 0, 1)[ACCEPTANCE].effective_on,
        actor=OPERATOR,
        expected_version=version,
        within=Jurisdiction(provinces=frozenset(provinces)),
    )


def acceptance(*provinces: ProvinceRef) -> Order[Command]:
    return by_operator(bulk.scheme(1, 0, 1)[ACCEPTANCE].command, *provinces)


def moved(province: ProvinceRef, *provinces: ProvinceRef) -> Order[Command]:
    return by_operator(RelocateFacility(facility_id=FACILITY, province=province), *provinces)


def renamed(facility_id: FacilityId = FACILITY) -> UpdateFacility:
    return UpdateFacility(facility_id=facility_id, name="Tên mới")


async def test_the_limit_is_neither_recorded_nor_part_of_what_was_asked(
    ledgers: list[Ledger],
) -> None:
    asked = by_operator(renamed(), HOME)
    first = await ledgers[0].handle(asked)
    assert fingerprint(asked) == fingerprint(replace(asked, within=None))
    for limit in (None, Jurisdiction(provinces=frozenset({AWAY})), Jurisdiction()):
        again = await ledgers[1].handle(replace(asked, within=limit))
        assert again == replace(first, repeated=True)


async def test_what_lies_elsewhere_and_what_does_not_exist_have_one_answer(
    ledgers: list[Ledger],
) -> None:
    """Also where a version was expected, and where the command would have changed nothing."""
    answers = []
    for ledger in ledgers:
        for facility_id in (FACILITY, FacilityId("nowhere")):
            silent = UpdateFacility(facility_id=facility_id)
            for order in (
                by_operator(renamed(facility_id), AWAY),
                by_operator(renamed(facility_id), AWAY, version=7),
                by_operator(silent, AWAY),
            ):
                with pytest.raises(OutsideJurisdiction) as refused:
                    await ledger.handle(order)
                answers.append(str(refused.value))
    assert len(set(answers)) == 1


async def test_a_facility_is_handed_over_by_the_province_that_it_leaves(
    ledgers: list[Ledger],
) -> None:
    one, other = ledgers
    with pytest.raises(OutsideJurisdiction):
        await other.handle(moved(AWAY, AWAY))
    await one.handle(moved(AWAY, HOME))
    with pytest.raises(OutsideJurisdiction):
        await one.handle(by_operator(renamed(), HOME))
    await other.handle(by_operator(renamed(), AWAY))


async def test_a_province_accepts_work_at_its_facilities_and_a_centre_in_its_schemes(
    ledgers: list[Ledger],
) -> None:
    order = acceptance(AWAY)
    for limit in (order.within, Jurisdiction(organisation=OrganisationId("tt-khac"))):
        with pytest.raises(OutsideJurisdiction):
            await ledgers[0].handle(replace(order, within=limit))
    assert len((await ledgers[1].handle(acceptance(HOME))).facts) == 1


async def test_a_facility_that_another_process_moved_is_not_dealt_with_from_memory(
    ledgers: list[Ledger],
) -> None:
    """The first process remembers it at home: neither a renaming nor an acceptance goes through."""
    one, other = ledgers
    await one.handle(by_operator(renamed(), HOME))
    await other.handle(moved(AWAY, HOME))
    with pytest.raises(OutsideJurisdiction):
        await one.handle(by_operator(renamed(), HOME))
    await other.handle(moved(HOME, AWAY))
    await one.handle(by_operator(renamed(), HOME))
    await other.handle(moved(AWAY, HOME))
    with pytest.raises(OutsideJurisdiction):
        await one.handle(acceptance(HOME))


async def test_a_conflict_tells_nothing_of_what_has_moved_away(ledgers: list[Ledger]) -> None:
    """The version that was expected is past, and the facility is no longer his."""
    one, other = ledgers
    first = await one.handle(by_operator(renamed(), HOME))
    await other.handle(moved(AWAY, HOME))
    with pytest.raises(OutsideJurisdiction):
        await one.handle(by_operator(renamed(), HOME, version=first.version))
    with pytest.raises(VersionConflict):
        await one.handle(by_operator(renamed(), AWAY, version=first.version))


@pytest.mark.parametrize("turn", range(4))
async def test_of_a_move_and_an_acceptance_at_once_the_log_knows_the_order(
    ledgers: list[Ledger], pool: asyncpg.Pool, turn: int
) -> None:
    """The work is accepted before the facility leaves, or not at all."""
    for ledger in ledgers:
        await ledger.handle(by_operator(renamed(), HOME))
    mover, acceptor = ledgers if turn % 2 else reversed(ledgers)
    await asyncio.gather(
        mover.handle(moved(AWAY, HOME)),
        acceptor.handle(acceptance(HOME)),
        return_exceptions=True,
    )
    types = [each.type for each in await Log(pool).read(0, 99)]
    assert "FacilityRelocated" in types
    left = types.index("FacilityRelocated")
    assert "AcceptanceRecorded" not in types[left:]
