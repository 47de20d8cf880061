"""How much may be paid ahead of acceptance (mức tạm ứng), recorded: which limit, by which paper.

    policy-advance-limits     one stream of all limits: a payment reads it beside its own

The ledger ships with the limits of `data/advance_limits.csv`. What is recorded comes on top.
"""

from collections.abc import Sequence
from datetime import date

from events.advances import ADVANCE_RULES, AdvanceRule, advance_limit_on
from events.rules import Occasion, Refusal, command, fact, refusal, value
from events.text import required
from events.validity import is_news, together, with_line
from events.vocabulary import Activity, Certainty

ADVANCE_LIMITS = "policy-advance-limits"
"""The stream of all limits on what may be paid ahead."""
_PCT_MAX = 100


@fact
class AdvanceLimitSet:
    """The most that may be paid ahead for an activity was set (ban hành mức tạm ứng)."""

    activity: Activity
    share_pct: int
    """At most this share of what is promised, in hundredths (tỷ lệ tạm ứng)."""
    needs_progress: bool
    valid_from: date
    """Its first day in force, which is the effective date of the event (ngày hiệu lực)."""
    valid_to: date | None
    legal_basis: str
    certainty: Certainty


@command
class SetAdvanceLimit:
    """Set the most that may be paid ahead for an activity (ban hành mức tạm ứng).

    From the effective date on. It ends the limit before it.
    """

    activity: Activity
    share_pct: int
    """At most this share of what is promised, in hundredths (tỷ lệ tạm ứng)."""
    needs_progress: bool = False
    valid_to: date | None = None
    legal_basis: str
    certainty: Certainty = Certainty.SOURCED


@refusal(rule="TT 36/2013/TT-BCT: an advance is a share of what is promised")
class AdvanceShareOutOfRange(Refusal):
    """An advance for {activity} is a share from 1 to 100 per cent, not {share_pct}.

    Mức tạm ứng cho nội dung "{activity}" phải từ 1 đến 100 phần trăm, không phải {share_pct}.
    """

    activity: Activity
    share_pct: int
    """What was asked for, in hundredths (tỷ lệ đã gửi)."""


@value
class AdvanceLimits:
    """Limits as they were recorded, and as they hold together with what the ledger ships with."""

    recorded: tuple[AdvanceRule, ...] = ()
    limits: tuple[AdvanceRule, ...] = ADVANCE_RULES


def limits_in(found: AdvanceLimits | None) -> tuple[AdvanceRule, ...]:
    """Every limit that was ever in force, each with its days."""
    return ADVANCE_RULES if found is None else found.limits


def advance_limit_of(activity: Activity, occasion: Occasion) -> AdvanceRule | None:
    """The limit of the effective date, as far as it was recorded or shipped."""
    known = limits_in(occasion.neighbour(ADVANCE_LIMITS, AdvanceLimits))
    return advance_limit_on(activity, occasion.effective_on, known)


def evolve_limits(found: AdvanceLimits | None, event: AdvanceLimitSet) -> AdvanceLimits:
    """One more limit. Total: history is never refused, and any fact may begin it."""
    recorded = with_line(found.recorded if found is not None else (), _rule(event))
    return AdvanceLimits(recorded=recorded, limits=together(recorded, ADVANCE_RULES))


def set_limit(
    command: SetAdvanceLimit, found: AdvanceLimits | None, occasion: Occasion
) -> Sequence[AdvanceLimitSet]:
    """The fact, unless it is recorded already."""
    before = found or AdvanceLimits()
    if not 0 < command.share_pct <= _PCT_MAX:
        raise AdvanceShareOutOfRange(activity=command.activity, share_pct=command.share_pct)
    told = AdvanceLimitSet(
        activity=command.activity,
        share_pct=command.share_pct,
        needs_progress=command.needs_progress,
        valid_from=occasion.effective_on,
        valid_to=command.valid_to,
        legal_basis=required("legal_basis", command.legal_basis),
        certainty=command.certainty,
    )
    is_new = is_news(_rule(told), before.recorded, before.limits, may_lapse=False)
    return (told,) if is_new else ()


def _rule(event: AdvanceLimitSet) -> AdvanceRule:
    return AdvanceRule(
        activity=event.activity,
        share_pct=event.share_pct,
        needs_progress=event.needs_progress,
        valid_from=event.valid_from,
        valid_to=event.valid_to,
        legal_basis=event.legal_basis,
        certainty=event.certainty,
    )
