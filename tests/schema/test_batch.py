"""Many commands in one request: all or nothing, or each for itself, and a result for each."""

import json
from typing import Any
from uuid import uuid4

import pytest

from events.vocabulary import Role
from schema.access.principal import Principal
from schema.http.asking import BODY_BYTES_MAX
from schema.planner.limits import COMMANDS as MOST
from service.runtime import Runtime
from tests.schema.callers import EVERY_CALLER, Known, caller
from tests.schema.test_access import Ask, asking
from tests.schema.test_asking import asked
from tests.world import YEN_BAI

BATCH = """mutation ($commands: [BatchCommand!]!, $mode: BatchMode!) {
    batch(commands: $commands, mode: $mode) { recorded refused position results {
        nth commandId outcome { __typename
            ... on Recorded { stream version position repeated readable events { type } }
            ... on Refusal { code message messageVi rule }
            ... on NotCarriedOut { nth } } } } }"""
SECTOR = {"version": "VSIC_2018", "code": "1076"}
YEN_BAI_THEN = {"code": YEN_BAI.code, "validFrom": YEN_BAI.valid_from.isoformat()}
NAM_DINH_THEN = {"code": "36", "validFrom": "2008-08-01"}
Line = dict[str, Any]


def line(command: str, on: str = "2018-02-01", **sent: Any) -> Line:
    """One command of a request."""
    circumstances = {"effectiveOn": on, "synthetic": True}
    return {"commandId": str(uuid4()), "circumstances": circumstances, "command": {command: sent}}


def registered(number: int, province: dict[str, str] = NAM_DINH_THEN, **more: Any) -> Line:
    return line(
        "registerFacility",
        facilityId=f"cs-{number}",
        name=f"Cơ sở {number}",
        legalForm="COOPERATIVE",
        ownership="COLLECTIVE",
        province=province,
        sector=SECTOR,
        **more,
    )


def closed(number: int) -> Line:
    return line("closeFacility", "2019-02-01", facilityId=f"cs-{number}", reason="nghỉ")


def kinds(told: dict[str, Any]) -> list[str]:
    return [each["outcome"]["__typename"] for each in told["results"]]


async def told(ask: Ask, *commands: Line, mode: str = "TOGETHER", who: str = "operator") -> Any:
    body = await ask(BATCH, who, commands=list(commands), mode=mode)
    assert "errors" not in body, body
    return body["data"]["batch"]


@pytest.fixture
def ask(empty: Runtime) -> Ask:
    return asking(empty, Known())


async def test_together_they_are_recorded_in_their_order_and_can_be_read(ask: Ask) -> None:
    sent = [registered(1), closed(1), registered(2)]
    answer = await told(ask, *sent)
    assert (answer["recorded"], answer["refused"], answer["position"]) == (3, 0, 3)
    outcomes = [each["outcome"] for each in answer["results"]]
    assert [each["events"] for each in outcomes] == [
        [{"type": "FacilityRegistered"}],
        [{"type": "FacilityClosed"}],
        [{"type": "FacilityRegistered"}],
    ]
    assert [each["stream"] for each in outcomes] == [f"facility-cs-{n}" for n in (1, 1, 2)]
    assert [each["commandId"] for each in answer["results"]] == [each["commandId"] for each in sent]
    assert all(each["readable"] for each in outcomes)


async def test_is_one_refused_the_others_are_told_which(ask: Ask, empty: Runtime) -> None:
    answer = await told(ask, registered(1), registered(1, capacity="x"), registered(2))
    assert kinds(answer) == ["NotCarriedOut", "FacilityDiffers", "NotCarriedOut"]
    assert (answer["recorded"], answer["refused"], answer["position"]) == (0, 3, None)
    assert {each["outcome"].get("nth") for each in answer["results"]} == {None, 2}
    assert answer["results"][0]["outcome"]["code"] == "NOT_CARRIED_OUT"
    assert (await empty.log.head()).position == 0


async def test_each_for_itself_what_is_refused_is_in_nobodys_way(ask: Ask) -> None:
    other = registered(1, capacity="x")
    answer = await told(ask, registered(1), other, closed(1), registered(2), mode="EACH")
    assert kinds(answer) == ["Recorded", "FacilityDiffers", "Recorded", "Recorded"]
    assert (answer["recorded"], answer["refused"], answer["position"]) == (3, 1, 3)


@pytest.mark.parametrize("mode", ["TOGETHER", "EACH"])
async def test_sent_again_nothing_is_done_again(ask: Ask, empty: Runtime, mode: str) -> None:
    sent = [registered(1), closed(1)]
    first = await told(ask, *sent, mode=mode)
    again = await told(ask, *sent, mode=mode)
    assert [each["outcome"]["repeated"] for each in first["results"]] == [False, False]
    assert [each["outcome"]["repeated"] for each in again["results"]] == [True, True]
    assert again["position"] == first["position"] == 2
    assert (await empty.log.head()).position == 2


