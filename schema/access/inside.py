"""Type to the fields that not everybody reads: the rest of the table in `policy.py`."""

from collections.abc import Mapping

INSIDE: Mapping[str, str] = {
    "Actor": "id",
    "AdvancePaid": "voucher",
    "Contact": (
        "personId status recordedOn erasedOn nameImprint phoneImprint emailImprint event synthetic"
    ),
    "ContactErased": "facilityId personId ground",
    "ContactRecorded": "facilityId personId imprints",
    "DisbursementPaid": "voucher",
    "EntryCorrected": "changes",
    "Event": "body",
    "Facility": "taxCode contacts",
    "FacilityRegistered": "taxCode",
    "Imprint": "field hmac",
    "Payment": "voucher",
    "ProposedStep": (
        "code version command status takesEffectOn proposedAt proposedBy decidedAt decidedBy "
        "reason waitsFor synthetic scheme proposal decision"
    ),
    "Query": "pending",
    "Scheme": "steps",
    "StepProposed": "step",
}
"""Since 2025 the tax code of a household is the number of a person's identity card."""

SENT_TO: Mapping[str, str] = {
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
STEWARDS: Mapping[str, str] = {"Query": "mandates"}
AUDITORS: Mapping[str, str] = {
    "Query": "attempts",
    "Attempt": "id at principal roles asked code",
}
