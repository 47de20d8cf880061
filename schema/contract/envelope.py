"""The JSON Schema of an event as it leaves the ledger: a CloudEvent, with what its reader may read.

    cloud_shape("AdvancePaid")      # `data.data.voucher` is described, and not required
    cloud_example("AdvancePaid")    # one of them, as the feed makes it for who reads everything

The schema says what `schema.feed.cloud` does; a test holds what it makes against it.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, TypeAlias, get_type_hints

from events.catalogue import FACTS
from events.envelope import Actor, Authority
from events.evolution import published, version_of
from events.shapes import event_shapes
from events.vocabulary import Role
from events.wire import camel
from schema.access.policy import readers
from schema.contract.sights import item_of_example
from schema.feed.audience import WHOLE, class_in
from schema.feed.cloud import SEQUENCE_DIGITS, TYPE_PREFIX, cloud

_Shape: TypeAlias = Mapping[str, Any]
_EVERYBODY: Final = frozenset(Role)
_OPTIONAL: Final = "proof"
_ATTRIBUTES: Final[Mapping[str, _Shape]] = {
    "specversion": {"const": "1.0", "description": "Version of CloudEvents."},
    "id": {
        "type": "string",
        "format": "uuid",
        "description": "The event's own id, the same however often it is delivered.",
    },
    "source": {
        "type": "string",
        "pattern": "^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        "description": "Which ledger: the id of its first event.",
    },
    "type": {"description": "Which kind of event."},
    "subject": {"description": "The stream that it is in."},
    "time": {
        "type": "string",
        "format": "date-time",
        "description": "When it was recorded, in UTC.",
    },
    "datacontenttype": {"const": "application/json", "description": "What `data` is."},
    "dataschema": {"description": "Kind and version of what `data` is."},
    "sequence": {
        "type": "string",
        "pattern": f"^[0-9]{{{SEQUENCE_DIGITS}}}$",
        "description": "Its position in the ledger, with zeros before it: sorts as a text.",
    },
    "leaf": {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$",
        "description": "SHA-256 of 0x00 and its recorded bytes (RFC 6962 §2.1).",
    },
    _OPTIONAL: {
        "type": "string",
        "contentEncoding": "base64",
        "description": "That it is under a signed root (C2SP tlog-proof), where it was asked for"
        " and there is one.",
    },
    "data": {"description": "The event, without what its reader may not read."},
}
"""Every attribute; what differs from kind to kind is added to it."""


def cloud_shape(name: str) -> _Shape:
    """Of one kind of event, in every version that was or is recorded.

    Attributes that are not named here may come (CloudEvents 1.0 §3.1): a reader passes over them.
    """
    versions = shapes_of(name)
    parts = [_partial(FACTS[name], each) for each in versions.values()]
    newest = versions[max(versions)]
    of_kind: _Shape = {
        "type": {"const": TYPE_PREFIX + name},
        "subject": newest["properties"]["stream"],
        "dataschema": {"enum": [f"urn:socai:event:{name}:{version}" for version in versions]},
        "data": parts[0] if len(parts) == 1 else {"anyOf": parts},
    }
    said = {key: {**of_kind.get(key, {}), **told} for key, told in _ATTRIBUTES.items()}
    return {
        "type": "object",
        "description": newest["description"],
        "properties": said,
        "required": [each for each in said if each != _OPTIONAL],
    }


def cloud_example(name: str) -> Mapping[str, Any]:
    """The example of a kind of event, as the feed sends it to who reads everything."""
    told: Mapping[str, Any] = json.loads(cloud(item_of_example(name), WHOLE))
    return told


def shapes_of(name: str) -> Mapping[int, _Shape]:
    """Version to shape: those that were released, and the present one. Oldest first."""
    shape = event_shapes()["$defs"][name]
    found = {each.version: each.shape for each in published().get(name, ())}
    return dict(sorted((found | {version_of(shape): shape}).items()))


def _partial(fact: type, shape: _Shape) -> _Shape:
    """The shape of an event in which nothing is required that somebody may not read."""
    inside = {"actor": Actor, "authority": Authority, "data": fact}
    properties = {
        name: _opened(inside[name], each) if name in inside else each
        for name, each in shape["properties"].items()
    }
    return {**shape, "properties": properties}


def _opened(cls: type, shape: _Shape) -> _Shape:
    """The same of a value: an object, a list of them, or one that may be null."""
    if "anyOf" in shape:
        first, *rest = shape["anyOf"]
        return {**shape, "anyOf": [_opened(cls, first), *rest]}
    if "items" in shape:
        return {**shape, "items": _opened(cls, shape["items"])}
    inner = {camel(name): class_in(hint) for name, hint in get_type_hints(cls).items()}
    properties = {
        name: _opened(below, each) if (below := inner.get(name)) else each
        for name, each in shape["properties"].items()
    }
    required = [each for each in shape["required"] if readers(cls.__name__, each) == _EVERYBODY]
    return {**shape, "properties": properties, "required": required}
