"""Checkpoints and proofs through the graph: each holds by RFC 6962, for whoever may see it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient

from events.seal.checkpoint import Checkpoint
from events.seal.note import opened
from events.seal.tree import EMPTY, Frontier, is_consistent, leaf_of, root_of
from schema.http.app import graphql_app
from schema.http.settings import Settings
from schema.planner.cost import COST_MAX
from service.runtime import Runtime
from tests.schema.answers import answered, refused
from tests.schema.callers import Known
from tests.schema.conftest import SEALED, Ask, asker
from tests.schema.plans import DOCUMENTS, plan_of
from tests.schema.test_stream import open_periods
from tests.seals import ORIGIN, seal, signing_key

LAST = SEALED[-1]
PROOF = "proof { position size leaf index hashes checkpoint { size root note origin } }"
EVENTS = f"query ($after: String) {{ events(first: 100, after: $after) {{ nodes {{ {PROOF} }} }} }}"
BETWEEN = """query ($from: Position!, $to: Position) {
    consistencyProof(from: $from, to: $to) { from to hashes fromRoot toRoot } }"""
OF_EVENT = "query ($id: ID!, $size: Position) { inclusionProof(event: $id, size: $size) { size } }"


@pytest.fixture
async def bodies(fund: Runtime) -> list[bytes]:
    """The bytes of every event."""
    return [body for _, body in await fund.log.raw(0, 10_000)]


def roots(bodies: list[bytes]) -> list[bytes]:
    """The root at every size."""
    frontier, found = Frontier(), [EMPTY]
    for body in bodies:
        frontier.append(leaf_of(body))
        found.append(frontier.root())
    return found


async def test_every_event_is_under_the_root_of_the_first_checkpoint_after_it(
    ask: Ask, bodies: list[bytes]
) -> None:
    known = roots(bodies)
    proofs: list[Any] = []
    for after in range(0, len(bodies), 100):
        page = answered(await ask(EVENTS, after=str(after)))["events"]["nodes"]
        proofs += [each["proof"] for each in page]
    assert len(proofs) == len(bodies) > LAST
    assert proofs[LAST:] == [None] * (len(bodies) - LAST)
    for place, proof in enumerate(proofs[:LAST]):
        size = next(each for each in SEALED if each > place)
        assert (proof["position"], proof["index"], proof["size"]) == (place + 1, place, size)
        leaf, path = bytes.fromhex(proof["leaf"]), [bytes.fromhex(x) for x in proof["hashes"]]
        assert leaf == leaf_of(bodies[place])
        assert root_of(leaf, place, size, path) == known[size]
        told = proof["checkpoint"]
        assert (told["size"], told["root"]) == (size, known[size].hex())
        note = Checkpoint.read(opened(told["note"], [signing_key().verifier]))
        assert (note.origin, note.size, note.root) == (ORIGIN, size, known[size])
        assert told["origin"] == ORIGIN


async def test_the_ledger_only_grew_between_any_two_sizes(ask: Ask, bodies: list[bytes]) -> None:
    known = roots(bodies)
    some = (0, 1, 2, 255, 256, 257, 300, 512, LAST - 1, LAST)
    for old, new in [*combinations(some, 2), (7, 7), (LAST, LAST)]:
        proof = answered(await ask(BETWEEN, **{"from": old, "to": new}))["consistencyProof"]
        assert (proof["from"], proof["to"]) == (old, new)
        assert (proof["fromRoot"], proof["toRoot"]) == (known[old].hex(), known[new].hex())
        hashes = [bytes.fromhex(each) for each in proof["hashes"]]
        assert is_consistent(old, new, hashes, known[old], known[new]), (old, new)
    newest = answered(await ask(BETWEEN, **{"from": 300}))["consistencyProof"]
    assert newest["to"] == LAST


async def test_what_makes_no_sense_is_refused_by_name_and_what_is_not_there_is_null(
    ask: Ask,
) -> None:
    falling = refused(await ask(BETWEEN, **{"from": 7, "to": 6}))
    assert (falling["code"], falling["arguments"]) == ("OUT_OF_ORDER", ["from", "to"])
    for sizes in ({"from": 1, "to": LAST + 1}, {"from": LAST + 1}, {"from": 10**17}):
        assert answered(await ask(BETWEEN, **sizes)) == {"consistencyProof": None}
    for wrong in (-1, 2**63, "1.5", "x", "0x1", ""):
        for document in (BETWEEN, "query ($from: Position) { checkpoint(size: $from) { size } }"):
            assert "errors" in await ask(document, **{"from": wrong})
    for none in ("event-0", "event-01", f"event-{LAST + 1}", f"event-{10**17}", "event-" + "9" * 99,
                 "period-2018-2020", "", "event-5 ", "đ"):  # fmt: skip
        assert answered(await ask(OF_EVENT, id=none)) == {"inclusionProof": None}, none
    assert refused(await ask(OF_EVENT, id="event-\x00"))["code"] == "BAD_TEXT"


async def test_a_proof_of_a_larger_tree_is_had_by_its_size(ask: Ask) -> None:
    for size, told in ((None, 255), (0, 255), (2, 255), (256, 256), (301, 511), (LAST, LAST)):
        data = answered(await ask(OF_EVENT, id="event-2", size=size))
        assert data == {"inclusionProof": {"size": told}}
        asked = "query ($s: Position) { event(position: 2) { proof(size: $s) { size } } }"
        assert answered(await ask(asked, s=size)) == {"event": {"proof": {"size": told}}}
    assert answered(await ask(OF_EVENT, id="event-2", size=LAST + 1)) == {"inclusionProof": None}


async def test_checkpoints_are_listed_and_found_by_what_they_cover(ask: Ask) -> None:
    asked = "{ checkpoints(last: 2) { totalCount nodes { size } pageInfo { hasPreviousPage } } }"
    assert answered(await ask(asked))["checkpoints"] == {
        "totalCount": len(SEALED),
        "nodes": [{"size": each} for each in SEALED[-2:]],
        "pageInfo": {"hasPreviousPage": True},
    }
    one = "query ($s: Position) { checkpoint(size: $s) { size cosignatures { witness } } }"
    for size, told in ((None, LAST), (0, 1), (2, 255), (300, 300), (LAST, LAST)):
        found = answered(await ask(one, s=size))["checkpoint"]
        assert found == {"size": told, "cosignatures": []}
    assert answered(await ask(one, s=LAST + 1)) == {"checkpoint": None}


async def test_a_checkpoint_is_the_same_at_every_moment(ask: Ask) -> None:
    """It is what is known of the log, not what stood in it."""
    asked = """{ checkpoint { size } asOf(position: 300) { checkpoint { size }
        event(position: 300) { proof { size } } hidden: event(position: 301) { proof { size } }
        inclusionProof(event: "event-301") { size } consistencyProof(from: 1) { to } } }"""
    assert answered(await ask(asked)) == {
        "checkpoint": {"size": LAST},
        "asOf": {
            "checkpoint": {"size": LAST},
            "event": {"proof": {"size": 300}},
            "hidden": None,
            "inclusionProof": None,
            "consistencyProof": {"to": LAST},
        },
    }


async def test_the_first_proof_of_an_event_stays_the_same_for_ever(
    empty: Runtime, tell: Ask, signer_url: str
) -> None:
    asked = f'{{ inclusionProof(event: "event-1") {{ {PROOF[8:-2]} }} }}'
    await open_periods(empty, 2001, 5)
    await empty.projector.wait_for(5, 10)
    assert answered(await tell(asked)) == {"inclusionProof": None}
    await seal(signer_url, (2,))
    await empty.newest.look()
    first = answered(await tell(asked))
    assert first["inclusionProof"]["size"] == 2
    await seal(signer_url, (2, 5))
    await empty.newest.look()
    assert answered(await tell(asked)) == first


@pytest.fixture
async def public(late: Runtime) -> AsyncIterator[AsyncClient]:
    """Over a history with events that the public does not see; whoever comes is who he says."""
    app = graphql_app(replace(late, door=Known()))
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://socai") as client:
        yield client


async def test_whoever_does_not_see_an_event_has_no_proof_of_it(public: AsyncClient) -> None:
    async def told(name: str, query: str) -> dict[str, Any]:
        shown = {"authorization": f"Bearer {name}"} if name else {}
        response = await public.post("/graphql", json={"query": query}, headers=shown)
        return answered(response.json())

    every = "{ events(first: 100) { nodes { position } } }"
    seen = {each["position"] for each in (await told("", every))["events"]["nodes"]}
    hidden = sorted(set(range(1, 101)) - seen)
    assert len(hidden) > 5
    for position in (*hidden[:8], min(seen)):
        asked = f"""{{ event(position: {position}) {{ proof {{ size }} }}
            inclusionProof(event: "event-{position}") {{ leaf }}
            node(id: "event-{position}") {{ ... on Event {{ proof {{ leaf }} }} }} }}"""
        assert all((await told("auditor", asked)).values())
        is_seen = position in seen
        assert {each is not None for each in (await told("", asked)).values()} == {is_seen}


async def test_without_the_planner_proofs_and_checkpoints_are_the_same(
    fund: Runtime, ask: Ask
) -> None:
    plain = asker(fund, Settings(planner=False))
    for document in (
        f'{{ events(first: 30, after: "240") {{ nodes {{ {PROOF} }} }} }}',
        "{ checkpoints(first: 3) { edges { cursor node { size root signedAt } } } }",
        '{ inclusionProof(event: "event-77", size: 300) { hashes checkpoint { note } } }',
        "{ consistencyProof(from: 100) { to hashes fromRoot toRoot } checkpoint { size } }",
    ):
        one, other = await ask(document), await plain(document)
        assert answered(one) == answered(other)
        assert one["extensions"]["ledger"] == other["extensions"]["ledger"]


def test_a_proof_costs_what_it_takes_and_nobody_filters_or_orders_by_it() -> None:
    def cost(asked: str) -> int:
        return plan_of(asked).terms.of({})

    one = cost("{ event(position: 1) { proof { hashes } } }")
    assert one > 150
    page = "{ events(first: %d) { nodes { proof { hashes } } } }"
    assert cost(page % 100) == 1 + 100 * one
    assert cost(page % 100) <= COST_MAX < cost(page % 200)
    assert cost("{ consistencyProof(from: 1) { hashes fromRoot toRoot } }") > 250
    names: Any = DOCUMENTS.schema.type_map
    assert "proof" not in names["EventFilter"].fields
    assert "InclusionProofFilter" not in names
