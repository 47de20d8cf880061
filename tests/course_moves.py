"""Moves of a random history that are about the course of a scheme: appraise, halt, release."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from random import Random

from events.catalogue import Command
from events.organisation import RegisterOrganisation
from events.period import ClosePeriod
from events.scheme.appraisal import (
    AppraiseSchemeAtGrassroots,
    AppraiseSchemeAtMinistry,
    RejectScheme,
    ResubmitScheme,
    ReturnScheme,
)
from events.scheme.halt import CompleteScheme, ResumeScheme, StopScheme, SuspendScheme
from events.scheme.release import ReleaseBeneficiary
from events.vocabulary import OrganisationKind, Verdict
from tests.stage import (
    CENTRE,
    CONTENTS,
    DEPARTMENT,
    FACILITIES,
    MINISTRY,
    NAMES,
    PERIOD,
    Cast,
    any_of,
)


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


def at_ministry(random: Random, cast: Cast) -> Command:
    return AppraiseSchemeAtMinistry(
        scheme_id=cast.scheme(random)[0],
        verdict=_verdict(random),
        council="Hội đồng thẩm định cấp Bộ",
    )


def send_back(random: Random, cast: Cast) -> Command:
    return ReturnScheme(scheme_id=cast.scheme(random)[0], reason="Thiếu báo giá")


def resubmit(random: Random, cast: Cast) -> Command:
    return ResubmitScheme(
        scheme_id=cast.scheme(random)[0],
        title=f"Đề án {random.choice(NAMES)}, bổ sung",
        contents=CONTENTS[: random.randint(2, 3)],
        starts_on=date(2018, 1, 1),
        ends_on=date(2020, random.randint(1, 12), 28),
    )


def reject(random: Random, cast: Cast) -> Command | None:
    return _seldom(random, RejectScheme(scheme_id=cast.scheme(random)[0], reason="Ngoài ưu tiên"))


def suspend(random: Random, cast: Cast) -> Command:
    return SuspendScheme(
        scheme_id=cast.scheme(random)[0], reason="Chờ mặt bằng", freeze_date=_day(random)
    )


def resume(random: Random, cast: Cast) -> Command:
    return ResumeScheme(
        scheme_id=cast.scheme(random)[0], reason="Đã có mặt bằng", resumes_on=_day(random)
    )


def stop(random: Random, cast: Cast) -> Command | None:
    stop = StopScheme(
        scheme_id=cast.scheme(random)[0],
        approver=random.choice((MINISTRY, CENTRE)),
        reason="Thôi thực hiện",
        freeze_date=_day(random),
    )
    return _seldom(random, stop)


def complete(random: Random, cast: Cast) -> Command | None:
    return _seldom(random, CompleteScheme(scheme_id=cast.scheme(random)[0]))


def release(random: Random, cast: Cast) -> Command:
    scheme_id, scheme = cast.scheme(random)
    found = any_of(random, scheme.beneficiaries if scheme else None)
    return ReleaseBeneficiary(
        scheme_id=scheme_id,
        facility_id=found[0] if found else random.choice(FACILITIES),
        reason="Xin rút",
    )


def shut(random: Random, _cast: Cast) -> Command | None:
    """A closed period takes no new money, and most histories are about money."""
    return _seldom(random, ClosePeriod(code=PERIOD))


def _verdict(random: Random) -> Verdict:
    return Verdict.MET if random.random() < 0.8 else Verdict.NOT_MET


def _day(random: Random) -> date:
    return date(2018, 1, 1) + timedelta(days=random.randrange(1_095))


def _seldom(random: Random, command: Command) -> Command | None:
    """What ends a scheme for good is rare, so that most histories go on."""
    return command if random.random() < 0.3 else None


MOVES: Mapping[str, tuple[Callable[[Random, Cast], Command | None], int]] = {
    "at_grassroots": (at_grassroots, 3),
    "at_ministry": (at_ministry, 3),
    "send_back": (send_back, 2),
    "resubmit": (resubmit, 2),
    "reject": (reject, 1),
    "suspend": (suspend, 1),
    "resume": (resume, 2),
    "stop": (stop, 1),
    "complete": (complete, 1),
    "release": (release, 3),
    "shut": (shut, 1),
}
