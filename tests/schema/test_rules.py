"""The rules of validation find together what each finds alone."""

import pytest
from graphql import BREAK, ASTValidationRule, FieldNode, GraphQLError, parse, validate
from graphql.validation import specified_rules

from schema.planner.rules import together
from schema.root import build

WRONG = (
    "type X { a: Int }",
    "{ ledger { position } } query B { ledger { position } }",
    "query A { ledger { position } } query A { ledger { position } }",
    "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
    "{ ...A } fragment A on Query { ledger { position } } fragment A on Query { ledger { head } }",
    "fragment A on Query { ledger { position } } { ledger { position } }",
    "{ ...Missing }",
    "{ ... on Nothing { a } }",
    "{ ... on PeriodFilter { a } }",
    "{ ledger { ... on Facility { name } } }",
    "{ nothing ledger { nowhere } }",
    "{ ledger }",
    "{ ledger { position { deeper } } }",
    "{ ledger @nothing { position } }",
    "query @skip(if: true) { ledger { position } }",
    "{ ledger @skip(if: true) @skip(if: false) { position } }",
    "{ ledger @skip { position } }",
    "{ facility { name } }",
    '{ facility(code: "a", code: "b") { name } }',
    '{ facility(code: "a", what: 1) { name } }',
    "{ facility(code: 1) { name } }",
    '{ facilities(filter: {code: {eq: "a"}, code: {eq: "b"}}) { totalCount } }',
    "{ facilities(filter: {nothing: 1}) { totalCount } }",
    "query ($a: Nothing) { facility(code: $a) { name } }",
    "query ($a: Facility) { facility(code: $a) { name } }",
    "query ($a: String, $a: String) { facility(code: $a) { name } }",
    "query ($a: String) { ledger { position } }",
    "{ facility(code: $a) { name } }",
    "query ($a: Int!) { facility(code: $a) { name } }",
    "query ($a: Int = {}) { facilities(first: $a) { totalCount } }",
    '{ a: facility(code: "x") { name } a: facility(code: "y") { name } }',
    "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
    "subscription { a: events { head } b: events { head } }",
    "{ ledger { position @skip(if: 1, if: 2) } ...A ...A } fragment A on Query { nothing(x: $y) }",
)
UNBREAKABLE = {"KnownOperationTypesRule"}
"""The schema has operations of every type; it has neither @defer nor @stream."""
SCHEMA = build()._schema
TOGETHER = together(specified_rules)


def told(document: str, *rules: type[ASTValidationRule]) -> list[tuple[str, object]]:
    found = validate(SCHEMA, parse(document), rules)
    return [(each.message, each.locations) for each in found]


@pytest.mark.parametrize("document", WRONG)
def test_what_is_wrong_is_told_alike_and_in_the_same_order(document: str) -> None:
    assert told(document, TOGETHER) == told(document, *specified_rules) != []


def test_the_documents_break_every_rule() -> None:
    """Else the rule that none breaks would not be tried."""
    unbroken = {
        rule.__name__ for rule in specified_rules if not any(told(each, rule) for each in WRONG)
    }
    assert all(name in UNBREAKABLE or "Defer" in name or "Stream" in name for name in unbroken)


class First(ASTValidationRule):
    """Sees the first field on the way in."""

    def enter_field(self, node: FieldNode, *_: object) -> object:
        self.report_error(GraphQLError(f"in {node.name.value}"))
        return BREAK


class Innermost(ASTValidationRule):
    """Sees the first field on the way out."""

    def leave_field(self, node: FieldNode, *_: object) -> object:
        self.report_error(GraphQLError(f"out {node.name.value}"))
        return BREAK


def test_a_rule_that_breaks_off_sees_nothing_more() -> None:
    rules = (First, Innermost)
    found = told("{ ledger { position } }", together(rules))
    assert found == told("{ ledger { position } }", *rules)
    assert [message for message, _ in found] == ["in ledger", "out position"]
