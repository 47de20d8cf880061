"""Figures of a diff: each is what stood before and after, and its events add up to the change."""

import json
from collections.abc import Mapping
from dataclasses import replace
from random import Random
from typing import Any

from httpx2 import ASGITransport, AsyncClient

from events.dates import VIETNAM
from events.relations import links
from schema.http.app import graphql_app
from service.cli import diff
from service.runtime import Runtime
from tests.schema.answers import answered
from tests.schema.callers import Known
from tests.schema.conftest import Ask, asker
from tests.schema.fundings import begun
from tests.service.command_line import socai
from tests.world import SCHEME_ID

ENDS = """query ($a: Position!, $b: Position!, $of: FundMeasure!) { diff(from: $a, to: $b) {
    figures(first: 1, filter: {measure: {eq: $of}}) { nodes { subjectId before after } }
    before { totals { grant counterpart disbursed settled } }
    after { totals { grant counterpart disbursed settled } } } }"""
MONEY = """query ($of: FundMeasure!) { diff(from: 200, to: 400) {
    figures(first: 90, filter: {measure: {eq: $of}}) { nodes { subjectId before after change
      events(first: 60) { nodes { event { entry { amount } } } } } } } }"""
SUMS = {"GRANT": "grant", "COUNTERPART": "counterpart", "PAID": "disbursed", "SETTLED": "settled"}
COUNTS = """query ($a: Position!, $b: Position!) { diff(from: $a, to: $b) {
    figures(first: 1000) { nodes { measure subjectId before after } }
    before { facilities { totalCount } schemes { totalCount } beneficiaries { totalCount }
      commitments { totalCount } payments { totalCount } }
    after { facilities { totalCount } schemes { totalCount } beneficiaries { totalCount }
      commitments { totalCount } payments { totalCount } } } }"""
MARKED = """query ($a: Position!) { diff(from: $a) { recorded(first: 1000) { nodes {
    position type isLate corrects { position type } } } } }"""
SEEN = """{ diff(from: 0) { figures { nodes { measure after events { totalCount } } }
    statuses { nodes { subjectId before after events { nodes { position } } } } } }"""


async def test_money_of_the_fund_is_what_totals_say_at_both_ends(ask: Ask) -> None:
    random = Random(2)
    for _ in range(6):
        a, b = sorted((random.randrange(565), random.randrange(565)))
        for measure, name in SUMS.items():
            got = answered(await ask(ENDS, a=a, b=b, of=measure))["diff"]
            ends = tuple(got[each]["totals"][0][name] for each in ("before", "after"))
            whole = [each for each in got["figures"]["nodes"] if each["subjectId"] is None]
            told = [(each["before"], each["after"]) for each in whole]
            assert told == ([] if ends[0] == ends[1] else [ends]), (a, b, measure)


async def test_the_events_of_a_figure_add_up_to_its_change(ask: Ask) -> None:
    got = answered(await ask(MONEY, of="PAID"))["diff"]["figures"]["nodes"]
    assert len(got) > 20
    for figure in got:
        moved = [each["event"]["entry"]["amount"] for each in figure["events"]["nodes"]]
        assert sum(map(int, moved)) == int(figure["change"]) != 0
        assert int(figure["after"]) - int(figure["before"]) == int(figure["change"])


async def test_schemes_and_commitments_add_up_to_the_fund(ask: Ask) -> None:
    got = answered(await ask(MONEY, of="GRANT"))["diff"]["figures"]["nodes"]
    kinds = {str(each["subjectId"]).partition("-")[0] for each in got}
    assert kinds == {"None", "scheme", "commitment"}
    sums = [
        sum(int(e["change"]) for e in got if str(e["subjectId"]).startswith(kind)) for kind in kinds
    ]
    assert len(set(sums)) == 1


