"""Who reads the law of the fund and who keeps it, beside the one table of access.

`policy.py` takes both in: everybody reads `PUBLIC`; `COMMANDS` says the roles.
"""

from collections.abc import Mapping

from events.vocabulary import Role

_APPROVE = frozenset({Role.APPROVER})

PUBLIC: Mapping[str, str] = {
    "AdvanceRule": "activity sharePct needsProgress validFrom validTo legalBasis certainty event",
    "EligiblePlace": (
        "unitKind urbanClass yearsSinceCommune validFrom validTo legalBasis certainty event"
    ),
    "Query": "supportCaps advanceLimits eligiblePlaces sectorClassifications sectorCodes",
    "SectorClassification": "version name validFrom legalBasis event",
    "SectorCode": "version code name nameEn group event",
    "SupportCap": (
        "activity source sharePct cap unit validFrom validTo legalBasis certainty event province"
    ),
}
COMMANDS: Mapping[str, frozenset[Role]] = {
    "setSupportCap": _APPROVE,
    "setAdvanceLimit": _APPROVE,
    "setEligiblePlace": _APPROVE,
    "issueSectorCodes": _APPROVE,
}
