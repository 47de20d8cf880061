"""OIDC access tokens: one strict door, through which nothing comes that is not proved.

    tokens = Tokens(config.oidc_issuers)
    verified = await tokens.verify(text)  # or BadTokenError

There is nothing to open and nothing to close: keys are fetched when a token needs them. What stands
in a token before its signature is checked only says which issuer's keys to check it with; whatever
tells us to take keys from elsewhere (`jwk`, `jku`, `x5c`, `x5u`) is refused. An ID token says who
somebody is to an application; it is no key to this one, and a token that is bound to a key of its
bearer (`cnf`) is not good without the proof of that key, which we do not ask for.

The text of a token is in no message, no log line and no repr.
"""

import json
import re
import time
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

import jwt
from jwt.algorithms import OKPAlgorithm, get_default_algorithms

from service.access.issuers import Issuer
from service.access.jwks import Keys, NoKeysError

TOKEN_BYTES_MAX = 8 * 1024
SUBJECT_LENGTH_MAX = 255
"""As OpenID Connect has it."""
LEEWAY_SECONDS = 30
REQUIRED = ["exp", "iat", "iss", "aud", "sub"]
ACCESS_TYPES = frozenset({"at+jwt", "application/at+jwt"})
"""RFC 9068: the token says itself that it is an access token."""
PLAIN_TYPES = frozenset({"jwt", "application/jwt", ""})
ELSEWHERE = frozenset({"jku", "jwk", "x5u", "x5c", "crit", "b64"})
"""Parameters of a header that would have us take other keys, or read the token otherwise."""
OF_ID_TOKENS = frozenset({"nonce", "at_hash", "c_hash", "s_hash"})

Claims: TypeAlias = Mapping[str, Any]

_SHAPE = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
_SECONDS_MAX = 2**53

if "Ed25519" not in get_default_algorithms():
    jwt.register_algorithm("Ed25519", OKPAlgorithm())  # RFC 9864: EdDSA, where it is Ed25519


class Reason(StrEnum):
    """Why a token is refused, in a word that stays."""

    ALGORITHM = "algorithm"
    AUDIENCE = "audience"
    BOUND = "bound"
    EXPIRED = "expired"
    HEADER = "header"
    ISSUER = "issuer"
    KEYS_UNAVAILABLE = "keys_unavailable"
    """The fault is not the token's: its issuer has not answered for a day, or never yet."""
    MALFORMED = "malformed"
    MISSING_CLAIM = "missing_claim"
    NOT_YET_VALID = "not_yet_valid"
    SIGNATURE = "signature"
    TOO_LARGE = "too_large"
    TYPE = "type"
    UNKNOWN_KEY = "unknown_key"


class BadTokenError(Exception):
    """A token is refused."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"the access token is refused: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What an issuer says of the bearer."""

    issuer: str
    subject: str
    expires: float
    """Unix time."""
    scopes: frozenset[str]


