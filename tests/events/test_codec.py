"""Facts become canonical bytes and come back; what is not canonical is refused."""

import json
from dataclasses import is_dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import jsonschema
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from events.catalogue import FACTS, Fact, Json, UnknownEventError, members
from events.codec import (
    BodyBrokenError,
    Codec,
    TextNotComposedError,
    fingerprint,
    seal,
    unseal,
)
from events.envelope import Actor, Authority, Order, Recorded
from events.identity import nfc
from events.money import AMOUNT_MAX
from events.period import OpenPeriod, PeriodOpened
from events.shapes import event_shapes
from tests.histories import UNHURRIED, tell
from tests.world import PERIOD_CODE, committed, opened, weaver

RECORDED_AT = b'"2026-11-23T10:00:00.123456Z"'
EVENT = UUID("01935b5e-0000-7000-8000-000000000001")
ASK = OpenPeriod(
    code=PERIOD_CODE,
    name="Giai đoạn 2018–2020",
    starts_on=date(2018, 1, 1),
    ends_on=date(2020, 12, 31),
)
ORDER = Order(
    command=ASK,
    command_id=UUID("01935b5e-0000-7000-8000-000000000002"),
    effective_on=date(2019, 3, 1),
    actor=Actor(id="lan", role="accountant", organisation="centre-1"),
    authority=Authority(instrument="QĐ 12/QĐ-KC", date=date(2019, 2, 1)),
)

