"""The stage of random histories: its few names, and the states that a move may look at."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from events.identity import (
    CommitmentId,
    FacilityId,
    OrganisationId,
    PeriodCode,
    SchemeId,
    SectorRef,
    SourceId,
)
from events.money import Vnd
from events.policy import SECTOR_CODES
from events.scheme import Commitment, Scheme
from events.sectors import Codes
from events.vocabulary import (
    Activity,
)

FACILITIES = [FacilityId(f"facility.{number}") for number in range(6)]
SCHEMES = [SchemeId(f"scheme.{number}") for number in range(3)]
MINISTRY, DEPARTMENT = OrganisationId("bo"), OrganisationId("cuc")
CENTRE, PERIOD, SOURCE = OrganisationId("centre-1"), PeriodCode("2018-2020"), SourceId("article")
CONTENTS = (Activity.ADVANCED_MACHINERY, Activity.CONSULTANCY, Activity.VOCATIONAL_TRAINING)
NAMES = ("Cơ sở Đức Thắng", "HTX Ánh Dương", "Xưởng cơ khí Ô Môn", "May Ý Yên", "Chè Ấp Bắc")
YEARS = (2018, 2019, 2020)
MILLION = 1_000_000

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is on the stage: the states of all streams, as they are."""

    states: Mapping[str, object]

    @property
    def issued(self) -> list[SectorRef]:
        """Sectors that were issued, and that the ledger does not ship with."""
        state = self.states.get(SECTOR_CODES)
        return list(state.sectors) if isinstance(state, Codes) else []

    def scheme(self, random: Random) -> tuple[SchemeId, Scheme | None]:
        chosen = random.choice(SCHEMES)
        state = self.states.get(f"scheme-{chosen}")
        return chosen, state if isinstance(state, Scheme) else None

    def commitment(self, random: Random) -> tuple[SchemeId, CommitmentId, Commitment] | None:
        scheme_id, scheme = self.scheme(random)
        found = any_of(random, scheme.commitments if scheme else None)
        return (scheme_id, *found) if found else None


def any_of(random: Random, found: Mapping[K, V] | None) -> tuple[K, V] | None:
    return random.choice(list(found.items())) if found else None


def amount_of(random: Random, millions_max: int) -> Vnd:
    return Vnd(random.randint(1, millions_max) * MILLION + random.randrange(1_000))


def part_of(random: Random, whole: int) -> Vnd:
    """Some of it or all; now and then more than there is."""
    return Vnd(max(1, whole * random.randint(1, 11) // 10))
