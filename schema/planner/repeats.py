"""How many pairs of fields validation would compare: those that stand under one name at one place.

`OverlappingFieldsCanBeMerged` compares every two fields of the same response name, and then what
they select: four hundred times the same field cost it 0.6 s. This counts the pairs and compares
nothing. Fields are gathered place by place, as if all fragments were written out; n fields under
one name make n(n - 1)/2 pairs. How many fields that can be is limited before.
"""

from collections.abc import Iterable, Mapping, Sequence

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)


def pairs(
    tops: Iterable[OperationDefinitionNode | FragmentDefinitionNode],
    fragments: Mapping[str, FragmentDefinitionNode],
) -> int:
    """The pairs below these definitions, whose fragments make no circle."""
    found = 0
    places: list[Sequence[SelectionSetNode]] = [(each.selection_set,) for each in tops]
    while places:
        for same in _by_name(places.pop(), fragments).values():
            found += len(same) * (len(same) - 1) // 2
            inner = [each.selection_set for each in same if each.selection_set]
            if inner:
                places.append(inner)
    return found


def _by_name(
    sets: Sequence[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode]
) -> Mapping[str, list[FieldNode]]:
    """The fields of one place by response name; a fragment is written out once."""
    found: dict[str, list[FieldNode]] = {}
    written: set[str] = set()
    waiting = list(sets)
    while waiting:
        for node in waiting.pop().selections:
            match node:
                case FieldNode():
                    key = node.alias.value if node.alias else node.name.value
                    found.setdefault(key, []).append(node)
                case InlineFragmentNode():
                    waiting.append(node.selection_set)
                case FragmentSpreadNode():
                    name = node.name.value
                    if name not in written and name in fragments:
                        written.add(name)
                        waiting.append(fragments[name].selection_set)
    return found
