"""What the law lets the fund give (định mức hỗ trợ), recorded: who set which cap, by which paper.

    policy-support-caps     one stream of all caps: a commitment reads it beside its own

The ledger ships with the caps of `data/support_caps.csv`. What is recorded comes on top of them, so
that nothing needs to be recorded before the first commitment. A cap holds from the effective date
of its command; rules ask for the cap of the effective date of theirs.
"""

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias, assert_never

from events.caps import CAPS, Cap, together
from events.dates import EndsBeforeStart
from events.geography import UnknownUnitAtDate
from events.identity import ProvinceRef
from events.mergers import GEOGRAPHY, atlas_in
from events.money import InvalidAmount, Vnd, checked_amount
from events.rules import Aggregate, Occasion, Refusal, command, fact, refusal, value
from events.text import InvalidText, required
from events.vocabulary import Activity, CapUnit, Certainty, FundingSource

SUPPORT_CAPS = "policy-support-caps"
"""The stream of all caps on what the fund may give."""
SHARE_PCT_MAX = 100


@fact
class SupportCapSet:
    """The most the fund may give to an activity was set (ban hành định mức hỗ trợ)."""

    activity: Activity
    source: FundingSource
    province: ProvinceRef | None
    share_pct: int | None
    cap: Vnd | None
    unit: CapUnit
    valid_from: date
    """Its first day in force, which is the effective date of the event (ngày hiệu lực)."""
    valid_to: date | None
    legal_basis: str
    certainty: Certainty


@command
class SetSupportCap:
    """Set the most the fund may give to an activity (ban hành định mức hỗ trợ).

    From the effective date on. It ends the cap before it; a share or an amount is left out where
    the law sets none, which is no limit and not 0.
    """

    activity: Activity
    source: FundingSource = FundingSource.NATIONAL_GRANT
    province: ProvinceRef | None = None
    share_pct: int | None = None
    cap: Vnd | None = None
    unit: CapUnit
    valid_to: date | None = None
    legal_basis: str
    certainty: Certainty = Certainty.SOURCED


@refusal(rule="TT 28/2018/TT-BTC Đ8: one level holds for an activity at a time")
class ValidityOverlaps(Refusal):
    """{legal_basis} says another thing for {valid_from}: two levels would hold on {on}.

    {legal_basis} có hiệu lực từ {valid_from} quy định khác: ngày {on} sẽ có hai mức.
    """

    legal_basis: str
    valid_from: date
    on: date


@refusal(rule="what follows a level begins where that ends: without one, nothing would be limited")
class ValidityGap(Refusal):
    """{legal_basis} would leave {ends_on} to {starts_on} without a level.

    Từ {ends_on} đến {starts_on} sẽ không có định mức nào (căn cứ {legal_basis}).
    """

    legal_basis: str
    ends_on: date
    starts_on: date


@refusal(rule="the nation limits its own money, a council that of its province (HĐND cấp tỉnh)")
class CapOutOfPlace(Refusal):
    """A cap on {source} needs a province if the money is local, and has none if it is the nation's.

    Định mức cho nguồn {source}: kinh phí địa phương phải kèm tỉnh, kinh phí quốc gia thì không.
    """

    source: FundingSource


@refusal(rule="a cap limits the share of the cost, the amount, or both")
class CapWithoutLimit(Refusal):
    """A cap on {activity} says a share from 1 to 100 per cent, an amount, or both.

    Định mức cho nội dung "{activity}" phải có tỷ lệ từ 1 đến 100 phần trăm, mức tiền, hoặc cả hai.
    """

    activity: Activity


PolicyEvent: TypeAlias = SupportCapSet
PolicyCommand: TypeAlias = SetSupportCap
PolicyRefusal: TypeAlias = (
    ValidityOverlaps
    | ValidityGap
    | CapOutOfPlace
    | CapWithoutLimit
    | EndsBeforeStart
    | UnknownUnitAtDate
    | InvalidAmount
    | InvalidText
)


@value
class Policy:
    """The law as it was recorded, and as it holds together with what the ledger ships with."""

    recorded: tuple[Cap, ...] = ()
    caps: tuple[Cap, ...] = CAPS


def caps_in(policy: Policy | None) -> tuple[Cap, ...]:
    """Every cap that was ever in force, each with its days."""
    return CAPS if policy is None else policy.caps


