"""The pages say what the code does: their GraphQL validates, their commands exist."""

import re
import tomllib
from collections.abc import Iterable, Iterator

from graphql import GraphQLObjectType, GraphQLSchema, build_schema, parse, validate
from graphql.error import GraphQLError

import events.ledger  # noqa: F401 - so that every refusal is declared
from events.catalogue import FACTS
from events.rules import Refusal
from service.cli import front
from tests.house.tree import ROOT, Source, documents, python_files

SDL = ROOT / "schema" / "schema.graphql"
FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"(?:^|`|\$ )(?:socai|(?:\.venv/bin/)?python3? -m service)((?: [a-z]+)+)")
TARGET = re.compile(r"(?:^|`|\$ )make ([a-z]+)")
OF_THE_WIRE = re.compile(
    r"^(__.*|Query|Mutation|Subscription|ContactRevealed|WebhookRegistered)$"
    r"|(Connection|Edge|PageInfo|Preview|Outcome|Result|Batch|Point|Field|Filter)$"
)
"""Types that carry others, and mean nothing of their own."""
Page = tuple[str, str]


def wrong_questions(pages: Iterable[Page], schema: GraphQLSchema) -> Iterator[str]:
    """Fenced `graphql` blocks that the schema does not accept."""
    for path, text in pages:
        for language, block in FENCE.findall(text):
            if language != "graphql":
                continue
            try:
                faults = validate(schema, parse(block))
            except GraphQLError as error:
                faults = [error]
            yield from (f"{path}: {fault.message}" for fault in faults)


def shell_lines(text: str) -> Iterator[str]:
    """What a page tells the reader to type: shell blocks, and code within a line."""
    for language, block in FENCE.findall(text):
        if language in {"sh", "bash", "shell", "console", "text"}:
            yield from block.splitlines()
    yield from (f"`{code}`" for code in re.findall(r"`([^`\n]+)`", FENCE.sub("", text)))


def unknown_commands(pages: Iterable[Page]) -> Iterator[str]:
    """Commands of `socai` and targets of `make` that do not exist."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for path, text in pages:
        for line in shell_lines(text):
            for words in COMMAND.findall(line):
                if not front().parse_commands(words.split())[0]:
                    yield f"{path}: socai{words}"
            for target in TARGET.findall(line):
                if target not in targets:
                    yield f"{path}: make {target}"


def missing_links(pages: Iterable[Page]) -> Iterator[str]:
    """Links to files of the repository that are not there."""
    for path, text in pages:
        for link in re.findall(r"\]\(([^)#\s]+)", FENCE.sub("", text)):
            if "://" not in link and not (ROOT / path).parent.joinpath(link).exists():
                yield f"{path}: {link}"


def aggregates(sources: Iterable[Source]) -> Iterator[str]:
    """Every noun of the domain with rules of its own: the first word of `X: Aggregate[…] = …`."""
    for source in sources:
        yield from re.findall(r"^([A-Z]+)(?:: .*)? = Aggregate\b", source.text, re.MULTILINE)


def test_every_graphql_block_is_accepted_by_the_schema() -> None:
    schema = build_schema(SDL.read_text(encoding="utf-8"))
    assert list(wrong_questions(documents(), schema)) == []


def test_every_example_is_accepted_by_the_schema() -> None:
    schema = build_schema(SDL.read_text(encoding="utf-8"))
    pages = [
        (path.name, f"```graphql\n{path.read_text(encoding='utf-8')}\n```")
        for path in sorted((ROOT / "examples").glob("*.graphql"))
    ]
    assert pages
    assert list(wrong_questions(pages, schema)) == []


def test_every_command_in_the_pages_exists() -> None:
    assert list(unknown_commands(documents())) == []


def test_every_link_leads_somewhere() -> None:
    assert list(missing_links(documents())) == []


def test_every_aggregate_has_an_entry_in_the_glossary() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").lower()
    found = set(aggregates(python_files("events")))
    assert len(found) >= 5
    assert {name for name in found if f"| {name.lower()} |" not in glossary} == set()


def test_every_noun_of_the_contract_is_in_the_glossary() -> None:
    """What facts are about, and what types of the contract are: the whole name, or its end."""
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8").lower()
    nouns = {name: words(name)[:-1] for name in FACTS}
    for each in build_schema(SDL.read_text(encoding="utf-8")).type_map.values():
        is_noun = isinstance(each, GraphQLObjectType) and not each.interfaces
        if is_noun and each.name not in FACTS and not OF_THE_WIRE.search(each.name):
            nouns[each.name] = words(each.name)
    assert len(nouns) > 150
    unknown = {
        name
        for name, (*first, last) in nouns.items()
        if " ".join([*first, last]).lower() not in glossary and last.lower() not in glossary
    }
    assert unknown == set()


def words(name: str) -> list[str]:
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).split()


def test_every_refusal_of_the_code_is_published() -> None:
    page = (ROOT / "docs/reference/refusals.md").read_text(encoding="utf-8")
    codes = {
        each.code for each in Refusal.__subclasses__() if each.__module__.startswith("events.")
    }
    assert len(codes) > 20
    assert {code for code in codes if f"## {code}\n" not in page} == set()


def test_the_changelog_begins_with_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    released = re.findall(r"^## \[?(\d[\w.]*)", changes, re.MULTILINE)
    assert released[0] == project["version"]


def test_wrong_pages_are_caught() -> None:
    schema = build_schema("type Query { period: Int }")
    page = "```graphql\n{ perod }\n```\n`socai prove`\n`make money`\n[x](nowhere.md)\n"
    pages = [("a.md", page)]
    assert [each.split(".md: ")[1][:25] for each in wrong_questions(pages, schema)] == [
        "Cannot query field 'perod"
    ]
    assert list(unknown_commands(pages)) == ["a.md: socai prove", "a.md: make money"]
    assert list(missing_links(pages)) == ["a.md: nowhere.md"]


def test_a_question_that_cannot_be_read_is_caught() -> None:
    schema = build_schema("type Query { period: Int }")
    assert list(wrong_questions([("a.md", "```graphql\n{ period\n```\n")], schema)) != []


def test_aggregates_are_found_where_they_are_declared() -> None:
    planted = Source("a.py", "LOAN: Aggregate[A, B, C] = Aggregate(\nFUND = Aggregate(\n")
    assert list(aggregates([planted])) == ["LOAN", "FUND"]
