"""Requests that are spoiled as a whole: cut off, scrambled, wrongly dressed, by the wrong door.

Each function goes on for as long as it is asked, from a seed; a test takes as many as it wants.
"""

import json
from collections.abc import Iterator
from itertools import product
from random import Random
from urllib.parse import quote_from_bytes

from graphql import GraphQLSchema, get_named_type, is_leaf_type, is_required_argument

from tests.schema.spoiled.sending import JSON, Header, Sent
from tests.schema.spoiled.values import JSON_VALUES, LITERALS

DOCUMENT = """query Page($first: Int = 3, $filter: SchemeFilter, $yes: Boolean! = true) {
  schemes(first: $first, filter: $filter, orderBy: [{by: CODE, direction: DESC}]) {
    totalCount @include(if: $yes) nodes { ...Told history(last: 2) { nodes { __typename } } }
    pageInfo { endCursor } } asOf(effectiveOn: "2019-06-30") { period(code: "đ\\u00e9") { name } }
} fragment Told on Scheme { id code }  # hết"""
BODY = json.dumps(
    {"query": DOCUMENT, "variables": {"filter": {"not": {"code": {"in": ["a", "đ"]}}}}}
).encode()
SHORT = b'{"query":"{ ledger { position } }"}'
_PIECES = (
    b"{",
    b"}",
    b'"',
    b"\\",
    b"\0",
    b"\xff",
    b"\xc0\xaf",
    b"[",
    b",",
    b":",
    b"$",
    b"9",
    b"...",
)
_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "post", "\xff", "")
_TYPES = (
    *(b"application/json", b"application/json;charset=utf-16", b"application/json; charset=\xff"),
    *(b"text/plain", b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=a"),
    *(b"application/graphql", b"application/json, text/html", b";", b"", b"\0", b"a" * 9_000),
)
_ACCEPTS = (
    *(b"*/*", b"text/event-stream", b"application/graphql-response+json", b"image/png"),
    *(
        b"",
        b",,;;q=,",
        b"*/*;q=nan",
        b"*/*;q=-1",
        b"application/json;q=1e999",
        b"\xff\0",
        b"a," * 999,
    ),
)
_OTHERS: tuple[Header, ...] = (
    *((b"last-event-id", each) for each in (b"9" * 400, b"-1", b"\xb2", b"nan", b"\xff")),
    *((b"if-none-match", each) for each in (b"*", b'W/"', b"\xff", b'"' * 999)),
    *((b"x-graphql-event-stream-token", each) for each in (b"", b"\xff", b"a" * 999, b"../x")),
    *((b"content-length", each) for each in (b"-1", b"9" * 400, b"\xb2", b"x")),
    *((b"authorization", each) for each in (b"", b"Bearer", b"Bearer \xff\0", b"Basic Og==")),
    *((b"host", b"\xff"), (b"origin", b"null"), (b"x-forwarded-for", b"'; --"), (b"", b"")),
    *((b"content-encoding", b"gzip"), (b"transfer-encoding", b"chunked"), (b"cookie", b"a=\0")),
)


def cut() -> Iterator[Sent]:
    """The body, and the document within it, ended at every byte."""
    for end in range(len(BODY)):
        yield Sent(BODY[:end])
    for end in range(len(DOCUMENT)):
        yield Sent(json.dumps({"query": DOCUMENT[:end]}).encode())


def scrambled(random: Random) -> Iterator[Sent]:
    """The body with a few of its bytes changed, moved, doubled or left out; or no body at all."""
    while True:
        body = bytearray(BODY)
        for _ in range(random.choice((1, 1, 2, 5, 40))):
            at = random.randrange(len(body) or 1)
            match random.randrange(5):
                case 0:
                    body[at : at + 1] = random.randbytes(1)
                case 1:
                    del body[at : at + random.randint(1, 9)]
                case 2:
                    body[at:at] = random.choice(_PIECES) * random.choice((1, 2, 50))
                case 3:
                    body[at:at] = body[random.randrange(len(body) or 1) :][:20]
                case _:
                    body = bytearray(random.randbytes(random.randrange(1, 300)))
        yield Sent(bytes(body))


def dressed(random: Random) -> Iterator[Sent]:
    """A sound body, by each method, under each name for what it is and what is wanted."""
    every = list(product(_METHODS, _TYPES, _ACCEPTS))
    while True:
        method, type_, accept = random.choice(every)
        more = random.sample(_OTHERS, random.choice((0, 1, 1, 3)))
        headers = [(b"content-type", type_), (b"accept", accept), *more]
        yield Sent(SHORT, headers, method, b"query={__typename}" if method == "GET" else b"")


def by_address(random: Random) -> Iterator[Sent]:
    """Over GET: in the address."""
    names = (b"query", b"variables", b"extensions", b"operationName", b"documentId", b"x", b"")
    documents = (b"{__typename}", DOCUMENT.encode(), b"mutation { __typename }", b"\xff", b"")
    while True:
        told = [(b"query", random.choice(documents))]
        for _ in range(random.randrange(4)):
            value = random.choice(JSON_VALUES)[:2_000].encode(errors="surrogatepass")
            told.append((random.choice(names), value))
        is_raw = random.random() < 0.3
        query = b"&".join(
            name + b"=" + (value if is_raw else quote_from_bytes(value).encode())
            for name, value in told
        )
        yield Sent(b"", (), "GET", query)


def written(schema: GraphQLSchema, random: Random) -> Iterator[Sent]:
    """A literal that is wrong, in a document, in an argument of a root field."""
    assert schema.query_type
    assert schema.mutation_type
    fields = [
        (kind, name, field)
        for kind, type_ in (("query", schema.query_type), ("mutation", schema.mutation_type))
        for name, field in type_.fields.items()
        if field.args
    ]
    while True:
        kind, name, field = random.choice(fields)
        wrong = random.choice([*field.args, "nope"])
        given = {each for each, arg in field.args.items() if is_required_argument(arg)} | {wrong}
        told = ", ".join(f"{each}: {random.choice(LITERALS)}" for each in sorted(given))
        inside = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
        document = f"{kind} {{ {name}({told}){inside} }}"
        yield Sent(json.dumps({"query": document}).encode())


def mangled(cursor: str, random: Random) -> Iterator[str]:
    """A cursor that somebody has been at."""
    letters = "ABCdef019+/=-_ \0ế"
    while True:
        text = list(cursor)
        for _ in range(random.choice((1, 1, 1, 2, 9))):
            at = random.randrange(len(text) or 1)
            match random.randrange(4):
                case 0:
                    text[at : at + 1] = random.choice(letters)
                case 1:
                    text = text[:at]
                case 2:
                    text[at:at] = random.choice(letters) * random.choice((1, 3, 200))
                case _:
                    text = [*text, *text[at:]]
        yield "".join(text)


def messages(random: Random) -> Iterator[list[str | bytes]]:
    """What is said over one WebSocket: mostly a greeting, then anything."""
    types = ("subscribe", "complete", "ping", "pong", "connection_init", "next", "", "nope")
    while True:
        said: list[str | bytes] = ['{"type":"connection_init"}'] if random.random() < 0.8 else []
        for number in range(random.randint(1, 3)):
            match random.randrange(6):
                case 0:
                    said.append(random.choice(JSON_VALUES))
                case 1:
                    said.append(random.randbytes(20))
                case 2:
                    payload = random.choice(JSON_VALUES)
                    said.append(f'{{"type":"{random.choice(types)}","payload":{payload}}}')
                case 3:
                    said.append(BODY[: random.randrange(len(BODY))].decode())
                case _:
                    body = next(scrambled(random)).body.decode("utf-8", "replace")
                    payload = random.choice((body, BODY.decode(), random.choice(JSON_VALUES)))
                    said.append(f'{{"type":"subscribe","id":"{number}","payload":{payload}}}')
        yield said


def huge() -> Iterator[Sent]:
    """A megabyte, in every place that takes text."""
    text = b"x" * 1_100_000
    yield Sent(text)
    for body in (b'{"query":"%b"}', b'{"query":"{__typename}","variables":{"x":"%b"}}'):
        yield Sent(body % text)
        yield Sent(body % text[:200_000])
    yield Sent(b"", (), "GET", b"query=" + text)
    yield Sent(SHORT, [*JSON, (b"authorization", b"Bearer " + text)])
    yield Sent(SHORT, [*JSON, (b"accept", text)])
