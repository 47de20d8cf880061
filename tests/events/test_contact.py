"""Contact persons: one at a time, told by an id that says nothing, and erased for ever."""

from dataclasses import replace
from datetime import date

import pytest

from events.dates import FutureEffectiveDate
from events.facility import (
    FACILITY,
    ContactErased,
    ContactIsErased,
    ContactIsRecorded,
    ContactRecorded,
    EraseContact,
    FacilityIsClosed,
    PersonIdSpeaks,
    RecordContact,
    UnknownContact,
    UnknownFacility,
)
from events.identity import PersonId
from events.personal import Imprint, Personal, imprint_of
from events.text import InvalidText
from events.vocabulary import ErasureGround
from tests.spec import TODAY, Spec
from tests.world import WEAVER, weaver, weaver_closed

TOMORROW = date(2020, 11, 6)
LAN = PersonId("0f9c2b1e-6c1d-4b7a-9d61-0a3f5c9e7b21")
MINH = PersonId("7b0d3a52-91c4-4e0f-8f1b-5d2e6a7c8b90")
SALT, PEPPER = b"s" * 32, b"p" * 32
NAME, PHONE = "Nguyễn Thị Lan", "0912 345 678"
check = Spec(FACILITY)
record = RecordContact(
    facility_id=WEAVER,
    person_id=LAN,
    name=Personal(NAME, salt=SALT),
    phone=Personal(PHONE, salt=PEPPER),
)
recorded = ContactRecorded(
    facility_id=WEAVER,
    person_id=LAN,
    imprints=(
        Imprint(field="name", hmac=imprint_of(SALT, NAME)),
        Imprint(field="phone", hmac=imprint_of(PEPPER, PHONE)),
    ),
)
erase = EraseContact(facility_id=WEAVER, person_id=LAN, ground=ErasureGround.REQUEST)
erased = ContactErased(facility_id=WEAVER, person_id=LAN, ground=ErasureGround.REQUEST)


def test_the_log_is_told_imprints_and_no_values() -> None:
    check(given=[weaver], when=record, then=[recorded])
    assert NAME not in repr(recorded)


def test_a_contact_is_recorded_once_under_one_id() -> None:
    """The values cannot be compared, so even the same are refused."""
    check(given=[weaver, recorded], when=record, then=ContactIsRecorded(person_id=LAN))
    check(given=[weaver, erased], when=record, then=ContactIsErased(person_id=LAN))
    assert list(FACILITY.reserves(recorded)) == [f"person:{LAN}"]


def test_a_new_contact_erases_the_one_before() -> None:
    """What a person was kept for is over when somebody else takes his place."""
    purpose = replace(erased, ground=ErasureGround.PURPOSE_REACHED)
    check(
        given=[weaver, recorded],
        when=replace(record, person_id=MINH),
        then=[purpose, replace(recorded, person_id=MINH)],
    )


def test_a_contact_is_erased_once_also_of_a_closed_facility() -> None:
    check(given=[weaver, recorded], when=erase, then=[erased])
    check(given=[weaver, recorded, weaver_closed], when=erase, then=[erased])
    check(given=[weaver, recorded, erased], when=erase, then=ContactIsErased(person_id=LAN))


def test_who_was_never_recorded_is_not_erased() -> None:
    unknown = UnknownContact(facility_id=WEAVER, person_id=LAN)
    check(given=[weaver], when=erase, then=unknown)
    check(given=[], when=erase, then=UnknownFacility(facility_id=WEAVER))


def test_a_closed_or_unknown_facility_takes_no_contact() -> None:
    check(given=[], when=record, then=UnknownFacility(facility_id=WEAVER))
    check(given=[weaver, weaver_closed], when=record, then=FacilityIsClosed(facility_id=WEAVER))


@pytest.mark.parametrize("speaking", ["nguyen-thi-lan", "0912345678", "", LAN.upper(), f"{LAN}0"])
def test_an_id_that_may_say_something_is_refused_and_not_repeated(speaking: str) -> None:
    person_id = PersonId(speaking)
    for ask in (replace(record, person_id=person_id), replace(erase, person_id=person_id)):
        check(given=[weaver], when=ask, then=PersonIdSpeaks())
    assert not speaking or speaking not in PersonIdSpeaks().message


@pytest.mark.parametrize("text", ["", "  ", "Lan\x00", "Lan\ud800", "x" * 4001])
def test_a_value_that_cannot_be_read_is_refused_and_not_repeated(text: str) -> None:
    refused = InvalidText(field="phone")
    check(given=[weaver], when=replace(record, phone=Personal(text, salt=SALT)), then=refused)


def test_nobody_is_recorded_or_erased_tomorrow() -> None:
    """What is erased is gone at once, whatever day is said."""
    future = FutureEffectiveDate(effective_on=TOMORROW, today=TODAY)
    check(given=[weaver], when=record, on=TOMORROW, then=future)
    check(given=[weaver, recorded], when=erase, on=TOMORROW, then=future)
