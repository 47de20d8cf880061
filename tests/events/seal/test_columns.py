"""What an event says of itself is the same, whether it is cut by the pattern or read as JSON."""

from dataclasses import replace
from datetime import date
from random import Random

import orjson

from events.envelope import Actor, Authority
from events.seal.columns import FIELDS, said
from tests.histories import tell
from tests.projections.recording import body


def test_every_event_of_a_history_is_cut_as_it_is_read() -> None:
    for event in tell(Random(3), 300).recorded:
        written = body(event)
        read = orjson.loads(written)
        told = ("null" if read[name] is None else str(read[name]) for name in FIELDS)
        assert said(written) == tuple(each.encode() for each in told)


def test_what_does_not_fit_the_pattern_is_read_as_json() -> None:
    event = tell(Random(3), 1).recorded[0]
    plain = said(body(event))
    for actor in ('a "b"', "{", "}", '","budgetYear":1,"command":"x', "\\", "ngành { công }"):
        odd = replace(
            event,
            actor=Actor(id=actor, role="OFFICER", organisation=actor),
            authority=Authority(instrument=actor, date=date(2020, 1, 2), signer=actor),
        )
        assert said(body(odd)) == plain


def test_what_is_no_event_says_nothing() -> None:
    written = body(tell(Random(3), 1).recorded[0])
    for broken in (b"", b"[]", b"null", b'"id"', written[:-1], b"{" + written, written + b"}"):
        assert said(broken) == ()


def test_of_two_values_for_one_key_the_last_is_said_as_the_database_reads_it() -> None:
    written = body(tell(Random(3), 1).recorded[0])
    twice = written[:-1] + b',"stream":"other","type":"Other"}'
    parts = dict(zip(FIELDS, said(twice), strict=True))
    assert (parts["stream"], parts["type"]) == (b"other", b"Other")
