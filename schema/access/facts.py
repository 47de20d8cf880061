"""Which fields of the facts everybody reads: what events say, beside the one table of access.

    FACTS["FacilityClosed"]      # "facilityId reason"

A line for each fact and for each value that stands in one; `policy.py` says what fewer may read.
"""

from collections.abc import Mapping

FACTS: Mapping[str, str] = {
    "Actor": "role organisation",
    "AcceptanceRecorded": "schemeId commitmentId acceptedValue council",
    "AcceptanceRefused": "schemeId commitmentId shortfall reason council",
    "AdvancePaid": "schemeId commitmentId paymentId amount source budgetYear",
    "Allocation": "schemeId amount",
    "Authority": "instrument date signer",
    "AuditFindingRecorded": (
        "evaluationId period findingId schemeId findings amount action sourceId"
    ),
    "AuditFindingResolved": "evaluationId findingId action sourceId",
    "EvaluationConferenceHeld": "evaluationId period heldOn convenor place quote sourceId",
    "NarrativeClaimRecorded": "evaluationId claimId topic subject quote sourceId",
    "ActivityDelivered": "schemeId facilityId delivery what persons quote sourceId",
    "WorkersTrained": ("schemeId facilityId occupation persons women months quote sourceId"),
    "OutcomeMeasured": (
        "schemeId outcomeId facilityId province indicator baseline value unit method quote sourceId"
    ),
    "OutcomeRevised": "schemeId outcomeId baseline value method quote sourceId reason",
    "BeneficiaryAssigned": "schemeId facilityId name province sector",
    "BeneficiaryReleased": "schemeId facilityId reason",
    "Bounds": "province centre",
    "Ceiling": "source budgetYear amount",
    "BalanceCarriedOver": "schemeId amount decision source budgetYear intoYear",
    "BudgetYearClosed": "budgetYear decision",
    "CentreTerritorySet": "organisationId provinces",
    "CommitmentCancelled": "schemeId commitmentId amount reason source budgetYear",
    "CommitmentReallocated": "schemeId commitmentId amount reason approver source budgetYear",
    "CommuneRef": "code name unitKind urbanClass convertedOn",
    "CommitmentReduced": "schemeId commitmentId amount reason source budgetYear",
    "CounterpartInvested": "schemeId facilityId amount evidence budgetYear",
    "CorrectEntry": "schemeId correctsVersion changes reason",
    "Correction": "field before after",
    "CounterpartPledged": "schemeId facilityId amount budgetYear",
    "CriteriaEvaluated": "schemeId criterion verdict ruleVersion evidence source",
    "DisbursementPaid": "schemeId commitmentId paymentId amount final source budgetYear",
    "EntryCorrected": (
        "schemeId correctsEvent correctsVersion correctsType reason commitmentId paymentId "
        "facilityId source budgetYear"
    ),
    "DistrictRef": "code name",
    "EquipmentDisposed": "facilityId lot quantity reason",
    "EquipmentMoved": "facilityId lot movedFrom movedTo",
    "EquipmentInstalled": "facilityId name origin madeIn quantity value",
    "FacilityCapacityUpdated": "facilityId capacity",
    "FacilityClosed": "facilityId reason",
    "FacilityDuplicateMerged": "facilityId survivor reason",
    "FacilityOwnershipChanged": "facilityId ownership",
    "FacilityPlaced": "facilityId commune district",
    "FacilityRegistered": ("facilityId name legalForm ownership province address sector capacity"),
    "FacilityRelocated": "facilityId province address",
    "FacilityRenamed": "facilityId name",
    "FacilityReopened": "facilityId reason",
    "FacilitySectorReclassified": "facilityId sector",
    "FacilityUpdated": "facilityId name sector capacity ownership",
    "InspectionHeld": "schemeId commitmentId inspector percent findings",
    "ImplementationContractAmended": (
        "schemeId contractId number signedOn amount source budgetYear"
    ),
    "ImplementationContractLiquidated": "schemeId contractId number signedOn",
    "ImplementationContractSigned": (
        "schemeId contractId number signedOn client contractor amount source budgetYear"
    ),
    "MaintenanceClosed": "applied",
    "MaintenanceOpened": "reason minutes",
    "MandateConfirmed": "principal mandateId",
    "MandateProposed": "principal mandateId role organisation bounds lastDay",
    "MandateRevoked": "principal mandateId reason",
    "OrganisationRegistered": "organisationId name kind",
    "OrganisationRenamed": "organisationId name validFrom",
    "PaymentReversed": "schemeId commitmentId paymentId amount reason source budgetYear",
    "PeriodClosed": "code",
    "PeriodOpened": "code name startsOn endsOn",
    "PlanBudgetApproved": "budgetYear amount decision source",
    "PlanBudgetRevised": "budgetYear amount decision source",
    "PlanTrancheAssigned": "budgetYear tranche allocations decision source",
    "PriorPeriodAdjusted": (
        "schemeId commitmentId paymentId adjustment amount reason source adjustedYear budgetYear"
    ),
    "ProgressReported": "schemeId commitmentId percent findings",
    "ProvinceEstablished": "province name region unitType legalBasis",
    "ProvinceMerged": "merged into name region unitType legalBasis",
    "ProvinceRenamed": "province into name unitType legalBasis",
    "ProvinceRef": "code validFrom",
    "ReallocationReceived": "schemeId commitmentId amount reason approver source budgetYear",
    "RecoveryOrdered": "schemeId commitmentId recoveryId amount basis reason source budgetYear",
    "RecoveryReceived": "schemeId commitmentId recoveryId amount source budgetYear",
    "RecoveryWrittenOff": "schemeId commitmentId recoveryId amount reason source budgetYear",
    "ReportedFigureRecorded": "sourceId period measure value quote",
    "FieldCorrection": "field after",
    "SchemeAdjusted": "schemeId adjustment approver reason before after",
    "SchemeApproved": "schemeId ceilings legalRegime",
    "SchemeProposed": "schemeId period title schemeClass contents startsOn endsOn implementer",
    "SchemeCompleted": "schemeId",
    "SchemeGrassrootsAppraised": "schemeId verdict council remarks",
    "SchemeMinistryAppraised": "schemeId verdict council remarks",
    "SchemeRejected": "schemeId reason",
    "SchemeResubmitted": "schemeId title contents startsOn endsOn",
    "SchemeResumed": "schemeId reason resumesOn",
    "SchemeReturned": "schemeId reason",
    "SchemeSupplemented": "schemeId approver reason contents ceilings",
    "Terms": "ceilings contents startsOn endsOn provinces implementer beneficiary",
    "SchemeStopped": "schemeId approver reason freezeDate",
    "SchemeSuspended": "schemeId reason freezeDate",
    "SectorRef": "version code",
    "SettlementApproved": "schemeId commitmentId amount source budgetYear",
    "SettlementSubmitted": (
        "schemeId commitmentId eligible paid payable recoverable source budgetYear"
    ),
    "SigningKeyIntroduced": "vkey reason",
    "SigningKeyRetired": "vkey reason",
    "SourceDocumentRegistered": "sourceId title publisher author publishedAt sha256",
    "UnspentBalanceReturned": "schemeId amount reason source budgetYear",
    "TargetRevised": "code indicator unit value due reason",
    "TargetSet": "code indicator unit value due",
    "AdvanceLimitSet": ("activity sharePct needsProgress validFrom validTo legalBasis certainty"),
    "EligiblePlaceSet": (
        "unitKind urbanClass yearsSinceCommune validFrom validTo legalBasis certainty"
    ),
    "SectorCodesIssued": "version name validFrom legalBasis lines",
    "SectorLine": "code name nameEn sectorGroup",
    "SupportCapSet": (
        "activity source province sharePct cap unit validFrom validTo legalBasis certainty"
    ),
    "Step": "correctEntry",
    "StepApproved": "schemeId stepId stepVersion",
    "StepDeclined": "schemeId stepId reason",
    "StepProposed": "schemeId stepId stepVersion takesEffectOn",
    "StepWithdrawn": "schemeId stepId reason",
    "SupportCommitted": (
        "schemeId commitmentId facilityId activity costItem totalCost amount source "
        "budgetYear capBasis"
    ),
}
"""What the events say; an event that a caller does not see says nothing."""
