"""The one table of access: which roles read each field and give each command.

Default deny. What is not named here is read by nobody and done by nobody; a test walks every field
of the contract, and every command, for every role. Which ROWS a role sees is in `sight.py`.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from events.vocabulary import Role

Roles = frozenset[Role]

EVERYBODY: Roles = frozenset(Role)
INSIDE: Roles = EVERYBODY - {Role.PUBLIC, Role.ADMIN}
"""Whoever works with files (hồ sơ): sees the numbers of vouchers, tax codes, who acted."""
STEWARDS: Roles = frozenset({Role.ADMIN, Role.AUDITOR})
AUDITORS: Roles = frozenset({Role.AUDITOR})
SENT_TO: Roles = STEWARDS | {Role.INTEGRATOR}
"""Who has webhooks, and who looks after them."""

_PUBLIC: Mapping[str, str] = {
    "Beneficiary": (
        "id name assignedOn synthetic facility scheme period commitments province sector"
    ),
    "Change": "stream eventCount types before after events",
    "Checkpoint": "size root note origin signedAt cosignatures",
    "Commitment": (
        "id code activity costItem totalCost source budgetYear committed takenBack amount "
        "advanced disbursed reversed paid undisbursed acceptedValue settled status capBasis "
        "committedOn synthetic period scheme beneficiary facility province sector payments "
        "entries"
    ),
    "ConsistencyProof": "from to hashes fromRoot toRoot",
    "ContactRevealed": "name phone email",
    "Cosignature": "witness line receivedAt",
    "Coverage": "provinces of names",
    "CriterionEvaluation": "criterion verdict ruleVersion evidence scheme source synthetic",
    "CriterionVerdict": "criterion verdict schemes evaluations",
    "Diff": "from to before after flow figures statuses recorded changes events",
    "DiffEvent": "position type effectiveOn recordedAt isLate corrects event",
    "Entry": (
        "id position kind amount source budgetYear effectiveOn recordedAt synthetic "
        "schemeClass period scheme facility commitment province sector event"
    ),
    "Equipment": (
        "position name origin madeIn quantity facility event value installedOn synthetic"
    ),
    "Event": (
        "id position eventId type stream version recordedAt effectiveOn budgetYear "
        "commandId actor authority causation correlation synthetic leaf proof subject scheme "
        "facility entry fact"
    ),
    "EventBatch": "cursor head checkpoint events",
    "EventField": "name type description readers",
    "EventKind": (
        "name aggregate description cloudEventType version versions schema example fields "
        "publication publishedBy readers"
    ),
    "EventVersion": "version release dataschema schema",
    "Facility": (
        "id code name legalForm ownership address capacity status registeredOn closedOn "
        "vsic synthetic province sector totals equipment schemes commitments entries "
        "history"
    ),
    "FigureChange": "measure subjectId subject before after change events",
    "Flows": "total grant counterpart disbursed settled entryCount",
    "GroupTotals": (
        "total grant counterpart disbursed undisbursed settled facilities schemes "
        "commitments entryCount leverage disbursementRate entries events grouped "
        "shareOfTotal shareOfGrant period schemeClass scheme facility province sector "
        "centre source level budgetYear month"
    ),
    "InclusionProof": "position size leaf index hashes checkpoint",
    "LedgerHead": "position",
    "LedgerMove": "position",
    "Mandate": "id role organisation province centre lastDay status reason synthetic principal",
    "Me": "principal mandates",
    "Organisation": "id code name kind synthetic territory schemes totals history",
    "Payment": (
        "id code kind amount reversed source budgetYear final paidOn synthetic scheme commitment"
    ),
    "Period": (
        "id code name from to closedOn synthetic schemeCount facilityCount totals coverage "
        "bySector byProvince criteria reportedFigures schemes beneficiaries commitments entries "
        "series history"
    ),
    "Previewed": "stream version rooms events",
    "PreviewedEvent": "type version effectiveOn budgetYear synthetic fact",
    "Province": (
        "id code name nameEn region unitType validFrom validTo today predecessors centres "
        "facilities beneficiaries commitments entries totals"
    ),
    "Query": (
        "ledger asOf node nodes period periods scheme schemes facility facilities "
        "commitment commitments payments beneficiaries totals series diff entries "
        "organisation organisations source sources sectors provinces event events eventType "
        "eventTypes history me "
        "checkpoint checkpoints inclusionProof consistencyProof preview"
    ),
    "Recorded": "stream version position repeated readable events",
    "ReportedFigure": "measure value derived gap quote synthetic period source",
    "Room": "kind subject limit used left rule",
    "Scheme": (
        "id code title class status contents startsOn endsOn approvedOn legalRegime "
        "synthetic period implementer totals ceilings criteria beneficiaries commitments "
        "payments entries history"
    ),
    "SchemeCeiling": "source budgetYear amount scheme",
    "Sector": "id code name nameEn facilities beneficiaries commitments entries totals",
    "SeriesPoint": "from to flow stock",
    "Source": (
        "id code title publisher author publishedAt sha256 synthetic figures criteria history"
    ),
    "StatusChange": "subjectId subject before after events",
    "Stocks": "total grant counterpart disbursed settled entryCount",
    "Totals": (
        "total grant counterpart disbursed undisbursed settled facilities schemes "
        "commitments entryCount leverage disbursementRate entries events"
    ),
}
"""Type to its fields: the fund as it is published, of whatever rows a caller sees."""

_FACTS: Mapping[str, str] = {
    "Actor": "role organisation",
    "AcceptanceRecorded": "schemeId commitmentId acceptedValue council",
    "AdvancePaid": "schemeId commitmentId paymentId amount source budgetYear",
    "Authority": "instrument date signer",
    "BeneficiaryAssigned": "schemeId facilityId name province sector",
    "Bounds": "province centre",
    "Ceiling": "source budgetYear amount",
    "CentreTerritorySet": "organisationId provinces",
    "CommitmentCancelled": "schemeId commitmentId amount reason source budgetYear",
    "CommitmentReduced": "schemeId commitmentId amount reason source budgetYear",
    "CounterpartPledged": "schemeId facilityId amount budgetYear",
    "CriteriaEvaluated": "schemeId criterion verdict ruleVersion evidence source",
    "DisbursementPaid": "schemeId commitmentId paymentId amount final source budgetYear",
    "EquipmentInstalled": "facilityId name origin madeIn quantity value",
    "FacilityClosed": "facilityId reason",
    "FacilityRegistered": ("facilityId name legalForm ownership province address sector capacity"),
    "FacilityRelocated": "facilityId province address",
    "FacilityUpdated": "facilityId name sector capacity ownership",
    "MaintenanceClosed": "applied",
    "MaintenanceOpened": "reason minutes",
    "MandateConfirmed": "principal mandateId",
    "MandateProposed": "principal mandateId role organisation bounds lastDay",
    "MandateRevoked": "principal mandateId reason",
    "OrganisationRegistered": "organisationId name kind",
    "PaymentReversed": "schemeId commitmentId paymentId amount reason source budgetYear",
    "PeriodClosed": "code",
    "PeriodOpened": "code name startsOn endsOn",
    "ProvinceRef": "code validFrom",
    "ReportedFigureRecorded": "sourceId period measure value quote",
    "SchemeApproved": "schemeId ceilings legalRegime",
    "SchemeProposed": "schemeId period title schemeClass contents startsOn endsOn implementer",
    "SectorRef": "version code",
    "SettlementApproved": "schemeId commitmentId amount source budgetYear",
    "SigningKeyIntroduced": "vkey reason",
    "SigningKeyRetired": "vkey reason",
    "SourceDocumentRegistered": "sourceId title publisher author publishedAt sha256",
    "SupportCommitted": (
        "schemeId commitmentId facilityId activity costItem totalCost amount source "
        "budgetYear capBasis"
    ),
}
"""What the events say; an event that a caller does not see says nothing."""

_INSIDE: Mapping[str, str] = {
    "Actor": "id",
    "AdvancePaid": "voucher",
    "Contact": (
        "personId status recordedOn erasedOn nameImprint phoneImprint emailImprint event synthetic"
    ),
    "ContactErased": "facilityId personId ground",
    "ContactRecorded": "facilityId personId imprints",
    "DisbursementPaid": "voucher",
    "Event": "body",
    "Facility": "taxCode contacts",
    "FacilityRegistered": "taxCode",
    "Imprint": "field hmac",
    "Payment": "voucher",
}
"""Since 2025 the tax code of a household is the number of a person's identity card."""