class Tokens:
    """The access tokens of the issuers that are trusted."""

    def __init__(
        self, issuers: Sequence[Issuer], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._trusted = {each.url: (each, Keys(each, clock)) for each in issuers}

    async def verify(self, text: str) -> Verified:
        """What a token says, if every part of it is proved."""
        header, claims = _unproved(text)
        trusted = self._trusted.get(claims["iss"])
        if trusted is None:
            raise BadTokenError(Reason.ISSUER)
        issuer, keys = trusted
        algorithm, name = _fitting(header, issuer)
        try:
            key = await keys.find(name)
        except NoKeysError:
            raise BadTokenError(Reason.KEYS_UNAVAILABLE) from None
        if key is None:
            raise BadTokenError(Reason.UNKNOWN_KEY)
        if algorithm not in key.algorithms:
            raise BadTokenError(Reason.ALGORITHM)
        try:
            claims = jwt.decode(
                text,
                key.public,
                algorithms=[algorithm],
                audience=issuer.audience,
                issuer=issuer.url,
                leeway=LEEWAY_SECONDS,
                options={"require": REQUIRED, "enforce_minimum_key_length": True},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise BadTokenError(_reason(error)) from None
        return _verified(claims, issuer)


def _unproved(text: str) -> tuple[Claims, Claims]:
    """Header and claims, read within bounds. Only what is asked before the keys is looked at."""
    if len(text) > TOKEN_BYTES_MAX:
        raise BadTokenError(Reason.TOO_LARGE)
    if not _SHAPE.fullmatch(text):
        raise BadTokenError(Reason.MALFORMED)
    first, second, _ = text.split(".")
    header, claims = _object(first), _object(second)
    _plain_claims(claims)
    return header, claims


def _plain_claims(claims: Claims) -> None:
    """Refuse what PyJWT would read with a kind eye: a time in quotes, or without end."""
    if not isinstance(claims.get("iss", ""), str) or not isinstance(claims.get("sub", ""), str):
        raise BadTokenError(Reason.MALFORMED)
    for name in ("exp", "iat", "nbf"):
        told = claims.get(name, 0)
        if type(told) not in (int, float) or not 0 <= told < _SECONDS_MAX:
            raise BadTokenError(Reason.MALFORMED)
    if "iss" not in claims:
        raise BadTokenError(Reason.MISSING_CLAIM)


def _fitting(header: Claims, issuer: Issuer) -> tuple[str, str]:
    """The algorithm and the name of the key, if the issuer's tokens have such a header."""
    if ELSEWHERE & header.keys():
        raise BadTokenError(Reason.HEADER)
    algorithm, name, kind = header.get("alg"), header.get("kid"), header.get("typ", "")
    if not isinstance(algorithm, str) or algorithm not in issuer.family.value:
        raise BadTokenError(Reason.ALGORITHM)
    if not isinstance(name, str):
        raise BadTokenError(Reason.UNKNOWN_KEY)
    types = ACCESS_TYPES | PLAIN_TYPES if issuer.plain else ACCESS_TYPES
    if not isinstance(kind, str) or kind.lower() not in types:
        raise BadTokenError(Reason.TYPE)
    return algorithm, name


def _verified(claims: Claims, issuer: Issuer) -> Verified:
    """What the issuer did say, if it is about a bearer and for us."""
    if "cnf" in claims:
        raise BadTokenError(Reason.BOUND)
    # Where the header does not tell an ID token, its claims do; Keycloak has a `typ` among them.
    if claims.get("typ", "Bearer") != "Bearer":
        raise BadTokenError(Reason.TYPE)
    if "typ" not in claims and OF_ID_TOKENS & claims.keys():
        raise BadTokenError(Reason.TYPE)
    scopes, subject = claims.get("scope", claims.get("scp", "")), claims["sub"]
    words = scopes.split() if isinstance(scopes, str) else scopes
    if not isinstance(words, list) or not all(_printable(each) for each in words):
        raise BadTokenError(Reason.MALFORMED)
    if not _printable(subject) or len(subject) > SUBJECT_LENGTH_MAX:
        raise BadTokenError(Reason.MALFORMED)
    return Verified(
        issuer=issuer.url,
        subject=subject,
        expires=float(claims["exp"]),
        scopes=frozenset(words),
    )


def _reason(error: Exception) -> Reason:
    match error:
        case jwt.ExpiredSignatureError():
            return Reason.EXPIRED
        case jwt.ImmatureSignatureError():
            return Reason.NOT_YET_VALID
        case jwt.InvalidAudienceError():
            return Reason.AUDIENCE
        case jwt.InvalidIssuerError():
            return Reason.ISSUER
        case jwt.InvalidSignatureError():
            return Reason.SIGNATURE
        case jwt.MissingRequiredClaimError():
            return Reason.MISSING_CLAIM
        case _:
            return Reason.MALFORMED


def _printable(word: object) -> bool:
    """Half a character or a NUL could be kept nowhere."""
    return isinstance(word, str) and word != "" and word.isprintable()


def _object(part: str) -> Claims:
    """PyJWT reads it again, and is stricter with its base64."""
    try:
        text = urlsafe_b64decode(part + "=" * (-len(part) % 4)).decode("utf-8")
        told = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise BadTokenError(Reason.MALFORMED) from None
    if not isinstance(told, dict):
        raise BadTokenError(Reason.MALFORMED)
    return told


def _once(pairs: list[tuple[str, Any]]) -> Claims:
    """An object that names a member twice means one thing here and another thing elsewhere."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a member is named twice")
    return found
