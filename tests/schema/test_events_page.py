"""The page of events: total, and each of its links leads to one of its headings."""

import json
import re

import pytest

from events.catalogue import AGGREGATES, FACTS
from schema.contract.fields import around
from schema.contract.kinds import kinds
from schema.contract.page import events_page

PAGE = events_page()
PARTS = dict(
    zip(
        re.findall(r"^### (\w+)$", PAGE, re.MULTILINE),
        re.split(r"^### \w+$", PAGE, flags=re.MULTILINE)[1:],
        strict=True,
    )
)


def test_every_kind_of_event_has_its_part_in_the_order_of_the_catalogue() -> None:
    assert list(PARTS) == list(kinds())
    assert PARTS.keys() == FACTS.keys()


@pytest.mark.parametrize("name", FACTS)
def test_a_part_says_what_happened_and_shows_it(name: str) -> None:
    part, kind = PARTS[name], kinds()[name]
    assert part.startswith(f"\n\n{kind.description}\n")
    assert re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE) == [e.name for e in kind.fields]
    for each in kind.fields:
        assert f"| {each.description} |" in part
    (shown,) = re.findall(r"```json\n(.*?)```", part, re.DOTALL)
    assert json.loads(shown) == json.loads(kind.example)["data"]
    assert re.search(r"^Version .*\d \((\d{4}\.\d\d\.\d+|not released yet)\)\.", part, re.MULTILINE)


def test_who_does_not_read_a_field_is_named() -> None:
    assert "| all but PUBLIC and ADMIN |\n" in PARTS["AdvancePaid"]
    assert PARTS["SchemeApproved"].count("| everybody |") == len(kinds()["SchemeApproved"].fields)


def test_each_stream_says_when_it_is_public() -> None:
    assert PAGE.count("Public at once.") == 10
    assert "Public with [SchemeApproved](#schemeapproved); before, the centre that" in PAGE
    assert "Public with [BeneficiaryAssigned](#beneficiaryassigned); before, the province" in PAGE
    assert "Never public: APPROVER, ACCOUNTANT, AUDITOR, INTEGRATOR and ADMIN see it." in PAGE


def test_every_field_around_a_fact_is_explained() -> None:
    for each in around():
        assert f"| `{each.name}` | {each.type} | {each.description} |" in PAGE


def test_every_link_within_the_page_leads_to_a_heading() -> None:
    headings = re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", each.lower()).replace(" ", "-") for each in headings}
    links = set(re.findall(r"\]\(#([^)]+)\)", PAGE))
    assert len(links) >= len(FACTS) + len(AGGREGATES)
    assert links <= anchors


def test_no_cell_breaks_its_table() -> None:
    for line in PAGE.splitlines():
        if line.startswith("| `"):
            assert line.count("|") == 5, line