_SENT_TO: Mapping[str, str] = {
    "Query": "webhook webhooks",
    "Webhook": (
        "id url description filter proofs status cursor head lagPositions lagSeconds failures "
        "error retryAt grantedAt rate createdAt removedAt principal deliveries changes"
    ),
    "WebhookChange": "id at by act position",
    "WebhookChanged": "webhook repeated",
    "WebhookDelivery": "id position attempt at status ms error isRedelivery",
    "WebhookFilter": "types streams schemes provinces centres",
    "WebhookRegistered": "webhook secret repeated",
}
"""An integrator is shown his own, by `schema/webhooks/listing.py`."""
_STEWARDS: Mapping[str, str] = {"Query": "mandates"}
_AUDITORS: Mapping[str, str] = {
    "Query": "attempts",
    "Attempt": "id at principal roles asked code",
}

_READERS: tuple[tuple[Roles, Mapping[str, str]], ...] = (
    (EVERYBODY, _PUBLIC),
    (EVERYBODY, _FACTS),
    (INSIDE, _INSIDE),
    (SENT_TO, _SENT_TO),
    (STEWARDS, _STEWARDS),
    (AUDITORS, _AUDITORS),
)
_STRUCTURE = ("Connection", "Edge", "PageInfo")
"""How types end that say nothing by themselves: their rows are kept where they are listed."""

