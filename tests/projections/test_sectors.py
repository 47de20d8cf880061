"""Groups of sectors that were issued by events: in rows as they come, and built from nothing."""

from datetime import date

import asyncpg
import pytest

from events.appender import Appender
from events.catalogue import Command
from events.deciding import uuid7
from events.envelope import Order
from events.facility import RegisterFacility, UpdateFacility
from events.identity import FacilityId, SectorRef
from events.ledger import Ledger
from events.log import Log
from events.policy import IssueSectorCodes, SectorLine
from events.sectors import VSIC_2018
from events.vocabulary import LegalForm, Ownership
from projections.projector import Projector
from projections.rebuild import checked, rebuild
from projections.replay import replay
from tests.actors import actor_of
from tests.world import NAM_DINH

WOOD, BREAD = SectorRef(version="V", code="1610"), SectorRef(version=VSIC_2018, code="1071")
GROUPS = """
    SELECT facility_id, valid_from, sector_group
    FROM model.facility
    WHERE until = 9223372036854775807
    ORDER BY facility_id, valid_from
"""


def issue(code: str, group: str) -> IssueSectorCodes:
    line = SectorLine(code=code, name="Ngành", name_en="Class", sector_group=group)
    return IssueSectorCodes(version="V", name="V", legal_basis="QĐ 1", lines=(line,))


def register(name: str, sector: SectorRef) -> RegisterFacility:
    return RegisterFacility(
        facility_id=FacilityId(name),
        name=name,
        legal_form=LegalForm.ENTERPRISE,
        ownership=Ownership.PRIVATE,
        province=NAM_DINH,
        sector=sector,
    )


def reclassify(name: str, sector: SectorRef) -> UpdateFacility:
    return UpdateFacility(facility_id=FacilityId(name), sector=sector)


@pytest.mark.parametrize("at_once", [True, False])
async def test_the_group_of_an_issued_sector_is_the_same_built_anew(
    database_url: str, pool: asyncpg.Pool, *, at_once: bool
) -> None:
    """Of who registers under it, and of who comes to it, told in order or late."""
    log, projector = Log(pool), Projector(pool, Log(pool))
    await projector.prepare()
    first = date(2018, 1, 1)
    told: list[tuple[date, Command]] = [
        (first, issue("1610", "WOOD")),
        (first, issue("2410", "METALS")),
        (date(2019, 1, 1), register("a", WOOD)),
        (date(2019, 1, 1), register("b", BREAD)),
        (date(2021, 1, 1), reclassify("b", BREAD)),
        (date(2020, 1, 1), reclassify("b", SectorRef(version="V", code="2410"))),
    ]
    async with Appender(database_url) as appender:
        ledger = Ledger(log, appender)
        for day, command in told:
            actor = actor_of(type(command))
            await ledger.handle(
                Order(command=command, command_id=uuid7(), effective_on=day, actor=actor)
            )
            if not at_once:
                await projector.advance()
    await projector.advance()
    rows = await pool.fetch(GROUPS)
    assert [tuple(each) for each in rows] == [
        ("a", date(2019, 1, 1), "WOOD"),
        ("b", date(2019, 1, 1), "FARM_PRODUCE"),
        ("b", date(2020, 1, 1), "METALS"),
    ]
    assert await checked(pool, log) == {}
    await rebuild(pool, log)
    assert await pool.fetch(GROUPS) == rows
    folded = await replay(log)
    (facility,) = (each for each in folded.projections if each.name == "facility")
    assert folded.table(facility)[FacilityId("b"),].sector_group == "METALS"
