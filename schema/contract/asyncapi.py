"""Every door that events leave by, as an AsyncAPI 3.0 document: docs/reference/asyncapi.json.

    Path("docs/reference/asyncapi.json").write_text(asyncapi_text(), encoding="utf-8")

A generator makes consumers of it, a broker's catalogue shows it. The subscription over GraphQL is
not here: the contract of that door is schema.graphql. One message for each kind of event; each door
adds the headers that it sends it with.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final, TypeAlias

from events.evolution import FILE
from schema.contract.envelope import cloud_example, cloud_shape
from schema.contract.kinds import kinds
from schema.feed.cloud import BATCH_TYPE, CONTENT_TYPE
from schema.feed.filters import EventFeedFilter

_Tree: TypeAlias = Mapping[str, Any]

NATS_SUBJECT: Final = "socai.events"
_FEED: Final = (
    "Every event after a position that the caller may see, in the order of the ledger, at least"
    " once. The form goes by `Accept`: `text/event-stream` (an event is `data`, its position `id`;"
    f" for ever), `application/x-ndjson` (one a line), `{BATCH_TYPE}` (one array)."
)
_WEBHOOK: Final = (
    "One event in a POST to the address that was registered, in the order of the ledger: the next"
    " is sent when this one was answered with 2xx. What is not taken comes again, later and later;"
    " answer 410 to end it. Check the signature first."
)
_NATS: Final = (
    "The relay stores each event once, in the order of the ledger, in a stream of JetStream, on the"
    " subject of its kind: what the public may read, or everything, as whoever runs it says."
)

_SERVERS: Final[_Tree] = {
    "ledger": {
        "host": "{ledger}",
        "protocol": "https",
        "description": "A ledger (sổ cái).",
        "variables": {"ledger": {"default": "localhost:8000"}},
    },
    "consumer": {
        "host": "{consumer}",
        "protocol": "https",
        "description": "Whoever registered a webhook (bên nhận).",
        "variables": {"consumer": {"default": "consumer.example"}},
    },
    "nats": {
        "host": "{nats}",
        "protocol": "nats",
        "description": "A NATS server with JetStream, 2.9 or newer.",
        "variables": {"nats": {"default": "localhost:4222"}},
    },
}
_TRAITS: Final[_Tree] = {
    "webhook": {
        "headers": {
            "type": "object",
            "description": "Standard Webhooks. What is signed: id, dot, timestamp, dot, body.",
            "required": ["webhook-id", "webhook-timestamp", "webhook-signature"],
            "properties": {
                "webhook-id": {
                    "type": "string",
                    "format": "uuid",
                    "description": "The event's id, the same however often it is sent.",
                },
                "webhook-timestamp": {
                    "type": "string",
                    "pattern": "^[0-9]+$",
                    "description": "When this attempt was made, in Unix seconds.",
                },
                "webhook-signature": {
                    "type": "string",
                    "pattern": "^v1,[A-Za-z0-9+/]{43}=( v1,[A-Za-z0-9+/]{43}=)*$",
                    "description": "HMAC-SHA256 in base64, one for each secret in force.",
                },
            },
        },
    },
    "jetstream": {
        "headers": {
            "type": "object",
            "required": ["Nats-Msg-Id"],
            "properties": {
                "Nats-Msg-Id": {
                    "type": "string",
                    "pattern": "^[1-9][0-9]*$",
                    "description": "The event's position: what comes twice is dropped by it.",
                },
            },
        },
    },
}


def asyncapi_text() -> str:
    """The document as JSON."""
    return json.dumps(asyncapi(), ensure_ascii=False, indent=1) + "\n"


def asyncapi() -> _Tree:
    """The document."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:socai:events",
        "info": {
            "title": "Socai events",
            "version": json.loads(FILE.read_text(encoding="utf-8"))["release"],
            "description": "Sổ cái: what the ledger of Vietnam's national industrial-promotion fund"
            " (chương trình khuyến công quốc gia) tells other programs, as CloudEvents 1.0.",
            "license": {
                "name": "Apache-2.0",
                "url": "https://www.apache.org/licenses/LICENSE-2.0",
            },
        },
        "defaultContentType": CONTENT_TYPE,
        "servers": _SERVERS,
        "channels": _channels(),
        "operations": _operations(),
        "components": {
            "messages": {name: _message(name) for name in kinds()} | {"Batch": _batch()},
            "schemas": {name: cloud_shape(name) for name in kinds()},
            "messageTraits": _TRAITS,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key or an access token; without: what is public.",
                }
            },
        },
    }


