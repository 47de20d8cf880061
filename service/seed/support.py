"""Who got what in the evaluation: 63 supports that add up to the reported total, to the đồng.

The article gives the sums (63 facilities, 9 provinces, three sectors, 181,946,900,000 đồng), never
the parts. Everything here that is a part is invented, within the caps of the day. `supports()` is
pure: the same 63 every time.
"""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256

from events.identity import FacilityId, ProvinceRef, SchemeId, SectorRef
from events.money import Vnd
from events.rules import value
from events.sectors import VSIC_2018
from events.vocabulary import Activity, LegalForm, Ownership

TOTAL = Vnd(181_946_900_000)
STEP = 100_000
"""Every invented amount is a multiple of this; the total is one too."""
OLD_CAPS_UNTIL = date(2018, 5, 11)
CONSULTANCY_COST = Vnd(70_000_000)
CONSULTANCY_GRANT = Vnd(35_000_000)
CONSULTED = 8
"""In each scheme the ninth facility also has a consultant, half paid by its province."""
UNITS_FROM = date(2008, 8, 1)

PROVINCES: tuple[tuple[str, str, int], ...] = (
    ("10", "Lào Cai", 5),
    ("15", "Yên Bái", 6),
    ("08", "Tuyên Quang", 6),
    ("19", "Thái Nguyên", 7),
    ("35", "Hà Nam", 7),
    ("37", "Ninh Bình", 7),
    ("36", "Nam Định", 10),
    ("38", "Thanh Hóa", 8),
    ("40", "Nghệ An", 7),
)
"""The article's nine provinces by the codes they had then, and how many facilities we put there."""


@value
class Trade:
    """One of the article's three lines of business, and the scheme that we let support it."""

    scheme_id: SchemeId
    name: str
    sectors: tuple[SectorRef, ...]
    machine: str


def _vsic(code: str) -> SectorRef:
    return SectorRef(version=VSIC_2018, code=code)


TRADES = (
    Trade(
        scheme_id=SchemeId("kcqg-2018-det-may"),
        name="dệt may",
        sectors=(
            SectorRef(version=VSIC_2018, code="1410"),
            SectorRef(version=VSIC_2018, code="1312"),
        ),
        machine="máy may công nghiệp điều khiển số",
    ),
    Trade(
        scheme_id=SchemeId("kcqg-2018-co-khi"),
        name="cơ khí",
        sectors=(
            SectorRef(version=VSIC_2018, code="2592"),
            SectorRef(version=VSIC_2018, code="2821"),
        ),
        machine="trung tâm gia công CNC",
    ),
    Trade(
        scheme_id=SchemeId("kcqg-2018-nong-san"),
        name="chế biến nông sản",
        sectors=(
            SectorRef(version=VSIC_2018, code="1030"),
            SectorRef(version=VSIC_2018, code="1076"),
        ),
        machine="dây chuyền sấy và đóng gói",
    ),
)


@value
class Support:
    """What one facility received and what it brought itself."""

    number: int
    facility_id: FacilityId
    name: str
    legal_form: LegalForm
    ownership: Ownership
    province: ProvinceRef
    trade: Trade
    sector: SectorRef
    activity: Activity
    committed_on: date
    total_cost: Vnd
    """All that is spent, a consultancy included."""
    grant: Vnd
    """From the nation, for the machines."""
    local_grant: Vnd
    """From the province, for a consultancy; mostly none."""

    @property
    def machine_cost(self) -> Vnd:
        """What the machines cost, without the consultancy."""
        return Vnd(self.total_cost - (CONSULTANCY_COST if self.local_grant else 0))

    @property
    def counterpart(self) -> Vnd:
        """What is left for the facility to pay."""
        return Vnd(self.total_cost - self.grant - self.local_grant)

    @property
    def budget_year(self) -> int:
        """The year whose money is promised."""
        return self.committed_on.year


LEGAL_FORMS = (
    (LegalForm.ENTERPRISE, Ownership.PRIVATE, "Doanh nghiệp"),
    (LegalForm.COOPERATIVE, Ownership.COLLECTIVE, "Hợp tác xã"),
    (LegalForm.HOUSEHOLD, Ownership.PRIVATE, "Hộ kinh doanh"),
    (LegalForm.ENTERPRISE, Ownership.PRIVATE, "Công ty"),
)


def supports() -> tuple[Support, ...]:
    """The 63 supports, by province."""
    places = [(code, name) for code, name, count in PROVINCES for _ in range(count)]
    turns = sorted(range(len(places)), key=lambda place: _drawn(f"turn {place}"))
    return tuple(
        _support(place + 1, turns.index(place), *places[place], cost)
        for place, cost in enumerate(_costs(len(places)))
    )


def _support(number: int, turn: int, code: str, province: str, cost: Vnd) -> Support:
    trade = TRADES[turn % len(TRADES)]
    nth = turn // len(TRADES)  # 0..20 within its scheme
    legal_form, ownership, word = LEGAL_FORMS[_drawn(f"form {number}") % len(LEGAL_FORMS)]
    activity, committed_on = _activity(nth), _committed_on(nth)
    local_grant = CONSULTANCY_GRANT if nth == CONSULTED else 0
    return Support(
        number=number,
        facility_id=FacilityId(f"cs-{number:02}"),
        name=f"{word} minh họa {trade.name} {province} {number:02}",
        legal_form=legal_form,
        ownership=ownership,
        province=ProvinceRef(code=code, valid_from=UNITS_FROM),
        trade=trade,
        sector=trade.sectors[nth % len(trade.sectors)],
        activity=activity,
        committed_on=committed_on,
        total_cost=cost,
        grant=_grant(activity, committed_on, cost),
        local_grant=Vnd(local_grant),
    )


def _activity(nth: int) -> Activity:
    """Mostly machines; in each scheme three technology lines and one demonstration model."""
    if nth in {9, 13, 17}:
        return Activity.TECHNOLOGY_LINE
    return Activity.DEMO_MODEL_NEW_TECH if nth == 11 else Activity.ADVANCED_MACHINERY  # noqa: PLR2004


def _committed_on(nth: int) -> date:
    """Seven supports a year; the first of a scheme still under the caps of before 11 May 2018."""
    year, within = 2018 + nth // 7, nth % 7
    if (year, within) == (2018, 0):
        return date(2018, 4, 20)
    return date(year, 6, 4 + 3 * within)


def _grant(activity: Activity, committed_on: date, cost: Vnd) -> Vnd:
    """The cap of the day or the permitted share of the cost, whichever is less."""
    share, cap = {
        Activity.TECHNOLOGY_LINE: (50, 450_000_000),
        Activity.DEMO_MODEL_NEW_TECH: (30, 1_000_000_000),
    }.get(activity, (50, 200_000_000 if committed_on < OLD_CAPS_UNTIL else 300_000_000))
    return Vnd(min(cap, cost * share // 100 // STEP * STEP))


def _costs(count: int) -> Iterator[Vnd]:
    """Costs of 1.4 to 4.3 bn that sum to the total: a draw each, then the rest shared out."""
    drawn = [1_400_000_000 + STEP * (_drawn(f"cost {n}") % 29_000) for n in range(count)]
    rest = TOTAL - sum(drawn)
    each = rest // count // STEP * STEP
    last = rest - each * (count - 1)
    for nth, cost in enumerate(drawn):
        yield Vnd(cost + (last if nth == count - 1 else each))


def _drawn(name: str) -> int:
    """A number that looks drawn and is the same for ever."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big")
