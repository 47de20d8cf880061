"""The keys of one issuer, fetched when they are needed and kept for a while.

Where they lie is asked of the issuer itself (OpenID Connect Discovery), each time anew. They are
asked for again every few minutes, so that a key that was taken back stops working, and at once
when a token names a key that we do not have, but at most once a minute: strangers write tokens.
While the issuer does not answer, the keys that we have serve for a day. Then nobody gets in.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from jwt.exceptions import PyJWTError

from service.access.issuers import Family, Issuer, IssuerError, trusted_place
from service.fetch import FetchError, fetched

REFRESH_SECONDS = 300.0
STALE_SECONDS_MAX = 24 * 3600.0
UNKNOWN_SECONDS = 60.0
"""Between two fetches because of a key that we do not have."""
AGAIN_SECONDS = 60.0
"""Between two fetches from an issuer that does not answer, while its keys still serve."""
FIRST_SECONDS = 5.0
"""The same, while there are none."""
KEYS_MAX = 64
RSA_BITS_MIN = 2048
RSA_BITS_MAX = 8192
"""A check costs with the square of it."""
DISCOVERY = "/.well-known/openid-configuration"

PublicKey: TypeAlias = RSAPublicKey | EllipticCurvePublicKey | Ed25519PublicKey
Jwk: TypeAlias = Mapping[str, Any]

_log = logging.getLogger("socai.oidc")
_NEVER = float("-inf")


class NoKeysError(Exception):
    """The issuer has not answered for so long that none of its keys may be used."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key, and the algorithms that it may be used with."""

    public: PublicKey
    algorithms: Sequence[str]


class Keys:
    """The keys of one issuer.

    Who needs a key that we do not have waits for a fetch, all for the same. Of those whose key we
    have, one waits for the keys to be fetched anew; the others go on with what there is. A fetch
    goes on when who began it goes away: others wait for it.
    """

    def __init__(self, issuer: Issuer, clock: Callable[[], float] = time.monotonic) -> None:
        self._issuer = issuer
        self._clock = clock
        self._fetching: asyncio.Task[None] | None = None
        self._found: Mapping[str, Key] = {}
        self._found_at = _NEVER
        self._again_at = _NEVER
        self._unknown_at = _NEVER
        """When a fetch was last begun because of an unknown key."""

    async def find(self, name: str) -> Key | None:
        """The key of that name (`kid`), if the issuer has one that may be used."""
        if self._fetching is None and self._due(name):
            self._fetching = asyncio.create_task(self._fetch())
            await asyncio.shield(self._fetching)
        elif self._fetching is not None and not (self._serve() and name in self._found):
            await asyncio.shield(self._fetching)
        if not self._serve():
            raise NoKeysError(self._issuer.url)
        return self._found.get(name)

    def _due(self, name: str) -> bool:
        now = self._clock()
        if now >= self._again_at:
            return True
        missing = self._serve() and name not in self._found
        return missing and now - self._unknown_at >= UNKNOWN_SECONDS

    def _serve(self) -> bool:
        """Whether there are keys, not too old to be used."""
        return self._clock() - self._found_at <= STALE_SECONDS_MAX

    async def _fetch(self) -> None:
        now = self._clock()
        if now < self._again_at:
            self._unknown_at = now
        self._again_at = now + (AGAIN_SECONDS if self._serve() else FIRST_SECONDS)
        try:
            self._found = usable(await _published(self._issuer), self._issuer.family)
        except (FetchError, IssuerError) as error:
            _log.warning("the keys of %s cannot be fetched: %s", self._issuer.url, error)
        else:
            self._found_at = now
            self._again_at = now + REFRESH_SECONDS
            if not self._found:
                _log.warning("%s has no %s key", self._issuer.url, self._issuer.family.word)
        finally:
            self._fetching = None


def usable(published: Sequence[Jwk], family: Family) -> Mapping[str, Key]:
    """The keys that may check a signature of this family, by name; of two namesakes neither."""
    found: dict[str, Key] = {}
    twice: set[str] = set()
    for each in published:
        name, key = each.get("kid"), _key(each, family)
        if key is None or not isinstance(name, str):
            continue
        if name in found:
            twice.add(name)
        found[name] = key
    return {name: key for name, key in found.items() if name not in twice}


def _key(jwk: Jwk, family: Family) -> Key | None:
    """None, where it is not for us: another kind, another use, too weak, or not public at all."""
    algorithms = [each for each in family.value if jwk.get("alg", each) == each]
    operations = jwk.get("key_ops", ["verify"])
    if not algorithms or jwk.get("use", "sig") != "sig":
        return None
    if not isinstance(operations, list) or "verify" not in operations:
        return None
    try:
        public = _public(jwk, family)
    except (PyJWTError, ValueError, TypeError):
        return None
    return None if public is None else Key(public, algorithms)


def _public(jwk: Jwk, family: Family) -> PublicKey | None:
    match family, jwk.get("kty"), jwk.get("crv"):
        case Family.RS256, "RSA", _:
            public = RSAAlgorithm.from_jwk(dict(jwk))
        case (Family.ES256, "EC", "P-256"):
            public = ECAlgorithm.from_jwk(dict(jwk))
        case (Family.EDDSA, "OKP", "Ed25519"):
            public = OKPAlgorithm.from_jwk(dict(jwk))
        case _:
            return None
    if isinstance(public, RSAPublicKey):
        return public if RSA_BITS_MIN <= public.key_size <= RSA_BITS_MAX else None
    return public if isinstance(public, EllipticCurvePublicKey | Ed25519PublicKey) else None


async def _published(issuer: Issuer) -> Sequence[Jwk]:
    """What the issuer publishes as its keys, at the place that it names."""
    told = await _json(f"{issuer.url.rstrip('/')}{DISCOVERY}", issuer)
    if told.get("issuer") != issuer.url:
        raise FetchError(f"it says that it is {str(told.get('issuer'))[:200]!r}")
    place = told.get("jwks_uri")
    if not isinstance(place, str):
        raise FetchError("it does not say where its keys lie")
    published = (await _json(place, issuer)).get("keys")
    if not isinstance(published, list) or len(published) > KEYS_MAX:
        raise FetchError(f"{place} is no list of at most {KEYS_MAX} keys")
    return [each for each in published if isinstance(each, dict)]


async def _json(url: str, issuer: Issuer) -> Mapping[str, Any]:
    """An object of JSON; over plain HTTP only from an issuer that is itself on this machine."""
    parts = trusted_place(url)
    if parts.scheme == "http" and not issuer.url.startswith("http:"):
        raise FetchError(f"{url} must begin with https://")
    try:
        told = orjson.loads(await fetched(parts))
    except orjson.JSONDecodeError:
        raise FetchError(f"{url} answers no JSON") from None
    if not isinstance(told, dict):
        raise FetchError(f"{url} answers no object")
    return told
