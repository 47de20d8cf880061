"""One event of the feed: what is asked of it is worked out once, for all who follow.

item = item_of(stored, source)
item.type, item.stream, item.told["effectiveDate"]
"""

from typing import Any

import orjson

from events.log import Stored
from events.rules import value


@value
class Reach:
    """Whose an event is (thuộc phạm vi nào), as things stood when it was recorded."""

    is_published: bool
    province: str | None
    """Of the facility that its stream is about: `CODE@YYYY-MM-DD`."""
    concerned: str | None
    """Of the facility that the event is about, whatever its stream."""
    centre: str | None
    """Of the scheme that its stream is about: who implements it."""
    served: frozenset[str] = frozenset()
    """Of an event that is not published: the provinces that this centre serves."""


class Item:
    """An event on its way to those who follow."""

    __slots__ = ("body", "clouds", "leaf", "position", "reach", "source", "stream", "told", "type")

    def __init__(self, stored: Stored, source: str) -> None:
        # Not the stored event itself, which knows this one: whoever reads a million of them would
        # wait for the collector of circles.
        self.position, self.body, self.leaf = stored.position, stored.body, stored.leaf
        self.source = source
        """Which ledger it is of: a URN."""
        self.told: dict[str, Any] = orjson.loads(stored.body)
        """The event as its bytes say it."""
        self.type: str = self.told["type"]
        self.stream: str = self.told["stream"]
        self.reach: Reach | None = None
        """None: nobody has asked yet; `Feed.shown` does where it matters."""
        self.clouds: dict[object, bytes] = {}
        """It as a CloudEvent, by what is left out."""

    @property
    def event_id(self) -> str:
        """Its own identity, the same for ever: by it a repeated delivery is known."""
        return str(self.told["id"])


def item_of(stored: Stored, source: str) -> Item:
    """The one item of an event."""
    if not isinstance(stored.item, Item):
        stored.item = Item(stored, source)
    return stored.item
