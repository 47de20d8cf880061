"""One cost item of a facility, one source of state money (không hỗ trợ trùng).

    holding(scheme)      # {"cost-item:may-minh-hoa:may det kim"}

A scheme sees its own commitments and no others. So what it supports it also holds by a key of the
whole ledger, for as long as a commitment to it stands.
"""

from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

from events.identity import FacilityId
from events.rules import Refusal, refusal
from events.scheme.state import Scheme
from events.text import fold

PREFIX = "cost-item"
KEYS_MAX = 16_384
"""Remembered keys: a scheme is asked for its own with every command."""
_READABLE_MAX, _HEAD = 200, 120


@refusal(rule="TT 28/2018/TT-BTC: no cost item has state money from two sources (hỗ trợ trùng)")
class DoubleFunding(Refusal):
    """Another source or scheme already supports the item "{cost_item}" of facility {facility_id}.

    Hạng mục "{cost_item}" của cơ sở {facility_id} đã được nguồn kinh phí hoặc đề án khác hỗ trợ.
    """

    facility_id: FacilityId
    cost_item: str


def holding(scheme: Scheme | None) -> Iterable[str]:
    """The keys of all cost items that the scheme supports."""
    commitments = scheme.commitments.values() if scheme else ()
    return {
        key_of(each.promise.facility_id, each.promise.cost_item)
        for each in commitments
        if each.cancellation is None
    }


@lru_cache(maxsize=KEYS_MAX)
def key_of(facility_id: FacilityId, cost_item: str) -> str:
    """However it is spelled, spaced or accented, the same item has the same key."""
    item = " ".join(fold(cost_item).split())
    if len(item) > _READABLE_MAX:
        item = f"{item[:_HEAD]} {sha256(item.encode()).hexdigest()}"
    return f"{PREFIX}:{facility_id}:{item}"


def is_of(key: str) -> bool:
    """Whether a key holds a cost item."""
    return key.startswith(f"{PREFIX}:")


def refused(key: str) -> DoubleFunding:
    """What is said to who wants a cost item that somebody else holds."""
    _, facility_id, item = key.split(":", 2)
    return DoubleFunding(facility_id=FacilityId(facility_id), cost_item=item)


def checked_single(facility_id: FacilityId, cost_item: str, source: object, scheme: Scheme) -> None:
    """Refuse the item within the scheme where another source supports it already."""
    key = key_of(facility_id, cost_item)
    for each in scheme.standing(facility_id):
        promise = each.promise
        if promise.source is not source and key_of(facility_id, promise.cost_item) == key:
            raise DoubleFunding(facility_id=facility_id, cost_item=cost_item)
