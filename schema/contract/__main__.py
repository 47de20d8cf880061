"""`python -m schema.contract`: docs/reference/events.md and asyncapi.json anew from the code."""

from events.shapes import REFERENCE
from schema.contract.asyncapi import asyncapi_text
from schema.contract.page import events_page


def main() -> None:
    """Write both."""
    (REFERENCE / "events.md").write_text(events_page(), encoding="utf-8")
    (REFERENCE / "asyncapi.json").write_text(asyncapi_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
