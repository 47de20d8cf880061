"""The rules of validation, run together as one.

graphql-core looks for every rule's method for every kind of node anew with each document: that is
half of what validating a question costs. Which rule minds which kind never changes.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple

from graphql import (
    BREAK,
    SKIP,
    ASTValidationRule,
    Node,
    ValidationContext,
    Visitor,
)
from graphql.language.visitor import EnterLeaveVisitor


class Minds(NamedTuple):
    """A rule that minds a kind of node, by its place, and the names of its methods."""

    place: int
    enter: str | None
    leave: str | None


class Together(ASTValidationRule):
    """All of some rules. `together` makes it for them."""

    rules: ClassVar[tuple[type[ASTValidationRule], ...]]
    minding: ClassVar[dict[str, tuple[Minds, ...]]]
    """By kind of node; there are as many as the language has."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.begun = [rule(context) for rule in self.rules]
        self.skipping: list[Any] = [None] * len(self.begun)

    def get_enter_leave_for_kind(self, kind: str) -> EnterLeaveVisitor:
        """What is done on the way in to a node of a kind, and on the way out."""
        known = self.enter_leave_map.get(kind)
        if known is None:
            minds = self.minding.get(kind)
            if minds is None:
                minds = self.minding[kind] = tuple(_minding(self.rules, kind))
            known = self.enter_leave_map[kind] = self._of(minds)
        return known

    def _of(self, minds: Sequence[Minds]) -> EnterLeaveVisitor:
        if not minds:
            return EnterLeaveVisitor(None, None)
        ways = [
            (place, *(getattr(self.begun[place], name) if name else None for name in names))
            for place, *names in minds
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


def together(rules: Iterable[type[ASTValidationRule]]) -> type[Together]:
    """One rule that finds what these find, in the same order."""
    return type("Together", (Together,), {"rules": tuple(rules), "minding": {}})


def _minding(rules: Iterable[type[Visitor]], kind: str) -> Iterator[Minds]:
    for place, rule in enumerate(rules):
        enter, leave = _method(rule, "enter", kind), _method(rule, "leave", kind)
        if enter or leave:
            yield Minds(place, enter, leave)


def _method(rule: type[Visitor], way: str, kind: str) -> str | None:
    """The name of the method that a rule meets a kind of node with."""
    return next((n for n in (f"{way}_{kind}", way) if getattr(rule, n, None)), None)
