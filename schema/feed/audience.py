"""Which events, and which of their fields, somebody may see: `access/sight.py` without a database.

    audience = Audience.of(principal)
    audience.sees(item), audience.hides(SupportCommitted)

GraphQL writes the same conditions into its statements; a test holds the two against each other.
"""

import dataclasses
from collections.abc import Mapping
from functools import cache, lru_cache
from types import UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from events.envelope import Actor, Authority
from events.rules import value
from events.vocabulary import Role
from events.wire import camel
from schema.access.policy import may_read
from schema.access.principal import PUBLIC, Principal, parts
from schema.access.sight import SEE_MANDATES, Sight
from schema.feed.item import Item

AUDIENCES_MAX = 1_000
"""Callers of whom it is remembered what they see."""

Hidden: TypeAlias = Mapping[str, "Hidden | None"]
"""Names in a JSON object: None, left out; a mapping, what is left out inside."""


@value
class Audience:
    """One or many who see the same. Equal audiences share what is made for them."""

    roles: frozenset[Role]
    sight: Sight
    provinces: frozenset[str] = frozenset()
    """Its own, with all that became part of them: `CODE@YYYY-MM-DD`."""
    centres: frozenset[str] = frozenset()

    @classmethod
    def of(cls, principal: Principal) -> "Audience":
        """What a caller sees."""
        return _of(principal)

    @property
    def sees_all(self) -> bool:
        """Whether no event is hidden from it."""
        return self.sight is Sight.ALL

    def sees(self, item: Item) -> bool:
        """Whether it sees that there is such an event."""
        if self.sight is Sight.ALL:
            return True
        if item.stream.startswith("mandate-") and not SEE_MANDATES.isdisjoint(self.roles):
            return True
        reach = item.reach
        if reach is None:
            return False
        if reach.is_published:
            return True
        return self.sight is Sight.OWN and (
            reach.province in self.provinces
            or reach.centre in self.centres
            or not self.provinces.isdisjoint(reach.served)
        )

    def hides(self, fact: type) -> Hidden:
        """What of such an event it does not read."""
        return _hidden(self.roles, fact)


WHOLE = Audience(roles=frozenset(Role), sight=Sight.ALL)
"""Every event, and every field: the record itself."""


@lru_cache(AUDIENCES_MAX)
def _of(principal: Principal) -> Audience:
    if principal.sight is not Sight.OWN:
        return Audience(roles=principal.roles, sight=principal.sight)
    held = principal.mandates
    return Audience(
        roles=principal.roles,
        sight=principal.sight,
        provinces=frozenset(
            str(ref) for each in held if each.province for ref in parts(each.province)
        ),
        centres=frozenset(each.centre for each in held if each.centre),
    )


PUBLIC_AUDIENCE = Audience.of(PUBLIC)
"""Whoever shows nothing (công chúng)."""


@cache
def _hidden(roles: frozenset[Role], fact: type) -> Hidden:
    around = {"actor": _inside(roles, Actor), "authority": _inside(roles, Authority)}
    return {
        name: hidden for name, hidden in (*around.items(), ("data", _inside(roles, fact))) if hidden
    }


@cache
def _inside(roles: frozenset[Role], cls: type) -> Hidden:
    hints = get_type_hints(cls)
    found: dict[str, Hidden | None] = {}
    for each in dataclasses.fields(cls):
        name = camel(each.name)
        if not may_read(roles, cls.__name__, name):
            found[name] = None
        elif (inner := class_in(hints[each.name])) and (hidden := _inside(roles, inner)):
            found[name] = hidden
    return found


def class_in(kind: Any) -> type | None:
    """The class of the objects that a field holds; None: it holds none."""
    if get_origin(kind) in {tuple, Union, UnionType}:
        return next(filter(None, map(class_in, get_args(kind))), None)
    return kind if isinstance(kind, type) and dataclasses.is_dataclass(kind) else None
