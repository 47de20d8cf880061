"""What the schema says of the seal, from the bodies in memory by the rules of RFC 6962 alone."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from events.seal.tree import Frontier, Node, consistency, inclusion, joined, leaf_of
from tests.schema.oracle.rows import CHECKPOINT, EVENT, Row, Values, World

_EVENT = re.compile(r"event-([1-9][0-9]{0,17})")


def _hashed(node: Node, leaves: Sequence[bytes]) -> bytes:
    """The hash of a full subtree, from its leaves."""
    if node.level == 0:
        return leaves[node.index]
    left, right = (Node(level=node.level - 1, index=2 * node.index + side) for side in (0, 1))
    return joined(_hashed(left, leaves), _hashed(right, leaves))


def _nodes(world: World) -> Callable[[Sequence[Node]], list[bytes]]:
    leaves = _leaves(world)
    return lambda wanted: [_hashed(each, leaves) for each in wanted]


def _leaves(world: World) -> list[bytes]:
    events = sorted(world.tables[EVENT], key=lambda each: each["position"])
    return [leaf_of(each["body"]) for each in events]


def _root(world: World, size: int) -> str:
    frontier = Frontier()
    for leaf in _leaves(world)[:size]:
        frontier.append(leaf)
    return frontier.root().hex()


def _sizes(world: World) -> list[int]:
    return sorted(each["size"] for each in world.tables[CHECKPOINT])


def _path(world: World, row: Row, _args: Values) -> list[str]:
    found = inclusion(row.values["position"] - 1, row.values["size"], _nodes(world))
    return [each.hex() for each in found]


def _between(world: World, row: Row, _args: Values) -> list[str]:
    old, new = row.values["from_size"], row.values["to_size"]
    return [each.hex() for each in consistency(old, new, _nodes(world))] if old else []


VALUES: Mapping[str, Callable[[World, Row, Values], Any]] = {
    "Checkpoint.root": lambda _world, row, _args: row.values["root"].hex(),
    "Checkpoint.origin": lambda _world, row, _args: row.values["note"].split("\n")[0],
    "InclusionProof.leaf": lambda _world, row, _args: leaf_of(row.values["body"]).hex(),
    "InclusionProof.index": lambda _world, row, _args: row.values["position"] - 1,
    "InclusionProof.hashes": _path,
    "ConsistencyProof.hashes": _between,
    "ConsistencyProof.fromRoot": lambda world, row, _args: _root(world, row.values["from_size"]),
    "ConsistencyProof.toRoot": lambda world, row, _args: _root(world, row.values["to_size"]),
}


def _checkpoint(world: World, _row: Row, args: Values) -> list[Values]:
    wanted = args.get("size")
    found = sorted(world.tables[CHECKPOINT], key=lambda each: each["size"])
    if wanted is None:
        return found[-1:]
    return [each for each in found if each["size"] >= wanted][:1]


def _proof(world: World, row: Row, args: Values) -> list[Values]:
    least = max(row.values["position"], args.get("size") or 0)
    size = next((each for each in _sizes(world) if each >= least), None)
    return [] if size is None else [{**row.values, "size": size}]


def _proof_by_id(world: World, row: Row, args: Values) -> list[Values]:
    named = _EVENT.fullmatch(args["event"])
    same = {"position": int(named[1]) if named else None}
    events = world.find(EVENT, row.moment, same)
    return [
        proof for each in events for proof in _proof(world, Row("Event", each, row.moment), args)
    ]


def _consistency(world: World, _row: Row, args: Values) -> list[Values]:
    newest = max(_sizes(world), default=-1)
    to = newest if args.get("to") is None else args["to"]
    is_there = args["from"] <= to <= newest
    return [{"from_size": args["from"], "to_size": to}] if is_there else []


ROWS: Mapping[str, Callable[[World, Row, Values], list[Values]]] = {
    "Event.proof": _proof,
    "Query.checkpoint": _checkpoint,
    "Query.inclusionProof": _proof_by_id,
    "Query.consistencyProof": _consistency,
}
