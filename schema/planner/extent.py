"""What a document comes to, counted in one pass before it is validated, and held to the limits.

Validation is quadratic at its worst, and a few fragments may stand for a million fields; so nothing
here compares or writes out. Every definition is walked once, with a stack of its own. What a
fragment comes to with those it spreads is summed once and kept, and sums stop at a million.
Repeated fields, which validation compares pair by pair, are counted in `repeats.py`.

A circle of fragments is for validation to name: nothing is counted through it, and `admit` says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    ListValueNode,
    ObjectValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
)

from schema.planner.limits import Limits
from schema.planner.repeats import pairs

_BEYOND = 1_000_000
"""Sums stop here: forty doubling fragments stand for a trillion fields."""
Definition: TypeAlias = OperationDefinitionNode | FragmentDefinitionNode


@dataclass(slots=True)
class Extent:
    """The counts of one definition, or of a whole document."""

    depth: int = 0
    roots: int = 0
    selections: int = 0
    aliases: int = 0
    directives: int = 0
    spreads: list[tuple[str, int]] = field(default_factory=list)
    """The fragments it spreads, and how many fields stand above each of them."""

    def add(self, other: "Extent", above: int) -> None:
        """Add what stands below so many fields."""
        self.depth = max(self.depth, above + other.depth)
        self.roots = min(_BEYOND, self.roots + (0 if above else other.roots))
        self.selections = min(_BEYOND, self.selections + other.selections)
        self.aliases = min(_BEYOND, self.aliases + other.aliases)
        self.directives = min(_BEYOND, self.directives + other.directives)


def admit(document: DocumentNode, limits: Limits) -> bool:
    """Refuse a document beyond a limit. False: it was not counted whole, for it has a circle."""
    definitions = [each for each in document.definitions if isinstance(each, Definition)]
    fragments = {e.name.value: e for e in definitions if isinstance(e, FragmentDefinitionNode)}
    operations = [each for each in definitions if isinstance(each, OperationDefinitionNode)]
    limits.operations.hold(len(operations))
    limits.fragments.hold(len(definitions) - len(operations))
    counted = [_Walk(limits).over(each) for each in definitions]
    each_counted = list(zip(definitions, counted, strict=True))
    sums = _Sums(
        {e.name.value: own for e, own in each_counted if isinstance(e, FragmentDefinitionNode)}
    )
    spread = {name for each in counted for name, _ in each.spreads}
    tops: list[Definition] = []
    whole = Extent()
    for each, own in each_counted:
        summed = sums.of(own)
        if isinstance(each, OperationDefinitionNode):
            limits.roots.hold(summed.roots)
        elif each.name.value in spread and fragments[each.name.value] is each:
            continue  # it is counted where it is spread
        whole.add(summed, 0)
        tops.append(each)
    _hold(whole, limits)
    if sums.circular:
        return False
    limits.repeats.hold(pairs(tops, fragments))
    return True


def admit_values(variables: Mapping[str, object], limits: Limits) -> None:
    """Refuse variables that are nested too deeply or hold too long a list."""
    waiting: list[tuple[object, int]] = [(value, 1) for value in variables.values()]
    while waiting:
        value, depth = waiting.pop()
        match value:
            case list():
                limits.items.hold(len(value))
                waiting.extend((each, depth + 1) for each in value)
            case dict():
                waiting.extend((each, depth + 1) for each in value.values())
            case _:
                continue
        limits.nesting.hold(depth)


def _hold(whole: Extent, limits: Limits) -> None:
    limits.depth.hold(whole.depth)
    limits.aliases.hold(whole.aliases)
    limits.directives.hold(whole.directives)
    limits.selections.hold(whole.selections)


class _Walk:
    """Walks one definition, each node once; the stack is its own, so that depth is no danger."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._extent = Extent()
        self._sets: list[tuple[SelectionSetNode, int]] = []

    def over(self, definition: Definition) -> Extent:
        """The counts of the definition, without the fragments it spreads."""
        variables = definition.variable_definitions or ()
        self._limits.variables.hold(len(variables))
        for each in variables:
            self._directives(each.directives)
            self._value(each.default_value)
        self._directives(definition.directives)
        self._sets.append((definition.selection_set, 0))
        while self._sets:
            self._set(*self._sets.pop())
        return self._extent

    def _set(self, selected: SelectionSetNode, above: int) -> None:
        self._limits.width.hold(len(selected.selections))
        self._extent.selections += len(selected.selections)
        for node in selected.selections:
            self._directives(node.directives)
            match node:
                case FieldNode():
                    self._field(node, above)
                case InlineFragmentNode():
                    self._sets.append((node.selection_set, above))
                case FragmentSpreadNode():
                    self._extent.spreads.append((node.name.value, above))

    def _field(self, node: FieldNode, above: int) -> None:
        self._extent.depth = max(self._extent.depth, above + 1)
        self._extent.roots += above == 0
        self._extent.aliases += node.alias is not None
        for argument in node.arguments or ():
            self._value(argument.value)
        if node.selection_set:
            self._sets.append((node.selection_set, above + 1))

    def _directives(self, directives: Iterable[DirectiveNode] | None) -> None:
        for each in directives or ():
            self._extent.directives += 1
            for argument in each.arguments or ():
                self._value(argument.value)

    def _value(self, value: ValueNode | None) -> None:
        waiting: list[tuple[ValueNode | None, int]] = [(value, 1)]
        while waiting:
            node, depth = waiting.pop()
            match node:
                case ListValueNode():
                    self._limits.items.hold(len(node.values))
                    waiting.extend((each, depth + 1) for each in node.values)
                case ObjectValueNode():
                    waiting.extend((each.value, depth + 1) for each in node.fields)
                case _:
                    continue
            self._limits.nesting.hold(depth)


class _Sums:
    """What definitions come to with the fragments they spread; each fragment is summed once."""

    def __init__(self, counted: Mapping[str, Extent]) -> None:
        self._counted = counted
        self._summed: dict[str, Extent | None] = {}
        self.circular = False

    def of(self, own: Extent) -> Extent:
        """The counts of a definition with all it spreads: no deeper than there are fragments."""
        whole = Extent()
        whole.add(own, 0)
        for name, above in own.spreads:
            if name in self._counted:  # a spread of nothing is for validation to name
                whole.add(self._fragment(name), above)
        return whole

    def _fragment(self, name: str) -> Extent:
        if name not in self._summed:
            self._summed[name] = None
            self._summed[name] = self.of(self._counted[name])
        summed = self._summed[name]
        if summed is None:  # inside itself
            self.circular = True
            return Extent()
        return summed
