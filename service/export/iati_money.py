"""The money of an IATI activity: budgets out of ceilings, transactions out of entries."""

from collections.abc import Iterator, Mapping, Sequence

from events.vocabulary import FundingSource
from projections.entry import Entry, EntryKind
from projections.scheme import Ceiling
from service.export import identifiers as ids
from service.export.dossiers import Dossier
from service.export.xml import narrative, tag, text

COMMITMENT, DISBURSEMENT, INCOMING_COMMITMENT = "2", "3", "11"
KINDS: Mapping[EntryKind, str] = {
    EntryKind.PLEDGE: INCOMING_COMMITMENT,
    EntryKind.COMMITMENT: COMMITMENT,
    EntryKind.REDUCTION: COMMITMENT,
    EntryKind.CANCELLATION: COMMITMENT,
    EntryKind.ADVANCE: DISBURSEMENT,
    EntryKind.DISBURSEMENT: DISBURSEMENT,
    EntryKind.REVERSAL: DISBURSEMENT,
}
"""A settlement moves no money, so that it is no transaction."""


def budgets(of: Sequence[Ceiling]) -> str:
    """One for each budget year (niên độ), of all sources: IATI's budgets may not overlap."""
    years: dict[int, int] = {}
    for each in of:
        years[each.budget_year] = years.get(each.budget_year, 0) + each.amount
    return "".join(
        tag(
            "budget",
            {"type": "1", "status": "2"},
            tag("period-start", {"iso-date": f"{year}-01-01"}),
            tag("period-end", {"iso-date": f"{year}-12-31"}),
            tag("value", {"value-date": f"{year}-01-01"}, text(amount)),
        )
        for year, amount in sorted(years.items())
    )


def transactions(of: Dossier) -> Iterator[str]:
    """Every posting that is money, in the order in which it was recorded."""
    for each in of.entries:
        if each.kind in KINDS:
            yield _transaction(each, of)


def _transaction(of: Entry, within: Dossier) -> str:
    chosen = within.chosen.get(of.facility_id)
    ref = {"ref": ids.facility_ref(of.facility_id)}
    facility = narrative(chosen.name) if chosen else ""
    fund = _fund(of.source)
    provider, receiver = ("provider-org", *fund), ("receiver-org", ref, facility)
    if of.kind is EntryKind.PLEDGE:
        provider, receiver = ("provider-org", ref, facility), ("receiver-org", *_fund(None))
    said = ids.marked(of.kind.value, synthetic=of.synthetic)
    told = {"ref": of.event_id, "humanitarian": "0"}
    return tag(
        "transaction",
        told | {"socai:synthetic": "true" if of.synthetic else None},
        tag("transaction-type", {"code": KINDS[of.kind]}),
        tag("transaction-date", {"iso-date": of.effective_on}),
        tag("value", {"value-date": of.effective_on}, text(of.amount)),
        tag("description", {}, narrative(said, ids.english(of.kind))),
        tag(*provider),
        tag(*receiver),
    )


def _fund(source: FundingSource | None) -> tuple[Mapping[str, object], str]:
    """Whose money it is: the national programme's, or that of the province."""
    if source is FundingSource.LOCAL_GRANT:
        return {}, narrative(ids.LOCAL_NAME, ids.LOCAL_NAME_EN)
    return {"ref": ids.PUBLISHER}, narrative(ids.PUBLISHER_NAME, ids.PUBLISHER_NAME_EN)
