"""Which rows a caller sees: conditions that stand beside every read of a table.

The public sees what the fund publishes: schemes once they are approved, facilities once a scheme
chose them, and the events of these. Whoever holds a mandate over a province or a centre sees what
is its business as well. Counts, sums, filters and orders are made of the rows that are seen, so a
neighbour does not learn that there are more.
"""

from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import LiteralString

from events.vocabulary import Role
from schema.access.policy import may_read
from schema.planner.scope import Scope


class Sight(Enum):
    """How much of the fund somebody sees."""

    ALL = "everything"
    OWN = "what is published, and what is the caller's own"
    PUBLISHED = "what is published"


ALL_SEEING = frozenset({Role.APPROVER, Role.ACCOUNTANT, Role.AUDITOR, Role.INTEGRATOR})
"""Roles that see everything, unless they are held over a province or a centre."""
SEE_MANDATES = frozenset({Role.ADMIN, Role.AUDITOR})


def _own_province(row: LiteralString) -> LiteralString:
    """Whether a row stands in a province that the caller has a mandate over."""
    ref = "'|' || " + row + ".province_code || '@' || " + row + ".province_from || '|'"
    return "strpos({scope:provinces::text}, " + ref + ") > 0"


def _own_centre(code: LiteralString) -> LiteralString:
    """Whether a centre is one that the caller has a mandate over."""
    return "strpos({scope:centres::text}, '|' || " + code + " || '|') > 0"


def _serving(code: LiteralString) -> LiteralString:
    """Whether a centre serves such a province: what it proposes is appraised there first."""
    return (
        "EXISTS (SELECT FROM model.territory AS t WHERE t.organisation_id = "
        + code
        + " AND {at:t} AND "
        + _own_province("t")
        + ")"
    )


_OF_FACILITY: LiteralString = """EXISTS (
    SELECT FROM model.facility AS f
    WHERE f.facility_id = {self}.facility_id AND {at:f}
)"""
_OF_SCHEME: LiteralString = """EXISTS (
    SELECT FROM model.scheme AS c
    WHERE c.scheme_id = {self}.scheme_id AND {at:c}
)"""
_OF_OWN_FACILITY: LiteralString = (
    """EXISTS (
    SELECT FROM model.facility AS f
    WHERE f.facility_id = {self}.facility_id AND {at:f} AND """
    + _own_province("f")
    + ")"
)
_OF_OWN_SCHEME: LiteralString = (
    """EXISTS (
    SELECT FROM model.scheme AS c
    WHERE c.scheme_id = {self}.scheme_id AND {at:c} AND """
    + _own_centre("c.implementer")
    + ")"
)
_PUBLISHED_EVENTS: LiteralString = """EXISTS (
    SELECT FROM model.subject AS s
    WHERE s.stream = {self}.stream AND {at:s} AND s.published
)"""
_OWN_EVENTS: LiteralString = (
    """EXISTS (
    SELECT FROM model.subject AS s
    WHERE s.stream = {self}.stream AND {at:s}
      AND (s.published OR """
    + _own_province("s")
    + " OR "
    + _own_centre("s.centre")
    + " OR "
    + _serving("s.centre")
    + "))"
)
_THEN: Mapping[LiteralString, LiteralString] = {
    "{at:s}": "s.since <= {self}.position AND s.until > {self}.position"
    " AND s.valid_to = 'infinity'",
    "{at:t}": "t.since <= {self}.position AND t.until > {self}.position"
    " AND t.valid_to = 'infinity'",
}
"""As things stood when the event was recorded: a batch of the feed is the same whenever it is
read, now or in ten years, in whatever pieces."""

_ROWS: Mapping[Sight, Mapping[str, LiteralString]] = {
    Sight.ALL: {},
    Sight.OWN: {
        "model.facility": "{self}.published OR " + _own_province("{self}"),
        "model.equipment": _OF_FACILITY,
        "model.contact": _OF_OWN_FACILITY,
        "model.step": _OF_OWN_SCHEME,
        "model.decision": _OF_SCHEME,
        "model.contract": _OF_SCHEME,
        "model.balance": _OF_SCHEME,
        "model.scheme": "{self}.approved_on IS NOT NULL OR "
        + _own_centre("{self}.implementer")
        + " OR "
        + _serving("{self}.implementer"),
        "ledger.event": _OWN_EVENTS,
    },
    Sight.PUBLISHED: {
        "model.facility": "{self}.published",
        "model.equipment": _OF_FACILITY,
        "model.contact": "false",
        "model.step": "false",
        "model.decision": _OF_SCHEME,
        "model.contract": _OF_SCHEME,
        "model.balance": _OF_SCHEME,
        "model.scheme": "{self}.approved_on IS NOT NULL",
        "ledger.event": _PUBLISHED_EVENTS,
    },
}
_OWN_MANDATES: LiteralString = "{self}.principal = {scope:principal::text}"
_MANDATE_EVENTS: LiteralString = "starts_with({self}.stream, 'mandate-')"


@cache
def scope_of(roles: frozenset[Role], sight: Sight, *, is_feed: bool) -> Scope:
    """The scope of everybody with these roles and this sight: one object, one plan."""
    rows = dict(_ROWS[sight])
    if not roles & SEE_MANDATES:
        rows["model.mandate"] = _OWN_MANDATES
    elif "ledger.event" in rows:
        rows["ledger.event"] = f"{rows['ledger.event']} OR {_MANDATE_EVENTS}"
    if is_feed and "ledger.event" in rows:
        for now, then in _THEN.items():
            rows["ledger.event"] = rows["ledger.event"].replace(now, then)
    return Scope(rows, lambda type_, field: may_read(roles, type_, field))
