"""What the ledger promises in writing: the shape of every event, the text of every refusal.

`python -m events.shapes` writes docs/reference/events.json (JSON Schema 2020-12) and
docs/reference/refusals.md; a house test says when they no longer equal the code.
`python -m events.shapes 2026.12.0` publishes the shapes with that release: see `events.evolution`.
"""

import dataclasses
import inspect
import json
import sys
from datetime import date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from events.catalogue import AGGREGATES, FACTS, REFUSALS, UPCASTS, facts_of
from events.envelope import Actor, Authority
from events.evolution import FILE, extended, published, written
from events.log import IdempotencyMismatch, VersionConflict
from events.money import Figure, UnreadableAmount, Vnd
from events.notes import said
from events.seal.kept import LedgerHalted
from events.wire import camel

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"

_Kind: TypeAlias = Any
"""A class, a NewType or a union: Python has no type that says so."""
_Schema: TypeAlias = dict[str, Any]

_DATE: _Schema = {"type": "string", "format": "date"}
_INSTANT: _Schema = {"type": "string", "format": "date-time"}
_ID: _Schema = {"type": "string", "format": "uuid"}
_TEXT: _Schema = {"type": "string"}
_COUNT: _Schema = {"type": "integer", "minimum": 1 - 2**53, "maximum": 2**53 - 1}
_DECIMAL: _Schema = {"type": "string", "pattern": "^(0|[1-9][0-9]*)$"}
_AROUND: dict[str, str] = {
    "actor": "Who acted (người thực hiện).",
    "authority": "The paper it rests on (căn cứ).",
    "budgetYear": "Budget year (niên độ ngân sách); null if it has none.",
    "causation": "Id of the event that led to it (sự kiện dẫn đến); null if none did.",
    "command": "Id of the request that caused it (mã yêu cầu).",
    "correlation": "Id of the business case that it belongs to (hồ sơ); null if none.",
    "data": "What happened (nội dung).",
    "effectiveDate": "Day from which it is true in law (ngày có hiệu lực).",
    "id": "Its own identity, a UUIDv7 (mã sự kiện).",
    "recordedAt": "When the ledger recorded it, in UTC (thời điểm ghi sổ).",
    "schema": "Version of its shape (phiên bản cấu trúc).",
    "stream": "The stream that it is in: a kind, a hyphen, a code (dòng sự kiện).",
    "synthetic": "Whether it was invented for demonstration (dữ liệu minh hoạ).",
    "type": "Which kind of event it is (loại sự kiện).",
    "version": "Its place in its stream: 1 is the first (thứ tự trong dòng).",
}
"""What stands around every fact (phần bao)."""
_PLAIN: dict[_Kind, _Schema] = {
    str: _TEXT,
    int: _COUNT,
    bool: {"type": "boolean"},
    Vnd: {**_DECIMAL, "description": "Whole đồng."},
    Figure: {**_DECIMAL, "description": "A whole number of any kind."},
    date: _DATE,
    datetime: _INSTANT,
}


@cache
def event_shapes() -> _Schema:
    """One JSON Schema for every line of the log: the envelope with the data of each fact."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Socai events",
        "description": "Every event that the ledger records, as its canonical bytes spell it.",
        "oneOf": [{"$ref": f"#/$defs/{name}"} for name in FACTS],
        "$defs": {
            cls.__name__: _event(cls, aggregate.name)
            for aggregate in AGGREGATES
            for cls in facts_of(aggregate)
        },
    }


def refusals_page() -> str:
    """Every refusal of the domain and of the log: its code, its two sentences, its rule."""
    of_log = [UnreadableAmount, VersionConflict, IdempotencyMismatch, LedgerHalted]
    refusals = [*REFUSALS.values(), *of_log]
    lines = [
        "# Refusals",
        "",
        "What the ledger answers when a rule says no. Codes are stable. Words in braces are",
        "filled with the figures of the case. Written by `python -m events.shapes`.",
        "",
        "Not yet here: the refusals of the facts that events/catalogue.py names as to come.",
    ]
    for refused in sorted(refusals, key=lambda each: each.code):
        lines += ["", f"## {refused.code}", "", refused.english, "", refused.vietnamese, ""]
        lines.append(f"Rule: {refused.rule}.")
    return "\n".join(lines) + "\n"


def _event(cls: type, aggregate: str) -> _Schema:
    current = 1 + sum(name == cls.__name__ for name, _ in UPCASTS)
    year = {"budgetYear": _COUNT if "budget_year" in get_type_hints(cls) else {"type": "null"}}
    properties: _Schema = {
        "actor": _object(Actor),
        "authority": _or_null(_object(Authority)),
        **year,
        "causation": _or_null(_ID),
        "command": _ID,
        "correlation": _or_null(_ID),
        "data": _object(cls),
        "effectiveDate": _DATE,
        "id": _ID,
        "recordedAt": _INSTANT,
        "schema": {"const": current},
        "stream": {"type": "string", "pattern": f"^{aggregate}-[A-Za-z0-9][A-Za-z0-9._-]*$"},
        "synthetic": {"type": "boolean"},
        "type": {"const": cls.__name__},
        "version": {"type": "integer", "minimum": 1},
    }
    told = {name: {**each, "description": _AROUND[name]} for name, each in properties.items()}
    return {"description": inspect.cleandoc(cls.__doc__ or ""), **_closed(told)}


def _object(cls: type) -> _Schema:
    """The data of a dataclass, each field with what it means."""
    hints = get_type_hints(cls)
    properties = {
        camel(each.name): {**_schema(hints[each.name]), "description": said(cls, each.name)}
        for each in dataclasses.fields(cls)
    }
    return _closed(dict(sorted(properties.items())))


def _schema(kind: _Kind) -> _Schema:
    if kind in _PLAIN:
        return _PLAIN[kind]
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        (inner,) = (each for each in get_args(kind) if each is not NoneType)
        return _or_null(_schema(inner))
    if origin is tuple:
        return {"type": "array", "items": _schema(get_args(kind)[0])}
    if hasattr(kind, "__supertype__"):
        return _schema(kind.__supertype__)
    if issubclass(kind, Enum):
        return {"enum": list(kind.__members__)}
    return {"description": inspect.cleandoc(kind.__doc__ or ""), **_object(kind)}


def _closed(properties: _Schema) -> _Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _or_null(schema: _Schema) -> _Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def publish(release: str) -> None:
    """Promise the shapes of now, with a release, beside all that were promised before."""
    after = extended(published(), event_shapes()["$defs"], release)
    FILE.write_text(written(after, release), encoding="utf-8")


def main() -> None:
    """Write both pages; given a release, what it publishes."""
    for release in sys.argv[1:]:
        publish(release)
    REFERENCE.mkdir(parents=True, exist_ok=True)
    shapes = json.dumps(event_shapes(), ensure_ascii=False, indent=2) + "\n"
    (REFERENCE / "events.json").write_text(shapes, encoding="utf-8")
    (REFERENCE / "refusals.md").write_text(refusals_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
