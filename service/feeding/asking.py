"""What a request of the feed asks for: its parameters, read and refused by name.

    asked = read("after=181&types=AdvancePaid,DisbursementPaid&wait=30")
    asked.after, asked.wanted.types

A parameter of the filter takes several values, separated by commas or given again and again.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

from events.rules import value
from schema.feed.filters import EVERYTHING, Filter
from schema.http.refusals import RefusedError, refusal

POSITION_MAX: Final = 2**63 - 1
LIMIT, LIMIT_MAX = 100, 1_000
WAIT_SECONDS_MAX: Final = 30
PARAMETERS_MAX: Final = 600
FILTERS: Final = ("types", "streams", "schemes", "provinces", "centres")
SINGLE: Final = ("after", "limit", "wait", "proofs")
_DIGITS = re.compile(r"[0-9]{1,19}", re.ASCII)
_YES: Final = {"true": True, "false": False}


@value
class Asked:
    """One request."""

    after: int = 0
    """Positions greater than this one."""
    limit: int = LIMIT
    """Events in a page."""
    wait: int = 0
    """Seconds to wait for a first event."""
    proofs: bool = False
    """Only what is under a checkpoint, each event with its proof."""
    wanted: Filter = EVERYTHING
    is_dated: bool = True
    """Whether it asks for the same tomorrow: a province's code alone is read as it is today."""
    told: Sequence[tuple[str, str]] = ()
    """Its parameters as they came, but for `after`."""

    def at(self, cursor: int) -> "Asked":
        """The same request after another position."""
        return replace(self, after=cursor)

    def next(self, cursor: int) -> str:
        """The same request after a cursor, relative to its own address (RFC 3986 §5.2)."""
        return "?" + urlencode([("after", str(cursor)), *self.told])


def read(query: str) -> Asked:
    """From the query of an address."""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=PARAMETERS_MAX)
    except ValueError:
        raise _bad("parameters", f"> {PARAMETERS_MAX}", f"0..{PARAMETERS_MAX}") from None
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        if name not in (*SINGLE, *FILTERS):
            raise _unknown(name)
        given.setdefault(name, []).append(text)
    filters = {name: _split(given[name]) for name in FILTERS if name in given}
    return Asked(
        after=_number(given, "after", 0, 0, POSITION_MAX),
        limit=_number(given, "limit", LIMIT, 1, LIMIT_MAX),
        wait=_number(given, "wait", 0, 0, WAIT_SECONDS_MAX),
        proofs=_flag(given, "proofs"),
        wanted=Filter.read(filters) if filters else EVERYTHING,
        is_dated=all("@" in each for each in filters.get("provinces", ())),
        told=[(name, text) for name, text in pairs if name != "after"],
    )


def last_event_id(header: str) -> int:
    """The cursor that a reader of an event stream comes back with."""
    return _number({"Last-Event-ID": [header]}, "Last-Event-ID", 0, 0, POSITION_MAX)


def _split(texts: Sequence[str]) -> list[str]:
    return [each.strip() for text in texts for each in text.split(",")]


def _only(given: Mapping[str, Sequence[str]], name: str, wanted: str) -> str | None:
    """The one value of a parameter; None if it was not given."""
    texts = given.get(name, ())
    if len(texts) > 1:
        raise _bad(name, ", ".join(texts), wanted)
    return texts[0] if texts else None


def _number(
    given: Mapping[str, Sequence[str]], name: str, default: int, least: int, most: int
) -> int:
    wanted = f"{least}..{most}"
    text = _only(given, name, wanted)
    if text is None:
        return default
    if not _DIGITS.fullmatch(text) or not least <= int(text) <= most:
        raise _bad(name, text, wanted)
    return int(text)


def _flag(given: Mapping[str, Sequence[str]], name: str) -> bool:
    text = _only(given, name, "true, false")
    if text is None:
        return False
    if text not in _YES:
        raise _bad(name, text, "true, false")
    return _YES[text]


def _unknown(name: str) -> RefusedError:
    known = ", ".join((*SINGLE, *FILTERS))
    return refusal(
        "UNKNOWN_PARAMETER",
        f"There is no parameter {name!r}; there are {known}.",
        f"Không có tham số {name!r}; chỉ có {known}.",
        status=400,
        parameter=name,
    )


def _bad(name: str, text: str, wanted: str) -> RefusedError:
    return refusal(
        "BAD_PARAMETER",
        f"`{name}` is one of {wanted}, given once; {text!r} was sent.",
        f"`{name}` nhận một giá trị: {wanted}; đã gửi {text!r}.",
        status=400,
        parameter=name,
        value=text,
    )
