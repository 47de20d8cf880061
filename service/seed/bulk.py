"""What a large ledger is made of: facilities and schemes drawn from a seed. Pure; all synthetic.

`frame`, then `facility` and `scheme`, each a chain: orders that must follow one another. The same
seed and number give the same chain for ever. Every order causes exactly one event.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import TypeAlias

from events.catalogue import Command
from events.envelope import Order
from events.facility import InstallEquipment, RegisterFacility
from events.geography import Province, live
from events.identity import (
    CommitmentId,
    FacilityId,
    OrganisationId,
    PaymentId,
    PeriodCode,
    SchemeId,
    SectorRef,
)
from events.money import Vnd
from events.organisation import RegisterOrganisation
from events.period import OpenPeriod
from events.rules import value
from events.scheme import (
    ApproveScheme,
    ApproveSettlement,
    AssignBeneficiary,
    Ceiling,
    CommitSupport,
    PayAdvance,
    PayDisbursement,
    PledgeCounterpart,
    ProposeScheme,
    RecordAcceptance,
)
from events.sectors import VSIC_2018
from events.vocabulary import (
    Activity,
    FundingSource,
    LegalForm,
    OrganisationKind,
    Ownership,
    SchemeClass,
)
from service.seed.story import step

Chain: TypeAlias = list[Order[Command]]

BENEFICIARIES = 10
EVENTS_PER_SCHEME = 2 + 7 * BENEFICIARIES
STEP = 1_000_000
YEARS = range(2019, 2025)
"""Years in which the 63 provinces stood and one set of caps was in force."""
PERIODS = (("tai-2018-2020", 2018, 2020), ("tai-2021-2025", 2021, 2025))
IMPLEMENTER = OrganisationId("tai-trung-tam")
MAP_OF = date(2020, 1, 1)
SECTORS = tuple(
    SectorRef(version=VSIC_2018, code=code)
    for code in ("1010", "1030", "1076", "1312", "1410", "2511", "2592", "2821")
)


@value
class Grant:
    """What one beneficiary of a drawn scheme gets, of what it spends."""

    scheme_id: SchemeId
    facility_id: FacilityId
    nth: int
    amount: Vnd
    total_cost: Vnd
    day: date

    @property
    def commitment_id(self) -> CommitmentId:
        """Unique within the scheme."""
        return CommitmentId(f"ck-{self.nth}")


def frame() -> Iterator[Order[Command]]:
    """What everything else needs; the same for every seed."""
    yield step(
        "bulk body",
        RegisterOrganisation(
            organisation_id=IMPLEMENTER, name="Trung tâm minh họa", kind=OrganisationKind.CENTRE
        ),
        MAP_OF,
        synthetic=True,
    )
    for code, first, last in PERIODS:
        yield step(
            f"bulk period {code}",
            OpenPeriod(
                code=PeriodCode(code),
                name=f"Giai đoạn minh họa {first}–{last}",
                starts_on=date(first, 1, 1),
                ends_on=date(last, 12, 31),
            ),
            date(first, 1, 1),
            synthetic=True,
        )


def facility_id(seed: int, number: int) -> FacilityId:
    """The code of one of the drawn facilities."""
    return FacilityId(f"tai-{seed}-{number:06}")


def facility(seed: int, number: int) -> Chain:
    """A facility in one of the 63 provinces, with up to two machines."""
    drawn = Random(f"{seed} facility {number}")  # noqa: S311 - a draw, not a secret
    identity = facility_id(seed, number)
    place = _places()[number % len(_places())]
    registered = date(2018, 7, 1) + timedelta(days=drawn.randrange(150))
    register = RegisterFacility(
        facility_id=identity,
        name=f"Cơ sở minh họa {place.name} {number:06}",
        tax_code=None,
        legal_form=drawn.choice(list(LegalForm)),
        ownership=drawn.choice((Ownership.PRIVATE, Ownership.COLLECTIVE)),
        province=place.ref,
        address=None,
        sector=drawn.choice(SECTORS),
        capacity=None,
    )
    machines = [
        InstallEquipment(
            facility_id=identity,
            name="máy minh họa",
            origin=None,
            made_in=2018,
            quantity=drawn.randint(1, 9),
            value=Vnd(STEP * drawn.randint(50, 900)),
        )
        for _ in range(drawn.randrange(3))
    ]
    return [
        step(f"{identity} {nth}", command, registered + timedelta(days=10 * nth), synthetic=True)
        for nth, command in enumerate((register, *machines))
    ]


def scheme(seed: int, number: int, facilities: int) -> Chain:
    """A scheme for ten facilities, each from assignment to settlement."""
    drawn = Random(f"{seed} scheme {number}")  # noqa: S311
    identity = SchemeId(f"tai-{seed}-{number:05}")
    year = drawn.choice(YEARS)
    grants = [
        Grant(
            scheme_id=identity,
            facility_id=facility_id(seed, (number * BENEFICIARIES + nth) % facilities),
            nth=nth,
            amount=Vnd(STEP * drawn.randint(60, 300)),
            total_cost=Vnd(STEP * drawn.randint(600, 3_000)),
            day=date(year, 3, 1) + timedelta(days=drawn.randrange(90)),
        )
        for nth in range(BENEFICIARIES)
    ]
    orders = _opening(identity, year, grants)
    for grant in grants:
        orders += _support(grant, year)
    return orders


def _opening(identity: SchemeId, year: int, grants: list[Grant]) -> Chain:
    opened = date(year, 1, 10)
    propose = ProposeScheme(
        scheme_id=identity,
        period=PeriodCode(next(code for code, first, last in PERIODS if first <= year <= last)),
        title=f"Đề án minh họa {identity}",
        scheme_class=SchemeClass.NORMAL,
        contents=(Activity.ADVANCED_MACHINERY,),
        starts_on=opened,
        ends_on=date(year, 12, 31),
        implementer=IMPLEMENTER,
    )
    ceiling = Ceiling(
        source=FundingSource.NATIONAL_GRANT,
        budget_year=year,
        amount=Vnd(sum(each.amount for each in grants)),
    )
    approve = ApproveScheme(
        scheme_id=identity, ceilings=(ceiling,), legal_regime=("NĐ 45/2012/NĐ-CP",)
    )
    return [
        step(f"{identity} proposed", propose, opened, synthetic=True),
        step(f"{identity} approved", approve, opened + timedelta(days=20), synthetic=True),
    ]


def _support(grant: Grant, year: int) -> Chain:
    """The whole way of one grant, seven events."""
    return [
        step(
            f"{grant.scheme_id} {grant.nth} {after}",
            command,
            grant.day + timedelta(days=after),
            synthetic=True,
        )
        for after, command in (*_promises(grant, year), *_payments(grant, year))
    ]


def _promises(grant: Grant, year: int) -> Iterator[tuple[int, Command]]:
    """Each command with the days after the beginning on which it takes effect."""
    scheme_id, facility = grant.scheme_id, grant.facility_id
    yield 0, AssignBeneficiary(scheme_id=scheme_id, facility_id=facility)
    pledged = Vnd(grant.total_cost - grant.amount)
    yield (
        1,
        PledgeCounterpart(
            scheme_id=scheme_id, facility_id=facility, amount=pledged, budget_year=year
        ),
    )
    yield (
        2,
        CommitSupport(
            scheme_id=scheme_id,
            commitment_id=grant.commitment_id,
            facility_id=facility,
            activity=Activity.ADVANCED_MACHINERY,
            cost_item=f"máy minh họa của {scheme_id}",
            total_cost=grant.total_cost,
            amount=grant.amount,
            source=FundingSource.NATIONAL_GRANT,
            budget_year=year,
        ),
    )


def _payments(grant: Grant, year: int) -> Iterator[tuple[int, Command]]:
    scheme_id, commitment_id = grant.scheme_id, grant.commitment_id
    half = Vnd(grant.amount // 2)
    advance = PayAdvance(
        scheme_id=scheme_id,
        commitment_id=commitment_id,
        facility_id=grant.facility_id,
        payment_id=PaymentId(f"tu-{grant.nth}"),
        amount=half,
        voucher=f"TU-{scheme_id}-{grant.nth}",
        budget_year=year,
    )
    accept = RecordAcceptance(
        scheme_id=scheme_id,
        commitment_id=commitment_id,
        accepted_value=grant.total_cost,
        council="Hội đồng minh họa",
    )
    rest = PayDisbursement(
        scheme_id=scheme_id,
        commitment_id=commitment_id,
        facility_id=grant.facility_id,
        payment_id=PaymentId(f"tt-{grant.nth}"),
        amount=Vnd(grant.amount - half),
        voucher=f"TT-{scheme_id}-{grant.nth}",
        final=True,
        budget_year=year,
    )
    settle = ApproveSettlement(
        scheme_id=scheme_id, commitment_id=commitment_id, amount=grant.amount
    )
    yield from ((20, advance), (90, accept), (105, rest), (120, settle))


@cache
def _places() -> tuple[Province, ...]:
    """The 63 provinces of then."""
    return live(MAP_OF)
