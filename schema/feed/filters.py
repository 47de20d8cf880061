"""Which events somebody wants: by kind, stream, scheme, province and centre.

    wanted = Filter.read({"types": ["SupportCommitted"], "provinces": ["15"]})
    wanted.takes(item)
    wanted.told()      # {"types": ["SupportCommitted"], "provinces": ["15@2025-07-01"]}

What is not named is not limited; values of one name are alternatives, names add up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Final

import strawberry

from events.catalogue import FACTS, aggregate_of_stream
from events.clock import today
from events.geography import live_on, province
from events.identity import InvalidCode, ProvinceRef, checked_code
from events.rules import value
from schema.access.principal import parts
from schema.feed.item import Item, Reach
from schema.planner.refusals import QueryRefusedError

VALUES_MAX: Final = 100
"""Of one name."""
_NOBODYS = Reach(is_published=False, province=None, concerned=None, centre=None)


@strawberry.input(description="Which events are wanted (bộ lọc): what is not named is not limited.")
class EventFeedFilter:
    """The same for every door of the feed."""

    types: list[str] | None = strawberry.field(
        default=None, description="Kinds of event, such as SupportCommitted (loại sự kiện)."
    )
    streams: list[str] | None = strawberry.field(
        default=None, description="Streams, such as facility-<code> (dòng sự kiện)."
    )
    schemes: list[str] | None = strawberry.field(
        default=None, description="Codes of schemes (mã đề án)."
    )
    provinces: list[str] | None = strawberry.field(
        default=None,
        description="Provinces whose facilities are concerned, with all that has become part of"
        " them: CODE as it is today, or CODE@YYYY-MM-DD (tỉnh, thành phố).",
    )
    centres: list[str] | None = strawberry.field(
        default=None, description="Codes of centres: they, and their schemes (trung tâm)."
    )

    def read(self) -> "Filter":
        """What it says, checked."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}  # type: ignore[arg-type]
        return Filter.read({name: got for name, got in told.items() if got is not None})


@value
class Filter:
    """What is wanted. Empty: everything."""

    types: frozenset[str] = frozenset()
    streams: frozenset[str] = frozenset()
    schemes: frozenset[str] = frozenset()
    provinces: frozenset[str] = frozenset()
    """As `CODE@YYYY-MM-DD`."""
    centres: frozenset[str] = frozenset()

    @classmethod
    def read(cls, told: Mapping[str, Sequence[str]]) -> "Filter":
        """From lists of texts by name; refused if one means nothing. An empty list wants nothing.

        Nobody follows a feed that never tells him anything: that is refused as well.
        """
        unknown = sorted(told.keys() - _READ.keys())
        if unknown:
            raise _refused("UNKNOWN_FILTER", "filter", unknown[0], ", ".join(_READ))
        for name, values in told.items():
            if not 1 <= len(values) <= VALUES_MAX:
                raise QueryRefusedError(
                    "FILTER_LENGTH",
                    f"`{name}` names 1 to {VALUES_MAX} values; {len(values)} are given.",
                    f"`{name}` nhận từ 1 đến {VALUES_MAX} giá trị; đã gửi {len(values)}.",
                    filter=name,
                )
        return cls(**{name: frozenset(map(_READ[name], told[name])) for name in told})

    def told(self) -> dict[str, list[str]]:
        """The same as lists, in a fixed order; what is not limited is not named."""
        found = {each.name: sorted(getattr(self, each.name)) for each in fields(self)}
        return {name: values for name, values in found.items() if values}

    @property
    def needs_reach(self) -> bool:
        """Whether it asks whose an event is."""
        return bool(self.provinces or self.centres)

    def takes(self, item: Item) -> bool:
        """Whether an event is wanted."""
        if self is EVERYTHING:
            return True
        if self.types and item.type not in self.types:
            return False
        kind, _, code = item.stream.partition("-")
        if self.streams and item.stream not in self.streams:
            return False
        if self.schemes and (kind != "scheme" or code not in self.schemes):
            return False
        reach = item.reach or _NOBODYS
        if self.centres and reach.centre not in self.centres:
            return kind == "organisation" and code in self.centres and not self.provinces
        if not self.provinces:
            return True
        wanted = _with_parts(self.provinces)
        return reach.concerned in wanted or reach.province in wanted


EVERYTHING = Filter()


@cache
def _with_parts(provinces: frozenset[str]) -> frozenset[str]:
    refs = (ref_of(each) for each in provinces)
    return frozenset(str(part) for ref in refs for part in parts(ref))


def ref_of(text: str) -> ProvinceRef:
    """The province that `CODE@YYYY-MM-DD` names; of `CODE` alone, the one that has it today."""
    code, _, day = text.partition("@")
    try:
        ref = ProvinceRef(code=code, valid_from=date.fromisoformat(day)) if day else None
    except ValueError:
        ref = None
    found = ref if day else live_on(code, today())
    if found is None or province(found) is None:
        raise _refused("UNKNOWN_PROVINCE", "province", text, "CODE or CODE@YYYY-MM-DD")
    return found


def _province(text: str) -> str:
    return str(ref_of(text))


def _type(text: str) -> str:
    if text not in FACTS:
        raise _refused("UNKNOWN_EVENT_TYPE", "kind of event", text, "see docs/reference/events.md")
    return text


def _stream(text: str) -> str:
    try:
        aggregate_of_stream(text)
    except InvalidCode:
        raise _refused("UNKNOWN_STREAM", "stream", text, "kind-code") from None
    return text


def _code(text: str) -> str:
    try:
        checked_code("code", text)
    except InvalidCode:
        raise _refused("INVALID_CODE", "code", text, "letters, digits, dots and dashes") from None
    return text


_READ = {
    "types": _type,
    "streams": _stream,
    "schemes": _code,
    "provinces": _province,
    "centres": _code,
}


def _refused(code: str, what: str, text: str, wanted: str) -> QueryRefusedError:
    return QueryRefusedError(
        code,
        f"There is no {what} {text!r}; wanted: {wanted}.",
        f"Bộ lọc không hợp lệ: {text!r}; cần: {wanted}.",
        value=text,
    )
