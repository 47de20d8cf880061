"""Type to the fields that everybody reads, of money: part of the table in `policy.py`."""

from collections.abc import Mapping

PUBLIC: Mapping[str, str] = {
    "Commitment": (
        "id code activity costItem totalCost source budgetYear committed takenBack amount "
        "advanced disbursed reversed paid undisbursed acceptedValue settled status capBasis "
        "progress advanceLimit progressReports shortfall submitted claimed recovered "
        "writtenOff recoverable recoveries committedOn synthetic period scheme beneficiary "
        "facility province sector payments entries"
    ),
    "Entry": (
        "id position kind amount source budgetYear effectiveOn recordedAt synthetic schemeClass "
        "period scheme facility commitment province sector event"
    ),
    "Flows": "total grant counterpart disbursed settled entryCount",
    "GroupTotals": (
        "total grant counterpart disbursed undisbursed settled facilities schemes commitments "
        "entryCount leverage leverageInvested recovered "
        "invested disbursementRate entries events grouped shareOfTotal shareOfGrant "
        "period schemeClass scheme facility province sector centre source level budgetYear "
        "month"
    ),
    "Payment": (
        "id code kind amount reversed source budgetYear final paidOn synthetic scheme commitment"
    ),
    "Progress": "position kind percent findings inspector seenOn synthetic scheme commitment event",
    "Recovery": (
        "id code basis reason amount received writtenOff outstanding source budgetYear orderedOn "
        "synthetic scheme commitment"
    ),
    "Stocks": "total grant counterpart disbursed settled entryCount",
    "Totals": (
        "total grant counterpart disbursed undisbursed settled facilities schemes commitments "
        "entryCount leverage leverageInvested recovered "
        "invested disbursementRate entries events"
    ),
}
