"""A personal value prints as nothing; its imprint is an HMAC over its one spelling."""

import hashlib
import hmac
import pickle
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import pytest

from events.catalogue import UPCASTS
from events.codec import Codec, PersonalInFactError, fingerprint
from events.envelope import Actor, Order
from events.facility import RecordContact
from events.identity import FacilityId, PersonId
from events.personal import NoImprintError, Personal, imprint_of, marks, salted
from events.vault import freshly_salted

NAME, PHONE = "Nguyễn Thị Lan", "0912345678"
ask = RecordContact(
    facility_id=FacilityId("cs-1"),
    person_id=PersonId(str(uuid4())),
    name=Personal(NAME),
    phone=Personal(PHONE),
)


def order(command: RecordContact) -> Order[RecordContact]:
    actor = Actor(id="lan", role="OFFICER", organisation="ttkc-1")
    return Order(command=command, command_id=uuid4(), effective_on=date(2019, 3, 4), actor=actor)


def test_it_prints_as_nothing_wherever_it_is_printed() -> None:
    whole = freshly_salted(order(ask))
    for shown in (repr(whole), str(whole), f"{whole.command.name}", f"{whole.command.phone!r:>40}"):
        assert "Lan" not in shown
        assert PHONE not in shown
    with pytest.raises(TypeError):
        pickle.dumps(ask.name)


def test_its_imprint_is_hmac_sha256_of_its_bytes_in_nfc() -> None:
    salt = bytes(range(32))
    expected = hmac.new(salt, NAME.encode(), hashlib.sha256).hexdigest()
    decomposed = "Nguye\u0302\u0303n Thi\u0323 Lan"
    assert imprint_of(salt, NAME) == Personal(f" {decomposed} ", salt=salt).imprint == expected


def test_each_value_has_a_salt_of_its_own_each_time() -> None:
    once, again = (freshly_salted(order(ask)).command for _ in range(2))
    salts = [each.salt for told in (once, again) for each in (told.name, told.phone) if each]
    assert {len(salt) for salt in salts} == {32}
    assert len(set(salts)) == 4


def test_without_a_salt_there_is_no_imprint() -> None:
    with pytest.raises(NoImprintError):
        _ = ask.name.imprint


def test_a_fingerprint_says_nothing_of_a_value_but_that_it_is_there() -> None:
    """A hash of a telephone number is found by trying them all."""
    other = RecordContact(
        facility_id=ask.facility_id,
        person_id=ask.person_id,
        name=Personal("Trần Văn Minh"),
        phone=Personal("0987654321"),
    )
    assert fingerprint(order(ask)) == fingerprint(order(other))
    assert fingerprint(order(ask)) == fingerprint(order(salted(ask, {"name": b"x", "phone": b"y"})))
    silent = RecordContact(facility_id=ask.facility_id, person_id=ask.person_id, name=ask.name)
    assert fingerprint(order(ask)) != fingerprint(order(silent))


def test_a_fact_with_a_personal_field_is_refused_when_it_is_declared() -> None:
    @dataclass(frozen=True, slots=True)
    class Someone:
        name: Personal | None

    @dataclass(frozen=True, slots=True)
    class SomeoneMet:
        who: tuple[Someone, ...]

    with pytest.raises(PersonalInFactError, match=r"SomeoneMet: \['who\.name'\]"):
        Codec({"SomeoneMet": SomeoneMet}, UPCASTS)


def test_marks_are_found_where_they_are_declared() -> None:
    assert sorted(marks(RecordContact)) == ["email", "name", "phone"]
