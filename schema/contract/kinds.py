"""Every kind of event, as GraphQL answers `eventTypes` and as the pages show it.

    kinds()["SchemeApproved"].fields[0].readers

Worked out once for a process, from the facts, their shapes, the examples, what was released and the
table of access; whoever adds a fact writes nothing here.
"""

import inspect
import json
from collections.abc import Mapping
from functools import cache

import strawberry

from events.catalogue import AGGREGATES, facts_of
from events.evolution import published
from events.examples import examples
from schema.contract.envelope import shapes_of
from schema.contract.fields import fields_of
from schema.contract.sights import EventPublication, seen
from schema.enums import Role
from schema.feed.cloud import TYPE_PREFIX


@strawberry.type(description="A field of what an event says (trường dữ liệu của sự kiện).")
class EventField:
    """One line of the table of a kind of event."""

    name: str = strawberry.field(
        description="Where it stands in the event's `data`: `ceilings[].amount` is the amount in"
        " each of the ceilings (tên trường)."
    )
    type: str = strawberry.field(description="What its value is, in words (kiểu giá trị).")
    description: str = strawberry.field(description="What it means (ý nghĩa).")
    readers: list[Role] = strawberry.field(
        description="Roles that read it; from others it is left out (vai trò được đọc)."
    )


@strawberry.type(description="One version of the shape of an event (phiên bản cấu trúc).")
class EventVersion:
    """Recorded with each event as `schema`, and never changed."""

    version: int = strawberry.field(description="Its number, which events carry as `schema`.")
    release: str | None = strawberry.field(
        description="The release that published it first; null: none has so far (bản phát hành)."
    )
    dataschema: str = strawberry.field(description="How a CloudEvent names it.")
    schema: str = strawberry.field(
        description="JSON Schema 2020-12 of the whole event, envelope and fact, as JSON text."
    )


@strawberry.type(description="A kind of event (loại sự kiện): what it says, and to whom.")
class EventKind:
    """A fact of the domain as an integrator meets it."""

    name: str = strawberry.field(description="Its name, as `Event.type` has it (tên).")
    aggregate: str = strawberry.field(
        description="Kind of stream that it is recorded in: streams are named by it, a hyphen and a"
        " code (loại dòng sự kiện)."
    )
    description: str = strawberry.field(description="What happened, in one sentence (diễn giải).")
    cloud_event_type: str = strawberry.field(description="Its `type` as a CloudEvent.")
    version: int = strawberry.field(description="Number of its present shape (phiên bản).")
    versions: list[EventVersion] = strawberry.field(
        description="Every shape that it was or is recorded in, oldest first (các phiên bản)."
    )
    schema: str = strawberry.field(
        description="JSON Schema 2020-12 of its present shape, as JSON text (cấu trúc)."
    )
    example: str = strawberry.field(
        description="The canonical bytes of one such event, invented (ví dụ)."
    )
    fields: list[EventField] = strawberry.field(
        description="What it says, field by field (các trường)."
    )
    publication: EventPublication = strawberry.field(
        description="When everybody sees such events (công bố)."
    )
    published_by: list[str] = strawberry.field(
        description="Kinds of event with which its stream is published, if it is later."
    )
    readers: list[Role] = strawberry.field(
        description="Roles that read something of what it says, of the events that they see: of"
        " all, unless they are held over a province or a centre (vai trò được đọc)."
    )


@cache
def kinds() -> Mapping[str, EventKind]:
    """Name to kind of event, in the order of the catalogue."""
    return {
        fact.__name__: _kind(fact, aggregate.name)
        for aggregate in AGGREGATES
        for fact in facts_of(aggregate)
    }


def _kind(fact: type, aggregate: str) -> EventKind:
    name = fact.__name__
    fields, sight = fields_of(fact), seen(aggregate)
    versions = _versions(name)
    return EventKind(
        name=name,
        aggregate=aggregate,
        description=" ".join(inspect.cleandoc(fact.__doc__ or "").split()),
        cloud_event_type=TYPE_PREFIX + name,
        version=versions[-1].version,
        versions=versions,
        schema=versions[-1].schema,
        example=examples()[name].decode(),
        fields=[
            EventField(
                name=each.name,
                type=each.type,
                description=each.description,
                readers=ordered(each.readers),
            )
            for each in fields
        ],
        publication=sight.publication,
        published_by=list(sight.published_by),
        readers=ordered(sight.roles & frozenset().union(*(each.readers for each in fields))),
    )


def _versions(name: str) -> list[EventVersion]:
    """Those that were released, and the present one."""
    releases = {each.version: each.release for each in published().get(name, ())}
    return [
        EventVersion(
            version=number,
            release=releases.get(number),
            dataschema=f"urn:socai:event:{name}:{number}",
            schema=json.dumps(each, ensure_ascii=False, separators=(",", ":")),
        )
        for number, each in shapes_of(name).items()
    ]


def ordered(roles: frozenset[Role]) -> list[Role]:
    """Roles in the order in which they are declared."""
    return [each for each in Role if each in roles]
