"""The evaluation answered as one query: to the last đồng, and the same on both paths."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.schema.conftest import Ask

EXAMPLES = Path(__file__).parents[2] / "examples"
QUERY = (EXAMPLES / "evaluation.graphql").read_text()


async def evaluation(ask: Ask) -> dict[str, Any]:
    return (await ask(QUERY))["data"]


async def period(ask: Ask) -> dict[str, Any]:
    return (await evaluation(ask))["period"]


async def test_the_evaluation_answers_what_is_committed(ask: Ask) -> None:
    """`examples/evaluation.json` is the expected answer, whole."""
    expected = json.loads((EXAMPLES / "evaluation.json").read_text())
    assert (await ask(QUERY))["data"] == expected["data"]


async def test_three_schemes_sixty_three_facilities_181946900000_dong(ask: Ask) -> None:
    answer = await period(ask)
    assert answer["schemeCount"] == 3
    assert answer["facilityCount"] == 63
    assert answer["totals"]["total"] == "181946900000"


async def test_grant_and_counterpart_make_the_total(ask: Ask) -> None:
    totals = (await period(ask))["totals"]
    assert int(totals["grant"]) + int(totals["counterpart"]) == int(totals["total"])


async def test_nine_of_twenty_eight_then_six_of_eighteen_today(ask: Ask) -> None:
    """Numerator and denominator both move with the map."""
    answer = await period(ask)
    assert (answer["coverage"]["provinces"], answer["coverage"]["of"]) == (9, 28)
    assert (answer["today"]["provinces"], answer["today"]["of"]) == (6, 18)
    assert answer["coverage"]["names"][0] == "Hà Nam"
    assert "Yên Bái" in answer["coverage"]["names"]
    assert "Yên Bái" not in answer["today"]["names"]


async def test_by_sector_and_by_province_each_add_up_to_the_total(ask: Ask) -> None:
    answer = await evaluation(ask)
    for parts in (answer["bySector"], answer["byProvince"]):
        assert sum(int(part["total"]) for part in parts) == 181_946_900_000
        assert abs(sum(Decimal(part["shareOfTotal"]) for part in parts) - 1) < Decimal("0.0001")
        assert sum(part["facilities"] for part in parts) == 63


async def test_every_criterion_is_met(ask: Ask) -> None:
    verdicts = {each["criterion"]: each["verdict"] for each in (await period(ask))["criteria"]}
    assert verdicts == dict.fromkeys(("SCALE", "CONTENT", "LOCALITY", "TIME"), "MET")


async def test_every_published_figure_is_what_the_events_add_up_to(ask: Ask) -> None:
    figures = (await period(ask))["reportedFigures"]
    assert {each["measure"] for each in figures} == {
        "TOTAL_FUNDING",
        "SCHEMES",
        "FACILITIES",
        "PROVINCES",
        "TERRITORY",
    }
    assert [each["gap"] for each in figures] == ["0"] * 5


async def test_what_is_invented_says_so(ask: Ask) -> None:
    """The article gives no names and no payments; the period it does give."""
    answer = await ask(
        """{ schemes { nodes { synthetic } } facilities { nodes { synthetic } }
             entries(first: 100) { nodes { synthetic } }
             period(code: "2018-2020") { synthetic } }"""
    )
    for kind in ("schemes", "facilities", "entries"):
        assert all(node["synthetic"] for node in answer["data"][kind]["nodes"])
    assert answer["data"]["period"]["synthetic"] is False