async def test_counts_are_what_lists_count_at_both_ends(ask: Ask, late: Runtime) -> None:
    for client, head in ((ask, 564), (asker(late), 103)):
        for a, b in ((0, head), (0, 40), (40, head // 2), (head // 2, head)):
            got = answered(await client(COUNTS, a=a, b=b))["diff"]
            whole = [each for each in got["figures"]["nodes"] if each["subjectId"] is None]
            told = {each["measure"]: (int(each["before"]), int(each["after"])) for each in whole}
            for name, before in got["before"].items():
                ends = before["totalCount"], got["after"][name]["totalCount"]
                assert told.get(name.upper(), (ends[0], ends[0])) == ends, (a, b, name)


async def test_what_is_marked_as_a_correction_is_what_the_relations_say(late: Runtime) -> None:
    ask = asker(late)
    got = {each["position"]: each for each in await recorded(ask, 0)}
    seen = 0
    for stream in {each.stream for each in await late.log.read(0, 1_000)}:
        found = links(await late.log.stream(stream))
        for each in await late.log.stream(stream):
            marked = got[each.position]["corrects"]
            its = found.causes[each.position] if each.position in found.corrected else None
            assert (None if marked is None else marked["position"]) == its
            seen += its is not None
    assert seen > 3


async def test_late_is_what_took_effect_by_the_day_of_the_earlier_position(late: Runtime) -> None:
    (last,) = await late.log.read(49, 1)
    day = last.recorded_at.astimezone(VIETNAM).date()
    events = {each.position: each for each in await late.log.read(50, 1_000)}
    got = await recorded(asker(late), 50)
    assert [each["position"] for each in got] == sorted(events)
    told = [each["isLate"] for each in got]
    assert told == [events[each["position"]].effective_on <= day for each in got]
    assert any(told)


async def recorded(ask: Ask, a: int) -> list[dict[str, Any]]:
    return answered(await ask(MARKED, a=a))["diff"]["recorded"]["nodes"]


async def test_what_a_caller_does_not_see_is_in_no_figure(empty: Runtime) -> None:
    """A scheme that nobody approved: its centre's business, no figure of the public's."""
    await begun(empty, is_approved=False)
    app = graphql_app(replace(empty, door=Known()))

    async def seen(who: str) -> tuple[set[str], set[str]]:
        shown = {} if who == "public" else {"authorization": f"Bearer {who}"}
        async with AsyncClient(transport=ASGITransport(app=app), base_url="http://socai") as client:
            body = (await client.post("/graphql", json={"query": SEEN}, headers=shown)).json()
        got = answered(body)["diff"]
        return (
            {each["measure"] for each in got["figures"]["nodes"]},
            {each["subjectId"] for each in got["statuses"]["nodes"]},
        )

    assert await seen("public") == (set(), set())
    assert await seen("auditor") == ({"SCHEMES"}, {f"scheme-{SCHEME_ID}"})


async def test_nothing_is_late_to_an_empty_ledger(ask: Ask) -> None:
    got = answered(await ask(MARKED, a=0))["diff"]["recorded"]["nodes"]
    assert not any(each["isLate"] for each in got)


async def test_the_command_says_what_graphql_says(
    ask: Ask, fund: Runtime, evaluation_url: str
) -> None:
    ran = socai(
        "diff", "--from", "200", "--to", "400", "-o", "json", SOCAI_DATABASE_URL=evaluation_url
    )
    assert ran.returncode == 0, ran.stderr
    told: Mapping[str, Any] = json.loads(ran.stdout)
    got = answered(await ask(MONEY, of="PAID"))["diff"]["figures"]["nodes"]
    its = [each for each in told["figures"] if each["measure"] == "PAID"]
    assert [(e["subject"], str(e["before"]), str(e["after"]), str(e["change"])) for e in its] == [
        (e["subjectId"], e["before"], e["after"], e["change"]) for e in got
    ]
    assert [e["eventCount"] for e in its] == [len(e["events"]["nodes"]) for e in got]
    given = {"from": 200, "to": 400, "day": None}
    assert len(told["figures"]) == len(await diff.every(fund.pool, "figures", given)) > 50
