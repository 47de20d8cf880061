"""What may happen, before it happens: the same answer as the command, and nothing recorded."""

from typing import Any

import pytest

from schema.access.policy import COMMANDS
from service.runtime import Runtime
from tests.actors import actor_named
from tests.schema.apart import ERRANDS
from tests.schema.callers import EVERY_CALLER, Known
from tests.schema.conftest import Ask
from tests.schema.desk import Desk
from tests.schema.test_access import asking, command
from tests.schema.test_asking import asked
from tests.schema.test_mutations import desk, promise

__all__ = ["desk"]
DOORS_OF_THE_FUND = [each for each in COMMANDS if each not in {*ERRANDS, "revealContact", "batch"}]
SEEN = """{
    __typename
    ... on Previewed {
        stream version rooms { kind subject limit used left rule }
        events { type version effectiveOn budgetYear synthetic
            fact { __typename ... on SupportCommitted { commitmentId amount capBasis } } }
    }
    ... on Refusal { code message messageVi rule }
}"""


async def previewed(
    tell: Ask, command: str, on: str = "2019-03-01", by: Any = None, **sent: Any
) -> dict[str, Any]:
    """Ask what a command would record."""
    name = f"{command[0].upper()}{command[1:]}Input"
    body = await tell(
        f"""query ($input: {name}!, $c: Circumstances!) {{
            preview {{ {command}(input: $input, circumstances: $c) {SEEN} }} }}""",
        input=sent,
        c={"effectiveOn": on, "actor": by or actor_named(command), "synthetic": True},
    )
    assert "errors" not in body, body
    return body["data"]["preview"][command]


async def position(tell: Ask) -> int:
    body = await tell("{ ledger { position } }")
    return int(body["data"]["ledger"]["position"])


async def test_it_tells_the_events_and_the_room_and_records_nothing(desk: Desk) -> None:
    before = await position(desk.tell)
    told = await previewed(desk.tell, "commitSupport", **promise())
    assert told["events"] == [
        {
            "type": "SupportCommitted",
            "version": 5,
            "effectiveOn": "2019-03-01",
            "budgetYear": 2019,
            "synthetic": True,
            "fact": {
                "__typename": "SupportCommitted",
                "commitmentId": "C1",
                "amount": "300000000",
                "capBasis": "TT 28/2018/TT-BTC Đ8k4",
            },
        }
    ]
    left = {each["kind"]: (each["limit"], each["used"], each["left"]) for each in told["rooms"]}
    assert left == {
        "CEILING": ("3000000000", "300000000", "2700000000"),
        "CAP": ("300000000", "300000000", "0"),
        "SHARE": ("1500000000", "300000000", "1200000000"),
        "COUNTERPART": ("3000000000", "3000000000", "0"),
    }
    assert await position(desk.tell) == before


async def test_the_room_of_an_approval_is_what_the_plan_assigns(desk: Desk) -> None:
    other = {"schemeId": "D2", "period": "2018-2020", "title": "Dệt", "schemeClass": "NORMAL"}
    span = {"startsOn": "2020-01-01", "endsOn": "2020-12-31", "implementer": "tt1"}
    await desk("proposeScheme", **other, **span, contents=["ADVANCED_MACHINERY"])
    year = {"budgetYear": 2020, "decision": "QĐ 1"}
    await desk("approvePlanBudget", **year, amount="5000000000")
    assigned = [{"schemeId": "D2", "amount": "900000000"}]
    await desk("assignTranche", **year, tranche=1, allocations=assigned)
    ceiling = {"source": "NATIONAL_GRANT", "budgetYear": 2020, "amount": "600000000"}
    approval = {"schemeId": "D2", "legalRegime": ["NĐ 45/2012/NĐ-CP"]}
    told = await previewed(desk.tell, "approveScheme", ceilings=[ceiling], **approval)
    left = {each["kind"]: (each["limit"], each["used"], each["left"]) for each in told["rooms"]}
    assert left == {
        "CEILING": ("600000000", "0", "600000000"),
        "PLAN": ("900000000", "600000000", "300000000"),
    }
    beyond = [{**ceiling, "amount": "900000001"}]
    told = await previewed(desk.tell, "approveScheme", ceilings=beyond, **approval)
    assert told["code"] == "BUDGET_EXCEEDED"


