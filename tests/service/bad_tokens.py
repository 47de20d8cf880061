"""Tokens that are not to be accepted, each with the reason that it is refused for."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import TypeAlias

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from service.access.issuers import Family
from service.access.tokens import LEEWAY_SECONDS, TOKEN_BYTES_MAX, Reason
from tests.service.issuer import LocalIssuer, base64url, private_key, public_jwk, signed

Making: TypeAlias = Callable[[LocalIssuer], str]

KEY = private_key(Family.ES256)
OTHER = private_key(Family.ES256, 2)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def unsigned(local: LocalIssuer) -> str:
    return f"{_stem(local, 'none')}."


def hmac_with_the_public_key(local: LocalIssuer) -> str:
    """PyJWT refuses to write it, so it is written by hand."""
    pem = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    stem = _stem(local, "HS256")
    return f"{stem}.{base64url(hmac.digest(pem, stem.encode(), hashlib.sha256))}"


def _stem(local: LocalIssuer, algorithm: str) -> str:
    parts = (local.header({"alg": algorithm}), local.claims())
    return ".".join(base64url(json.dumps(each).encode()) for each in parts)


def part(local: LocalIssuer, number: int, change: Callable[[str], str]) -> str:
    """A good token, one of its three parts changed."""
    parts = local.token().split(".")
    parts[number] = change(parts[number])
    return ".".join(parts)


def other_end(text: str) -> str:
    """The same 64 bytes: the last of 86 letters has spare bits."""
    return text[:-1] + LETTERS[LETTERS.index(text[-1]) ^ 1]


def raw(header: bytes | None = None, claims: bytes | None = None) -> Making:
    """A token that is rightly signed over a text that is not rightly written."""

    def make(local: LocalIssuer) -> str:
        return signed(
            local.header() if header is None else header,
            local.claims() if claims is None else claims.replace(b"ISS", local.url.encode()),
            KEY,
        )

    return make


def header(**changed: object) -> Making:
    return lambda local: local.token(header=changed)


def claims(**changed: object) -> Making:
    return lambda local: local.token(changed)


def in_seconds(**changed: int) -> Making:
    def make(local: LocalIssuer) -> str:
        now = int(time.time())
        return local.token({name: now + each for name, each in changed.items()})

    return make


DOUBLE = b'{"alg":"ES256","alg":"ES256","kid":"1","typ":"at+jwt"}'
DOUBLE_CLAIM = b'{"iss":"ISS","iss":"ISS","aud":"socai","sub":"lan","iat":1,"exp":9999999999}'
DEEP = b"[" * 4000
UTF_16 = '{"alg":"ES256","kid":"1","typ":"at+jwt"}'.encode("utf-16")

BAD: Mapping[str, tuple[Reason, Making]] = {
    "without a signature": (Reason.MALFORMED, unsigned),
    "alg none over a signature": (Reason.ALGORITHM, header(alg="none")),
    "HS256 with the public key": (Reason.ALGORITHM, hmac_with_the_public_key),
    "another family": (Reason.ALGORITHM, header(alg="RS256")),
    "the same curve under another name": (Reason.ALGORITHM, header(alg="ES384")),
    "no algorithm": (Reason.ALGORITHM, header(alg=None)),
    "a list of algorithms": (Reason.ALGORITHM, header(alg=["ES256"])),
    "signed by another": (
        Reason.SIGNATURE,
        lambda local: signed(local.header(), local.claims(), OTHER),
    ),
    "a signature of another token": (
        Reason.SIGNATURE,
        lambda local: part(local, 2, lambda _: local.token({"sub": "minh"}).split(".")[2]),
    ),
    "a short signature": (Reason.SIGNATURE, lambda local: part(local, 2, lambda it: it[:40])),
    "another audience": (Reason.AUDIENCE, claims(aud="elsewhere")),
    "an audience that begins alike": (Reason.AUDIENCE, claims(aud="socai2")),
    "an audience in capitals": (Reason.AUDIENCE, claims(aud=["SOCAI"])),
    "an audience that is none": (Reason.AUDIENCE, claims(aud=[["socai"]])),
    "no audience": (Reason.MISSING_CLAIM, claims(aud=None)),
    "another issuer": (Reason.ISSUER, claims(iss="https://id.example.vn")),
    "the issuer with a slash": (
        Reason.ISSUER,
        lambda local: local.token({"iss": f"{local.url}/"}),
    ),
    "no issuer": (Reason.MISSING_CLAIM, claims(iss=None)),
    "a list of issuers": (Reason.MALFORMED, lambda local: local.token({"iss": [local.url]})),
    "expired": (Reason.EXPIRED, in_seconds(exp=-LEEWAY_SECONDS - 1)),
    "no expiry": (Reason.MISSING_CLAIM, claims(exp=None)),
    "an expiry in quotes": (Reason.MALFORMED, claims(exp="9999999999")),
    "an expiry without end": (Reason.MALFORMED, claims(exp=float("inf"))),
    "an expiry that is no number": (Reason.MALFORMED, claims(exp=float("nan"))),
    "an expiry that is true": (Reason.MALFORMED, claims(exp=True)),
    "an expiry too far to count": (Reason.MALFORMED, claims(exp=10**400)),
    "not yet valid": (Reason.NOT_YET_VALID, in_seconds(nbf=LEEWAY_SECONDS + 60)),
    "issued in the future": (Reason.NOT_YET_VALID, in_seconds(iat=LEEWAY_SECONDS + 60)),
    "not issued at any time": (Reason.MISSING_CLAIM, claims(iat=None)),
    "no subject": (Reason.MISSING_CLAIM, claims(sub=None)),
    "a subject without a letter": (Reason.MALFORMED, claims(sub="")),
    "a subject that is a number": (Reason.MALFORMED, claims(sub=7)),
    "a subject with half a character": (Reason.MALFORMED, claims(sub="\ud800")),
    "a subject with a NUL": (Reason.MALFORMED, claims(sub="lan\0")),
    "a subject as long as a novel": (Reason.MALFORMED, claims(sub="x" * 256)),
    "scopes that are a number": (Reason.MALFORMED, claims(scope=7)),
    "a scope that is a number": (Reason.MALFORMED, claims(scp=["read", 7])),
    "no kid": (Reason.UNKNOWN_KEY, header(kid=None)),
    "a kid without a letter": (Reason.UNKNOWN_KEY, header(kid="")),
    "a kid that is a number": (Reason.UNKNOWN_KEY, header(kid=1)),
    "a kid that is a list": (Reason.UNKNOWN_KEY, header(kid=["1"])),
    "an unknown kid": (Reason.UNKNOWN_KEY, header(kid="9")),
    "a key of its own": (
        Reason.HEADER,
        lambda local: signed(local.header({"jwk": public_jwk(OTHER, "1")}), local.claims(), OTHER),
    ),
    "a place of other keys": (Reason.HEADER, header(jku="https://evil.example/keys")),
    "a certificate of its own": (Reason.HEADER, header(x5c=["MIIB"])),
    "a place of a certificate": (Reason.HEADER, header(x5u="https://evil.example/x")),
    "a critical extension": (Reason.HEADER, header(crit=["exp"])),
    "a critical extension of nothing": (Reason.HEADER, header(crit=[])),
    "a payload that is not base64": (Reason.HEADER, header(b64=False)),
    "an ID token by its type": (Reason.TYPE, header(typ="JWT")),
    "no type": (Reason.TYPE, header(typ=None)),
    "a logout token": (Reason.TYPE, header(typ="logout+jwt")),
    "a type that is a number": (Reason.TYPE, header(typ=1)),
    "bound to a key of its bearer": (Reason.BOUND, claims(cnf={"jkt": "x"})),
    "nothing": (Reason.MALFORMED, lambda _: ""),
    "no token at all": (Reason.MALFORMED, lambda _: "socai_live_00000000_x"),
    "two parts": (Reason.MALFORMED, lambda local: local.token().rpartition(".")[0]),
    "four parts": (Reason.MALFORMED, lambda local: f"{local.token()}.x"),
    "a blank before it": (Reason.MALFORMED, lambda local: f" {local.token()}"),
    "a line end behind it": (Reason.MALFORMED, lambda local: f"{local.token()}\n"),
    "padding": (Reason.MALFORMED, lambda local: f"{local.token()}=="),
    "a stray sign in the header": (
        Reason.MALFORMED,
        lambda local: part(local, 0, lambda it: f"{it[:4]}!{it[4:]}"),
    ),
    "a stray sign in the signature": (
        Reason.MALFORMED,
        lambda local: part(local, 2, lambda it: f"{it[:4]}~{it[4:]}"),
    ),
    "the other base64": (Reason.MALFORMED, lambda local: part(local, 2, lambda it: f"+/{it[2:]}")),
    "a letter that is not ASCII": (
        Reason.MALFORMED,
        lambda local: part(local, 0, lambda it: f"é{it[1:]}"),
    ),
    "spare bits in the signature": (Reason.MALFORMED, lambda local: part(local, 2, other_end)),
    "a part of an impossible length": (
        Reason.MALFORMED,
        lambda local: part(local, 2, lambda it: it[:41]),
    ),
    "a header that is no JSON": (Reason.MALFORMED, raw(header=b"ES256")),
    "a header that is a list": (Reason.MALFORMED, raw(header=b"[]")),
    "a header that names a member twice": (Reason.MALFORMED, raw(header=DOUBLE)),
    "a header in another encoding": (Reason.MALFORMED, raw(header=UTF_16)),
    "a header without end": (Reason.MALFORMED, raw(header=DEEP)),
    "claims that are no object": (Reason.MALFORMED, raw(claims=b'"lan"')),
    "claims that name one twice": (Reason.MALFORMED, raw(claims=DOUBLE_CLAIM)),
    "claims without end": (Reason.MALFORMED, raw(claims=DEEP)),
    "a number of too many digits": (Reason.MALFORMED, raw(claims=b'{"exp":%s}' % (b"9" * 5000))),
    "too large": (Reason.TOO_LARGE, claims(more="x" * TOKEN_BYTES_MAX)),
}
