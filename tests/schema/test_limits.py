"""A document is counted in one pass, refused by name, and costs little when it is hostile."""

import time
from dataclasses import fields, replace

import pytest
from graphql import GraphQLSchema, get_introspection_query, parse

from schema.planner import document, extent
from schema.planner.document import Documents
from schema.planner.limits import Limit, Limits
from schema.planner.refusals import QueryRefusedError
from schema.planner.repeats import pairs
from schema.root import build
from tests.house.tree import ROOT
from tests.schema.hostile import BEYOND, DEAR, HOSTILE, TREE, chain, inside, times

LIMITS = Limits()
NAMES = [each.name for each in fields(Limits)]
SOON_S = 0.02
SLACK = 5
"""Processors differ, and CI is noisy; without its limit the worst of these costs 0.5 s and more."""

PAGE_OF_COMPONENTS = (
    f'{{ period(code: "x") {{ {times(30, "...F#")} }} }}'
    f" {times(30, 'fragment F# on Period { id code name }')}"
)


def limit(name: str) -> Limit:
    found = getattr(LIMITS, name)
    assert isinstance(found, Limit)
    return found


def lifted(name: str, most: int = 10**9) -> Limits:
    changed: dict[str, Limit] = {name: replace(limit(name), most=most)}
    return replace(LIMITS, **changed)


@pytest.fixture(scope="module")
def contract() -> GraphQLSchema:
    return build()._schema


def test_every_limit_has_a_document_that_breaks_it() -> None:
    assert set(BEYOND) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_one_more_than_the_limit_is_refused_by_name_in_two_languages(name: str) -> None:
    held = limit(name)
    (error,) = Documents(TREE).prepare(BEYOND[name](held.most)).errors
    assert isinstance(error, QueryRefusedError)
    said = error.extensions or {}
    assert said["code"] == held.code
    assert said["limit"] == held.most
    assert held.most < said["value"] <= held.most * 1.1
    assert str(held.most) in error.message
    assert str(held.most) in said["messageVi"]


@pytest.mark.parametrize("name", NAMES)
def test_a_limit_refuses_nothing_but_what_is_beyond_it(name: str) -> None:
    """The same document is good where the limit is lifted: no other one would have caught it."""
    prepared = Documents(TREE, limits=lifted(name)).prepare(BEYOND[name](limit(name).most))
    assert prepared.errors == ()


