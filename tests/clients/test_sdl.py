"""The committed schema as linters read it, and as clients of the last release rely on it.

`docs/reference/released.graphql` is the schema of the last release. A change that breaks a client
turns red until CHANGELOG.md names it under `### Breaking` of the next release, by its coordinate:

    - `Period.byProvince`: use `totals(groupBy: [PROVINCE])`.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.clients.conftest import HERE, MODULES, Node
from tests.house.tree import ROOT, breaking_names

SDL = ROOT / "schema" / "schema.graphql"
RELEASED = ROOT / "docs" / "reference" / "released.graphql"
CHANGELOG = ROOT / "CHANGELOG.md"
Change = Mapping[str, str]

BEFORE = """
  enum Level { CENTRAL LOCAL }
  union Outcome = Recorded | Refused
  type Recorded { position: Int! }
  type Refused { code: String! }
  type Period { code: String!, total: String!, byProvince: [String!]! }
  type Query { period(code: String): Period, ask(level: Level): Outcome, old: Int }
"""
NOW = """
  enum Level { CENTRAL }
  union Outcome = Recorded
  type Recorded { position: Int! }
  type Period { code: String!, total: String, byRegion: [String!]! }
  type Query { period(code: String!): Period, ask(level: Level): Outcome, old: Int, new: Int }
"""
BROKEN = {
    "Level.LOCAL",
    "Outcome",
    "Refused",
    "Period.total",
    "Period.byProvince",
    "Query.period(code:)",
}


def breaking(node: Node, before: Path, now: Path) -> Sequence[Change]:
    """What graphql-inspector says would break a client."""
    done = node("inspector.mjs", before, now)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def unnamed(changes: Sequence[Change], changelog: str) -> Iterator[str]:
    """Breaking changes that the changelog is silent about."""
    named = breaking_names(changelog)
    for change in changes:
        field, coordinate = coordinates(change["path"])
        if not {field, coordinate} & named:
            yield f"{coordinate}: {change['message']}"


def coordinates(path: str) -> tuple[str, str]:
    """Of `Query.event.position`: `Query.event`, which may stand for it, and the argument itself."""
    field = ".".join(path.split(".")[:2])
    argument = path.removeprefix(field).removeprefix(".")
    return field, f"{field}({argument}:)" if argument else field


def lint(node: Node, folder: Path) -> Sequence[str]:
    """What GraphQL-ESLint says of `schema/schema.graphql` in a folder."""
    eslint = MODULES / "eslint" / "bin" / "eslint.js"
    config = ("--config", HERE / "eslint.config.mjs")
    done = node(eslint, *config, "--format", "json", "schema/schema.graphql", cwd=folder)
    assert done.stdout, done.stderr
    (read,) = json.loads(done.stdout)
    return [f"{each['line']}: {each['message']} ({each['ruleId']})" for each in read["messages"]]


@pytest.fixture
def planted(node: Node, tmp_path: Path) -> Sequence[Change]:
    """The breaking changes between two small schemas."""
    before, now = tmp_path / "before.graphql", tmp_path / "now.graphql"
    before.write_text(BEFORE, encoding="utf-8")
    now.write_text(NOW, encoding="utf-8")
    return breaking(node, before, now)


def test_the_schema_keeps_the_rules_of_graphql_eslint_and_relay(node: Node) -> None:
    assert list(lint(node, ROOT)) == []


def test_a_schema_that_keeps_no_rules_is_caught(node: Node, tmp_path: Path) -> None:
    planted = """
      type Query { get_scheme: Scheme, schemes(first: Int): SchemeConnection! }
      type Scheme { id: ID! }
      type SchemeConnection { edges: [Scheme] }
      type Forgotten { at: Int @deprecated }
    """
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "schema.graphql").write_text(planted, encoding="utf-8")
    said = "\n".join(lint(node, tmp_path))
    for rule in (
        "naming-convention",
        "no-unreachable-types",
        "relay-arguments",
        "relay-connection-types",
        "relay-page-info",
        "require-deprecation-reason",
        "require-description",
    ):
        assert f"@graphql-eslint/{rule})" in said


def test_no_client_of_the_last_release_breaks_unless_the_changelog_says_so(node: Node) -> None:
    changes = breaking(node, RELEASED, SDL)
    assert list(unnamed(changes, CHANGELOG.read_text(encoding="utf-8"))) == []


def test_the_released_schema_is_that_of_the_last_release() -> None:
    last = re.search(r"^## \[(\d[\w.]*)\]", CHANGELOG.read_text(encoding="utf-8"), re.MULTILINE)
    assert last is not None
    first_line = RELEASED.read_text(encoding="utf-8").partition("\n")[0]
    assert first_line == f"# The schema as released in {last[1]}."


def test_every_kind_of_breaking_change_is_caught(planted: Sequence[Change]) -> None:
    """What is taken away or narrowed; not what is new."""
    assert {each.partition(": ")[0] for each in unnamed(planted, "# Changelog\n")} == BROKEN


def test_only_the_breaking_list_of_the_next_release_excuses_a_change(
    planted: Sequence[Change],
) -> None:
    changelog = """\
# Changelog

## [Unreleased]

### Added

- `Period.total` is new here, which excuses nothing.

### Breaking

- `Level.LOCAL`, `Outcome`, `Refused`, `Period.byProvince`: gone.
- `Query.period`: stands for its arguments.

## [2026.11.0] - 2026-11-24

### Breaking

- `Period.total`: an old release excuses nothing.
"""
    assert [each.partition(": ")[0] for each in unnamed(planted, changelog)] == ["Period.total"]
