"""The compiled release of OCDS 1.1 out of read models: what a merge of all releases must equal.

Of its releases it knows when the last one was, and whom they named that is no party any more;
everything else is the read models' word.
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
    compiled = told | state(of, names, releases)
    return {"ocid": told["ocid"], "releases": releases, "compiledRelease": compiled}


def state(of: Dossier, names: Mapping[str, str], releases: Sequence[Json] = ()) -> Json:
    """Parties, plan, awards and contracts as the read models have them."""
    row = of.scheme
    payments: dict[CommitmentId, list[Payment]] = {}
    entries: dict[CommitmentId | None, list[Entry]] = {}
    for payment in of.payments:
        payments.setdefault(payment.commitment_id, []).append(payment)
    for entry in of.entries:
        entries.setdefault(entry.commitment_id, []).append(entry)
    span = parts.period(row.starts_on, row.ends_on)
    parties = [
        parts.funder(),
        parts.implementer(row.implementer, names.get(row.implementer)),
        *_beneficiaries(of, entries.get(None, [])),
    ]
    parties += _gone(releases, {each["id"] for each in parties})
    payees = {each["id"]: parts.referred(each) for each in parties if "name" in each}
    return parts.without_nothing(
        {
            "parties": parties,
            "buyer": parts.buyer(),
            "planning": _plan(of, names),
            "awards": [_award(each, payees) for each in of.commitments],
            "contracts": [
                _contract(
                    each,
                    payees.get(ids.facility_ref(each.facility_id)),
                    payments.get(each.commitment_id, []),
                    entries.get(each.commitment_id, []),
                )
                | {"period": span}
                for each in of.commitments
            ],
        }
    )


def _plan(of: Dossier, names: Mapping[str, str]) -> Json:
    """The amount is what may be committed: ceilings, and what closed years left of them."""
    budget = parts.budget(of.scheme, synthetic=of.scheme.synthetic)
    if of.scheme.approved_on is not None:
        whole = sum(each.amount for each in (*of.ceilings, *of.balances))
        budget["amount"] = parts.money(whole)
    verdicts = [parts.verdict(each.criterion, each.verdict, each.evidence) for each in of.criteria]
    plan = {"rationale": parts.rationale(of.scheme), "budget": budget, "milestones": verdicts}
    signed = [
        parts.implementation_contract(each, names, each.annexes)
        | (parts.liquidation(each.liquidated_on) if each.liquidated_on else {})
        for each in of.contracts
    ]
    return parts.without_nothing(plan | {parts.CONTRACTS: signed})


def _gone(releases: Sequence[Json], there: set[str]) -> list[Json]:
    """Parties without a role any more, as they were last named: a merge forgets nobody."""
    found: dict[str, Json] = {}
    for release in releases:
        for party in release.get("parties", ()):
            before = found.get(party["id"], {})
            details = before.get("details", {}) | party.get("details", {})
            found[party["id"]] = before | party | {"details": details, "roles": None}
    return [parts.without_nothing(each) for key, each in found.items() if key not in there]


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


def _award(of: Commitment, payees: Mapping[str, Json]) -> Json:
    title = ids.marked(of.cost_item, synthetic=of.synthetic)
    payee = payees.get(ids.facility_ref(of.facility_id))
    told = parts.award(of, title, of.committed_on, payee, of.committed)
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
