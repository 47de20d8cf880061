"""Who may command what, and what a neighbour learns: over HTTP, on a real ledger."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    is_required_argument,
    is_required_input_field,
)
from httpx2 import ASGITransport, AsyncClient

from events.deciding import uuid7
from events.envelope import Order
from events.facility import RegisterFacility
from events.identity import FacilityId
from events.scheme import AssignBeneficiary
from events.vocabulary import LegalForm, Ownership, Role
from schema.access.policy import COMMANDS
from schema.http.app import graphql_app
from service.runtime import Runtime
from tests.actors import actor_of
from tests.schema.callers import EVERY_CALLER, Known, caller
from tests.schema.fundings import begun
from tests.schema.plans import DOCUMENTS
from tests.world import APPAREL, NAM_DINH, SCHEME_ID, YEN_BAI

Body = dict[str, Any]
Ask = Callable[..., Awaitable[Body]]
DAY = "2019-03-01"


def asking(runtime: Runtime, door: Known) -> Ask:
    """Asks as one of the callers, by name; as the public without."""
    app = graphql_app(replace(runtime, door=door))

    async def ask(query: str, who: str = "public", **variables: object) -> Body:
        shown = {} if who == "public" else {"authorization": f"Bearer {who}"}
        async with AsyncClient(transport=ASGITransport(app=app), base_url="http://socai") as client:
            sent = {"query": query, "variables": variables}
            return (await client.post("/graphql", json=sent, headers=shown)).json()

    return ask


def smallest(of: GraphQLInputType) -> object:
    """The least value that an input type takes."""
    match of:
        case GraphQLNonNull():
            return smallest(of.of_type)
        case GraphQLList():
            return [smallest(of.of_type)]
        case GraphQLEnumType():
            return next(iter(of.values))
        case GraphQLInputObjectType():
            return {
                name: smallest(each.type)
                for name, each in of.fields.items()
                if is_required_input_field(each)
            }
        case _:
            return VALUES.get(str(of), "x")


VALUES = {
    "Boolean": False,
    "Date": DAY,
    "DateTime": f"{DAY}T00:00:00Z",
    "Figure": "1",
    "Int": 2019,
    "Position": 1,
    "UUID": str(uuid4()),
    "VND": "1",
}


def command(name: str) -> tuple[str, dict[str, object]]:
    """A command with the least that it takes."""
    assert DOCUMENTS.schema.mutation_type
    field = DOCUMENTS.schema.mutation_type.fields[name]
    needed = {n: a for n, a in field.args.items() if is_required_argument(a)}
    sent = {n: smallest(each.type) for n, each in needed.items()} | {"commandId": str(uuid4())}
    told = ", ".join(f"${n}: {each.type}" for n, each in needed.items())
    given = ", ".join(f"{n}: ${n}" for n in needed)
    query = f"mutation ({told}) {{ {name}({given}) {{ __typename ... on Refusal {{ code }} }} }}"
    return query, sent


@pytest.mark.parametrize("who", EVERY_CALLER)
async def test_a_command_is_given_by_its_roles_alone(who: str, empty: Runtime) -> None:
    """The others are told so, it is written down, and nothing is recorded."""
    door = Known()
    ask = asking(empty, door)
    roles = EVERY_CALLER[who].roles
    for name, may in COMMANDS.items():
        query, sent = command(name)
        before = len(door.book), (await empty.log.head()).position
        body = await ask(query, who, **sent)
        refused = [each["extensions"]["code"] for each in body.get("errors", ())]
        if may & roles:
            assert refused == [], (name, body)
            assert body["data"][name]["__typename"]
            continue
        assert refused == ["FORBIDDEN"], (name, body)
        assert (await empty.log.head()).position == before[1]
        (attempt,) = door.book[before[0] :]
        assert (attempt.asked, attempt.code) == (name, "FORBIDDEN")
        assert attempt.principal == (EVERY_CALLER[who].id or "")


EVERYTHING_OF_A_FACILITY = """{
    facility(code: "hidden") { id }
    node(id: "facility-hidden") { id }
    nodes(ids: ["facility-hidden", "facility-weaver"]) { id }
    facilities { totalCount pageInfo { hasNextPage hasPreviousPage } nodes { code } }
    byProvince: facilities(filter: {province: {code: {eq: "36"}}}) { totalCount }
    found: facilities(filter: {name: {search: "bí mật"}}) { totalCount }
    last: facilities(last: 1) { nodes { code } pageInfo { hasPreviousPage } }
    provinces(at: "2019-03-01") { code facilities { totalCount } totals { facilities total } }
    sectors { code facilities { totalCount } }
    history(stream: "facility-hidden") { totalCount nodes { type } }
    events { totalCount nodes { stream type version leaf } }
    newest: events(last: 1) { nodes { stream } pageInfo { hasNextPage hasPreviousPage } }
    byType: events(filter: {type: {eq: "FacilityRegistered"}}) { totalCount }
    totals { total facilities entries { totalCount } events { totalCount } }
    diff(from: 0) {
        changes { totalCount nodes { stream eventCount after { id } } }
        events { totalCount }
        after { facilities { totalCount } }
    }
    past: asOf(effectiveOn: "2026-01-01") { facilities { totalCount } events { totalCount } }
    period(code: "2018-2020") { facilityCount beneficiaries { totalCount } }
    organisations { nodes { code totals { facilities } } }
}"""
MUTE = [name for name in EVERY_CALLER if name in {"public", "neighbour", "admin"}]


async def register(runtime: Runtime, code: str = "hidden") -> int:
    """A candidate of Nam Định, which no scheme has chosen yet; the position after it."""
    wanted = RegisterFacility(
        facility_id=FacilityId(code),
        name="Cơ sở bí mật",
        tax_code="0612345678",
        legal_form=LegalForm.HOUSEHOLD,
        ownership=Ownership.PRIVATE,
        province=NAM_DINH,
        sector=APPAREL,
    )
    return await hand_in(runtime, wanted)


async def hand_in(runtime: Runtime, wanted: Any) -> int:
    order = Order(
        command=wanted,
        command_id=uuid7(),
        effective_on=date(2019, 3, 1),
        actor=actor_of(type(wanted)),
    )
    receipt = await runtime.ledger.handle(order)
    await runtime.projector.wait_for(receipt.position, 30)
    return receipt.position


async def test_a_neighbour_learns_nothing_of_a_candidate(empty: Runtime) -> None:
    """Not by its identity, in no list, count, sum, order, history or difference."""
    await begun(empty)
    ask = asking(empty, Known())
    before = {who: await ask(EVERYTHING_OF_A_FACILITY, who) for who in EVERY_CALLER}
    assert before["public"]["data"]["facilities"]["totalCount"] == 1
    await register(empty)
    after = {who: await ask(EVERYTHING_OF_A_FACILITY, who) for who in EVERY_CALLER}
    for who in EVERY_CALLER:
        assert "errors" not in after[who], after[who]
        learnt = {n for n, each in after[who]["data"].items() if each != before[who]["data"][n]}
        assert bool(learnt) is (who not in {"public", "neighbour", "admin", "centre_manager"}), (
            learnt
        )
    own = after["operator"]["data"]
    assert own["facility"] == {"id": "facility-hidden"}
    assert own["facilities"]["totalCount"] == 2
    assert own["history"]["totalCount"] == 1


async def test_what_a_scheme_has_chosen_is_everybodys(empty: Runtime) -> None:
    """With all that was recorded of it before; as of then it is still hidden."""
    await begun(empty)
    ask = asking(empty, Known())
    hidden = await register(empty)
    await hand_in(empty, AssignBeneficiary(scheme_id=SCHEME_ID, facility_id=FacilityId("hidden")))
    body = await ask(EVERYTHING_OF_A_FACILITY, "neighbour")
    assert body["data"]["facility"] == {"id": "facility-hidden"}
    assert body["data"]["history"]["totalCount"] == 1
    then = f'{{ asOf(position: {hidden}) {{ facility(code: "hidden") {{ id }} }} }}'
    assert (await ask(then, "neighbour"))["data"]["asOf"]["facility"] is None
    assert (await ask(then, "operator"))["data"]["asOf"]["facility"] == {"id": "facility-hidden"}


async def test_a_neighbour_cannot_touch_it_nor_tell_it_from_nothing(empty: Runtime) -> None:
    await begun(empty)
    ask = asking(empty, Known())
    at = await register(empty)
    answers = {}
    for code in ("hidden", "nowhere"):
        query, sent = command("closeFacility")
        sent["input"] = {"facilityId": code, "reason": "x"}
        answers[code] = await ask(query, "neighbour", **sent)
    assert answers["hidden"] == answers["nowhere"]
    assert answers["hidden"]["data"]["closeFacility"]["code"] == "OUTSIDE_JURISDICTION"
    assert (await empty.log.head()).position == at
    query, sent = command("closeFacility")
    sent["input"] = {"facilityId": "hidden", "reason": "x"}
    assert (await ask(query, "operator", **sent))["data"]["closeFacility"][
        "__typename"
    ] == "Recorded"


async def test_a_proposal_is_its_centres_until_it_is_approved(empty: Runtime) -> None:
    ask = asking(empty, Known())
    await begun(empty, is_approved=False)
    asked = '{ scheme(code: "textiles") { id } schemes { totalCount } events { totalCount } }'
    seen = {who: (await ask(asked, who))["data"] for who in EVERY_CALLER}
    assert {who for who, each in seen.items() if each["scheme"]} == {
        "centre_manager",
        "approver",
        "accountant",
        "auditor",
        "integrator",
    }
    assert seen["operator"] == seen["public"]
    assert seen["public"]["schemes"]["totalCount"] == 0


async def test_who_acts_is_who_shows_the_key(empty: Runtime) -> None:
    ask = asking(empty, Known())
    query, sent = command("registerFacility")
    sent["input"] |= {"facilityId": "mine", "province": _sent(NAM_DINH), "sector": _SECTOR}  # type: ignore[operator]
    sent["circumstances"] = {
        "effectiveOn": DAY,
        "actor": {"id": "somebody", "role": "ADMIN", "organisation": "x"},
    }
    body = await ask(query, "operator", **sent)
    assert body["errors"][0]["extensions"]["code"] == "ACTOR_IS_ANOTHER"
    sent["circumstances"] = {"effectiveOn": DAY}
    body = await ask(query, "operator", **sent)
    assert body["data"]["registerFacility"] == {"__typename": "Recorded"}
    (event,) = await empty.log.read(0, 1)
    assert (event.actor.id, event.actor.role) == ("operator", Role.OPERATOR.name)
    body = await ask(query, "neighbour", **{**sent, "commandId": str(uuid4())})
    assert body["data"]["registerFacility"]["code"] == "OUTSIDE_JURISDICTION"
    assert YEN_BAI != NAM_DINH


async def test_auditors_alone_read_the_book_and_only_at_the_root(empty: Runtime) -> None:
    ask = asking(empty, Known())
    for who in EVERY_CALLER:
        body = await ask("{ attempts { id at principal roles asked code } }", who)
        codes = [each["extensions"]["code"] for each in body.get("errors", ())]
        assert codes == ([] if who == "auditor" else ["FORBIDDEN"])
    body = await ask("{ asOf(position: 0) { attempts { id } } }", "auditor")
    assert body["errors"][0]["extensions"]["code"] == "ONLY_AT_THE_ROOT"
    for wrong in ("first: 0", "first: 1001", 'before: "x"', 'before: "-1"'):
        body = await ask(f"{{ attempts({wrong}) {{ id }} }}", "auditor")
        assert body["errors"][0]["extensions"]["code"] in {"PAGE_SIZE", "BAD_CURSOR"}


def _sent(province: Any) -> dict[str, str]:
    return {"code": province.code, "validFrom": province.valid_from.isoformat()}


_SECTOR = {"version": APPAREL.version, "code": APPAREL.code}


async def test_a_mandate_takes_two_persons_and_neither_is_who_is_to_have_it(
    empty: Runtime,
) -> None:
    admins = {name: caller(Role.ADMIN, name=name) for name in ("an", "binh", "chi")}
    ask = asking(empty, Known(admins))
    told = {"principal": "chi", "mandateId": "1", "role": "AUDITOR", "organisation": "ktnn"}
    query, sent = command("proposeMandate")
    proposed = await ask(query, "an", **sent | {"input": told})
    assert proposed["data"]["proposeMandate"]["__typename"] == "Recorded"
    codes = {}
    for name in ("an", "chi", "binh"):
        query, sent = command("confirmMandate")
        sent["input"] = {"principal": "chi", "mandateId": "1"}
        codes[name] = (await ask(query, name, **sent))["data"]["confirmMandate"].get("code")
    assert codes == {"an": "WRONG_AUTHORITY", "chi": "WRONG_AUTHORITY", "binh": None}
    listed = await ask("{ mandates { nodes { principal role status } } }", "an")
    (mandate,) = listed["data"]["mandates"]["nodes"]
    assert mandate == {"principal": "chi", "role": "AUDITOR", "status": "CONFIRMED"}
