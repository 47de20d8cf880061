"""`python -m schema.contract`: docs/reference/events.md and asyncapi.json anew from the code."""
