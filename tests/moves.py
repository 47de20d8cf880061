"""What may happen next in a random history: each move makes a command that has a fair chance.

`MOVES` names them with their weights. A move looks at the states it finds in `Cast`; None means
that it sees nothing to do. Whether a command is legal is for the rules to say, not for a move.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from random import Random
from typing import Any
from uuid import UUID

from events.catalogue import Command
from events.facility import (
    CloseFacility,
    EraseContact,
    Facility,
    InstallEquipment,
    RecordContact,
    RegisterFacility,
    RelocateFacility,
    UpdateFacility,
)
from events.geography import live
from events.identity import (
    FacilityId,
    PersonId,
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
from events.money import Figure
from events.organisation import RegisterOrganisation, SetCentreTerritory
from events.period import ClosePeriod, OpenPeriod
from events.personal import Personal
from events.scheme import (
    ApproveScheme,
    AssignBeneficiary,
    Ceiling,
    EvaluateCriteria,
    ProposeScheme,
)
from events.sectors import SECTORS
from events.source import RecordReportedFigure, RegisterSourceDocument
from events.vocabulary import (
    Criterion,
    ErasureGround,
    FundingSource,
    LegalForm,
    Measure,
    OrganisationKind,
    Ownership,
    Role,
    SchemeClass,
    Verdict,
)
from tests import money_moves as money
from tests.stage import (
    CENTRE,
    CONTENTS,
    FACILITIES,
    MILLION,
    NAMES,
    PERIOD,
    SCHEMES,
    SOURCE,
    YEARS,
    Cast,
    amount_of,
)


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


def register(random: Random, _cast: Cast) -> Command:
    return _registration(random, random.choice(FACILITIES))


def _registration(random: Random, facility_id: FacilityId) -> Command:
    return RegisterFacility(
        facility_id=facility_id,
        name=random.choice(NAMES),
        tax_code=f"06{FACILITIES.index(facility_id):08d}" if random.random() < 0.5 else None,
        legal_form=random.choice(list(LegalForm)),
        ownership=random.choice(list(Ownership)),
        province=random.choice(live(date(2018, 1, 1))).ref,
        sector=random.choice(SECTORS).ref,
    )


def update(random: Random, _cast: Cast) -> Command:
    return UpdateFacility(
        facility_id=random.choice(FACILITIES),
        name=random.choice((None, *NAMES)),
        sector=random.choice((None, random.choice(SECTORS).ref)),
        capacity=random.choice((None, "500 tấn/năm", "1.000 tấn/năm")),
        ownership=random.choice((None, *Ownership)),
    )


def relocate(random: Random, _cast: Cast) -> Command:
    day = random.choice((date(2019, 1, 1), date(2026, 10, 1)))
    return RelocateFacility(
        facility_id=random.choice(FACILITIES), province=random.choice(live(day)).ref
    )


def install(random: Random, _cast: Cast) -> Command:
    return InstallEquipment(
        facility_id=random.choice(FACILITIES),
        name="Máy tiện CNC",
        quantity=random.randint(1, 9),
        value=random.choice((None, amount_of(random, 800))),
    )


def close(random: Random, _cast: Cast) -> Command:
    return CloseFacility(facility_id=random.choice(FACILITIES), reason="Giải thể")


def contact(random: Random, _cast: Cast) -> Command:
    def told(text: str) -> Personal:
        return Personal(text, salt=random.getrandbits(256).to_bytes(32, "big"))

    return RecordContact(
        facility_id=random.choice(FACILITIES),
        person_id=PersonId(str(UUID(int=random.getrandbits(128)))),
        name=told("Nguyễn Thị Lan"),
        phone=random.choice((None, told("0912345678"))),
    )


def erase(random: Random, cast: Cast) -> Command | None:
    facility_id = random.choice(FACILITIES)
    state = cast.states.get(f"facility-{facility_id}")
    if not isinstance(state, Facility) or state.contacts.current is None:
        return None
    return EraseContact(
        facility_id=facility_id,
        person_id=state.contacts.current,
        ground=random.choice(list(ErasureGround)),
    )


def territory(random: Random, _cast: Cast) -> Command:
    day = random.choice((date(2019, 1, 1), date(2026, 10, 1)))
    provinces = tuple(each.ref for each in live(day) if random.random() < 0.5)
    return SetCentreTerritory(organisation_id=CENTRE, provinces=provinces)


def assign(random: Random, cast: Cast) -> Command:
    scheme_id, _ = cast.scheme(random)
    return AssignBeneficiary(scheme_id=scheme_id, facility_id=random.choice(FACILITIES))


def evaluate(random: Random, cast: Cast) -> Command:
    scheme_id, _ = cast.scheme(random)
    return EvaluateCriteria(
        scheme_id=scheme_id,
        criterion=random.choice(list(Criterion)),
        verdict=random.choice(list(Verdict)),
        rule_version="TT 17/2018/TT-BCT",
        evidence="Biên bản hội nghị",
        source=SOURCE,
    )


def report(random: Random, _cast: Cast) -> Command:
    measure = random.choice(list(Measure))
    value = Figure(random.randrange(200_000 * MILLION))
    return RecordReportedFigure(
        source_id=SOURCE, period=PERIOD, measure=measure, value=value, quote="như đã nêu"
    )


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


def shut(_random: Random, _cast: Cast) -> Command:
    return ClosePeriod(code=PERIOD)


def _mandate(random: Random) -> dict[str, Any]:
    return {
        "principal": PrincipalId(random.choice(("o-1", "o-2"))),
        "mandate_id": MandateId(random.choice(("1", "2"))),
    }


MOVES: Mapping[str, tuple[Callable[[Random, Cast], Command | None], int]] = {
    "approve": (approve, 6),
    "register": (register, 4),
    "update": (update, 4),
    "relocate": (relocate, 4),
    "install": (install, 3),
    "close": (close, 1),
    "contact": (contact, 3),
    "erase": (erase, 1),
    "territory": (territory, 1),
    "assign": (assign, 12),
    "pledge": (money.pledge, 12),
    "commit": (money.commit, 30),
    "reduce": (money.reduce, 4),
    "cancel": (money.cancel, 3),
    "pay": (money.pay, 30),
    "reverse": (money.reverse, 8),
    "accept": (money.accept, 10),
    "settle": (money.settle, 6),
    "evaluate": (evaluate, 2),
    "report": (report, 1),
    "entrust": (entrust, 2),
    "agree": (agree, 2),
    "withdraw": (withdraw, 1),
    "shut": (shut, 1),
}
