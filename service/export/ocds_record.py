"""The compiled release of OCDS 1.1 out of read models: what a merge of all releases must equal.

Of its releases it knows only when the last one was; everything else is the read models' word.
"""

from collections.abc import Iterable, Mapping, Sequence

from events.identity import CommitmentId, FacilityId, ProvinceRef, SectorRef
from projections.beneficiary import Beneficiary
from projections.commitment import Commitment, CommitmentStatus
from projections.entry import Entry, EntryKind
from projections.payment import Payment
from service.export import identifiers as ids
from service.export import ocds_parts as parts
from service.export.dossiers import Dossier
from service.export.ocds_parts import Json

_ENDED = frozenset({CommitmentStatus.CANCELLED, CommitmentStatus.SETTLED})
_AMENDED = frozenset(
    {
        EntryKind.REDUCTION,
        EntryKind.CANCELLATION,
        EntryKind.REALLOCATION_OUT,
        EntryKind.REALLOCATION_IN,
    }
)
_BACK = frozenset({EntryKind.REVERSAL, EntryKind.RECOVERY})


def record(of: Dossier, releases: Sequence[Json], names: Mapping[str, str]) -> Json:
    """A scheme: its releases, whole, and what they come to."""
    last = max(each["date"] for each in releases)
    synthetic = any(each.get("socai:synthetic") for each in releases)
    told: Json = {
        "ocid": ids.ocid(of.scheme.scheme_id),
        "id": f"{ids.ocid(of.scheme.scheme_id)}-{last}",
        "date": last,
        "tag": ["compiled"],
        "initiationType": "tender",
        "language": "vi",
    }
    if synthetic:
        told["socai:synthetic"] = True
    compiled = told | state(of, names)
    return {"ocid": told["ocid"], "releases": releases, "compiledRelease": compiled}


def state(of: Dossier, names: Mapping[str, str]) -> Json:
    """Parties, plan, awards and contracts as the read models have them."""
    row = of.scheme
    budget = parts.budget(row, synthetic=row.synthetic)
    if row.approved_on is not None:
        budget["amount"] = parts.money(sum(each.amount for each in of.ceilings))
    verdicts = [parts.verdict(each.criterion, each.verdict, each.evidence) for each in of.criteria]
    plan: Json = {"rationale": parts.rationale(row), "budget": budget, "milestones": verdicts}
    payments: dict[CommitmentId, list[Payment]] = {}
    entries: dict[CommitmentId | None, list[Entry]] = {}
    for payment in of.payments:
        payments.setdefault(payment.commitment_id, []).append(payment)
    for entry in of.entries:
        entries.setdefault(entry.commitment_id, []).append(entry)
    span = parts.period(row.starts_on, row.ends_on)
    payees = {each: parts.referred(_party(found)) for each, found in of.chosen.items()}
    return parts.without_nothing(
        {
            "parties": [
                parts.funder(),
                parts.implementer(row.implementer, names.get(row.implementer)),
                *_beneficiaries(of, entries.get(None, [])),
            ],
            "buyer": parts.buyer(),
            "planning": parts.without_nothing(plan),
            "awards": [_award(each, payees) for each in of.commitments],
            "contracts": [
                _contract(
                    each,
                    payees.get(each.facility_id),
                    payments.get(each.commitment_id, []),
                    entries.get(each.commitment_id, []),
                )
                | {"period": span}
                for each in of.commitments
            ],
        }
    )


def _party(of: Beneficiary) -> Json:
    at = ProvinceRef(code=of.province_code, valid_from=of.province_from)
    trade = SectorRef(version=of.sector_version, code=of.sector_code)
    return parts.beneficiary(of.facility_id, of.name, at, trade)


def _beneficiaries(of: Dossier, entries: Iterable[Entry]) -> list[Json]:
    pledged: dict[FacilityId, int] = {}
    for each in entries:
        if each.kind is not EntryKind.PLEDGE:
            continue
        pledged[each.facility_id] = pledged.get(each.facility_id, 0) + each.amount
    parties = []
    for found in of.beneficiaries:
        party = _party(found)
        if found.facility_id in pledged:
            party["details"] |= parts.pledge(pledged[found.facility_id])
        parties.append(party)
    return parties


def _award(of: Commitment, payees: Mapping[FacilityId, Json]) -> Json:
    title = ids.marked(of.cost_item, synthetic=of.synthetic)
    told = parts.award(of, title, of.committed_on, payees.get(of.facility_id), of.committed)
    if of.status is CommitmentStatus.CANCELLED:
        told["status"] = "cancelled"
    return told


def _contract(
    of: Commitment, payee: Json | None, payments: Iterable[Payment], entries: Sequence[Entry]
) -> Json:
    title = ids.marked(of.cost_item, synthetic=of.synthetic)
    left = of.committed - of.taken_back
    moved = [
        parts.transaction(each.payment_id, each.paid_on, each.amount, payee) for each in payments
    ] + [
        parts.transaction(str(each.event_id), each.effective_on, each.amount, payee)
        for each in entries
        if each.kind in _BACK
    ]
    amended = [
        parts.amendment(each.event_id, each.effective_on, each.amount)
        for each in entries
        if each.kind in _AMENDED
    ]
    done: Json = {} if of.accepted_value is None else parts.acceptance(of.accepted_value)
    told = parts.contract(of.commitment_id, title, left, of.committed_on)
    told |= parts.TERMINATED if of.status in _ENDED else {}
    told |= {} if of.settled is None else parts.settlement(of.settled)
    return parts.without_nothing(
        told
        | {
            "amendments": amended,
            "implementation": parts.without_nothing({"transactions": moved} | done),
        }
    )
