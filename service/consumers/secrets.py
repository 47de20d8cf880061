"""What a webhook is signed with: derived, so that no secret is kept anywhere but the one key.

    secret(key, "kho-bac", 1)    # whsec_…, of Standard Webhooks

Whoever has a copy of the database has no secret of anybody's.
"""

import hashlib
import hmac
from base64 import b64encode

PREFIX = "whsec_"


def secret(key: bytes, endpoint: str, generation: int) -> str:
    """The secret of an endpoint: HMAC-SHA256 over its id and how often it was made anew."""
    told = f"socai-webhook\n{endpoint}\n{generation}".encode()
    return PREFIX + b64encode(hmac.digest(key, told, hashlib.sha256)).decode()
