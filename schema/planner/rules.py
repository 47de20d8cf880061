"""The rules of validation, run together as one.

graphql-core looks for every rule's method for every kind of node anew with each document: that is
half of what validating a question costs. Which rule minds which kind never changes.
"""

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import Any, NamedTuple

from graphql import (
    BREAK,
    SKIP,
    ASTValidationRule,
    Node,
    ValidationContext,
    Visitor,
    VisitorAction,
)
from graphql.language.visitor import EnterLeaveVisitor

Method = Callable[..., VisitorAction | None]


class Minds(NamedTuple):
    """A rule that minds a kind of node, by its place, and the names of its methods."""

    place: int
    enter: str | None
    leave: str | None


def together(rules: Collection[type[ASTValidationRule]]) -> type[ASTValidationRule]:
    """One rule that finds what these find, in the same order."""
    rules = tuple(rules)

    @cache
    def minding(kind: str) -> tuple[Minds, ...]:
        found = (
            Minds(place, _method(rule, "enter", kind), _method(rule, "leave", kind))
            for place, rule in enumerate(rules)
        )
        return tuple(each for each in found if each.enter or each.leave)

    class Together(ASTValidationRule):
        """All of them."""

        def __init__(self, context: ValidationContext) -> None:
            super().__init__(context)
            self.rules = [rule(context) for rule in rules]
            self.skipping: list[Any] = [None] * len(rules)

        def get_enter_leave_for_kind(self, kind: str) -> EnterLeaveVisitor:
            """What is done on the way in to a node of a kind, and on the way out."""
            known = self.enter_leave_map.get(kind)
            if known is None:
                known = self.enter_leave_map[kind] = self._of(minding(kind))
            return known

        def _of(self, minding: Sequence[Minds]) -> EnterLeaveVisitor:
            if not minding:
                return EnterLeaveVisitor(None, None)
            ways = [
                (each.place, *(getattr(self.rules[each.place], n) if n else None for n in each[1:]))
                for each in minding
            ]
            skipping = self.skipping

            def enter(node: Node, *args: Any) -> None:
                for place, fn, _ in ways:
                    if fn and skipping[place] is None:
                        told = fn(node, *args)
                        if told is SKIP or told is False:
                            skipping[place] = node
                        elif told is BREAK or told is True:
                            skipping[place] = BREAK

            def leave(node: Node, *args: Any) -> None:
                for place, _, fn in ways:
                    if skipping[place] is node:
                        skipping[place] = None
                    elif fn and skipping[place] is None:
                        told = fn(node, *args)
                        if told is BREAK or told is True:
                            skipping[place] = BREAK

            return EnterLeaveVisitor(enter, leave)

    return Together


def _method(rule: type[Visitor], way: str, kind: str) -> str | None:
    """The name of the method that a rule meets a kind of node with."""
    return next((n for n in (f"{way}_{kind}", way) if getattr(rule, n, None)), None)
