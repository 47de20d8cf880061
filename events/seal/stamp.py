"""Time stamps (dấu thời gian, RFC 3161): an authority signs that a checkpoint existed at a time.

    asked = Asked.of(note)
    token = asked.token(answer, roots)    # the answer to a POST of asked.request, of QUERY_TYPE
    stamped_at(token, note, roots)        # by anybody, later

The token is over the signed checkpoint to the byte, without cosignatures: the file `checkpoint`.
`openssl ts -verify -token_in -in TOKEN -data checkpoint -CAfile CA` checks it too.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from events.rules import LedgerError, value

QUERY_TYPE: Final = "application/timestamp-query"
_GRANTED: Final = bytes.fromhex("3003020100")
"""PKIStatusInfo of a response: granted (RFC 3161 §2.4.2)."""
_SEQUENCE, _LONG = 0x30, 0x80


class NotStampedError(LedgerError):
    """No time stamp over these bytes by an authority that is trusted."""


@value
class Asked:
    """A request, and what must come back in its answer."""

    note: str
    request: bytes
    """DER of a TimeStampReq: SHA-256, a nonce, and the wish for the authority's certificate."""
    nonce: int

    @classmethod
    def of(cls, note: str) -> "Asked":
        """For a signed checkpoint. The nonce is of 64 bits by the operating system's chance."""
        builder = TimestampRequestBuilder().data(note.encode())
        made = builder.hash_algorithm(HashAlgorithm.SHA256).build()
        if made.nonce is None:
            raise NotStampedError("a request needs a nonce")
        return cls(note=note, request=made.as_bytes(), nonce=made.nonce)

    def token(self, answer: bytes, roots: Sequence[x509.Certificate]) -> bytes:
        """The token in an answer, believed."""
        response = _response(answer)
        _verified(response, self.note, roots, self.nonce)
        return response.time_stamp_token()


def stamped_at(token: bytes, note: str, roots: Sequence[x509.Certificate]) -> datetime:
    """The time that a token gives to a checkpoint, in UTC; NotStampedError: to another one."""
    length = len(_GRANTED) + len(token)
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    header = bytes([_SEQUENCE, length] if length < _LONG else [_SEQUENCE, _LONG | len(size), *size])
    response = _response(header + _GRANTED + token)
    _verified(response, note, roots, None)
    return response.tst_info.gen_time


def _response(der: bytes) -> TimeStampResponse:
    try:
        response = decode_timestamp_response(der)
        status = response.status
        if status != 0:
            said = "; ".join(response.status_string) or "no reason is given"
            raise NotStampedError(f"the authority refuses with status {status}: {said}")
        response.tst_info  # noqa: B018 - what is no token is noticed when it is read
    except ValueError as error:
        raise NotStampedError(f"not an answer of RFC 3161: {error}") from error
    return response


def _verified(
    response: TimeStampResponse, note: str, roots: Sequence[x509.Certificate], nonce: int | None
) -> None:
    try:
        verifier = VerifierBuilder(roots=list(roots), nonce=nonce).build()
        verifier.verify_message(response, note.encode())
    except (VerificationError, ValueError) as error:
        raise NotStampedError(f"the time stamp is not to be believed: {error}") from error
