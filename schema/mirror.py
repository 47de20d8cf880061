"""GraphQL types derived from facts, commands and refusals: written once, in the domain.

`fact_type` mirrors a fact: its fields are read by the planner from the recorded JSON.
`input_type` mirrors a command, `command_of` turns what a client sent into it.
`refusal_type` mirrors a refusal, `refused` shows one that was raised.
"""

import types
from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache, reduce
from operator import or_
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import strawberry
from strawberry import UNSET

from events.money import Figure, Vnd
from events.notes import said
from events.rules import Refusal as DomainRefusal
from schema.planner.declare import document
from schema.scalars import Position

_KEPT = (Vnd, Figure, Position)


@strawberry.interface(name="Refusal", description="The ledger says no, and why (từ chối).")
class Refusal:
    """What every refusal says."""

    code: str = strawberry.field(description="Stable code, for programs.")
    message: str = strawberry.field(description="For people, in English.")
    message_vi: str = strawberry.field(description="For people, in Vietnamese (tiếng Việt).")
    rule: str = strawberry.field(description="The article or rule it rests on (căn cứ).")


@cache
def fact_type(fact: type) -> type:
    """The GraphQL type of a fact or of a value inside one."""
    hints = get_type_hints(fact)
    made = {each.name: document(_words(fact, each.name)) for each in fields(fact)}
    shape = {name: _annotation(hints[name], fact_type) for name in made}
    return strawberry.type(_class(fact.__name__, shape, made), description=_description(fact))


@cache
def input_type(command: type) -> type:
    """The GraphQL input of a command or of a value inside one."""
    hints = get_type_hints(command)
    shape: dict[str, Any] = {}
    made: dict[str, Any] = {}
    for each in fields(command):
        shape[each.name] = _annotation(hints[each.name], input_type)
        optional = type(None) in get_args(hints[each.name])
        default = UNSET if optional and each.default in {MISSING, None} else each.default
        made[each.name] = strawberry.field(default=default, description=_words(command, each.name))
    built = _class(f"{command.__name__}Input", shape, made)
    return strawberry.input(built, description=_description(command))


@cache
def refusal_type(refusal: type[DomainRefusal]) -> type:
    """The GraphQL type of a refusal, with its figures."""
    hints = get_type_hints(refusal)
    own = [each.name for each in fields(refusal)]  # type: ignore[arg-type]
    shape = {name: _annotation(hints[name], fact_type) for name in own}
    made = {name: strawberry.field(description=_words(refusal, name)) for name in own}
    built = _class(refusal.__name__, shape, made, bases=(Refusal,))
    return strawberry.type(built, description=f"{refusal.english} ({refusal.rule})")


def refused(refusal: DomainRefusal) -> object:
    """A refusal as its GraphQL type."""
    shown = {each.name: getattr(refusal, each.name) for each in fields(refusal)}  # type: ignore[arg-type]
    return refusal_type(type(refusal))(
        code=refusal.code,
        message=refusal.message,
        message_vi=refusal.message_vi,
        rule=refusal.rule,
        **shown,
    )


def command_of(command: type, sent: object) -> Any:
    """The command that an input says."""
    hints = get_type_hints(command)
    return command(
        **{
            each.name: _domain(hints[each.name], getattr(sent, each.name))
            for each in fields(command)
        }
    )


def union_of(members: Iterable[type], name: str, description: str) -> Any:
    """A GraphQL union of types that are known only at run time."""
    annotated: Any = Annotated
    together = reduce(or_, members)
    return annotated[together, strawberry.union(name, description=description)]


def _domain(annotation: Any, got: Any) -> Any:
    if got is None or got is UNSET:
        return None
    if get_origin(annotation) is tuple:
        inner = get_args(annotation)[0]
        return tuple(_domain(inner, each) for each in got)
    if _is_optional(annotation):
        return _domain(next(a for a in get_args(annotation) if a is not type(None)), got)
    return command_of(annotation, got) if is_dataclass(annotation) else got


def _annotation(annotation: Any, mirror: Callable[[type], type]) -> Any:
    """The same type as GraphQL sees it."""
    if annotation in _KEPT:
        return annotation
    if hasattr(annotation, "__supertype__"):
        return _annotation(annotation.__supertype__, mirror)
    if get_origin(annotation) is tuple:
        return list[_annotation(get_args(annotation)[0], mirror)]  # type: ignore[misc]
    if _is_optional(annotation):
        inner = next(a for a in get_args(annotation) if a is not type(None))
        return _annotation(inner, mirror) | None
    if is_dataclass(annotation) and not issubclass(annotation, Enum):  # type: ignore[arg-type]
        return mirror(annotation)  # type: ignore[arg-type]
    return annotation


def _is_optional(annotation: Any) -> bool:
    return get_origin(annotation) in {Union, types.UnionType}


def _class(
    name: str, annotations: dict[str, Any], body: dict[str, Any], bases: tuple[type, ...] = ()
) -> type:
    return types.new_class(
        name, bases, exec_body=lambda ns: ns.update(body, __annotations__=annotations)
    )


def _description(mirrored: type) -> str:
    return " ".join((mirrored.__doc__ or "").split())


def _words(cls: type, name: str) -> str:
    """What the field means, in one line."""
    return " ".join(said(cls, name).split())
