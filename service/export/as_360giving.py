"""`--format 360giving`: the 360Giving Data Standard 1.4, a grant for each commitment.

What was promised is `amountAwarded`, less what was taken back; what was paid is `amountDisbursed`,
less what came back. Each posting is a transaction, so that both are sums of what stands below them.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO, TypeAlias

import orjson

from events.geography import province
from events.identity import CommitmentId, ProvinceRef, SectorRef
from events.sectors import sector
from events.vocabulary import FundingSource
from projections.beneficiary import Beneficiary
from projections.commitment import Commitment
from projections.entry import Entry, EntryKind
from projections.scheme import Scheme
from service.export import identifiers as ids
from service.export.dossiers import Dossier, dossiers
from service.export.fund import CannotHoldError, Fund
from service.export.moment import Moment, provenance

Json: TypeAlias = dict[str, Any]
AWARDED = frozenset(
    {
        EntryKind.COMMITMENT,
        EntryKind.REDUCTION,
        EntryKind.CANCELLATION,
        EntryKind.REALLOCATION_OUT,
        EntryKind.REALLOCATION_IN,
    }
)
DISBURSED = frozenset(
    {EntryKind.ADVANCE, EntryKind.DISBURSEMENT, EntryKind.REVERSAL, EntryKind.RECOVERY}
)
FUNDERS: Mapping[FundingSource, Json] = {
    FundingSource.NATIONAL_GRANT: {"id": ids.PUBLISHER, "name": ids.PUBLISHER_NAME},
    FundingSource.LOCAL_GRANT: {"id": f"{ids.PUBLISHER}-local", "name": ids.LOCAL_NAME},
}


async def write(fund: Fund, into: BinaryIO, told: Callable[[int], None]) -> None:
    """Grant by grant, in the order of schemes, none of which need have one; `told` of schemes."""
    done, between = 0, _begin(fund.moment) + b"\n"
    nothing = between
    async for dossier in dossiers(fund):
        for grant in _grants(dossier):
            into.write(between + orjson.dumps(grant))
            between = b",\n"
        done += 1
        told(done)
    if between is nothing:
        raise CannotHoldError("no commitment is published at this moment, and 360giving wants one")
    into.write(b"\n]}\n")


def _begin(moment: Moment) -> bytes:
    about: Json = {
        "version": "1.4",
        "title": f"{ids.PUBLISHER_NAME} · {ids.PUBLISHER_NAME_EN}",
        "description": moment.statement,
        "identifier": f"urn:socai:grants:{moment.position}",
        "issued": ids.at(moment.recorded_at),
        "modified": ids.at(moment.recorded_at),
        "publisher": {"name": ids.PUBLISHER_NAME, "identifier": ids.PUBLISHER},
        "socai": provenance(moment),
    }
    begun = orjson.dumps(about, option=orjson.OPT_UTC_Z)
    return begun[:-1] + b',"grants":['


def _grants(of: Dossier) -> Iterator[Json]:
    entries: dict[CommitmentId | None, list[Entry]] = {}
    for each in of.entries:
        entries.setdefault(each.commitment_id, []).append(each)
    for grant in of.commitments:
        yield _grant(grant, of, entries.get(grant.commitment_id, []))


def _grant(of: Commitment, within: Dossier, entries: list[Entry]) -> Json:
    row, chosen = within.scheme, within.chosen.get(of.facility_id)
    funder = FUNDERS[of.source]
    receiver = ids.facility_ref(of.facility_id)
    awarded = [_moved(each, funder, receiver) for each in entries if each.kind in AWARDED]
    paid = [_moved(each, funder, receiver) for each in entries if each.kind in DISBURSED]
    dated = max((each.recorded_at for each in entries), default=None)
    told: Json = {
        "id": ids.grant_id(row.scheme_id, of.commitment_id),
        "title": ids.marked(of.cost_item, synthetic=of.synthetic),
        "description": f"{of.activity.value}: {of.cost_item} ({row.title})",
        "currency": ids.CURRENCY,
        "amountAwarded": of.committed - of.taken_back,
        "amountDisbursed": of.advanced + of.disbursed - of.reversed - of.recovered,
        "awardDate": of.committed_on,
        "plannedDates": [{"startDate": row.starts_on, "endDate": row.ends_on}],
        "recipientOrganization": [_recipient(receiver, of, chosen)],
        "beneficiaryLocation": [_place(of)],
        "fundingOrganization": [funder],
        "grantProgramme": [_programme(row)],
        "classifications": _trades(chosen),
        "commitmentTransaction": awarded,
        "disbursementTransaction": paid,
        "dateModified": ids.at(dated) if dated else None,
        "socai:synthetic": of.synthetic or None,
    }
    return {key: got for key, got in told.items() if got not in ([], None)}


def _programme(of: Scheme) -> Json:
    title = ids.marked(of.title, synthetic=of.synthetic)
    return {
        "code": of.scheme_id,
        "title": title,
        "description": f"{ids.PUBLISHER_NAME} {of.period}",
    }


def _recipient(ref: str, of: Commitment, chosen: Beneficiary | None) -> Json:
    return {"id": ref, "name": chosen.name if chosen else of.facility_id, "addressCountry": "VN"}


def _place(of: Commitment) -> Json:
    known = province(ProvinceRef(code=of.province_code, valid_from=of.province_from))
    return {
        "name": known.name if known else of.province_code,
        "countryCode": "VN",
        "geoCode": f"{of.province_code}@{of.province_from}",
        "geoCodeType": "socai:GSO",
    }


def _trades(of: Beneficiary | None) -> list[Json]:
    if of is None:
        return []
    known = sector(SectorRef(version=of.sector_version, code=of.sector_code))
    title = known.name if known else of.sector_code
    return [{"vocabulary": of.sector_version, "code": of.sector_code, "title": title}]


def _moved(of: Entry, funder: Json, receiver: str) -> Json:
    """A posting; what was taken back is negative."""
    return {
        "id": str(of.event_id),
        "transactionDate": of.effective_on,
        "currency": ids.CURRENCY,
        "value": of.amount,
        "description": ids.marked(of.kind.value, synthetic=of.synthetic),
        "provider": funder["id"],
        "recipient": receiver,
        "dateModified": ids.at(of.recorded_at),
    }
