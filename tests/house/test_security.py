"""`docs/security.md` names the limits that the code has, and files that are there."""

import re

from schema.http.asking import BODY_BYTES_MAX
from schema.http.lending import WAIT_SECONDS_MAX
from schema.http.operations import OPERATIONS_MAX
from schema.http.reservations import UNOPENED_SECONDS_MAX
from schema.http.settings import Settings
from schema.http.sockets import MESSAGE_BYTES_MAX, PONGS_MISSED_MAX
from schema.planner.cost import COST_MAX
from schema.planner.document import LIMITS
from service.access.tokens import TOKEN_BYTES_MAX
from service.config import CONNECTIONS_DEFAULT, POINTS_KEYED_DEFAULT, POINTS_PUBLIC_DEFAULT
from service.connections import BODY_SECONDS_MAX, HEAD_BYTES_MAX, HEAD_SECONDS_MAX
from service.pools import ANSWER_CONNECTIONS_MAX
from tests.house.tree import ROOT

PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|", re.MULTILINE)
LIMIT = {
    "body of a request": f"{BODY_BYTES_MAX // 1024} KiB",
    "message over a WebSocket": f"{MESSAGE_BYTES_MAX // 1024} KiB",
    "document": f"{LIMITS.characters.most:,} characters, {LIMITS.tokens.most:,} tokens,"
    f" {LIMITS.depth.most} deep",
    "cost of a question": f"{COST_MAX:,} points",
    "time of a question": f"{Settings().deadline_seconds:g} s",
    "connections for questions": f"{ANSWER_CONNECTIONS_MAX} a process; {WAIT_SECONDS_MAX:g} s",
    "operations on one connection": f"{OPERATIONS_MAX}",
    "`connection_init`": f"{Settings().init_seconds:g} s",
    "pongs missed": f"{PONGS_MISSED_MAX}, each after {Settings().ping_seconds:g} s",
    "a client that takes nothing": f"{Settings().stalled_seconds:g} s",
    "an event stream reserved and not opened": f"{UNOPENED_SECONDS_MAX:g} s",
    "WebSockets and event streams": f"{Settings().streams_each_max} each,"
    f" {Settings().streams_max:,} a process",
    "cost points a minute": f"{POINTS_PUBLIC_DEFAULT:,} an address, {POINTS_KEYED_DEFAULT:,} a",
    "head of a request": f"{HEAD_BYTES_MAX // 1024} KiB, {HEAD_SECONDS_MAX:g} s",
    "a body that does not come": f"{BODY_SECONDS_MAX:g} s",
    "connections": f"{CONNECTIONS_DEFAULT:,} a process",
    "token": f"{TOKEN_BYTES_MAX // 1024} KiB",
}


def test_the_limits_of_the_page_are_those_of_the_code() -> None:
    said = dict(ROW.findall(PAGE))
    assert {what: said[what][: len(limit)] for what, limit in LIMIT.items()} == LIMIT


def test_every_test_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE))
    assert len(named) >= 6
    assert {each for each in named if not (ROOT / each).exists()} == set()
