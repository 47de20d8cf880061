"""What the exact cache and the ETag save, and what a document costs that nobody has sent before."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import orjson

from benchmarks.query import servers
from benchmarks.query.agreement import posted, written
from benchmarks.query.ledger import Ledger
from benchmarks.query.load import Load, Request, Sample
from benchmarks.query.questions import PLAIN, Question
from benchmarks.query.servers import Server, say

POINT = next(each for each in PLAIN if each.name == "point")
COLD_CONNECTIONS = 4
COLD, HIT, SAME = "cold documents", "from the exact cache", "304, not sent again"


def measured(
    ledger: Ledger, load: Load, rounds: int, running: Sequence[Server]
) -> Mapping[str, Mapping[str, Sample]]:
    """All three, of the question of one point."""
    found: dict[str, Mapping[str, Sample]] = {
        COLD: {
            each.name: _cold(ledger, load, rounds, each)
            for each in running
            if each.name in {"ours", "postgraphile"}
        }
    }
    contestant = servers.ours("cached", ledger.url, 1, {})
    if contestant is None or not servers.has_cache():
        say("cache: left out, for answers are not kept")
        return found
    server = Server(contestant, servers.free_port())
    try:
        server.ready()
        found[HIT] = {"ours": _repeated(ledger, load, rounds, server, tagged=False)}
        found[SAME] = {"ours": _repeated(ledger, load, rounds, server, tagged=True)}
    finally:
        server.leave()
    return found


def _cold(ledger: Ledger, load: Load, rounds: int, server: Server) -> Sample:
    """Every text is another: a comment would not do, so an alias has another name."""
    renamed = []
    for variables in ledger.samples[POINT.wants]:
        request = written(POINT, server, variables)
        assert request is not None
        asked = orjson.loads(request.body)
        asked["query"] = asked["query"].replace("amount\n", "a__N__: amount\n", 1)
        renamed.append(Request(request.path, orjson.dumps(asked).decode()))
    return _rounds(load, rounds, server, COLD_CONNECTIONS, renamed)


def _repeated(ledger: Ledger, load: Load, rounds: int, server: Server, *, tagged: bool) -> Sample:
    asked = [_got(POINT, variables) for variables in ledger.samples[POINT.wants]]
    known = [posted(server.port, each)[1] for each in asked]
    if not all(known):
        say("an answer has no ETag")
    if tagged:
        asked = [Request(each.path, tag=tag) for each, tag in zip(asked, known, strict=True)]
    return _rounds(load, rounds, server, POINT.connections, asked)


def _got(question: Question, variables: Mapping[str, object]) -> Request:
    """A question by GET, as caches like it."""
    asked = {"query": question.ours, "variables": orjson.dumps(variables).decode()}
    return Request(f"/graphql?{urlencode(asked)}")


def _rounds(
    load: Load, rounds: int, server: Server, connections: int, requests: Sequence[Request]
) -> Sample:
    asked = [
        load.measure(server.port, server.pid, connections, requests) for _ in range(rounds + 1)
    ]
    return Sample.of(asked[1:])
