"""Whether who reads the events of one release still reads those of the next (tương thích).

    list(rewritten(published(), shapes, UPCASTS))   # [] : every recorded shape is kept for ever
    list(unread(published(), shapes))               # [] : who reads version n also reads n + 1

`released.json` holds every shape that a release published, the old ones too: nothing else knows
those. A shape may gain fields, and must count its version up then; who reads it passes over what he
does not know. What it promised stays: a field that is there, a value that is not null, a type, a
closed list of words.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from events.rules import value

FILE = Path(__file__).with_name("released.json")

Shape: TypeAlias = Mapping[str, Any]
"""The JSON Schema of one event, envelope and fact, in the words that `events.shapes` uses."""
Upcasts: TypeAlias = Collection[tuple[str, int]]
"""(type, version) for each version that can be turned into the next."""


@value
class Edition:
    """One shape of a fact as a release published it (phiên bản đã công bố)."""

    version: int
    release: str
    shape: Shape


Published: TypeAlias = Mapping[str, tuple[Edition, ...]]
"""Name of a fact -> its editions, oldest first."""


@cache
def published() -> Published:
    """What was published so far."""
    return read(FILE.read_text(encoding="utf-8"))


def read(text: str) -> Published:
    """What a snapshot says."""
    return {
        name: tuple(Edition(**each) for each in editions)
        for name, editions in json.loads(text)["events"].items()
    }


def written(editions: Published, release: str) -> str:
    """A snapshot, of the release that it is published with."""
    events = {
        name: [{"version": e.version, "release": e.release, "shape": e.shape} for e in each]
        for name, each in editions.items()
    }
    told = {"release": release, "events": events}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def extended(before: Published, shapes: Mapping[str, Shape], release: str) -> Published:
    """What is published with a release: all that was, and each shape whose version is new."""
    after = dict(before)
    for name, shape in shapes.items():
        known = before.get(name, ())
        if version_of(shape) not in {each.version for each in known}:
            after[name] = (*known, Edition(version=version_of(shape), release=release, shape=shape))
    return after


def version_of(shape: Shape) -> int:
    """The number that a shape has, which its events carry as `schema`."""
    return int(shape["properties"]["schema"]["const"])


def rewritten(before: Published, shapes: Mapping[str, Shape], upcasts: Upcasts) -> Iterator[str]:
    """What the log holds and the code denies: never allowed. A sentence each."""
    for name, editions in before.items():
        if name not in shapes:
            yield f"{name}: is gone; the log keeps such events for ever"
            continue
        current = version_of(shapes[name])
        if current < editions[-1].version:
            yield f"{name}: went back from version {editions[-1].version} to {current}"
        for step in range(editions[0].version, current):
            if (name, step) not in upcasts:
                yield f"{name}: nothing turns version {step} into version {step + 1}"
        for each in editions:
            if each.version == current and (places := _differing(each.shape, shapes[name])):
                said = f"version {current} of {each.release} changed: {', '.join(places)}"
                yield f"{name}: {said}"


def unread(before: Published, shapes: Mapping[str, Shape]) -> Iterator[str]:
    """What a new version no longer promises to who reads the last one. A sentence each."""
    for name, editions in before.items():
        last, now = editions[-1], shapes.get(name)
        if now is not None and version_of(now) > last.version:
            for place, said in _widened("", _plain(last.shape), _plain(now)):
                if place != ".schema":
                    yield f"{name}{place}: {said}"


def _widened(place: str, old: Shape, new: Shape) -> Iterator[tuple[str, str]]:
    """Where a value of the new shape may be none of the old."""
    was_null, old = _without_null(old)
    is_null, new = _without_null(new)
    if is_null and not was_null:
        yield place, "may be null now"
    if not old or not new:
        if new:
            yield place, "was always null"
        return
    was, now = old.get("type", "string"), new.get("type", "string")
    if was != now:
        yield place, f"was {was} and is {now}"
        return
    yield from _more_values(place, old, new)
    if "items" in old:
        yield from _widened(f"{place}[]", old["items"], new["items"])
    for key, inner in old.get("properties", {}).items():
        if key not in new["properties"]:
            yield f"{place}.{key}", "is gone"
            continue
        if key in old["required"] and key not in new["required"]:
            yield f"{place}.{key}", "may be missing now"
        yield from _widened(f"{place}.{key}", inner, new["properties"][key])


def _more_values(place: str, old: Shape, new: Shape) -> Iterator[tuple[str, str]]:
    were, are = _values(old), _values(new)
    if were and not are:
        yield place, "is no longer one of a closed list"
    for each in are if were else ():
        if each not in were:
            yield place, f"may be {each} now"
    if not are:
        for rule in ("pattern", "format"):
            if rule in old and old[rule] != new.get(rule):
                yield place, f"has another {rule}"
    if "minimum" in old and new.get("minimum", float("-inf")) < old["minimum"]:
        yield place, f"may be below {old['minimum']} now"
    if "maximum" in old and new.get("maximum", float("inf")) > old["maximum"]:
        yield place, f"may be above {old['maximum']} now"


def _values(shape: Shape) -> list[Any]:
    """The closed list that a value is one of; empty: there is none."""
    return [shape["const"]] if "const" in shape else list(shape.get("enum", ()))


def _without_null(shape: Shape) -> tuple[bool, Shape]:
    """Whether null is allowed, and what else is: nothing, of a value that is always null."""
    if shape == {"type": "null"}:
        return True, {}
    inner = [each for each in shape.get("anyOf", ()) if each != {"type": "null"}]
    return (True, inner[0]) if inner else (False, shape)


def _differing(old: Shape, new: Shape) -> list[str]:
    """The places in which two shapes differ, whatever is said of them."""
    olds, news = dict(_leaves("", _plain(old))), dict(_leaves("", _plain(new)))
    return [each for each in sorted(olds | news) if olds.get(each) != news.get(each)]


def _leaves(place: str, tree: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any JSON
    if not isinstance(tree, Mapping):
        yield place, tree
        return
    for key, inner in tree.items():
        yield from _leaves(f"{place}.{key}".removeprefix(".").replace("properties.", ""), inner)


def _plain(shape: Shape) -> Shape:
    """A shape without the words for people, which may change."""
    return {
        key: {name: _plain(each) for name, each in inner.items()}
        if key == "properties"
        else [_plain(each) for each in inner]
        if key == "anyOf"
        else _plain(inner)
        if key == "items"
        else sorted(inner)
        if key in {"enum", "required"}
        else inner
        for key, inner in shape.items()
        if key != "description"
    }
