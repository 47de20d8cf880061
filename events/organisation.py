"""A body that takes part in the fund (cơ quan, đơn vị), and the territory a centre serves."""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from typing import TypeAlias, assert_never

from events.geography import SHIPPED, UnknownUnitAtDate
from events.identity import InvalidCode, OrganisationId, ProvinceRef, stream_of
from events.mergers import GEOGRAPHY, atlas_in
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


@fact
class OrganisationRenamed:
    """A body changed its name (đổi tên đơn vị)."""

    organisation_id: OrganisationId
    name: str
    valid_from: date
    """Its first day under the name, which is the effective date of the event (ngày hiệu lực)."""


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


@command
class RenameOrganisation:
    """Record that a body changed its name (đổi tên đơn vị), from the effective date on."""

    organisation_id: OrganisationId
    name: str


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


@refusal(rule="a body bears one name at a time, as its founding paper says (quyết định đổi tên)")
class NameDiffers(Refusal):
    """Organisation {organisation_id} is called {known} from {valid_from} on.

    Từ ngày {valid_from}, đơn vị {organisation_id} mang tên {known}.
    """

    organisation_id: OrganisationId
    known: str
    valid_from: date


@refusal(rule="a territory is told anew out of the map that the ledger ships with")
class RecordedProvinceStays(Refusal):
    """Province {province_code} since {valid_from} was recorded here: it stays in the territory.

    Tỉnh mang mã {province_code} kể từ {valid_from} do sổ này ghi nhận: vẫn thuộc địa bàn.
    """

    province_code: str
    valid_from: date


OrganisationEvent: TypeAlias = OrganisationRegistered | CentreTerritorySet | OrganisationRenamed
OrganisationCommand: TypeAlias = RegisterOrganisation | SetCentreTerritory | RenameOrganisation
OrganisationRefusal: TypeAlias = (
    OrganisationDiffers
    | NameDiffers
    | RecordedProvinceStays
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
    names: Mapping[date, str] = field(default_factory=dict)
    """What it was renamed to, by the day; before the first it bears the registered name."""


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
        case RenameOrganisation():
            return _rename(command, organisation, occasion)
        case _:
            assert_never(command)


def evolve(organisation: Organisation | None, event: OrganisationEvent) -> Organisation:
    """Apply one recorded fact. Total: history is never refused."""
    match event:
        case OrganisationRegistered():
            return Organisation(registration=event)
        case CentreTerritorySet(provinces=provinces):
            return replace(_begun(organisation), territory=provinces)
        case OrganisationRenamed():
            known = _begun(organisation)
            return replace(known, names={**known.names, event.valid_from: event.name})
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
        atlas_in(occasion).check(each, occasion.effective_on)
    for each in organisation.territory:
        if SHIPPED.province(each) is None and each not in command.provinces:
            raise RecordedProvinceStays(province_code=each.code, valid_from=each.valid_from)
    provinces = sorted(set(command.provinces), key=str)
    return (
        CentreTerritorySet(organisation_id=command.organisation_id, provinces=tuple(provinces)),
    )


def _rename(
    command: RenameOrganisation, organisation: Organisation | None, occasion: Occasion
) -> Sequence[OrganisationEvent]:
    """A name that was missed may be told late: it holds until the next one that is known."""
    if organisation is None:
        raise UnknownOrganisation(organisation_id=command.organisation_id)
    name, day = required("name", command.name), occasion.effective_on
    known = organisation.names.get(day)
    if known == name:
        return ()
    if known is not None:
        raise NameDiffers(organisation_id=command.organisation_id, known=known, valid_from=day)
    return (
        OrganisationRenamed(organisation_id=command.organisation_id, name=name, valid_from=day),
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
    reads=lambda command: (GEOGRAPHY,) if isinstance(command, SetCentreTerritory) else (),
)
