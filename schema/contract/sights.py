"""With what a stream is published (công bố), and who sees its events until then, or ever.

    seen("scheme")      # Seen(publication=LATER, published_by=("SchemeApproved",), owner="centre")

Nothing is told twice here: the read model of subjects is asked what it makes of the examples, and
the audience of each role whether it sees that.
"""

from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Any

from events.catalogue import AGGREGATES, facts_of
from events.codec import unseal
from events.envelope import Recorded
from events.examples import examples
from events.identity import OrganisationId
from events.log import Stored
from events.mandate import PrincipalId
from events.rules import value
from events.seal.tree import leaf_of
from events.vocabulary import Role
from projections.subject import Subject, subject
from schema.access.principal import PUBLIC, Mandate, Principal
from schema.feed.audience import Audience
from schema.feed.item import Item, Reach
from schema.planner.criteria import described

POSITION = 46
"""Where the examples stand, in a ledger that is known by the first of them."""


class EventPublication(Enum):
    """When everybody sees the events of a stream (công bố)."""

    AT_ONCE = "ngay khi ghi sổ"
    LATER = "khi được công bố"
    NEVER = "không công bố"


described(EventPublication, "When everybody sees the events of a stream (công bố).")


@value
class Seen:
    """Who sees the events of a kind of stream."""

    publication: EventPublication
    published_by: tuple[str, ...]
    """Facts with which a stream is published."""
    owner: str
    """`province` or `centre`: whose business it is before; empty: nobody's."""
    roles: frozenset[Role]
    """Who sees them at last, without a mandate over a province or a centre."""


@cache
def seen(aggregate: str) -> Seen:
    """Who sees the events of a kind of stream."""
    opened = _opened(aggregate)
    later = () if opened.published else tuple(_publishing(aggregate, opened))
    is_published = opened.published or bool(later)
    item = item_of_example(_facts(aggregate)[0].__name__)
    item.reach = Reach(is_published=is_published, province=None, concerned=None, centre=None)
    publication = EventPublication.LATER if later else EventPublication.NEVER
    if opened.published:
        publication = EventPublication.AT_ONCE
    roles = frozenset(role for role in Role if audience_of(role).sees(item))
    return Seen(
        publication=publication,
        published_by=later,
        owner="province" if opened.province_code else "centre" if opened.centre else "",
        roles=roles,
    )


def audience_of(role: Role) -> Audience:
    """Whoever has this role over the whole fund."""
    if role is Role.PUBLIC:
        return Audience.of(PUBLIC)
    held = Mandate(role=role, organisation=OrganisationId("x"))
    return Audience.of(Principal(id=PrincipalId("x"), mandates=(held,)))


def item_of_example(name: str) -> Item:
    """The example of a kind of event as the feed meets it."""
    first = unseal(1, next(iter(examples().values())))
    body = examples()[name]
    return Item(Stored(POSITION, body, leaf_of(body)), f"urn:uuid:{first.id}")


def _opened(aggregate: str) -> Subject:
    """What is known of a stream with its first event; a stream that nothing opens is nobody's."""
    opening = next((each for each in _facts(aggregate) if each in subject.opens), None)
    if opening is None:
        return Subject("", False, None, None, None, True)  # noqa: FBT003 - a row
    row: Subject = subject.opens[opening](_example(opening))
    return row


def _publishing(aggregate: str, row: Subject) -> Iterator[str]:
    for fact, change in subject.changes.items():
        event = _example(fact)
        own = any(str(key[0]).startswith(f"{aggregate}-") for key in subject.keys[fact](event))
        if own and change(row, event).published:
            yield fact.__name__


def _facts(aggregate: str) -> tuple[type, ...]:
    return next(facts_of(each) for each in AGGREGATES if each.name == aggregate)


def _example(fact: type) -> Recorded[Any]:
    return unseal(POSITION, examples()[fact.__name__])
