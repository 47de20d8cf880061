"""Caps on support (định mức hỗ trợ), recorded: who set which, by which paper.

    policy-support-caps     one stream of all caps: a commitment reads it beside its own

The ledger ships with the caps of `data/support_caps.csv`. What is recorded comes on top of them, so
that nothing needs to be recorded before the first commitment. A cap holds from the effective date
of its command; rules ask for the cap of the effective date of theirs.
"""

from collections.abc import Sequence
from datetime import date

from events.caps import CAPS, Cap
from events.identity import ProvinceRef
from events.mergers import atlas_in
from events.money import Vnd, checked_amount
from events.rules import Occasion, Refusal, command, fact, refusal, value
from events.text import required
from events.validity import is_news, together, with_line
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


@value
class Policy:
    """Caps as they were recorded, and as they hold together with what the ledger ships with."""

    recorded: tuple[Cap, ...] = ()
    caps: tuple[Cap, ...] = CAPS


def caps_in(policy: Policy | None) -> tuple[Cap, ...]:
    """Every cap that was ever in force, each with its days."""
    return CAPS if policy is None else policy.caps


def evolve_caps(policy: Policy | None, event: SupportCapSet) -> Policy:
    """One more cap. Total: history is never refused, and any fact may begin it."""
    recorded = with_line(policy.recorded if policy is not None else (), _cap(event))
    return Policy(recorded=recorded, caps=together(recorded, CAPS))


def set_cap(
    command: SetSupportCap, policy: Policy | None, occasion: Occasion
) -> Sequence[SupportCapSet]:
    """The fact, unless it is recorded already."""
    before = policy or Policy()
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
    return (told,) if is_news(cap, before.recorded, before.caps, may_lapse=False) else ()


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
