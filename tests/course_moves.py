"""Moves of a random history that are about the course of a scheme: appraise, halt, release."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

from events.catalogue import Command
from events.geography import live
from events.money import Vnd
from events.organisation import RegisterOrganisation
from events.period import ClosePeriod
from events.scheme import Ceiling, Scheme
from events.scheme.adjustment import AdjustScheme, SupplementScheme
from events.scheme.appraisal import (
    AppraiseSchemeAtGrassroots,
    AppraiseSchemeAtMinistry,
    RejectScheme,
    ResubmitScheme,
    ReturnScheme,
)
from events.scheme.contract import AmendContract, ContractId, LiquidateContract, SignContract
from events.scheme.halt import CompleteScheme, ResumeScheme, StopScheme, SuspendScheme
from events.scheme.release import ReleaseBeneficiary
from events.vocabulary import (
    Activity,
    AdjustmentKind,
    FundingSource,
    OrganisationKind,
    Verdict,
)
from tests.stage import (
    CENTRE,
    CONTENTS,
    DEPARTMENT,
    FACILITIES,
    MILLION,
    MINISTRY,
    NAMES,
    PERIOD,
    YEARS,
    Cast,
    amount_of,
    any_of,
)

OF_DEPARTMENT = {
    AdjustmentKind.PLACE,
    AdjustmentKind.BENEFICIARY,
    AdjustmentKind.PARTNER,
    AdjustmentKind.DATES,
    AdjustmentKind.DECREASE,
}


def prelude() -> Iterator[Command]:
    """The bodies that approve what is changed in a scheme."""
    for code, kind in (
        (MINISTRY, OrganisationKind.MINISTRY),
        (DEPARTMENT, OrganisationKind.DEPARTMENT),
    ):
        yield RegisterOrganisation(organisation_id=code, name=kind.value, kind=kind)


def at_grassroots(random: Random, cast: Cast) -> Command:
    return AppraiseSchemeAtGrassroots(
        scheme_id=cast.scheme(random)[0],
        verdict=_verdict(random),
        council="Hội đồng thẩm định cơ sở",
        remarks=random.choice((None, "Đủ hồ sơ")),
    )


def at_ministry(random: Random, cast: Cast) -> Command | None:
    """Mostly after the grassroots, without whose verdict there is none."""
    scheme_id, scheme = cast.scheme(random)
    is_early = scheme is None or scheme.appraisal.grassroots is None
    if is_early and random.random() < 0.8:
        return None
    return AppraiseSchemeAtMinistry(
        scheme_id=scheme_id,
        verdict=_verdict(random),
        council="Hội đồng thẩm định cấp Bộ",
    )


def send_back(random: Random, cast: Cast) -> Command:
    return ReturnScheme(scheme_id=cast.scheme(random)[0], reason="Thiếu báo giá")


def resubmit(random: Random, cast: Cast) -> Command | None:
    scheme_id, scheme = cast.scheme(random)
    if scheme is None or scheme.appraisal.returned is None:
        return None
    return ResubmitScheme(
        scheme_id=scheme_id,
        title=f"Đề án {random.choice(NAMES)}, bổ sung",
        contents=CONTENTS[: random.randint(2, 3)],
        starts_on=date(2018, 1, 1),
        ends_on=date(2020, random.randint(1, 12), 28),
    )


def reject(random: Random, cast: Cast) -> Command | None:
    return _ending(
        random, RejectScheme(scheme_id=cast.scheme(random)[0], reason="Ngoài ưu tiên"), 0.5
    )


def suspend(random: Random, cast: Cast) -> Command | None:
    suspend = SuspendScheme(
        scheme_id=cast.scheme(random)[0], reason="Chờ mặt bằng", freeze_date=_day(random)
    )
    return _ending(random, suspend, 0.3)


def resume(random: Random, cast: Cast) -> Command | None:
    scheme_id, scheme = cast.scheme(random)
    if scheme is None or scheme.halt.suspension is None:
        return None
    day = scheme.halt.suspension.freeze_date + timedelta(days=random.randrange(90))
    return ResumeScheme(scheme_id=scheme_id, reason="Đã có mặt bằng", resumes_on=day)


def stop(random: Random, cast: Cast) -> Command | None:
    stop = StopScheme(
        scheme_id=cast.scheme(random)[0],
        approver=random.choice((MINISTRY, MINISTRY, MINISTRY, CENTRE)),
        reason="Thôi thực hiện",
        freeze_date=_day(random),
    )
    return _seldom(random, stop)


def complete(random: Random, cast: Cast) -> Command | None:
    """Once it was used; nothing keeps a scheme without any money from being completed at once."""
    scheme_id, scheme = cast.scheme(random)
    used = scheme.commitments.values() if scheme else ()
    is_done = bool(used) and all(each.is_ended for each in used)
    return _ending(random, CompleteScheme(scheme_id=scheme_id), 0.8 if is_done else 0.15)


def release(random: Random, cast: Cast) -> Command:
    scheme_id, scheme = cast.scheme(random)
    found = any_of(random, scheme.beneficiaries if scheme else None)
    return ReleaseBeneficiary(
        scheme_id=scheme_id,
        facility_id=found[0] if found else random.choice(FACILITIES),
        reason="Xin rút",
    )


def adjust(random: Random, cast: Cast) -> Command | None:
    """Of one kind at a time, by the body whose it is most of the time."""
    scheme_id, scheme = cast.scheme(random)
    if scheme is None or scheme.approval is None:
        return None
    kind = random.choice(list(AdjustmentKind))
    body = DEPARTMENT if kind in OF_DEPARTMENT else MINISTRY
    return AdjustScheme(
        scheme_id=scheme_id,
        adjustment=kind,
        approver=body if random.random() < 0.9 else random.choice((MINISTRY, DEPARTMENT, CENTRE)),
        reason="Tờ trình",
        **_change(random, scheme, kind),
    )


def _change(random: Random, scheme: Scheme, kind: AdjustmentKind) -> dict[str, Any]:
    match kind:
        case AdjustmentKind.INCREASE | AdjustmentKind.DECREASE:
            tenths = 20 if kind is AdjustmentKind.INCREASE else 9
            ceilings = scheme.terms.ceilings[:2]
            amounts = [Vnd(each.amount * tenths // 10) for each in ceilings]
            changed = zip(ceilings, amounts, strict=True)
            return {"ceilings": tuple(replace(each, amount=to) for each, to in changed)}
        case AdjustmentKind.CONTENT:
            return {"contents": (*CONTENTS, random.choice(list(Activity)))}
        case AdjustmentKind.EXTEND_YEAR:
            return {"ends_on": date(random.randint(2020, 2022), 12, 31)}
        case AdjustmentKind.DATES:
            return {"ends_on": date(2020, random.randint(1, 12), 28)}
        case AdjustmentKind.PLACE:
            return {"provinces": tuple(each.ref for each in live(date(2019, 1, 1)))}
        case AdjustmentKind.PARTNER:
            return {"implementer": random.choice((CENTRE, DEPARTMENT))}
        case AdjustmentKind.BENEFICIARY:
            found = any_of(random, scheme.beneficiaries)
            gone = found[0] if found else FACILITIES[0]
            return {"released": gone, "chosen": random.choice(FACILITIES)}


def supplement(random: Random, cast: Cast) -> Command:
    year = random.choice((2021, 2022))
    ceiling = Ceiling(source=FundingSource.LOCAL_GRANT, budget_year=year, amount=Vnd(10 * MILLION))
    return SupplementScheme(
        scheme_id=cast.scheme(random)[0],
        approver=MINISTRY,
        reason="Tờ trình bổ sung",
        contents=random.choice(((), (Activity.TRADEMARK,))),
        ceilings=(ceiling,),
    )


def sign(random: Random, cast: Cast) -> Command:
    scheme_id, scheme = cast.scheme(random)
    return SignContract(
        scheme_id=scheme_id,
        contract_id=ContractId(f"h{random.randrange(20)}"),
        number="12/HĐ-KC",
        signed_on=_day(random),
        client=DEPARTMENT,
        contractor=(scheme.terms.implementer if scheme else None) or CENTRE,
        amount=amount_of(random, 50),
        source=random.choice((FundingSource.NATIONAL_GRANT, FundingSource.LOCAL_GRANT)),
        budget_year=random.choice(YEARS),
    )


def amend(random: Random, cast: Cast) -> Command | None:
    scheme_id, scheme = cast.scheme(random)
    if (found := any_of(random, scheme.contracts.signed if scheme else None)) is None:
        return None
    return AmendContract(
        scheme_id=scheme_id,
        contract_id=found[0],
        number="12A/PL-KC",
        signed_on=_day(random),
        amount=amount_of(random, 50),
    )


def liquidate(random: Random, cast: Cast) -> Command | None:
    scheme_id, scheme = cast.scheme(random)
    if (found := any_of(random, scheme.contracts.signed if scheme else None)) is None:
        return None
    return LiquidateContract(
        scheme_id=scheme_id, contract_id=found[0], number="12/TL-KC", signed_on=_day(random)
    )


def shut(random: Random, _cast: Cast) -> Command | None:
    """A closed period takes no new money, and most histories are about money."""
    return _seldom(random, ClosePeriod(code=PERIOD))


def _verdict(random: Random) -> Verdict:
    return Verdict.MET if random.random() < 0.8 else Verdict.NOT_MET


def _day(random: Random) -> date:
    return date(2018, 1, 1) + timedelta(days=random.randrange(1_095))


def _seldom(random: Random, command: Command) -> Command | None:
    return _ending(random, command, 0.25)


def _ending(random: Random, command: Command, chance: float) -> Command | None:
    """What ends a scheme for good is rare, so that most histories go on."""
    return command if random.random() < chance else None


MOVES: Mapping[str, tuple[Callable[[Random, Cast], Command | None], int]] = {
    "at_grassroots": (at_grassroots, 6),
    "at_ministry": (at_ministry, 10),
    "send_back": (send_back, 3),
    "resubmit": (resubmit, 4),
    "reject": (reject, 2),
    "suspend": (suspend, 1),
    "resume": (resume, 6),
    "stop": (stop, 1),
    "complete": (complete, 4),
    "release": (release, 1),
    "shut": (shut, 1),
    "adjust": (adjust, 4),
    "supplement": (supplement, 1),
    "sign": (sign, 2),
    "amend": (amend, 3),
    "liquidate": (liquidate, 3),
}
