"""How much room is left (còn được phép): under ceilings and caps, of a commitment, of what is paid.

    rooms(facts, scheme, occasion)      # after these facts: what may still be asked for

Nothing is decided here; the rules refuse by the same figures.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum

from events.identity import CommitmentId, FacilityId
from events.money import Vnd
from events.plan import SOURCE as PLANNED
from events.plan import room_for
from events.policy import advance_limit_of
from events.rules import Occasion, value
from events.scheme.adjustment import SchemeAdjusted, SchemeSupplemented
from events.scheme.balance import BalanceCarriedOver, UnspentBalanceReturned
from events.scheme.ceiling import Ceiling
from events.scheme.commitments import cap_of
from events.scheme.facts import AdvancePaid, CounterpartPledged, SchemeApproved, SupportCommitted
from events.scheme.payments import advance_share
from events.scheme.state import Commitment, Scheme
from events.vocabulary import FundingSource


class RoomKind(Enum):
    """Loại giới hạn."""

    CEILING = "dự toán được duyệt theo nguồn và năm"
    CAP = "định mức hỗ trợ"
    SHARE = "tỷ lệ hỗ trợ trên tổng chi phí"
    COUNTERPART = "chi phí do hỗ trợ và đối ứng bù đắp"
    COMMITMENT = "cam kết hỗ trợ"
    ADVANCE = "mức tạm ứng"
    PLAN = "kế hoạch giao cho đề án theo năm"


@value
class Room:
    """One limit that the step touches, and how far it is used then (giới hạn)."""

    kind: RoomKind
    subject: str
    """Whose: source and year, activity and facility, commitment (đối tượng)."""
    limit: Vnd
    """The most, in đồng (mức tối đa)."""
    used: Vnd
    """So much of it is taken, with this step, in đồng (đã dùng)."""
    left: Vnd
    """Limit less used, in đồng (còn lại)."""
    rule: str
    """What sets the limit (căn cứ)."""


def rooms(facts: Iterable[object], scheme: Scheme, occasion: Occasion) -> Sequence[Room]:
    """The limits that these facts touch, each once, as the scheme stands with them."""
    found: dict[tuple[RoomKind, str], Room] = {}
    for fact in facts:
        for room in _touched(fact, scheme, occasion):
            found[room.kind, room.subject] = room
    return tuple(found.values())


def _touched(fact: object, scheme: Scheme, occasion: Occasion) -> Iterator[Room]:
    match fact:
        case SchemeApproved(ceilings=ceilings) | SchemeSupplemented(ceilings=ceilings):
            yield from _approved(ceilings, scheme, occasion)
        case SchemeAdjusted(after=after):
            yield from _approved(after.ceilings, scheme, occasion)
        case UnspentBalanceReturned() | BalanceCarriedOver():
            yield _ceiling(scheme, fact.source, fact.budget_year)
        case CounterpartPledged(facility_id=facility_id):
            yield _counterpart(scheme, facility_id)
        case SupportCommitted():
            yield _ceiling(scheme, fact.source, fact.budget_year)
            yield from _caps(fact, scheme, occasion)
            yield _counterpart(scheme, fact.facility_id)
        case _:
            commitment = scheme.commitments.get(CommitmentId(getattr(fact, "commitment_id", "")))
            if commitment is not None:
                promise = commitment.promise
                if isinstance(fact, AdvancePaid):
                    yield from _advance(commitment, occasion)
                yield _commitment(commitment)
                yield _ceiling(scheme, promise.source, promise.budget_year)


def _approved(ceilings: Iterable[Ceiling], scheme: Scheme, occasion: Occasion) -> Iterator[Room]:
    """Each ceiling, and what the plan of its year assigns to the scheme, where there is one."""
    for each in ceilings:
        yield _ceiling(scheme, each.source, each.budget_year)
        planned = room_for(scheme.proposal.scheme_id, each.budget_year, occasion)
        if each.source is PLANNED and planned is not None:
            yield _room(
                RoomKind.PLAN,
                f"{each.source.name} {each.budget_year}",
                limit=planned,
                used=scheme.ceiling(each.source, each.budget_year),
                rule="TT 36/2013/TT-BCT",
            )


def _ceiling(scheme: Scheme, source: FundingSource, budget_year: int) -> Room:
    held = scheme.held(source, budget_year)
    return _room(
        RoomKind.CEILING,
        f"{source.name} {budget_year}",
        limit=held + scheme.headroom(source, budget_year),
        used=held,
        rule="TT 36/2013/TT-BCT",
    )


def _caps(promise: SupportCommitted, scheme: Scheme, occasion: Occasion) -> Iterator[Room]:
    cap = cap_of(promise, occasion)
    if cap is None:
        return
    of = f"{promise.activity.name} {promise.facility_id}"
    if cap.amount is not None:
        standing = scheme.standing(promise.facility_id)
        held = sum(each.left for each in standing if each.promise.activity is promise.activity)
        used = held if cap.is_per_facility else promise.amount
        yield _room(RoomKind.CAP, of, limit=cap.amount, used=used, rule=cap.legal_basis)
    if cap.share_pct is not None:
        most = promise.total_cost * cap.share_pct // 100
        of = f"{promise.commitment_id}"
        yield _room(RoomKind.SHARE, of, limit=most, used=promise.amount, rule=cap.legal_basis)


def _counterpart(scheme: Scheme, facility_id: FacilityId) -> Room:
    standing = scheme.standing(facility_id)
    funded = sum(each.left for each in standing) + scheme.pledged.get(facility_id, 0)
    return _room(
        RoomKind.COUNTERPART,
        facility_id,
        limit=funded,
        used=sum(each.promise.total_cost for each in standing),
        rule="TT 28/2018/TT-BTC",
    )


def _advance(commitment: Commitment, occasion: Occasion) -> Iterator[Room]:
    rule = advance_limit_of(commitment.promise.activity, occasion)
    if rule is not None:
        yield _room(
            RoomKind.ADVANCE,
            commitment.promise.commitment_id,
            limit=commitment.left * advance_share(commitment, rule) // 100,
            used=commitment.advanced,
            rule=rule.legal_basis,
        )


def _commitment(commitment: Commitment) -> Room:
    return _room(
        RoomKind.COMMITMENT,
        commitment.promise.commitment_id,
        limit=commitment.left,
        used=commitment.net_paid,
        rule="net payments stay within the commitment",
    )


def _room(kind: RoomKind, subject: str, *, limit: int, used: int, rule: str) -> Room:
    return Room(
        kind=kind,
        subject=subject,
        limit=Vnd(limit),
        used=Vnd(used),
        left=Vnd(limit - used),
        rule=rule,
    )
