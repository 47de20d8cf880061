"""What clients and readers of the log rely on is committed, and equals the code.

A difference is either a mistake, or a promise that changes: then `make sdl` or `make shapes` writes
it, and the change is seen in review.
"""

import json

from events.shapes import event_shapes, refusals_page
from schema.contract.asyncapi import asyncapi_text
from schema.contract.page import events_page
from schema.root import sdl
from tests.house.tree import ROOT


def differs(committed: str, code: str) -> str:
    """The first line in which the committed text and the code differ; nothing if they are equal."""
    if committed == code:
        return ""
    pairs = zip([*committed.splitlines(), ""], [*code.splitlines(), ""], strict=False)
    return next((f"- {a}\n+ {b}" for a, b in pairs if a != b), "line ends differ")


def committed(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def test_the_committed_schema_is_the_schema() -> None:
    assert differs(committed("schema/schema.graphql"), sdl()) == "", "make sdl"


def test_the_committed_event_shapes_are_the_shapes() -> None:
    assert json.loads(committed("docs/reference/events.json")) == event_shapes(), "make shapes"


def test_the_committed_refusals_are_the_refusals() -> None:
    assert differs(committed("docs/reference/refusals.md"), refusals_page()) == "", "make shapes"


def test_the_committed_catalogue_is_the_catalogue() -> None:
    assert differs(committed("docs/reference/events.md"), events_page()) == "", "make shapes"


def test_the_committed_doors_are_the_doors() -> None:
    assert differs(committed("docs/reference/asyncapi.json"), asyncapi_text()) == "", "make shapes"


def test_a_changed_line_is_caught() -> None:
    assert differs("a\nb\n", "a\nc\n") == "- b\n+ c"
    assert differs("a\n", "a\nb\n") == "- \n+ b"
    assert differs("a", "a\n") == "line ends differ"
    assert differs("a\n", "a\n") == ""