async def test_who_may_not_give_one_of_them_may_not_give_any(ask: Ask, empty: Runtime) -> None:
    period = line(
        "openPeriod", code="2018-2020", name="G", startsOn="2018-01-01", endsOn="2020-12-31"
    )
    for mode in ("TOGETHER", "EACH"):
        body = await ask(BATCH, "operator", commands=[registered(1), period], mode=mode)
        assert body["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert (await empty.log.head()).position == 0
    for who in EVERY_CALLER:
        body = await ask(BATCH, who, commands=[registered(1), period], mode="TOGETHER")
        assert body["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize("mode", ["TOGETHER", "EACH"])
async def test_each_is_done_under_the_mandate_that_reaches_so_far(
    empty: Runtime, mode: str
) -> None:
    """A man of two provinces, in whatever order his mandates stand; a third is not his."""
    mandates = tuple(caller(Role.OPERATOR, province).mandates[0] for province in (None, YEN_BAI))
    both = Principal(id=caller(Role.OPERATOR).id, mandates=mandates)
    door = Known({"both": both})
    ask = asking(empty, door)
    answer = await told(
        ask,
        registered(1, YEN_BAI_THEN),
        registered(2),
        registered(3, YEN_BAI_THEN),
        mode=mode,
        who="both",
    )
    assert kinds(answer) == ["Recorded"] * 3
    elsewhere = {"code": "01", "validFrom": "2008-08-01"}
    answer = await told(ask, registered(4), registered(5, elsewhere), mode=mode, who="both")
    assert kinds(answer)[1] == "OutsideJurisdiction"
    assert [each.code for each in door.book] == ["OUTSIDE_JURISDICTION"]


async def test_what_the_page_shows_is_carried_out(ask: Ask) -> None:
    (question, sent), *_ = [each for each in asked() if each[0].startswith("mutation Many")]
    await told(ask, registered(1))
    body = await ask(question, "operator", **json.loads(str(sent)))
    assert body["data"]["batch"]["recorded"] == 1
    assert body["data"]["batch"]["results"][0]["outcome"]["version"] == 2


FORESEEN = """query ($commands: [BatchCommand!]!) { preview { batch(commands: $commands) {
    accepted refused results { nth commandId outcome { __typename
        ... on Previewed { stream version events { type } }
        ... on Refusal { code } } } } } }"""


async def test_before_it_is_sent_each_is_told_what_would_become_of_it(
    ask: Ask, empty: Runtime
) -> None:
    """As with EACH: what would be refused is passed over. And nothing is recorded."""
    await told(ask, registered(9))
    other = registered(1, capacity="x")
    sent = [registered(1), other, closed(1), registered(2), closed(9), closed(7)]
    body = await ask(FORESEEN, "operator", commands=sent)
    seen = body["data"]["preview"]["batch"]
    assert (await empty.log.head()).position == 1
    done = await told(ask, *sent, mode="EACH")
    assert (seen["accepted"], seen["refused"]) == (done["recorded"], done["refused"]) == (4, 2)
    names = [each.replace("Recorded", "Previewed") for each in kinds(done)]
    assert kinds(seen) == names
    for before, after in zip(seen["results"], done["results"], strict=True):
        for name in ("stream", "version", "events", "code"):
            assert before["outcome"].get(name) == after["outcome"].get(name)
    again = (await ask(FORESEEN, "operator", commands=sent))["data"]["preview"]["batch"]
    assert again["accepted"] == 4
    assert not any(each["outcome"].get("events") for each in again["results"])


async def test_a_line_says_one_command(ask: Ask) -> None:
    none, two = registered(1), registered(2)
    none["command"].clear()
    two["command"] |= closed(1)["command"]
    for wrong in (none, two):
        body = await ask(BATCH, "operator", commands=[wrong], mode="EACH")
        assert "errors" in body
        assert not body.get("data")


async def test_a_thousand_go_and_one_more_does_not(ask: Ask, empty: Runtime) -> None:
    sent = [registered(number) for number in range(MOST.most)]
    query = BATCH.replace("events { type }", "")
    body = await ask(query, "operator", commands=sent, mode="TOGETHER")
    assert body["data"]["batch"]["recorded"] == MOST.most
    assert (await empty.log.head()).position == MOST.most
    body = await ask(query, "operator", commands=[*sent, registered(0)], mode="TOGETHER")
    assert body["errors"][0]["extensions"]["code"] == "BATCH_TOO_LONG"
    assert len(str(sent)) < BODY_BYTES_MAX


async def test_none_at_all_is_nothing(ask: Ask) -> None:
    for mode in ("TOGETHER", "EACH"):
        answer = await told(ask, mode=mode)
        assert answer == {"recorded": 0, "refused": 0, "position": None, "results": []}
