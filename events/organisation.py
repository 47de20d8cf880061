"""A body that takes part in the fund (cơ quan, đơn vị), and the territory a centre serves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias, assert_never

from events.geography import UnknownUnitAtDate, checked_province
from events.identity import InvalidCode, OrganisationId, ProvinceRef, stream_of
from events.rules import (
    Aggregate,
    HistoryBrokenError,
    Occasion,
    Refusal,
    command,
    fact,
    refusal,
    value,
)
from events.text import InvalidText, required
from events.vocabulary import OrganisationKind


@fact
class OrganisationRegistered:
    """A body that takes part in the fund was registered (đăng ký đơn vị)."""

    organisation_id: OrganisationId
    name: str
    kind: OrganisationKind


@fact
class CentreTerritorySet:
    """The provinces that a centre serves were set (giao địa bàn phụ trách)."""

    organisation_id: OrganisationId
    provinces: tuple[ProvinceRef, ...]


@command
class RegisterOrganisation:
    """Register a body that takes part in the fund (đăng ký đơn vị)."""

    organisation_id: OrganisationId
    name: str
    kind: OrganisationKind


@command
class SetCentreTerritory:
    """Set the provinces that a centre serves, all of them (giao địa bàn phụ trách)."""

    organisation_id: OrganisationId
    provinces: tuple[ProvinceRef, ...]


@refusal(rule="an organisation is registered once")
class OrganisationDiffers(Refusal):
    """Organisation {organisation_id} is registered already, with another name or kind.

    Đơn vị {organisation_id} đã được đăng ký với tên hoặc loại hình khác.
    """

    organisation_id: OrganisationId


@refusal(rule="who takes part in the fund is registered first")
class UnknownOrganisation(Refusal):
    """No organisation {organisation_id} is registered.

    Chưa đăng ký đơn vị {organisation_id}.
    """

    organisation_id: OrganisationId


@refusal(rule="only an industrial-promotion centre serves a territory")
class NotACentre(Refusal):
    """Organisation {organisation_id} is {kind}, not a centre that serves a territory.

    Đơn vị {organisation_id} là {kind}, không phải trung tâm có địa bàn phụ trách.
    """

    organisation_id: OrganisationId
    kind: OrganisationKind


OrganisationEvent: TypeAlias = OrganisationRegistered | CentreTerritorySet
OrganisationCommand: TypeAlias = RegisterOrganisation | SetCentreTerritory
OrganisationRefusal: TypeAlias = (
    OrganisationDiffers
    | UnknownOrganisation
    | NotACentre
    | UnknownUnitAtDate
    | InvalidText
    | InvalidCode
)

_CENTRES = {OrganisationKind.CENTRE, OrganisationKind.PROVINCIAL_CENTRE}


@value
class Organisation:
    """An organisation as the rules see it."""

    registration: OrganisationRegistered
    territory: tuple[ProvinceRef, ...] = ()


def stream(organisation_id: OrganisationId) -> str:
    """The stream of an organisation."""
    return stream_of("organisation", organisation_id)


def decide(
    command: OrganisationCommand, organisation: Organisation | None, occasion: Occasion
) -> Sequence[OrganisationEvent]:
    """Answer a command with the facts it causes; none if already so."""
    match command:
        case RegisterOrganisation():
            return _register(command, organisation)
        case SetCentreTerritory():
            return _set_territory(command, organisation, occasion)
        case _:
            assert_never(command)


def evolve(organisation: Organisation | None, event: OrganisationEvent) -> Organisation:
    """Apply one recorded fact. Total: history is never refused."""
    match event:
        case OrganisationRegistered():
            return Organisation(registration=event)
        case CentreTerritorySet(provinces=provinces):
            return replace(_begun(organisation), territory=provinces)
        case _:
            assert_never(event)


def _register(
    command: RegisterOrganisation, organisation: Organisation | None
) -> Sequence[OrganisationEvent]:
    registration = OrganisationRegistered(
        organisation_id=command.organisation_id,
        name=required("name", command.name),
        kind=command.kind,
    )
    if organisation is None:
        return (registration,)
    if organisation.registration == registration:
        return ()
    raise OrganisationDiffers(organisation_id=command.organisation_id)


def _set_territory(
    command: SetCentreTerritory, organisation: Organisation | None, occasion: Occasion
) -> Sequence[OrganisationEvent]:
    """Recorded even where nothing seems to change: an earlier effective date is news."""
    if organisation is None:
        raise UnknownOrganisation(organisation_id=command.organisation_id)
    kind = organisation.registration.kind
    if kind not in _CENTRES:
        raise NotACentre(organisation_id=command.organisation_id, kind=kind)
    for each in command.provinces:
        checked_province(each, occasion.effective_on)
    provinces = sorted(set(command.provinces), key=str)
    return (
        CentreTerritorySet(organisation_id=command.organisation_id, provinces=tuple(provinces)),
    )


def _begun(organisation: Organisation | None) -> Organisation:
    if organisation is None:
        raise HistoryBrokenError("an organisation begins with its registration")
    return organisation


ORGANISATION: Aggregate[OrganisationCommand, Organisation, OrganisationEvent] = Aggregate(
    name="organisation",
    stream=lambda command: stream(command.organisation_id),
    decide=decide,
    evolve=evolve,
)
