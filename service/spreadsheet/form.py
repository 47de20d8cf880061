"""Which columns a command has in a spreadsheet: its circumstances, then its own fields.

form_of("registerFacility").columns      # effectiveOn, …, facilityId, name, province …
"""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Final, get_type_hints

from events.notes import said
from events.rules import value
from events.wire import camel
from schema.batch import DOORS
from service.spreadsheet.cells import is_optional

_TERM = re.compile(r"\(([^()]*)\)")


@value
class Column:
    """One column: how a program and how a person calls it."""

    key: str
    title: str
    """In Vietnamese."""
    note: str
    kind: Any
    """A class, a NewType or a union."""
    is_required: bool


@value
class Form:
    """The sheet of one command."""

    name: str
    title: str
    command: type
    columns: Sequence[Column]


CIRCUMSTANCES: Final[Sequence[Column]] = (
    Column(
        key="effectiveOn",
        title="ngày hiệu lực",
        note="When it is true in law (ngày hiệu lực).",
        kind=date,
        is_required=True,
    ),
    Column(
        key="instrument",
        title="căn cứ: số văn bản",
        note="Number of the paper it rests on (căn cứ).",
        kind=str | None,
        is_required=False,
    ),
    Column(
        key="instrumentDate",
        title="căn cứ: ngày ký",
        note="Day of signature (ngày ký).",
        kind=date | None,
        is_required=False,
    ),
    Column(
        key="signer",
        title="căn cứ: người ký",
        note="Who signed (người ký).",
        kind=str | None,
        is_required=False,
    ),
    Column(
        key="synthetic",
        title="dữ liệu minh hoạ",
        note="Invented for demonstration (dữ liệu minh hoạ): có, or empty.",
        kind=bool | None,
        is_required=False,
    ),
)
"""What every command is sent with."""


@cache
def forms() -> Mapping[str, Form]:
    """Name of a command -> its form, in the order of a scheme's life."""
    return MappingProxyType({name: _form(name) for name in DOORS})


def _form(name: str) -> Form:
    door = DOORS[name]
    hints = get_type_hints(door.command)
    own = tuple(
        _column(door.command, each, hints[each.name]) for each in dataclasses.fields(door.command)
    )
    return Form(
        name=name,
        title=_vietnamese(door.description) or name,
        command=door.command,
        columns=(*CIRCUMSTANCES, *own),
    )


def _column(command: type, each: "dataclasses.Field[Any]", kind: Any) -> Column:
    note = " ".join(said(command, each.name).split())
    has_default = each.default is not dataclasses.MISSING
    return Column(
        key=camel(each.name),
        title=_vietnamese(note) or camel(each.name),
        note=note,
        kind=kind,
        is_required=not (is_optional(kind) or has_default),
    )


def _vietnamese(text: str) -> str:
    """The official term, which stands in brackets."""
    found = _TERM.findall(text)
    return found[-1] if found else ""