# Every code point but surrogates, in the one spelling that facts have.
texts = st.text(st.characters(exclude_categories=["Cs"])).map(nfc)
counts = st.integers(min_value=0, max_value=AMOUNT_MAX)
moments = st.integers(min_value=0, max_value=2**52).map(
    lambda micros: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
)


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type; `st.from_type` knows neither NFC nor 2^53."""
    kind = getattr(kind, "__supertype__", kind)
    if kind in (str, int, datetime):
        return {str: texts, int: counts, datetime: moments}[kind]
    if get_origin(kind) is tuple:
        return st.lists(values_of(get_args(kind)[0]), max_size=3).map(tuple)
    if get_origin(kind) is not None or isinstance(kind, UnionType):
        return st.one_of(*(values_of(each) for each in get_args(kind)))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return st.builds(kind, **{name: values_of(hint) for name, hint in hints.items()})
    return st.from_type(kind)


facts = st.one_of(*(values_of(each) for each in FACTS.values()))


def body(fact: Fact, order: Order[OpenPeriod] = ORDER) -> bytes:
    sealed = seal(fact, id=EVENT, stream="period-2018-2020", version=7, order=order)
    return sealed.before + RECORDED_AT + sealed.after


@UNHURRIED
@given(facts)
def test_every_fact_comes_back_as_it_was(fact: Fact) -> None:
    recorded = unseal(5, body(fact))
    assert recorded.fact == fact
    assert hash(recorded.fact) == hash(fact)


@UNHURRIED
@given(facts)
def test_the_bytes_equal_rfc_8785(fact: Fact) -> None:
    written = body(fact)
    assert rfc8785.dumps(json.loads(written)) == written


@UNHURRIED
@given(
    st.builds(
        Order,
        command=st.just(ASK),
        command_id=st.uuids(),
        effective_on=st.dates(),
        actor=values_of(Actor),
        authority=values_of(Authority | None),
        causation=st.none() | st.uuids(),
        correlation=st.none() | st.uuids(),
        synthetic=st.booleans(),
    )
)
def test_the_envelope_comes_back_as_it_was(order: Order[OpenPeriod]) -> None:
    written = body(committed(5), order)
    assert rfc8785.dumps(json.loads(written)) == written
    assert unseal(5, written) == Recorded(
        position=5,
        id=EVENT,
        stream="period-2018-2020",
        version=7,
        type="SupportCommitted",
        recorded_at=datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC),
        effective_on=order.effective_on,
        budget_year=2019,
        actor=order.actor,
        authority=order.authority,
        command_id=order.command_id,
        causation=order.causation,
        correlation=order.correlation,
        synthetic=order.synthetic,
        fact=committed(5),
    )


def test_the_committed_bytes_of_one_event() -> None:
    """Whoever changes this changes what was promised to every verifier."""
    assert body(opened).decode() == (
        '{"actor":{"id":"lan","organisation":"centre-1","role":"accountant"},'
        '"authority":{"date":"2019-02-01","instrument":"QĐ 12/QĐ-KC","signer":null},'
        '"budgetYear":null,"causation":null,"command":"01935b5e-0000-7000-8000-000000000002",'
        '"correlation":null,"data":{"code":"2018-2020","endsOn":"2020-12-31",'
        '"name":"Giai đoạn 2018–2020","startsOn":"2018-01-01"},"effectiveDate":"2019-03-01",'
        '"id":"01935b5e-0000-7000-8000-000000000001","recordedAt":"2026-11-23T10:00:00.123456Z",'
        '"schema":1,"stream":"period-2018-2020","synthetic":false,"type":"PeriodOpened",'
        '"version":7}'
    )


def test_money_is_text_and_enums_are_names() -> None:
    written = json.loads(body(committed(181_946_900_000)))["data"]
    assert written["amount"] == "181946900000"
    assert written["source"] == "NATIONAL_GRANT"
    assert written["budgetYear"] == 2019
    assert json.loads(body(weaver))["data"]["province"] == {
        "code": "36",
        "validFrom": "2008-08-01",
    }


def test_text_in_another_spelling_of_unicode_is_a_bug_of_the_rule_that_let_it_through() -> None:
    with pytest.raises(TextNotComposedError):
        body(replace(opened, name="đoa\u0323n"))


def test_actor_and_authority_are_composed_on_their_way() -> None:
    decomposed = replace(
        ORDER,
        actor=Actor(id="Hu\u031bng", role="ke\u0302\u0301 toa\u0301n", organisation="Cu\u0323c"),
        authority=Authority(instrument="Q\u0110 so\u0302\u0301 5", date=date(2019, 2, 1)),
    )
    recorded = unseal(5, body(opened, decomposed))
    assert recorded.actor == Actor(id="Hưng", role="kế toán", organisation="Cục")
    assert recorded.authority == Authority(instrument="QĐ số 5", date=date(2019, 2, 1))
    assert body(opened, decomposed) == body(
        opened, replace(decomposed, actor=recorded.actor, authority=recorded.authority)
    )


def test_a_count_that_json_cannot_hold_is_a_bug() -> None:
    with pytest.raises(TypeError):
        body(replace(committed(5), budget_year=2**53))


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"[]",
        b"{}",
        body(opened)[:-1],
        body(opened).replace(b'"2018-01-01"', b'"2018-13-01"'),
        body(opened).replace(b'"startsOn"', b'"startOn"'),
        body(opened).replace(EVENT.bytes.hex()[-12:].encode(), b"00000000000g"),
        body(committed(5)).replace(b"NATIONAL_GRANT", b"LOTTERY"),
    ],
)
def test_bytes_that_are_no_event_are_broken(broken: bytes) -> None:
    with pytest.raises(BodyBrokenError, match="position 5"):
        unseal(5, broken)


def test_a_fact_of_a_newer_ledger_is_unknown() -> None:
    with pytest.raises(UnknownEventError):
        unseal(5, body(opened).replace(b'"PeriodOpened"', b'"PeriodAbolished"'))
    with pytest.raises(UnknownEventError):
        unseal(5, body(opened).replace(b'"schema":1', b'"schema":2'))


def test_an_old_shape_is_turned_into_the_newest_step_by_step() -> None:
    """As if the period had been recorded with a title, then with a name, now with both days."""

    def named(old: dict[str, Json]) -> dict[str, Json]:
        return {"code": old["code"], "name": old["title"]}

    def dated(old: dict[str, Json]) -> dict[str, Json]:
        return {**old, "startsOn": "2018-01-01", "endsOn": "2020-12-31"}

    codec = Codec(
        {"PeriodOpened": PeriodOpened}, {("PeriodOpened", 1): named, ("PeriodOpened", 2): dated}
    )
    sealed = codec.seal(opened, id=EVENT, stream="period-2018-2020", version=1, order=ORDER)
    newest = sealed.before + RECORDED_AT + sealed.after
    assert b'"schema":3' in newest
    first = newest.replace(b'"schema":3', b'"schema":1').replace(b'"name"', b'"title"')
    first = first.replace(b',"startsOn":"2018-01-01"', b"").replace(b'"endsOn":"2020-12-31",', b"")
    assert codec.unseal(1, first).fact == codec.unseal(1, newest).fact == opened


@pytest.mark.parametrize("steps", [[2], [1, 3], [0, 1]])
def test_a_gap_in_the_chain_of_upcasts_is_noticed_at_import(steps: list[int]) -> None:
    upcasts = {("PeriodOpened", step): dict for step in steps}
    with pytest.raises(UnknownEventError, match="gap"):
        Codec({"PeriodOpened": PeriodOpened}, upcasts)


def test_an_upcast_of_no_fact_is_noticed_at_import() -> None:
    with pytest.raises(UnknownEventError, match="PeriodAbolished"):
        Codec({"PeriodOpened": PeriodOpened}, {("PeriodAbolished", 1): dict})


def test_a_fingerprint_is_of_the_content_and_not_of_the_ids() -> None:
    first = fingerprint(ORDER)
    assert len(first) == 32
    retried = replace(ORDER, command_id=EVENT, causation=EVENT, expected_version=9)
    assert fingerprint(retried) == first
    decomposed = replace(ORDER, command=replace(ASK, name="Giai đoa\u0323n 2018–2020"))
    assert fingerprint(decomposed) == first


@pytest.mark.parametrize(
    "other",
    [
        replace(ORDER, command=replace(ASK, name="Giai đoạn khác")),
        replace(ORDER, effective_on=date(2019, 3, 2)),
        replace(ORDER, actor=replace(ORDER.actor, role="approver")),
        replace(ORDER, authority=None),
        replace(ORDER, synthetic=True),
    ],
)
def test_other_content_has_another_fingerprint(other: Order[OpenPeriod]) -> None:
    assert fingerprint(other) != fingerprint(ORDER)


def test_an_instant_is_written_in_utc_whatever_zone_it_was_said_in() -> None:
    hanoi = timezone(timedelta(hours=7))
    (source,) = (each for each in members(Fact) if each.__name__ == "SourceDocumentRegistered")
    fact = source(
        source_id="a",
        title="b",
        publisher="c",
        author=None,
        published_at=datetime(2020, 11, 5, 7, 11, tzinfo=hanoi),
        sha256="55" * 32,
    )
    assert json.loads(body(fact))["data"]["publishedAt"] == "2020-11-05T00:11:00.000000Z"


def test_every_event_of_a_history_has_the_shape_that_was_promised() -> None:
    promised = jsonschema.Draft202012Validator(event_shapes())
    history = tell(Random(7), 300)
    orders = {each.command_id: each for each in history.orders}
    for each in history.recorded:
        order = orders[each.command_id]
        sealed = seal(each.fact, id=each.id, stream=each.stream, version=each.version, order=order)
        promised.validate(json.loads(sealed.before + RECORDED_AT + sealed.after))


def test_an_event_with_an_unpromised_field_does_not_have_the_shape() -> None:
    promised = jsonschema.Draft202012Validator(event_shapes())
    written = json.loads(body(opened))
    assert promised.is_valid(written)
    written["data"]["colour"] = "red"
    assert not promised.is_valid(written)
