"""An event as a CloudEvent (CloudEvents 1.0.2, JSON format): the envelope of every door but one.

    cloud(item, audience)             # b'{"specversion":"1.0","id":…'
    cloud(item, audience, proof)      # with the proof that it is under a signed root

`id` is the event's own, `sequence` its position, `leaf` the hash of its recorded bytes. Whoever may
read every field gets those very bytes as `data`; from others a field that they may not read is
left out. What is encoded is kept with the event, once for all who are shown the same.
"""

from base64 import b64encode
from typing import Any, Final

import orjson

from events.catalogue import FACTS
from schema.feed.audience import Audience, Hidden
from schema.feed.item import Item

CONTENT_TYPE: Final = "application/cloudevents+json"
BATCH_TYPE: Final = "application/cloudevents-batch+json"
TYPE_PREFIX: Final = "vn.socai."
SEQUENCE_DIGITS: Final = 20
"""Texts of one length sort as numbers do (CloudEvents `sequence` extension)."""


def cloud(item: Item, audience: Audience, proof: bytes | None = None) -> bytes:
    """The envelope and the event, as one line of JSON."""
    hidden = audience.hides(FACTS[item.type])
    key = id(hidden) if hidden else None  # `hides` answers one object for the same question
    made = item.clouds.get(key)
    if made is None:
        made = item.clouds[key] = _encoded(item, hidden)
    if proof is None:
        return made
    return b'%b,"proof":"%b"}' % (made[:-1], b64encode(proof))


def _encoded(item: Item, hidden: Hidden) -> bytes:
    told = item.told
    envelope = orjson.dumps(
        {
            "specversion": "1.0",
            "id": told["id"],
            "source": item.source,
            "type": TYPE_PREFIX + item.type,
            "subject": item.stream,
            "time": told["recordedAt"],
            "datacontenttype": "application/json",
            "dataschema": f"urn:socai:event:{item.type}:{told['schema']}",
            "sequence": f"{item.position:0{SEQUENCE_DIGITS}}",
            "leaf": item.leaf.hex(),
        }
    )
    body = orjson.dumps(_without(told, hidden)) if hidden else item.body
    return b'%b,"data":%b}' % (envelope[:-1], body)


def _without(told: dict[str, Any], hidden: Hidden) -> dict[str, Any]:
    """A copy of an object without what is hidden in it."""
    kept: dict[str, Any] = {}
    for name, got in told.items():
        inner = hidden.get(name, {})
        if inner is None:
            continue
        if inner and isinstance(got, dict):
            got = _without(got, inner)  # noqa: PLW2901 - the same value, less of it
        elif inner and isinstance(got, list):
            got = [_without(each, inner) for each in got]  # noqa: PLW2901 - likewise
        kept[name] = got
    return kept
