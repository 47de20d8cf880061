"""A fund of a wanted shape: so many facilities, schemes and commitments, each paid three times.

Pure; all synthetic. The same seed and shape give the same orders for ever, and every order causes
exactly one event. Facilities are those of `bulk.py`; the schemes here are of every class, year,
source and content, so that filters and groups have something to tell apart.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from events.caps import cap_on
from events.identity import PeriodCode, SchemeId
from events.money import Vnd
from events.rules import value
from events.scheme import ApproveScheme, Ceiling, ProposeScheme
from events.vocabulary import Activity, FundingSource, SchemeClass
from service.seed.bulk import (
    IMPLEMENTER,
    PERIODS,
    STEP,
    YEARS,
    Chain,
    facility,
    facility_id,
    frame,
)
from service.seed.grant import EVENTS_PER_COMMITMENT, Grant, support
from service.seed.story import step

EVENTS_PER_SCHEME = 2
ITEMS = {
    Activity.ADVANCED_MACHINERY: ("máy ép thủy lực", "máy dệt kiếm", "lò sấy nông sản"),
    Activity.TECHNOLOGY_LINE: ("dây chuyền chế biến chè", "dây chuyền sơn tĩnh điện"),
    Activity.TRADEMARK: ("nhãn hiệu tập thể", "bao bì và nhãn hàng hóa"),
    Activity.CONSULTANCY: ("tư vấn lập dự án", "tư vấn quản lý sản xuất"),
    Activity.FACILITY_POLLUTION_TREATMENT: ("bể xử lý nước thải", "hệ thống hút bụi"),
}
"""What is bought in each of the contents; the law gives all of them a share and an amount."""
SOURCES = (
    FundingSource.NATIONAL_GRANT,
    FundingSource.NATIONAL_GRANT,
    FundingSource.LOCAL_GRANT,
)
CLASSES = (SchemeClass.NORMAL, SchemeClass.FOCAL, SchemeClass.NORMAL, SchemeClass.GROUP)


@value
class Fund:
    """How much of what. No scheme supports a facility twice."""

    facilities: int
    schemes: int
    commitments: int
    seed: int

    @property
    def events(self) -> int:
        """How many orders, and so events, it is made of."""
        frames = sum(1 for _ in frame())
        registered = sum(len(facility(self.seed, number)) for number in range(self.facilities))
        promised = EVENTS_PER_COMMITMENT * self.commitments
        return frames + registered + EVENTS_PER_SCHEME * self.schemes + promised

    def stages(self) -> Iterator[Iterable[Chain]]:
        """Frame, facilities, schemes: each needs the whole of the one before."""
        yield ([order] for order in frame())
        yield (facility(self.seed, number) for number in range(self.facilities))
        yield (scheme(self, number) for number in range(self.schemes))

    def commitments_of(self, number: int) -> range:
        """The commitments of a scheme, numbered through the whole fund."""
        each, more = divmod(self.commitments, self.schemes)
        first = number * each + min(number, more)
        return range(first, first + each + (number < more))


def scheme(fund: Fund, number: int) -> Chain:
    """A scheme from its proposal to the last thing that is recorded of its grants."""
    drawn = Random(f"{fund.seed} fund {number}")  # noqa: S311 - a draw, not a secret
    year = drawn.choice(YEARS)
    period, _, last = next(each for each in PERIODS if each[1] <= year <= each[2])
    of_class = CLASSES[number % len(CLASSES)] if year < last else SchemeClass.GROUP
    years = (year, year + 1) if of_class is SchemeClass.FOCAL else (year,)
    contents = tuple(drawn.sample(tuple(ITEMS), 2 + number % 2))
    identity = SchemeId(f"quy-{fund.seed}-{number:05}")
    grants = [
        _grant(drawn, fund, identity, each, contents, years) for each in fund.commitments_of(number)
    ]
    propose = ProposeScheme(
        scheme_id=identity,
        period=PeriodCode(period),
        title=f"Đề án minh họa {contents[0].value} số {number:05}",
        scheme_class=of_class,
        contents=contents,
        starts_on=date(year, 1, 1),
        ends_on=date(years[-1], 12, 31),
        implementer=IMPLEMENTER,
    )
    approve = ApproveScheme(
        scheme_id=identity, ceilings=_ceilings(grants), legal_regime=("NĐ 45/2012/NĐ-CP",)
    )
    opened = date(year, 1, 10)
    chain = [
        step(f"{identity} proposed", propose, opened, synthetic=True),
        step(f"{identity} approved", approve, opened + timedelta(days=20), synthetic=True),
    ]
    for grant in grants:
        chain += support(grant)
    return chain


def _grant(
    drawn: Random,
    fund: Fund,
    identity: SchemeId,
    number: int,
    contents: tuple[Activity, ...],
    years: tuple[int, ...],
) -> Grant:
    """As much as the law of the day allows, or down to a half of it."""
    activity, year = drawn.choice(contents), drawn.choice(years)
    day = date(year, 3, 1) + timedelta(days=drawn.randrange(90))
    total_cost = Vnd(STEP * drawn.randint(60, 1_500))
    cap = cap_on(activity, day)
    limits = [total_cost]
    if cap is not None:
        limits += [cap.amount] if cap.amount is not None else []
        limits += [total_cost * cap.share_pct // 100] if cap.share_pct is not None else []
    most = min(limits) // STEP
    return Grant(
        scheme_id=identity,
        facility_id=facility_id(fund.seed, number % fund.facilities),
        number=number,
        activity=activity,
        item=drawn.choice(ITEMS[activity]),
        source=drawn.choice(SOURCES),
        budget_year=year,
        total_cost=total_cost,
        amount=Vnd(STEP * drawn.randint((most + 1) // 2, most)),
        day=day,
    )


def _ceilings(grants: list[Grant]) -> tuple[Ceiling, ...]:
    """Exactly what will be promised, from each source in each year."""
    sums: dict[tuple[FundingSource, int], int] = {}
    for each in grants:
        key = (each.source, each.budget_year)
        sums[key] = sums.get(key, 0) + each.amount
    return tuple(
        Ceiling(source=source, budget_year=year, amount=Vnd(amount))
        for (source, year), amount in sums.items()
    )
