"""The contact person of a facility (người liên hệ): one at a time, by an id that says nothing."""

import re
from collections.abc import Sequence

from events.dates import happened
from events.facility.commands import EraseContact, RecordContact
from events.facility.facts import ContactErased, ContactRecorded
from events.facility.refusals import (
    ContactIsErased,
    ContactIsRecorded,
    PersonIdSpeaks,
    UnknownContact,
)
from events.identity import FacilityId, PersonId
from events.personal import Imprint, marked
from events.rules import Occasion, value
from events.text import required
from events.vocabulary import ErasureGround

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@value
class Contacts:
    """Who is the contact person of a facility, and who was."""

    current: PersonId | None = None
    erased: frozenset[PersonId] = frozenset()

    def after(self, event: ContactRecorded | ContactErased) -> "Contacts":
        """As it stands after a fact."""
        person = event.person_id
        if isinstance(event, ContactRecorded):
            return Contacts(current=person, erased=self.erased)
        current = None if self.current == person else self.current
        return Contacts(current=current, erased=self.erased | {person})

    def known(self, facility_id: FacilityId, person_id: PersonId) -> PersonId:
        """The contact person, if this is who it is; else the refusal that says why not."""
        _speechless(person_id)
        if person_id in self.erased:
            raise ContactIsErased(person_id=person_id)
        if person_id != self.current:
            raise UnknownContact(facility_id=facility_id, person_id=person_id)
        return person_id


def record(
    command: RecordContact, contacts: Contacts, occasion: Occasion
) -> Sequence[ContactErased | ContactRecorded]:
    """Who came before is erased: there is no purpose left to keep him for."""
    happened(occasion)
    person = _speechless(command.person_id)
    if person in contacts.erased:
        raise ContactIsErased(person_id=person)
    if person == contacts.current:
        raise ContactIsRecorded(person_id=person)
    told = marked(command)
    for field, each in told.items():
        required(field, each.reveal())
    recorded = ContactRecorded(
        facility_id=command.facility_id,
        person_id=person,
        imprints=tuple(
            Imprint(field=field, hmac=each.imprint) for field, each in sorted(told.items())
        ),
    )
    if contacts.current is None:
        return (recorded,)
    reached = ErasureGround.PURPOSE_REACHED
    return (_erased(command.facility_id, contacts.current, reached), recorded)


def erase(command: EraseContact, contacts: Contacts, occasion: Occasion) -> Sequence[ContactErased]:
    """Of a closed facility too."""
    happened(occasion)
    person = contacts.known(command.facility_id, command.person_id)
    return (_erased(command.facility_id, person, command.ground),)


def _speechless(person_id: PersonId) -> PersonId:
    if _UUID.fullmatch(person_id) is None:
        raise PersonIdSpeaks
    return person_id


def _erased(facility_id: FacilityId, person_id: PersonId, ground: ErasureGround) -> ContactErased:
    return ContactErased(facility_id=facility_id, person_id=person_id, ground=ground)
