"""Webhooks as their owners manage them. They are not facts of the fund (docs/decisions/0019)."""