def test_no_two_limits_share_a_code() -> None:
    assert len({limit(name).code for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize("name", [*HOSTILE, *DEAR])
def test_a_hostile_document_costs_about_20_ms_at_most(contract: GraphQLSchema, name: str) -> None:
    source = {**HOSTILE, **DEAR}[name]
    spent = []
    for _ in range(5):
        documents = Documents(contract)
        start = time.thread_time()
        documents.prepare(source)
        spent.append(time.thread_time() - start)
    assert min(spent) < SOON_S * SLACK


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused(contract: GraphQLSchema, name: str) -> None:
    assert 0 < len(Documents(contract).prepare(HOSTILE[name]).errors) <= document.ERRORS_MAX + 1


@pytest.mark.parametrize(
    "source",
    [
        get_introspection_query(input_value_deprecation=True),
        (ROOT / "examples/evaluation.graphql").read_text(encoding="utf-8"),
        times(10, "query Q# { ledger { position } }"),
        PAGE_OF_COMPONENTS,
    ],
    ids=["introspection", "example", "operations", "thirty components"],
)
def test_what_real_clients_send_is_not_refused(contract: GraphQLSchema, source: str) -> None:
    assert Documents(contract).prepare(source).errors == ()


def test_depth_is_counted_through_fragments() -> None:
    documents = Documents(TREE, limits=lifted("depth", 4))
    assert documents.prepare(chain(3, "it { ...# }", "word")).errors == ()
    (error,) = documents.prepare(chain(4, "it { ...# }", "word")).errors
    assert (error.extensions or {})["value"] == 5


def test_the_order_of_fragments_makes_no_difference() -> None:
    forward = chain(6, "a: it { ...# } b: it { ...# }", "word")
    first, *links = forward.replace(" fragment", "\nfragment").split("\n")
    backward = " ".join([first, *reversed(links)])
    for source in (forward, backward):
        (error,) = Documents(TREE, limits=lifted("aliases", 100)).prepare(source).errors
        assert (error.extensions or {})["value"] == 2**7 - 2


def test_a_fragment_is_summed_once_however_often_it_is_spread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Work is counted, not time: two to the fortieth would not end."""
    summed = 0
    add = extent.Extent.add

    def counted(self: extent.Extent, other: extent.Extent, above: int) -> None:
        nonlocal summed
        summed += 1
        add(self, other, above)

    monkeypatch.setattr(extent.Extent, "add", counted)
    (error,) = Documents(TREE).prepare(chain(40, "it { ...# ...# }", "word")).errors
    assert isinstance(error, QueryRefusedError)
    assert summed < 500


def test_sums_end_at_a_million() -> None:
    limits = replace(lifted("depth"), aliases=replace(LIMITS.aliases, most=1))
    (error,) = (
        Documents(TREE, limits=limits)
        .prepare(chain(40, "a: it { ...# } b: it { ...# }", "word"))
        .errors
    )
    assert (error.extensions or {})["value"] == 1_000_000


@pytest.mark.parametrize("links", [1, 2, 40])
def test_a_circle_of_fragments_is_named_by_validation(links: int) -> None:
    (error,) = Documents(TREE).prepare(chain(links, "...#", "it { ...F0 }")).errors
    assert "Cannot spread fragment" in error.message


def test_a_circle_hides_no_repeated_fields(monkeypatch: pytest.MonkeyPatch) -> None:
    """A circle is looked for alone: the rule that compares fields never sees such a document."""
    asked: list[object] = []
    validate = document.validate

    def watched(*args: object, **kwargs: object) -> object:
        asked.append(args[2])
        return validate(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(document, "validate", watched)
    source = f"{{ it {{ ...F }} }} fragment F on Query {{ {times(190, 'word')} it {{ ...F }} }}"
    assert Documents(TREE).prepare(source).errors
    assert asked == [(document.NoFragmentCyclesRule,)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{ it { word } word }", 0),
        ("{ word word word }", 3),
        ("{ it { word } it { word } }", 2),
        ("{ it { word } other: it { word } }", 0),
        ("{ word ... { word ... on Query { word } } }", 3),
        ("{ ...F ...F word } fragment F on Query { word }", 1),
        ("{ it { it { word } it { word } } it { it { word } it { word } } }", 1 + 6 + 6),
        ("fragment F on Query { word word }", 1),
    ],
)
def test_pairs_are_fields_of_one_name_at_one_place(source: str, expected: int) -> None:
    parsed = parse(source)
    named = {e.name.value: e for e in parsed.definitions if e.kind == "fragment_definition"}  # type: ignore[attr-defined]
    tops = [e for e in parsed.definitions if e.kind == "operation_definition"] or named.values()
    assert pairs(tops, named) == expected  # type: ignore[arg-type]


def test_a_second_fragment_of_one_name_hides_nothing() -> None:
    hidden = f"fragment F on Query {{ it {{ {times(70, 'word')} }} }}"
    source = f"{{ ...F }} {hidden} fragment F on Query {{ word }}"
    (error,) = Documents(TREE).prepare(source).errors
    assert (error.extensions or {})["code"] == LIMITS.repeats.code


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ({"a": [1] * 101}, "items"),
        ({"a": {"b": [[1] * 101]}}, "items"),
        ({"a": {"b": {"c": [[[[[[[[[[[1]]]]]]]]]]]}}}, "nesting"),
    ],
)
def test_variables_are_held_to_the_limits_of_values(sent: dict[str, object], name: str) -> None:
    with pytest.raises(QueryRefusedError) as refused:
        Documents(TREE).admit_values(sent)
    assert refused.value.code == limit(name).code


def test_variables_within_the_limits_pass() -> None:
    deep: object = [1] * LIMITS.items.most
    for _ in range(LIMITS.nesting.most - 1):
        deep = {"inner": deep}
    Documents(TREE).admit_values({"a": deep, "b": None, "c": "text"})


@pytest.mark.parametrize("levels", [100, 190, 250, 400])
def test_deep_selections_end_in_an_answer_not_in_the_stack(
    contract: GraphQLSchema, levels: int
) -> None:
    """Inline fragments are no depth, but to plan them is recursion all the same."""
    links = [f"fragment F{each} on Query" for each in range(levels // 50)]
    source = "{ ...F0 }" + "".join(
        f" {link} {{ {inside(50, '...', following)} }}"
        for link, following in zip(
            links,
            [*(f"...F{each + 1}" for each in range(len(links) - 1)), "__typename"],
            strict=True,
        )
    )
    documents = Documents(contract)
    prepared = documents.prepare(source)
    operation = prepared.operation(None)
    if operation is None:
        assert prepared.errors
    else:
        assert documents.plan(prepared, operation, {}) is not None
