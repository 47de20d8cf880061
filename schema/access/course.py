"""Who reads and who decides what becomes of a scheme, beside the one table of access.

`policy.py` takes both in: everybody who sees the scheme reads `FIELDS`; `COMMANDS` says the roles.
"""

from collections.abc import Mapping

from events.vocabulary import Role

_PROPOSE = frozenset({Role.CENTRE_MANAGER})
_APPROVE = frozenset({Role.APPROVER})
_CONTRACT = frozenset({Role.CENTRE_MANAGER, Role.APPROVER})
_APPRAISE = frozenset({Role.OPERATOR, Role.APPROVER})

FIELDS: Mapping[str, str] = {
    "SchemeCeiling": "source budgetYear amount scheme",
    "SchemeContract": (
        "code number signedOn amount annexes source budgetYear status liquidatedOn synthetic "
        "client contractor scheme"
    ),
    "SchemeDecision": (
        "position kind adjustment verdict council remarks holdsFrom decidedOn approver scheme "
        "event synthetic"
    ),
}
COMMANDS: Mapping[str, frozenset[Role]] = {
    "appraiseSchemeAtGrassroots": _APPRAISE,
    "appraiseSchemeAtMinistry": _APPROVE,
    "returnScheme": _APPROVE,
    "resubmitScheme": _PROPOSE,
    "rejectScheme": _APPROVE,
    "suspendScheme": _APPROVE,
    "resumeScheme": _APPROVE,
    "stopScheme": _APPROVE,
    "completeScheme": _APPROVE,
    "releaseBeneficiary": _PROPOSE,
    "adjustScheme": _APPROVE,
    "supplementScheme": _APPROVE,
    "signContract": _CONTRACT,
    "amendContract": _CONTRACT,
    "liquidateContract": _CONTRACT,
}
