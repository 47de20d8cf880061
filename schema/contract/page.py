"""The catalogue of events as a page for people: docs/reference/events.md.

    Path("docs/reference/events.md").write_text(events_page(), encoding="utf-8")

What is the same for all of them stands in page.txt.
"""

import inspect
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from string import Template
from typing import Final

from events.catalogue import AGGREGATES, AnyAggregate, facts_of
from events.vocabulary import Role
from schema.access.sight import ALL_SEEING, SEE_MANDATES
from schema.contract.envelope import cloud_example
from schema.contract.fields import around
from schema.contract.kinds import EventKind, EventVersion, kinds, ordered
from schema.contract.sights import EventPublication, seen

HEAD: Final = Path(__file__).with_name("page.txt")
_OWNERS: Final = {
    "province": "the province that the facility stands in",
    "centre": "the centre that carries the scheme out, with the provinces that it serves,",
}


def events_page() -> str:
    """The whole page, which ends in one line feed."""
    head = Template(HEAD.read_text(encoding="utf-8")).substitute(
        contents=_contents(),
        example=json.dumps(cloud_example("SchemeApproved"), ensure_ascii=False, indent=2),
        around=_table((each.name, each.type, each.description, each.readers) for each in around()),
        stewards=_and(SEE_MANDATES - ALL_SEEING),
        whole=_and(ALL_SEEING),
    )
    return "\n\n".join([head.rstrip("\n"), *_streams()]) + "\n"


def _contents() -> str:
    lines = ["| stream | events |", "|---|---|"]
    for aggregate in AGGREGATES:
        names = (f"[{each.__name__}](#{each.__name__.lower()})" for each in facts_of(aggregate))
        lines.append(f"| [{aggregate.name}](#stream-{aggregate.name}) | {', '.join(names)} |")
    return "\n".join(lines)


def _streams() -> Iterator[str]:
    for aggregate in AGGREGATES:
        yield f"## Stream {aggregate.name}"
        yield f"{_about(aggregate)} {_seen(aggregate)}"
        for fact in facts_of(aggregate):
            yield from _kind(kinds()[fact.__name__])


def _about(aggregate: AnyAggregate) -> str:
    """What the module of its facts says of itself."""
    module = sys.modules[facts_of(aggregate)[0].__module__]
    return " ".join(inspect.cleandoc(module.__doc__ or "").partition("\n\n")[0].split())


def _seen(aggregate: AnyAggregate) -> str:
    sight = seen(aggregate.name)
    match sight.publication:
        case EventPublication.AT_ONCE:
            return "Public at once."
        case EventPublication.NEVER:
            return f"Never public: {_and(sight.roles)} see it."
        case EventPublication.LATER:
            published = _list([f"[{each}](#{each.lower()})" for each in sight.published_by], "or")
            until = f"; before, {_OWNERS[sight.owner]} sees it as well" if sight.owner else ""
            return f"Public with {published}{until}."


def _kind(kind: EventKind) -> Iterator[str]:
    yield f"### {kind.name}"
    yield kind.description
    yield _table((e.name, e.type, e.description, frozenset(e.readers)) for e in kind.fields)
    yield f"{_versions(kind.versions)} `{kind.cloud_event_type}`, for example:"
    data = json.dumps(json.loads(kind.example)["data"], ensure_ascii=False, indent=2)
    yield f"```json\n{data}\n```"


def _table(rows: Iterable[tuple[str, str, str, frozenset[Role]]]) -> str:
    """The fields; who reads them where that is not everybody."""
    lines = ["| field | type | meaning | read by |", "|---|---|---|---|"]
    for name, type_, meaning, readers in rows:
        lines.append(f"| `{name}` | {_words(type_)} | {meaning} | {_read_by(readers)} |")
    return "\n".join(lines)


def _words(type_: str) -> str:
    """A closed list as the code words that they are."""
    said, of, words = type_.partition("one of ")
    return f"{said}one of " + ", ".join(f"`{each}`" for each in words.split(", ")) if of else type_


def _read_by(readers: frozenset[Role]) -> str:
    others = frozenset(Role) - readers
    if not others:
        return "everybody"
    if len(others) < len(readers):
        return f"all but {_and(others)}"
    return _and(readers) or "nobody"


def _versions(versions: Sequence[EventVersion]) -> str:
    told = (f"{each.version} ({each.release or 'not released yet'})" for each in versions)
    return f"Version {', '.join(told)}."


def _and(roles: frozenset[Role]) -> str:
    return _list([each.name for each in ordered(roles)], "and")


def _list(words: Sequence[str], last: str) -> str:
    *most, end = words or [""]
    return f"{', '.join(most)} {last} {end}" if most else end
