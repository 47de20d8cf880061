"""Documents that cost their writer little and a server much.

`HOSTILE` are attacks that are known, on the contract itself. `DEAR` are documents just under the
limits: the worst that is let through. `BEYOND` has one document for each limit, which breaks that
limit and nothing else, over the small schema `TREE`.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise

from graphql import GraphQLSchema, build_schema

TREE: GraphQLSchema = build_schema("""
    type Query { it: Query, word(text: String, list: [Int], tree: Tree): String }
    input Tree { tree: Tree }
""")


def times(number: int, text: str) -> str:
    """The text so many times; # stands for which time it is."""
    return " ".join(text.replace("#", str(each)) for each in range(number))


def chain(links: int, link: str, last: str) -> str:
    """A question through fragments of which each spreads the next, `...#`."""
    names = [f"F{number}" for number in range(links + 1)]
    written = [
        f"fragment {name} on Query {{ {link.replace('#', following)} }}"
        for name, following in pairwise(names)
    ]
    return " ".join(["{ ...F0 }", *written, f"fragment {names[-1]} on Query {{ {last} }}"])


def inside(levels: int, opening: str, last: str) -> str:
    """So many levels of one selection."""
    return f"{opening} {{ " * levels + last + " }" * levels


BEYOND: Mapping[str, Callable[[int], str]] = {
    "characters": lambda most: "{ __typename }".ljust(most + 1),
    "tokens": lambda most: "#\n" * most + "{ __typename }",
    "operations": lambda most: times(most + 1, "query Q# { __typename }"),
    "fragments": lambda most: chain(most, "...#", "__typename"),
    "variables": lambda most: (
        f"query ({times(most, '$v#: Boolean!')} $text: String)"
        f" {{ it {{ {times(most // 2, 'word @skip(if: $v#)')} }}"
        f" more: it {{ {times(most, 'word @skip(if: $v#)').split(') ', most // 2)[-1]}"
        " said: word(text: $text) } }"
    ),
    "depth": lambda most: f"{{ {inside(most, 'it', 'word')} }}",
    "selections": lambda most: (
        f"{{ {times(25, 'a#: it { ...F }')} }}"
        f" fragment F on Query {{ {inside(most // 25, '...', 'word')} }}"
    ),
    "width": lambda most: (
        f"{{ it {{ {times(most + 1, '...F')} }} }} fragment F on Query {{ word }}"
    ),
    "roots": lambda most: f"{{ {times(most + 1, 'a#: word')} }}",
    "aliases": lambda most: f"{{ it {{ {times(most + 1, 'a#: word')} }} }}",
    "directives": lambda most: (
        f"{{ it {{ {times(most // 2 + 1, 'word @include(if: true) @skip(if: false)')} }} }}"
    ),
    "items": lambda most: f"{{ word(list: [{times(most + 1, '#')}]) }}",
    "nesting": lambda most: f"{{ word(tree: {'{tree: ' * most}{{}}{'}' * most}) }}",
    "repeats": lambda most: f"{{ it {{ {times(int((2 * most) ** 0.5) + 2, 'word')} }} }}",
}

HOSTILE: Mapping[str, str] = {
    "one object field 400 times": f"{{ {times(400, 'ledger { position }')} }}",
    "one object field 400 times, other parts": f"{{ {times(400, 'ledger { a#: position }')} }}",
    "150 inline fragments": f"{{ {times(150, '... on Query { ledger { position } }')} }}",
    "one scalar 4,000 times": f"{{ ledger {{ {times(4_000, 'position')} }} }}",
    "5,000 unknown directives": f"{{ ledger {times(5_000, '@x')} {{ position }} }}",
    "40 doubling fragments": chain(40, "...# ...#", "__typename"),
    "17 doubling fragments with aliases": chain(
        17, "a: asOf(position: 1) { ...# } b: asOf(position: 1) { ...# }", "__typename"
    ),
    "49 fragments, each spreading the next 30 times": chain(49, "...# " * 30, "__typename"),
    "50 fragments of one field in one place": (
        f"{{ {times(50, '...F#')} }} {times(50, 'fragment F# on Query { ledger { position } }')}"
    ),
    "a circle of 50 fragments": (
        chain(48, "ledger { position } ...#", "ledger { position } ...F0")
    ),
    "a circle with repeated fields": (
        f"{{ ...F }} fragment F on Query {{ {times(150, 'ledger { position }')}"
        " asOf(position: 1) { ...F } }"
    ),
    "600 inline fragments in each other": f"{{ {inside(600, '...', '__typename')} }}",
    "190 fields in each other": f"{{ {inside(190, 'asOf(position: 1)', '__typename')} }}",
    "a list in a list, 190 times": f"{{ node(id: {'[' * 190}{']' * 190}) {{ id }} }}",
    "a list of 1,900": f"{{ node(id: [{times(1_900, '1')}]) {{ id }} }}",
    "400 unknown fields": f"{{ {times(400, 'schemex#')} }}",
    "250 operations": times(250, "query Q# { ledger { position } }"),
    "400 variables": f"query ({times(400, '$v#: Int')}) {{ __typename }}",
    "8,000 comments": "#\n" * 8_000 + "{ __typename }",
    "one name of 16,000 letters": f"{{ {'a' * 16_000} }}",
    "a number of 16,000 digits": f"{{ event(position: {'9' * 16_000}) {{ id }} }}",
    "a megabyte": " " * 1_000_000,
}

FIELDS = """id code name from to totals { total grant counterpart disbursed }
    bySector { sector { code name } facilities total } byProvince { facilities total }
    criteria { criterion verdict }"""
DEAR: Mapping[str, str] = {
    "30 questions of 20 fields": (
        f"{{ {times(30, 'a#: period(code: ^#^) { ' + FIELDS + ' }')} }}".replace("^", '"')
    ),
    "44 times one object field": (f'{{ period(code: "x") {{ {times(44, "totals { total }")} }} }}'),
    "25 aliases of a fragment of 38 fields": (
        f"{{ {times(25, 'a#: asOf(position: #) { ...F }')} }}"
        f" fragment F on Query {{ {inside(36, '...', 'ledger { position }')} }}"
    ),
    "195 unknown fields": f"{{ ledger {{ {times(195, 'positionn#')} }} }}",
    "100 unknown types": f"{{ ledger {{ {times(100, '... on Schemex# { a# }')} }} }}",
    "10 operations over 50 fragments": (
        times(10, "query Q# { ...F0 }") + chain(49, "...#", "__typename").removeprefix("{ ...F0 }")
    ),
    "44 times one object field with arguments": (
        f"{{ period(code: 'x') {{ {times(44, 'schemes(first: 1, after: ^a^) { totalCount }')} }} }}"
    ).translate({ord("'"): '"', ord("^"): '"'}),
    "44 fragments of one object field": (
        f"{{ ledger {{ {times(44, '...F#')} }} }}"
        f" {times(44, 'fragment F# on LedgerHead { position }')}"
    ),
    "5 lists of 100 wrong items": (
        f"{{ {times(5, 'a#: node(id: [' + '1 ' * 100 + ']) { id }')} }}"
    ),
}
