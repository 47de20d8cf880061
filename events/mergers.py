"""Provinces that are established, merged, renamed (lập, sáp nhập, đổi tên tỉnh), as recorded.

    geography-provinces     one stream: a merger is about several provinces at once

What was recorded comes on top of the map that the ledger ships with. Every change is pure: a
province becomes one other as a whole, so that nothing is ever split and each sum rolls up exactly.
A rule that asks where something stands reads this stream beside its own.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TypeAlias, assert_never

from events.geography import SHIPPED, Atlas, Province, UnknownUnitAtDate
from events.identity import InvalidCode, ProvinceRef, checked_code
from events.rules import Aggregate, Occasion, Refusal, command, fact, refusal, value
from events.text import InvalidText, ascii_of, required
from events.vocabulary import ProvinceKind

GEOGRAPHY = "geography-provinces"
"""The stream of all changes of the map."""


@fact
class ProvinceEstablished:
    """A province was established out of no other as a whole (lập tỉnh)."""

    province: ProvinceRef
    name: str
    region: str
    unit_type: ProvinceKind
    legal_basis: str


@fact
class ProvinceMerged:
    """Provinces became one, each as a whole (sáp nhập tỉnh)."""

    merged: tuple[ProvinceRef, ...]
    into: ProvinceRef
    name: str
    region: str
    unit_type: ProvinceKind
    legal_basis: str


@fact
class ProvinceRenamed:
    """A province changed its name or its kind, and stands anew under its code (đổi tên tỉnh)."""

    province: ProvinceRef
    into: ProvinceRef
    name: str
    unit_type: ProvinceKind
    legal_basis: str


@command
class EstablishProvince:
    """Record a province out of no other as a whole (lập tỉnh), from the effective date on."""

    code: str
    name: str
    region: str
    unit_type: ProvinceKind
    legal_basis: str


@command
class MergeProvinces:
    """Record that provinces became one (sáp nhập tỉnh), from the effective date on.

    Each belongs to it as a whole. It may bear the code of one of them, or one that is free.
    """

    merged: tuple[ProvinceRef, ...]
    code: str
    name: str
    region: str
    unit_type: ProvinceKind
    legal_basis: str


@command
class RenameProvince:
    """Record a new name or kind of a province (đổi tên tỉnh), from the effective date on."""

    province: ProvinceRef
    name: str
    unit_type: ProvinceKind
    legal_basis: str


@refusal(rule="19/2025/QĐ-TTg: one province bears a code at a time")
class CodeTaken(Refusal):
    """Code {province_code} belongs to {name} on {on} or after.

    Mã {province_code} thuộc về {name} vào hoặc sau ngày {on}.
    """

    province_code: str
    name: str
    on: date


@refusal(rule="a province that became another one has ended: what follows is about that one")
class ProvinceEnded(Refusal):
    """Province {province_code} since {valid_from} became another on {ends_on} already.

    Tỉnh mang mã {province_code} kể từ {valid_from} đã thành đơn vị khác từ ngày {ends_on}.
    """

    province_code: str
    valid_from: date
    ends_on: date


@refusal(rule="202/2025/QH15: a merger says which provinces it is of")
class MergerOfNone(Refusal):
    """A merger names the provinces that become one.

    Sáp nhập phải nêu các tỉnh hợp thành.
    """


GeographyEvent: TypeAlias = ProvinceEstablished | ProvinceMerged | ProvinceRenamed
GeographyCommand: TypeAlias = EstablishProvince | MergeProvinces | RenameProvince
GeographyRefusal: TypeAlias = (
    CodeTaken | ProvinceEnded | MergerOfNone | UnknownUnitAtDate | InvalidCode | InvalidText
)


@value
class Geography:
    """The map as it is known, and what of it was recorded."""

    atlas: Atlas = SHIPPED
    recorded: frozenset[GeographyEvent] = frozenset()


def atlas_in(occasion: Occasion) -> Atlas:
    """The map that a rule goes by: what ships, and what was recorded on it."""
    known = occasion.neighbour(GEOGRAPHY, Geography)
    return SHIPPED if known is None else known.atlas


def decide(
    command: GeographyCommand, geography: Geography | None, occasion: Occasion
) -> Sequence[GeographyEvent]:
    """Answer a command with the facts it causes; none if already so."""
    known = geography or Geography()
    told = _told(command, occasion.effective_on)
    if told in known.recorded:
        return ()
    heir = _heir(told, known.atlas)
    ended = _ended(told)
    if known.atlas.province(heir.ref) == heir and _has_become(known.atlas, ended, heir.ref):
        return (told,)  # what ships is recorded as it is
    for each in ended:
        _check_ends(each, heir.ref.valid_from, known.atlas)
    _check_free(heir.ref, ended, known.atlas)
    return (told,)


def evolve(geography: Geography | None, event: GeographyEvent) -> Geography:
    """Apply one recorded fact. Total: history is never refused, and any fact may begin it."""
    known = geography or Geography()
    heir = _heir(event, known.atlas)
    return Geography(
        atlas=known.atlas.became(_ended(event), heir), recorded=known.recorded | {event}
    )


def _told(command: GeographyCommand, on: date) -> GeographyEvent:
    name = required("name", command.name)
    paper = required("legal_basis", command.legal_basis)
    match command:
        case EstablishProvince():
            return ProvinceEstablished(
                province=_ref(command.code, on),
                name=name,
                region=required("region", command.region),
                unit_type=command.unit_type,
                legal_basis=paper,
            )
        case MergeProvinces():
            merged = tuple(sorted(set(command.merged), key=str))
            if not merged:
                raise MergerOfNone
            return ProvinceMerged(
                merged=merged,
                into=_ref(command.code, on),
                name=name,
                region=required("region", command.region),
                unit_type=command.unit_type,
                legal_basis=paper,
            )
        case RenameProvince():
            return ProvinceRenamed(
                province=command.province,
                into=_ref(command.province.code, on),
                name=name,
                unit_type=command.unit_type,
                legal_basis=paper,
            )
        case _:
            assert_never(command)


def _ref(code: str, on: date) -> ProvinceRef:
    checked_code("code", code)
    return ProvinceRef(code=code, valid_from=on)


def _ended(event: GeographyEvent) -> tuple[ProvinceRef, ...]:
    match event:
        case ProvinceEstablished():
            return ()
        case ProvinceMerged():
            return event.merged
        case ProvinceRenamed():
            return (event.province,)
        case _:
            assert_never(event)


def _heir(event: GeographyEvent, atlas: Atlas) -> Province:
    """The province that stands from then on. What is known of its later life stays."""
    ref = event.province if isinstance(event, ProvinceEstablished) else event.into
    shipped, parts = atlas.province(ref), [atlas.province(each) for each in _ended(event)]
    if isinstance(event, ProvinceRenamed):
        region = parts[0].region if parts[0] else ""
    else:
        region = event.region
    return Province(
        ref=ref,
        name=event.name,
        name_en=ascii_of(event.name),
        region=region,
        unit_type=event.unit_type.name.lower(),
        valid_to=shipped.valid_to if shipped else None,
        successor=shipped.successor if shipped else None,
        northern_28=any(each.northern_28 for each in parts if each)
        if parts
        else bool(shipped and shipped.northern_28),
    )


def _has_become(atlas: Atlas, ended: Iterable[ProvinceRef], heir: ProvinceRef) -> bool:
    parts = (atlas.province(each) for each in ended)
    return all(each is not None and each.successor == heir for each in parts)


def _check_ends(ref: ProvinceRef, on: date, atlas: Atlas) -> None:
    """It stood until then, and is not known to have become anything else."""
    atlas.check(ref, on - timedelta(days=1))
    known = atlas.province(ref)
    if known is not None and known.valid_to is not None:
        raise ProvinceEnded(
            province_code=ref.code, valid_from=ref.valid_from, ends_on=known.valid_to
        )


def _check_free(ref: ProvinceRef, ended: Sequence[ProvinceRef], atlas: Atlas) -> None:
    """Nobody else bears the code then, or will."""
    for each in atlas.by_code.get(ref.code, ()):
        is_over = each.valid_to is not None and each.valid_to <= ref.valid_from
        if not is_over and each.ref not in ended:
            raise CodeTaken(province_code=ref.code, name=each.name, on=ref.valid_from)


GEOGRAPHIES: Aggregate[GeographyCommand, Geography, GeographyEvent] = Aggregate(
    name="geography",
    stream=lambda _: GEOGRAPHY,
    decide=decide,
    evolve=evolve,
)
