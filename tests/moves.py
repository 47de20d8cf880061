"""What may happen next in a random history: each move makes a command that has a fair chance.

`MOVES` names them with their weights. A move looks at the states it finds in `Cast`; None means
that it sees nothing to do. Whether a command is legal is for the rules to say, not for a move.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any

from events.catalogue import Command
from events.facility import (
    RegisterFacility,
)
from events.geography import live
from events.identity import (
    FacilityId,
    SchemeId,
)
from events.mandate import (
    Bounds,
    ConfirmMandate,
    MandateId,
    PrincipalId,
    ProposeMandate,
    RevokeMandate,
)
from events.organisation import RegisterOrganisation, SetCentreTerritory
from events.period import OpenPeriod
from events.scheme import ApproveScheme, AssignBeneficiary, Ceiling, ProposeScheme
from events.sectors import SECTORS, VSIC_2018
from events.source import RegisterSourceDocument
from events.vocabulary import (
    FundingSource,
    LegalForm,
    OrganisationKind,
    Ownership,
    Role,
    SchemeClass,
)
from tests import correction_moves as corrections
from tests import course_moves as course
from tests import evaluation_moves as judged
from tests import facility_moves as facility
from tests import money_moves as money
from tests import plan_moves as planning
from tests import reference_moves as reference
from tests.stage import (
    CENTRE,
    CONTENTS,
    FACILITIES,
    NAMES,
    PERIOD,
    SCHEMES,
    SOURCE,
    YEARS,
    Cast,
    amount_of,
)

OLD_SECTORS = [each for each in SECTORS if each.ref.version == VSIC_2018]


def prelude(random: Random, _cast: Cast) -> Iterator[Command]:
    """What every history begins with."""
    yield OpenPeriod(
        code=PERIOD,
        name="Giai đoạn 2018–2020",
        starts_on=date(2018, 1, 1),
        ends_on=date(2020, 12, 31),
    )
    yield RegisterOrganisation(
        organisation_id=CENTRE, name="Trung tâm Khuyến công 1", kind=OrganisationKind.CENTRE
    )
    yield from course.prelude()
    yield RegisterSourceDocument(
        source_id=SOURCE,
        title="Đánh giá kết quả",
        publisher="Báo Nam Định điện tử",
        published_at=datetime(2020, 11, 5, 0, 11, tzinfo=UTC),
        sha256="0f" * 32,
    )
    for scheme_id, scheme_class in zip(SCHEMES, SchemeClass, strict=True):
        yield ProposeScheme(
            scheme_id=scheme_id,
            period=PERIOD,
            title=f"Đề án {random.choice(NAMES)}",
            scheme_class=scheme_class,
            contents=CONTENTS,
            starts_on=date(2018, 1, 1),
            ends_on=date(2020, 12, 31),
            implementer=CENTRE,
        )
        if random.random() < 0.8:
            yield _approval(random, scheme_id)
    for facility_id in FACILITIES[1:]:
        yield _registration(random, facility_id)


def approve(random: Random, cast: Cast) -> Command:
    return _approval(random, cast.scheme(random)[0])


def _approval(random: Random, scheme_id: SchemeId) -> Command:
    ceilings = tuple(
        Ceiling(source=source, budget_year=year, amount=amount_of(random, 900))
        for source in (FundingSource.NATIONAL_GRANT, FundingSource.LOCAL_GRANT)
        for year in YEARS
    )
    law = ("NĐ 45/2012/NĐ-CP",)
    return ApproveScheme(scheme_id=scheme_id, ceilings=ceilings, legal_regime=law)


def register(random: Random, cast: Cast) -> Command:
    told = _registration(random, random.choice(FACILITIES))
    return replace(told, sector=random.choice((told.sector, *cast.issued[:2])))


def _registration(random: Random, facility_id: FacilityId) -> RegisterFacility:
    return RegisterFacility(
        facility_id=facility_id,
        name=random.choice(NAMES),
        tax_code=f"06{FACILITIES.index(facility_id):08d}" if random.random() < 0.5 else None,
        legal_form=random.choice(list(LegalForm)),
        ownership=random.choice(list(Ownership)),
        province=random.choice(live(date(2018, 1, 1))).ref,
        sector=random.choice(OLD_SECTORS).ref,
    )


def territory(random: Random, _cast: Cast) -> Command:
    day = random.choice((date(2019, 1, 1), date(2026, 10, 1)))
    provinces = tuple(each.ref for each in live(day) if random.random() < 0.5)
    return SetCentreTerritory(organisation_id=CENTRE, provinces=provinces)


def assign(random: Random, cast: Cast) -> Command:
    scheme_id, _ = cast.scheme(random)
    return AssignBeneficiary(scheme_id=scheme_id, facility_id=random.choice(FACILITIES))


def entrust(random: Random, _cast: Cast) -> Command:
    role = random.choice((Role.OPERATOR, Role.CENTRE_MANAGER, Role.AUDITOR, Role.PUBLIC))
    bounds = {
        Role.OPERATOR: Bounds(province=random.choice(live(date(2026, 10, 1))).ref),
        Role.CENTRE_MANAGER: Bounds(centre=CENTRE),
    }
    return ProposeMandate(
        **_mandate(random), role=role, organisation=CENTRE, bounds=bounds.get(role)
    )


def agree(random: Random, _cast: Cast) -> Command:
    return ConfirmMandate(**_mandate(random))


def withdraw(random: Random, _cast: Cast) -> Command:
    return RevokeMandate(**_mandate(random), reason="chuyển công tác")


def _mandate(random: Random) -> dict[str, Any]:
    return {
        "principal": PrincipalId(random.choice(("o-1", "o-2"))),
        "mandate_id": MandateId(random.choice(("1", "2"))),
    }


MOVES: Mapping[str, tuple[Callable[[Random, Cast], Command | None], int]] = {
    "approve": (approve, 6),
    "register": (register, 4),
    "update": (facility.update, 4),
    "relocate": (facility.relocate, 4),
    "place": (facility.place, 3),
    "install": (facility.install, 3),
    "move": (facility.move, 3),
    "dispose": (facility.dispose, 2),
    "merge_duplicate": (facility.merge, 1),
    "duplicate": (facility.merge, 2),
    "close": (facility.close, 1),
    "reopen": (facility.reopen, 4),
    "contact": (facility.contact, 3),
    "erase": (facility.erase, 1),
    "territory": (territory, 1),
    "assign": (assign, 30),
    "pledge": (money.pledge, 30),
    "commit": (money.commit, 75),
    "reduce": (money.reduce, 4),
    "cancel": (money.cancel, 3),
    "pay": (money.pay, 60),
    "reverse": (money.reverse, 12),
    **money.AFTERWARDS,
    "accept": (money.accept, 10),
    "settle": (money.settle, 6),
    "propose": (corrections.propose, 10),
    "decide": (corrections.decide, 12),
    "evaluate": (judged.evaluate, 2),
    "report": (judged.report, 1),
    "deliver": (judged.deliver, 4),
    "measure": (judged.measure, 5),
    "judge": (judged.judge, 5),
    "entrust": (entrust, 2),
    "agree": (agree, 4),
    "withdraw": (withdraw, 2),
    "set_cap": (reference.set_cap, 2),
    "rename": (reference.rename, 2),
    **course.MOVES,
    **reference.MOVES,
    "balance": (planning.balance, 4),
    "aim": (planning.aim, 2),
    "aim_again": (planning.aim_again, 2),
    "budget": (planning.budget, 1),
    "shut_books": (planning.shut_books, 2),
    "adjust_paid": (planning.adjust, 8),
    "rebudget": (planning.rebudget, 1),
    "tranche": (planning.tranche, 3),
}
