"""The money of an IATI activity: budgets out of ceilings, transactions out of entries."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from events.vocabulary import FundingSource
from projections.balance import Balance
from projections.ceiling import Ceiling
from projections.entry import Entry, EntryKind
from service.export import identifiers as ids
from service.export.dossiers import Dossier
from service.export.xml import narrative, tag

INCOMING, COMMITMENT, DISBURSEMENT, INCOMING_COMMITMENT = "1", "2", "3", "11"
ORIGINAL, REVISED = "1", "2"
KINDS: Mapping[EntryKind, str] = {
    EntryKind.PLEDGE: INCOMING_COMMITMENT,
    EntryKind.COMMITMENT: COMMITMENT,
    EntryKind.REDUCTION: COMMITMENT,
    EntryKind.CANCELLATION: COMMITMENT,
    EntryKind.REALLOCATION_OUT: COMMITMENT,
    EntryKind.REALLOCATION_IN: COMMITMENT,
    EntryKind.ADVANCE: DISBURSEMENT,
    EntryKind.DISBURSEMENT: DISBURSEMENT,
    EntryKind.REVERSAL: DISBURSEMENT,
    EntryKind.RECOVERY: DISBURSEMENT,
    EntryKind.INVESTMENT: INCOMING,
}
"""A settlement moves no money, so that it is no transaction."""
_FROM_BENEFICIARY = frozenset({EntryKind.PLEDGE, EntryKind.INVESTMENT})


def budgets(ceilings: Sequence[Ceiling], balances: Sequence[Balance]) -> str:
    """One for each budget year (niên độ), of all sources: IATI's budgets may not overlap.

    What a closed year gave back, or handed on to another, is taken off and added: it is revised.
    """
    years: dict[int, int] = {}
    for each in (*ceilings, *balances):
        years[each.budget_year] = years.get(each.budget_year, 0) + each.amount
    revised = {each.budget_year for each in balances}
    return "".join(
        tag(
            "budget",
            {"type": REVISED if year in revised else ORIGINAL, "status": "2"},
            tag("period-start", {"iso-date": f"{year}-01-01"}),
            tag("period-end", {"iso-date": f"{year}-12-31"}),
            tag("value", {"value-date": f"{year}-01-01"}, str(amount)),
        )
        for year, amount in sorted(years.items())
    )


def transactions(of: Dossier) -> Iterator[str]:
    """Every posting that is money, in the order in which it was recorded."""
    words = {code: narrative(each.name) for code, each in of.chosen.items()}
    for each in of.entries:
        if each.kind in KINDS:
            ref = {"ref": ids.facility_ref(each.facility_id)}
            yield _transaction(each, ref, words.get(each.facility_id, ""))


def _transaction(of: Entry, ref: Mapping[str, object], named: str) -> str:
    """Written out: there are as many as there are postings."""
    if of.kind in _FROM_BENEFICIARY:
        parties = tag("provider-org", ref, named) + _fund("receiver-org", None)
    else:
        parties = _fund("provider-org", of.source) + tag("receiver-org", ref, named)
    invented = ' socai:synthetic="true"' if of.synthetic else ""
    return (
        f'<transaction ref="{of.event_id}" humanitarian="0"{invented}>'
        f"{_kind(of.kind)}"
        f'<transaction-date iso-date="{of.effective_on}"/>'
        f'<value value-date="{of.effective_on}">{of.amount}</value>'
        f"{_description(of.kind, of.synthetic)}{parties}</transaction>"
    )


@cache
def _kind(of: EntryKind) -> str:
    return tag("transaction-type", {"code": KINDS[of]})


@cache
def _description(of: EntryKind, synthetic: bool) -> str:  # noqa: FBT001 - a key of the cache
    said = ids.marked(of.value, synthetic=synthetic)
    return tag("description", {}, narrative(said, ids.english(of)))


@cache
def _fund(role: str, source: FundingSource | None) -> str:
    """Whose money it is: the national programme's, or that of the province."""
    if source is FundingSource.LOCAL_GRANT:
        return tag(role, {}, narrative(ids.LOCAL_NAME, ids.LOCAL_NAME_EN))
    named = narrative(ids.PUBLISHER_NAME, ids.PUBLISHER_NAME_EN)
    return tag(role, {"ref": ids.PUBLISHER}, named)
