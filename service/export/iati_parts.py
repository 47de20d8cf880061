"""What an IATI activity says of itself beside its money: who, when, where, which trade, how far."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from events.geography import province
from events.identity import FacilityId, ProvinceRef, SectorRef
from events.sectors import sector
from events.vocabulary import OrganisationKind
from projections.beneficiary import Beneficiary
from projections.commitment import Commitment, CommitmentStatus
from projections.entry import EntryKind
from projections.organisation import Organisation
from projections.scheme import Scheme, SchemeStatus
from service.export import identifiers as ids
from service.export.dossiers import Dossier
from service.export.shares import shares
from service.export.xml import narrative, tag

GOVERNMENT: Final = "10"
FUNDING, ACCOUNTABLE, IMPLEMENTING = "1", "2", "4"
ROLES: Mapping[OrganisationKind, str] = {
    OrganisationKind.MINISTRY: FUNDING,
    OrganisationKind.DEPARTMENT: ACCOUNTABLE,
}
DEFAULTS: Final = "".join(
    tag(f"default-{name}", {"code": code})
    for name, code in (
        ("flow-type", "50"),
        ("finance-type", "110"),
        ("aid-type", "C01"),
        ("tied-status", "5"),
    )
)
"""Other flow, standard grant, project-type intervention, untied."""
SME: Final = "32130"
DAC: Mapping[str, str] = {
    "TEXTILES": "32163",
    "ENGINEERING": "32171",
    "FARM_PRODUCE": "32161",
    "LEATHER": "32163",
    "WOOD": "32162",
    "CHEMICALS": "32164",
    "BUILDING_MATERIALS": "32166",
    "METALS": "32169",
    "VEHICLES": "32172",
}
"""Our groups as OECD-DAC has them; any other is development of small enterprises, `SME`."""
VSIC: Final = "https://www.gso.gov.vn"
"""The statistics office that keeps the list of QĐ 27/2018/QĐ-TTg."""
PIPELINE, RUNNING, FINALISING, CLOSED, CANCELLED, SUSPENDED = "1", "2", "3", "4", "5", "6"
DECIDED: Mapping[SchemeStatus, str] = {
    SchemeStatus.SUSPENDED: SUSPENDED,
    SchemeStatus.STOPPED: CANCELLED,
    SchemeStatus.COMPLETED: CLOSED,
}
_OVER = frozenset({CommitmentStatus.SETTLED, CommitmentStatus.CANCELLED})


def reporting() -> str:
    """Who reports: the fund, as an organisation of its own."""
    named = narrative(ids.PUBLISHER_NAME, ids.PUBLISHER_NAME_EN)
    return tag("reporting-org", {"ref": ids.PUBLISHER, "type": GOVERNMENT}, named)


def participants(bodies: Mapping[str, Organisation], implementer: str | None) -> str:
    """The fund pays; ministry and department where they are registered; who carries it out."""
    named = narrative(ids.PUBLISHER_NAME, ids.PUBLISHER_NAME_EN)
    told = [_participant(ids.PUBLISHER, FUNDING, named)]
    for each in bodies.values():
        if each.kind in ROLES:
            ref = ids.organisation_ref(each.organisation_id)
            told.append(_participant(ref, ROLES[each.kind], narrative(each.name)))
    if implementer is not None:
        body = bodies.get(implementer)
        named = narrative(body.name) if body else ""
        told.append(_participant(ids.organisation_ref(implementer), IMPLEMENTING, named))
    return "".join(told)


def _participant(ref: str, role: str, named: str) -> str:
    return tag("participating-org", {"ref": ref, "role": role, "type": GOVERNMENT}, named)


def about(of: Scheme) -> str:
    """What kind of scheme it is, and what it may support."""
    contents = "; ".join(each.value for each in of.contents)
    english = "; ".join(map(ids.english, of.contents))
    vietnamese = f"{of.scheme_class.value}. Nội dung: {contents}"
    if of.legal_regime:
        vietnamese += f". Căn cứ: {'; '.join(of.legal_regime)}"
    told = narrative(vietnamese, f"{ids.english(of.scheme_class)} scheme: {english}")
    return tag("description", {"type": "1"}, told)


def dates(starts: date, ends: date, begun: date | None, ended: date | None) -> str:
    """Planned and actual, beginning and end."""
    told = (("1", starts), ("2", begun), ("3", ends), ("4", ended))
    return "".join(
        tag("activity-date", {"type": kind, "iso-date": day}) for kind, day in told if day
    )


def stage(of: Dossier, day: date | None) -> tuple[str, date | None, date | None]:
    """How far a scheme is on a day, when its first grant was promised, when it was over.

    What was decided of the whole scheme holds. Where nothing was, it is over when every commitment
    is settled or cancelled.
    """
    begun = min((each.committed_on for each in of.commitments), default=None)
    if (decided := DECIDED.get(of.scheme.status)) is not None:
        return decided, begun, None if decided == SUSPENDED else _last(of, begun)
    statuses = {each.status for each in of.commitments}
    if not statuses:
        waits = day is None or day < of.scheme.starts_on
        return (PIPELINE if waits else RUNNING), None, None
    if statuses == {CommitmentStatus.CANCELLED}:
        return CANCELLED, begun, _last(of, begun)
    if statuses <= _OVER:
        return CLOSED, begun, _last(of, begun)
    done = statuses <= _OVER | {CommitmentStatus.ACCEPTED}
    return (FINALISING if done else RUNNING), begun, None


def _last(of: Dossier, begun: date | None) -> date | None:
    """When the last account was settled, or the last promise taken back.

    A promise may be taken back from a day before any promise: nothing ends before it begins.
    """
    ends = {EntryKind.SETTLEMENT, EntryKind.CANCELLATION}
    last = max((each.effective_on for each in of.entries if each.kind in ends), default=begun)
    return last if begun is None or last is None else max(begun, last)


def locations(of: Iterable[Beneficiary]) -> str:
    """Every province with a beneficiary, as it was called when the scheme chose it."""
    refs = {ProvinceRef(code=each.province_code, valid_from=each.province_from) for each in of}
    told = []
    for ref in sorted(refs, key=str):
        known = province(ref)
        if known is not None:
            named = tag("name", {}, narrative(known.name, known.name_en))
            told.append(tag("location", {"ref": f"GSO-{ref.code}-{ref.valid_from}"}, named))
    return "".join(told)


def sectors(
    of: Sequence[Commitment], chosen: Mapping[FacilityId, Beneficiary] | None = None
) -> str:
    """Shares of what is promised, or of beneficiaries where nothing is: by DAC, then by VSIC."""
    by_group, by_class = _weights(of, chosen or {})
    if not by_group:
        return tag("sector", {"vocabulary": "1", "code": SME, "percentage": "100"})
    dac: dict[str, int] = {}
    for group, weight in by_group.items():
        code = DAC.get(group, SME)
        dac[code] = dac.get(code, 0) + weight
    told = [
        tag("sector", {"vocabulary": "1", "code": code, "percentage": part})
        for code, part in shares(dac).items()
    ]
    return "".join(told) + "".join(_vsic(ref, part) for ref, part in shares(by_class).items())


def _weights(
    of: Sequence[Commitment], chosen: Mapping[FacilityId, Beneficiary]
) -> tuple[dict[str, int], dict[SectorRef, int]]:
    promised = dict.fromkeys(chosen, 0)
    for grant in of:
        if grant.facility_id in promised:
            promised[grant.facility_id] += grant.committed - grant.taken_back
    weights = promised if any(promised.values()) else dict.fromkeys(chosen, 1)
    by_group: dict[str, int] = {}
    by_class: dict[SectorRef, int] = {}
    for code, weight in weights.items():
        each = chosen[code]
        ref = SectorRef(version=each.sector_version, code=each.sector_code)
        by_group[each.sector_group] = by_group.get(each.sector_group, 0) + weight
        by_class[ref] = by_class.get(ref, 0) + weight
    return by_group, by_class


def _vsic(ref: SectorRef, part: str) -> str:
    known = sector(ref)
    named = narrative(known.name, known.name_en) if known else narrative(ref.code)
    said = {"vocabulary": "99", "vocabulary-uri": VSIC, "code": ref.code, "percentage": part}
    return tag("sector", said, named)
