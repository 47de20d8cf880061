"""Whose access tokens we accept: the OIDC issuers, as `SOCAI_OIDC_ISSUERS` names them.

    https://id.example.vn=socai https://login.example.vn/tenant=api://socai,ES256,JWT

An issuer, `=`, the audience that its tokens must name for us; then, if they are not the usual ones,
the family of its signatures (RS256) and JWT, where it does not mark its access tokens `at+jwt`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

PLAIN = "JWT"
"""The word for an issuer that gives its access tokens the type of any other token."""
ISSUERS_MAX = 16


class IssuerError(ValueError):
    """What is written of an issuer makes no sense. The message says why."""


class Family(Enum):
    """The signatures of one issuer: one kind of key, so that no key is used as another kind."""

    EDDSA = ("EdDSA", "Ed25519")
    """Ed25519 under its old name and under that of RFC 9864."""
    ES256 = ("ES256",)
    RS256 = ("RS256", "PS256")

    @property
    def word(self) -> str:
        """As it is written in the settings."""
        return self.value[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """One that says who somebody is."""

    url: str
    """As its tokens say in `iss`, to the letter."""
    audience: str
    """What its tokens must say in `aud`, alone or among others."""
    family: Family = Family.RS256
    plain: bool = False
    """Whether a token of type JWT, or of none, is an access token; else `at+jwt` alone is."""

    def __str__(self) -> str:
        """As it is written in the settings, with nothing left out."""
        plain = f",{PLAIN}" if self.plain else ""
        return f"{self.url}={self.audience},{self.family.word}{plain}"


def issuers(text: str) -> Sequence[Issuer]:
    """The issuers of a setting."""
    found = [_issuer(entry) for entry in text.split()]
    urls = [each.url for each in found]
    for url in urls:
        if urls.count(url) > 1:
            raise IssuerError(f"{url} is named twice")
    if len(found) > ISSUERS_MAX:
        raise IssuerError(f"there are {len(found)} issuers; at most {ISSUERS_MAX} are possible")
    return tuple(found)


def trusted_place(url: str) -> SplitResult:
    """The parts of an address that nobody on the way can answer for: HTTPS, or this machine."""
    if "@" in url or "#" in url or not _printable(url):
        # It is not repeated: what stands before the @ may be a password.
        raise IssuerError("an address has a host and a path; no user, no fragment, no odd sign")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise IssuerError(f"{url} is no address: {error}") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise IssuerError(f"{url} must begin with https:// and a host")
    if parts.scheme == "http" and not _loopback(parts.hostname):
        raise IssuerError(f"{url} must begin with https://; http:// is for this machine alone")
    return parts


def _issuer(entry: str) -> Issuer:
    url, equals, rest = entry.partition("=")
    audience, *words = rest.split(",")
    trusted_place(url)
    if "?" in url:
        raise IssuerError(f"{url} must have no query")
    if not equals or not audience:
        raise IssuerError(f"{url} needs an audience: {url}=AUDIENCE")
    families = {each.word: each for each in Family}
    chosen = [word for word in words if word != PLAIN]
    if len(set(words)) < len(words) or len(chosen) > 1 or not set(chosen) <= set(families):
        known = ", ".join([*families, PLAIN])
        raise IssuerError(f"{','.join(words)!r} of {url} is not understood; known: {known}")
    family = families[chosen[0]] if chosen else Family.RS256
    return Issuer(url=url, audience=audience, family=family, plain=PLAIN in words)


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _printable(text: str) -> bool:
    return text.isascii() and text.isprintable() and not set(text) & set(' "<>\\^`{|}')