async def test_the_question_of_the_page_is_answered(desk: Desk) -> None:
    (question,) = (each for each, _ in asked() if "preview {" in each)
    circumstances = {"effectiveOn": "2019-03-01", "actor": actor_named("commitSupport")}
    question = question.replace("$circumstances", "$c")
    body = await desk.tell(question, input=promise(), c=circumstances)
    told = body["data"]["preview"]["commitSupport"]
    assert [each["type"] for each in told["events"]] == ["SupportCommitted"]
    assert {each["kind"] for each in told["rooms"]} >= {"CEILING", "CAP"}


async def test_the_command_records_what_was_previewed(desk: Desk) -> None:
    seen = await previewed(desk.tell, "commitSupport", **promise())
    done = await desk("commitSupport", **promise())
    assert (done["stream"], done["version"]) == (seen["stream"], seen["version"])
    assert [each["type"] for each in done["events"]] == [each["type"] for each in seen["events"]]


@pytest.mark.parametrize("amount", ["300000001", "0", "4000000000"])
async def test_it_is_refused_as_the_command_is(desk: Desk, amount: str) -> None:
    seen = await previewed(desk.tell, "commitSupport", **promise(amount))
    done = await desk("commitSupport", **promise(amount))
    assert seen == {each: done[each] for each in seen}
    assert seen["code"]


async def test_what_is_so_already_has_no_events(desk: Desk) -> None:
    await desk("commitSupport", **promise())
    seen = await previewed(desk.tell, "commitSupport", **promise())
    assert (seen["events"], seen["rooms"]) == ([], [])


async def test_a_key_that_is_taken_is_found_before(desk: Desk) -> None:
    told = {
        "name": "Hợp tác xã",
        "legalForm": "COOPERATIVE",
        "ownership": "COLLECTIVE",
        "province": {"code": "15", "validFrom": "2008-08-01"},
        "sector": {"version": "VSIC_2018", "code": "1076"},
        "taxCode": "5200000001",
    }
    await desk("registerFacility", facilityId="mot", **told)
    seen = await previewed(desk.tell, "registerFacility", facilityId="hai", **told)
    assert seen["code"] == "ALREADY_RESERVED"


@pytest.mark.parametrize("who", ["public", "operator", "accountant", "auditor"])
async def test_it_is_for_who_may_give_the_command(who: str, empty: Runtime) -> None:
    """The others are told so, it is written down, and nothing is recorded."""
    door = Known()
    ask = asking(empty, door)
    for name in DOORS_OF_THE_FUND:
        query, sent = command(name)
        del sent["commandId"]
        asked = query.replace("mutation ($commandId: UUID!, ", "query (").replace(
            f"{{ {name}(commandId: $commandId, ", f"{{ preview {{ {name}("
        )
        body = await ask(f"{asked} }}", who, **sent)
        refused = [each["extensions"]["code"] for each in body.get("errors", ())]
        is_his = bool(COMMANDS[name] & EVERY_CALLER[who].roles)
        assert refused == ([] if is_his else ["FORBIDDEN"]), (name, body)
    turned_away = [each.asked for each in door.book if each.code == "FORBIDDEN"]
    assert turned_away == [
        each for each in DOORS_OF_THE_FUND if not COMMANDS[each] & EVERY_CALLER[who].roles
    ]
    assert (await empty.log.head()).position == 0


async def test_who_promised_it_is_told_that_he_does_not_pay_it(desk: Desk) -> None:
    await desk("commitSupport", **promise())
    pay = {"schemeId": "D1", "commitmentId": "C1", "facilityId": "che-van-chan"}
    more = {"paymentId": "P1", "amount": "1", "voucher": "T", "budgetYear": 2019}
    who = {**actor_named("payAdvance"), "id": actor_named("commitSupport")["id"]}
    seen = await previewed(desk.tell, "payAdvance", by=who, **pay, **more)
    assert seen["code"] == "WRONG_AUTHORITY"