_PROPOSE: Roles = frozenset({Role.CENTRE_MANAGER})
_APPROVE: Roles = frozenset({Role.APPROVER})
_PAY: Roles = frozenset({Role.ACCOUNTANT})
_REGISTER: Roles = frozenset({Role.OPERATOR})
_ENTRUST: Roles = frozenset({Role.ADMIN})
_BE_SENT: Roles = frozenset({Role.INTEGRATOR})
"""What he may follow he may have sent; of the fund he commands nothing."""

COMMANDS: Mapping[str, Roles] = MappingProxyType(
    {
        "openPeriod": _APPROVE,
        "closePeriod": _APPROVE,
        "registerOrganisation": _APPROVE,
        "setCentreTerritory": _APPROVE,
        "registerFacility": _REGISTER,
        "updateFacility": _REGISTER,
        "relocateFacility": _REGISTER,
        "installEquipment": _REGISTER,
        "closeFacility": _REGISTER,
        "recordContact": _REGISTER,
        "eraseContact": _REGISTER,
        "revealContact": _REGISTER,
        "proposeScheme": _PROPOSE,
        "approveScheme": _APPROVE,
        "assignBeneficiary": _PROPOSE,
        "pledgeCounterpart": _PROPOSE,
        "commitSupport": _PROPOSE,
        "reduceCommitment": _PROPOSE,
        "cancelCommitment": _PROPOSE,
        "payAdvance": _PAY,
        "payDisbursement": _PAY,
        "reversePayment": _PAY,
        "recordAcceptance": _REGISTER | _APPROVE,
        "approveSettlement": _APPROVE,
        "evaluateCriteria": _APPROVE,
        "registerSourceDocument": _PROPOSE | _APPROVE,
        "recordReportedFigure": _PROPOSE | _APPROVE,
        "proposeMandate": _ENTRUST,
        "confirmMandate": _ENTRUST,
        "revokeMandate": _ENTRUST,
        "registerWebhook": _BE_SENT,
        "updateWebhook": _BE_SENT,
        "pauseWebhook": _BE_SENT,
        "resumeWebhook": _BE_SENT,
        "rotateWebhookSecret": _BE_SENT,
        "rewindWebhook": _BE_SENT,
        "redeliver": _BE_SENT,
        "removeWebhook": _BE_SENT,
    }
)
"""Mutation to the roles that may give the command: an auditor none, an admin none of money."""

FEEDS: Mapping[str, Roles] = MappingProxyType({"events": EVERYBODY, "ledger": EVERYBODY})
"""Subscription to the roles that may follow it: each sees the events that it may see."""


def readers(type_: str, field: str) -> Roles | None:
    """Who reads a field; None: nobody, for no rule names it."""
    if type_.endswith(_STRUCTURE):
        return EVERYBODY
    return _RULES.get(f"{type_}.{field}")


@cache
def may_read(roles: Roles, type_: str, field: str) -> bool:
    """Whether one of these roles reads a field."""
    allowed = readers(type_, field)
    return allowed is not None and not allowed.isdisjoint(roles)


def rules() -> Mapping[str, Roles]:
    """Every coordinate that a rule names, `Type.field`."""
    return _RULES


def _coordinates() -> Iterator[tuple[str, Roles]]:
    for roles, types in _READERS:
        for type_, fields in types.items():
            for field in fields.split():
                yield f"{type_}.{field}", roles


_RULES: Mapping[str, Roles] = MappingProxyType(dict(_coordinates()))
