"""The one table of access: which roles read each field and give each command.

Default deny. What is not named here is read by nobody and done by nobody; a test walks every field
of the contract, and every command, for every role. Which ROWS a role sees is in `sight.py`.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from events.vocabulary import Role
from schema.access import course, inside, law, money
from schema.access.facts import FACTS
from schema.access.planned import PLANNED

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
    "Batch": "recorded refused position results",
    "BatchPreview": "accepted refused results",
    "BatchPreviewResult": "nth commandId outcome",
    "BatchResult": "nth commandId outcome",
    "Change": "stream eventCount types before after events",
    "AuditFinding": (
        "code findings amount action foundOn resolution resolvedOn evaluation scheme source "
        "resolutionSource synthetic"
    ),
    "Checkpoint": "size root note origin signedAt cosignatures",
    "Conference": "heldOn convenor place quote evaluation source synthetic",
    "ConsistencyProof": "from to hashes fromRoot toRoot",
    "ContactRevealed": "name phone email",
    "Cosignature": "witness line receivedAt",
    "Coverage": "provinces of names",
    "CriterionEvaluation": "criterion verdict ruleVersion evidence scheme source synthetic",
    "CriterionVerdict": "criterion verdict schemes evaluations",
    "DeliveredActivity": (
        "position kind what persons quote deliveredOn scheme facility source event synthetic"
    ),
    "Diff": "from to before after flow figures restatements statuses recorded changes events",
    "DiffEvent": "position type effectiveOn recordedAt isLate corrects event",
    "Entry": (
        "id position kind amount source budgetYear effectiveOn recordedAt synthetic schemeClass "
        "period scheme facility commitment province sector event"
    ),
    "Equipment": (
        "position name origin madeIn quantity disposed lot installedAt movedOn facility event "
        "value installedOn synthetic"
    ),
    "Evaluation": (
        "id code period conference claims findings scorecard reconciliation history synthetic"
    ),
    "Event": (
        "id position eventId type stream version recordedAt effectiveOn budgetYear commandId "
        "actor authority causation correlation synthetic leaf proof subject scheme facility "
        "entry corrects correctedBy fact"
    ),
    "EventBatch": "cursor head checkpoint events",
    "EventField": "name type description readers",
    "EventKind": (
        "name aggregate description cloudEventType version versions schema example fields "
        "publication publishedBy readers"
    ),
    "EventVersion": "version release dataschema schema",
    "Facility": (
        "id code name legalForm ownership address capacity status registeredOn closedOn vsic "
        "synthetic province sector totals equipment activities training outcomes schemes "
        "commitments entries id code name legalForm ownership address communeCode communeName "
        "communeKind districtCode districtName survivor duplicates capacity status registeredOn "
        "closedOn vsic synthetic province sector totals equipment schemes commitments entries "
        "history"
    ),
    "FigureChange": "measure subjectId subject before after change events",
    "Flows": "total grant counterpart disbursed settled entryCount",
    "GroupTotals": (
        "total grant counterpart disbursed undisbursed settled facilities schemes commitments "
        "entryCount leverage disbursementRate entries events grouped shareOfTotal shareOfGrant "
        "period schemeClass scheme facility province sector centre source level budgetYear "
        "month"
    ),
    "InclusionProof": "position size leaf index hashes checkpoint",
    "LedgerHead": "position",
    "LedgerMove": "position",
    "Mandate": "id role organisation province centre lastDay status reason synthetic principal",
    "Me": "principal mandates",
    "MeasuredOutcome": (
        "code indicator baseline value unit qualitative method quote measuredOn revisions "
        "scheme facility province source synthetic"
    ),
    "NarrativeClaim": "code topic subject quote evaluation source synthetic",
    "Organisation": "id code name names kind synthetic territory schemes totals history",
    "OrganisationName": "name from to synthetic",
    "Posting": (
        "position line account debit credit source budgetYear effectiveOn recordedAt synthetic "
        "scheme commitment entry event"
    ),
    "Period": (
        "id code name from to closedOn synthetic schemeCount facilityCount totals coverage "
        "bySector byProvince criteria reportedFigures targets evaluations schemes beneficiaries "
        "commitments entries series history"
    ),
    "Previewed": "stream version rooms events",
    "PreviewedEvent": "type version effectiveOn budgetYear synthetic fact",
    "Province": (
        "id code name nameEn region unitType validFrom validTo today predecessors centres "
        "facilities beneficiaries commitments entries totals"
    ),
    "Query": (
        "ledger asOf node nodes period periods plan plans scheme schemes facility facilities "
        "commitment commitments payments recoveries beneficiaries totals series diff entries "
        "trialBalance postings organisation organisations source sources evaluation "
        "evaluations outcomes training activities sectors provinces event events eventType "
        "eventTypes history me checkpoint checkpoints inclusionProof consistencyProof preview"
    ),
    "Recorded": "stream version position repeated readable events",
    "ReportedFigure": "measure value derived gap quote synthetic period source",
    "Room": "kind subject limit used left rule",
    "Restatement": (
        "account source budgetYear before after change scheme commitment postings events"
    ),
    "Scheme": (
        "id code title class status contents startsOn endsOn approvedOn legalRegime "
        "synthetic period implementer totals ceilings balances allocations criteria contracts "
        "decisions beneficiaries commitments payments recoveries progressReports activities "
        "training outcomes findings entries history"
    ),
    "SchemeCeiling": "source budgetYear amount scheme",
    **course.FIELDS,
    "Sector": "id code name nameEn facilities beneficiaries commitments entries totals",
    "SeriesPoint": "from to flow stock",
    "Source": (
        "id code title publisher author publishedAt sha256 synthetic figures criteria "
        "activities training outcomes conferences claims findings history"
    ),
    "StatusChange": "subjectId subject before after events",
    "Training": (
        "position occupation persons women months quote trainedOn scheme facility source event "
        "synthetic"
    ),
    "TrialBalance": "grouped account source budgetYear debit credit balance postingCount postings",
    "Totals": (
        "total grant counterpart disbursed undisbursed settled facilities schemes commitments "
        "entryCount leverage disbursementRate entries events"
    ),
}
"""Type to its fields: the fund as it is published, of whatever rows a caller sees."""

_READERS: tuple[tuple[Roles, Mapping[str, str]], ...] = (
    (EVERYBODY, _PUBLIC),
    (EVERYBODY, money.PUBLIC),
    (EVERYBODY, law.PUBLIC),
    (EVERYBODY, FACTS),
    (EVERYBODY, PLANNED),
    (INSIDE, inside.INSIDE),
    (SENT_TO, inside.SENT_TO),
    (STEWARDS, inside.STEWARDS),
    (AUDITORS, inside.AUDITORS),
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
        "setTarget": _APPROVE,
        "reviseTarget": _APPROVE,
        "approvePlanBudget": _APPROVE,
        "revisePlanBudget": _APPROVE,
        "assignTranche": _APPROVE,
        "closeBudgetYear": _APPROVE,
        "registerOrganisation": _APPROVE,
        "setCentreTerritory": _APPROVE,
        "renameOrganisation": _APPROVE,
        "establishProvince": _APPROVE,
        "mergeProvinces": _APPROVE,
        "renameProvince": _APPROVE,
        **law.COMMANDS,
        "registerFacility": _REGISTER,
        "updateFacility": _REGISTER,
        "relocateFacility": _REGISTER,
        "placeFacility": _REGISTER,
        "installEquipment": _REGISTER,
        "moveEquipment": _REGISTER,
        "disposeEquipment": _REGISTER,
        "closeFacility": _REGISTER,
        "reopenFacility": _REGISTER,
        "mergeDuplicate": _REGISTER,
        "recordContact": _REGISTER,
        "eraseContact": _REGISTER,
        "revealContact": _REGISTER,
        "proposeScheme": _PROPOSE,
        "approveScheme": _APPROVE,
        **course.COMMANDS,
        "assignBeneficiary": _PROPOSE,
        "pledgeCounterpart": _PROPOSE,
        "commitSupport": _PROPOSE,
        "reduceCommitment": _PROPOSE,
        "cancelCommitment": _PROPOSE,
        "reallocateSupport": _PROPOSE,
        "investCounterpart": _PROPOSE,
        "payAdvance": _PAY,
        "payDisbursement": _PAY,
        "reversePayment": _PAY,
        "adjustPriorPeriod": _PAY,
        "returnUnspentBalance": _APPROVE,
        "carryOverBalance": _APPROVE,
        "reportProgress": _REGISTER | _PROPOSE,
        "holdInspection": _REGISTER | _APPROVE,
        "recordAcceptance": _REGISTER | _APPROVE,
        "refuseAcceptance": _REGISTER | _APPROVE,
        "submitSettlement": _PROPOSE,
        "approveSettlement": _APPROVE,
        "orderRecovery": _APPROVE,
        "receiveRecovery": _PAY,
        "writeOffRecovery": _APPROVE,
        "proposeStep": _PROPOSE | _PAY,
        "approveStep": _APPROVE,
        "declineStep": _APPROVE,
        "withdrawStep": _PROPOSE | _PAY,
        "evaluateCriteria": _APPROVE,
        "recordActivity": _PROPOSE,
        "recordTraining": _PROPOSE,
        "recordOutcome": _PROPOSE,
        "reviseOutcome": _PROPOSE,
        "recordConference": _APPROVE,
        "recordNarrativeClaim": _PROPOSE | _APPROVE,
        "recordAuditFinding": AUDITORS,
        "resolveAuditFinding": AUDITORS,
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
        "batch": _PROPOSE | _APPROVE | _PAY | _REGISTER | _ENTRUST,
    }
)
"""Mutation to the roles that may give the command: an auditor findings, an admin none of money.

A batch is for whoever may give each of the commands in it."""

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