def decide(
    command: PolicyCommand, policy: Policy | None, occasion: Occasion
) -> Sequence[PolicyEvent]:
    """Answer a command with the facts it causes; none if already so."""
    match command:
        case SetSupportCap():
            return _set_cap(command, policy or Policy(), occasion)
        case _:
            assert_never(command)


def evolve(policy: Policy | None, event: PolicyEvent) -> Policy:
    """Apply one recorded fact. Total: history is never refused, and any fact may begin it."""
    match event:
        case SupportCapSet():
            cap = _cap(event)
            before = policy.recorded if policy is not None else ()
            others = tuple(each for each in before if not _is_same_line(each, cap))
            return Policy(recorded=(*others, cap), caps=together((*others, cap)))
        case _:
            assert_never(event)


def _set_cap(command: SetSupportCap, policy: Policy, occasion: Occasion) -> Sequence[PolicyEvent]:
    told = SupportCapSet(
        activity=command.activity,
        source=command.source,
        province=command.province,
        share_pct=command.share_pct,
        cap=command.cap,
        unit=command.unit,
        valid_from=occasion.effective_on,
        valid_to=command.valid_to,
        legal_basis=required("legal_basis", command.legal_basis),
        certainty=command.certainty,
    )
    _check_place(command, occasion)
    _check_limit(command)
    cap = _cap(told)
    if cap.valid_to is not None and cap.valid_to <= cap.valid_from:
        raise EndsBeforeStart(starts_on=cap.valid_from, ends_on=cap.valid_to)
    if cap in policy.recorded:
        return ()
    for each in policy.recorded:
        if _is_same_line(each, cap):
            raise ValidityOverlaps(
                legal_basis=each.legal_basis, valid_from=each.valid_from, on=cap.valid_from
            )
    _check_neighbours(cap, [each for each in policy.caps if each.subject == cap.subject])
    return (told,)


def _check_place(command: SetSupportCap, occasion: Occasion) -> None:
    is_local = command.source is FundingSource.LOCAL_GRANT
    if command.source is FundingSource.COUNTERPART or is_local is (command.province is None):
        raise CapOutOfPlace(source=command.source)
    if command.province is not None:
        atlas_in(occasion).check(command.province, occasion.effective_on)


def _check_limit(command: SetSupportCap) -> None:
    share = command.share_pct
    if share is None and command.cap is None:
        raise CapWithoutLimit(activity=command.activity)
    if share is not None and not 0 < share <= SHARE_PCT_MAX:
        raise CapWithoutLimit(activity=command.activity)
    if command.cap is not None:
        checked_amount("cap", command.cap)


def _check_neighbours(cap: Cap, others: Sequence[Cap]) -> None:
    """It begins before the one before it has left a gap, and ends where the next one begins."""
    before = max((e for e in others if e.valid_from < cap.valid_from), key=_first, default=None)
    if before is not None and before.valid_to is not None and before.valid_to < cap.valid_from:
        raise ValidityGap(
            legal_basis=before.legal_basis, ends_on=before.valid_to, starts_on=cap.valid_from
        )
    after = min((e for e in others if e.valid_from > cap.valid_from), key=_first, default=None)
    if after is None or cap.valid_to is None or cap.valid_to == after.valid_from:
        return
    if cap.valid_to > after.valid_from:
        raise ValidityOverlaps(
            legal_basis=after.legal_basis, valid_from=after.valid_from, on=after.valid_from
        )
    raise ValidityGap(legal_basis=cap.legal_basis, ends_on=cap.valid_to, starts_on=after.valid_from)


def _first(cap: Cap) -> date:
    return cap.valid_from


def _is_same_line(one: Cap, other: Cap) -> bool:
    return (one.subject, one.valid_from) == (other.subject, other.valid_from)


def _cap(event: SupportCapSet) -> Cap:
    return Cap(
        activity=event.activity,
        source=event.source,
        province=event.province,
        share_pct=event.share_pct,
        amount=event.cap,
        unit=event.unit,
        valid_from=event.valid_from,
        valid_to=event.valid_to,
        legal_basis=event.legal_basis,
        certainty=event.certainty,
    )


POLICY: Aggregate[PolicyCommand, Policy, PolicyEvent] = Aggregate(
    name="policy",
    stream=lambda _: SUPPORT_CAPS,
    decide=decide,
    evolve=evolve,
    reads=lambda command: () if command.province is None else (GEOGRAPHY,),
)
