"""What is asked at the root and is no part of the fund: it has no position, and no plan."""

from schema.access.policy import COMMANDS

APART = frozenset({"attempts", "eventType", "eventTypes", "preview", "webhook", "webhooks"})
"""test_access.py, test_event_types.py, test_preview.py and test_webhooks.py ask for them."""
TYPES = frozenset(
    {
        "Attempt",
        "EventField",
        "EventKind",
        "EventVersion",
        "Preview",
        "Previewed",
        "PreviewedEvent",
        "Room",
        "Webhook",
        "WebhookChange",
        "WebhookDelivery",
        "WebhookFilter",
    }
)
"""What they answer."""
ERRANDS = frozenset(name for name in COMMANDS if "Webhook" in name or name == "redeliver")
"""Mutations that say where events are sent: they change nothing of the fund."""