def _channels() -> _Tree:
    names = (*kinds(), "Batch")
    return {
        "feed": {
            "address": "/events",
            "title": "The feed (luồng sự kiện)",
            "description": _FEED,
            "servers": [_ref("servers/ledger")],
            "messages": {name: _ref(f"components/messages/{name}") for name in names},
        },
        "webhook": {
            "address": None,
            "title": "Webhooks (gọi ngược)",
            "description": _WEBHOOK,
            "servers": [_ref("servers/consumer")],
            "messages": {name: _with(name, "webhook") for name in kinds()},
        },
        "jetstream": {
            "address": f"{NATS_SUBJECT}.{{type}}",
            "title": "NATS JetStream",
            "description": _NATS,
            "servers": [_ref("servers/nats")],
            "parameters": {"type": {"description": "Kind of event.", "enum": list(kinds())}},
            "messages": {name: _with(name, "jetstream") for name in kinds()},
        },
    }


def _operations() -> _Tree:
    """What the ledger does: it sends."""
    return {
        "answerFeed": {
            "action": "send",
            "channel": _ref("channels/feed"),
            "summary": "Answer what was recorded after a position.",
            "security": [_ref("components/securitySchemes/bearer")],
            "bindings": {"http": {"method": "GET", "query": _query()}},
        },
        "callWebhook": {
            "action": "send",
            "channel": _ref("channels/webhook"),
            "summary": "Tell a registered address of one event.",
            "bindings": {"http": {"method": "POST"}},
        },
        "relay": {
            "action": "send",
            "channel": _ref("channels/jetstream"),
            "summary": "Store one event in JetStream.",
        },
    }


def _query() -> _Tree:
    """The parameters of the feed: how much of it, and the filter."""
    wanted = {"type": "string", "description": "Only these, with commas between."}
    return {
        "type": "object",
        "properties": {
            "after": {"type": "integer", "minimum": 0, "description": "Start after this position."},
            "limit": {"type": "integer", "minimum": 1, "description": "Events in a page."},
            "wait": {"type": "integer", "minimum": 0, "description": "Seconds for a first event."},
            "proofs": {"type": "boolean", "description": "Only sealed ones, each with `proof`."},
            **{each.name: wanted for each in fields(EventFeedFilter)},  # type: ignore[arg-type]
        },
    }


def _message(name: str) -> _Tree:
    kind = kinds()[name]
    return {
        "name": kind.cloud_event_type,
        "title": name,
        "summary": kind.description,
        "contentType": CONTENT_TYPE,
        "payload": _ref(f"components/schemas/{name}"),
        "examples": [{"name": "synthetic", "payload": cloud_example(name)}],
    }


def _with(name: str, door: str) -> _Tree:
    """The same message with the headers of a door."""
    return {
        "name": kinds()[name].cloud_event_type,
        "title": name,
        "contentType": CONTENT_TYPE,
        "payload": _ref(f"components/schemas/{name}"),
        "traits": [_ref(f"components/messageTraits/{door}")],
    }


def _batch() -> _Tree:
    return {
        "name": "batch",
        "title": "Batch",
        "summary": "Events that follow one another (nhóm sự kiện).",
        "contentType": BATCH_TYPE,
        "payload": {
            "type": "array",
            "items": {"anyOf": [_ref(f"components/schemas/{name}") for name in kinds()]},
        },
    }


def _ref(place: str) -> _Tree:
    return {"$ref": f"#/{place}"}
