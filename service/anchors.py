"""What holds a checkpoint from outside: witnesses, and a time-stamping authority.

    anchors = Anchors.read({"SOCAI_WITNESSES": "policy.txt"})
    anchors.policy()      # whom to ask, or AnchorError
    anchors.roots()       # whose time stamps are believed

Both are optional, and neither is waited for: see `service/sealing/anchoring.py`.
"""

from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

from events.rules import value
from events.seal.policy import Policy, PolicyBrokenError

if TYPE_CHECKING:
    from cryptography import x509

HOURS_DEFAULT: Final = 24.0
HOURS_MAX: Final = 24.0 * 366

VARIABLES: Mapping[str, str] = {
    "SOCAI_WITNESSES": "file of the witnesses that are asked (C2SP tlog-policy); unset: none is",
    "SOCAI_TSA_URL": "time-stamping authority (RFC 3161); unset: none is asked",
    "SOCAI_TSA_CA": "file of the certificates, in PEM, whose time stamps are believed",
    "SOCAI_TSA_EVERY_HOURS": "hours between two time stamps; a closed period has its own",
}


class AnchorError(Exception):
    """A setting is unreadable or makes no sense. The message says which and why."""


@value
class Anchors:
    """The settings, of which none has to be there."""

    witnesses: Path | None = None
    tsa_url: str | None = None
    tsa_ca: Path | None = None
    tsa_every_hours: float = HOURS_DEFAULT

    @classmethod
    def read(cls, told: Mapping[str, str]) -> "Anchors":
        """From the variables that are set."""
        url, ca = told.get("SOCAI_TSA_URL"), told.get("SOCAI_TSA_CA")
        if url is not None:
            address("SOCAI_TSA_URL", url)
        if (url is None) != (ca is None):
            raise AnchorError("SOCAI_TSA_URL and SOCAI_TSA_CA are set together")
        witnesses = told.get("SOCAI_WITNESSES")
        return cls(
            witnesses=None if witnesses is None else Path(witnesses),
            tsa_url=url,
            tsa_ca=None if ca is None else Path(ca),
            tsa_every_hours=_hours(told.get("SOCAI_TSA_EVERY_HOURS")),
        )

    def variables(self) -> Mapping[str, str]:
        """The same settings, for another process."""
        found = {
            "SOCAI_WITNESSES": self.witnesses and self.witnesses.absolute(),
            "SOCAI_TSA_URL": self.tsa_url,
            "SOCAI_TSA_CA": self.tsa_ca and self.tsa_ca.absolute(),
            "SOCAI_TSA_EVERY_HOURS": self.tsa_every_hours,
        }
        return {name: str(each) for name, each in found.items() if each is not None}

    def policy(self) -> Policy | None:
        """Whom to ask; None: nobody. Each witness that has a URL is asked."""
        if self.witnesses is None:
            return None
        try:
            policy = Policy.read(_bytes("SOCAI_WITNESSES", self.witnesses))
        except PolicyBrokenError as error:
            raise AnchorError(f"SOCAI_WITNESSES: {self.witnesses}: {error}") from error
        for each in policy.witnesses.values():
            if each.url is not None:
                address(f"SOCAI_WITNESSES: {each.name}", each.url)
        return policy

    def roots(self) -> "Sequence[x509.Certificate]":
        """The certificates whose time stamps are believed; none: none is asked for."""
        if self.tsa_ca is None:
            return []
        from cryptography import x509  # noqa: PLC0415 - every command would load it for nothing

        try:
            return x509.load_pem_x509_certificates(_bytes("SOCAI_TSA_CA", self.tsa_ca))
        except ValueError as error:
            raise AnchorError(f"SOCAI_TSA_CA: {self.tsa_ca} holds no certificate in PEM") from error


def address(name: str, text: str) -> SplitResult:
    """A place on the web; no password may stand in it, since it is logged."""
    try:
        parts = urlsplit(text)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise AnchorError(f"{name} must be an http(s) address, not {text!r}") from None
    if not is_one or parts.username is not None or not text.isascii() or not text.isprintable():
        raise AnchorError(f"{name} must be an http(s) address without a user, not {text!r}")
    return parts


def _hours(told: str | None) -> float:
    try:
        hours = HOURS_DEFAULT if told is None else float(told)
    except ValueError:
        raise AnchorError(f"SOCAI_TSA_EVERY_HOURS must be a number, not {told!r}") from None
    if not isfinite(hours) or not 0 < hours <= HOURS_MAX:
        raise AnchorError(f"SOCAI_TSA_EVERY_HOURS must lie between 0 and {HOURS_MAX:g}, not {told}")
    return hours


def _bytes(name: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AnchorError(f"{name}: cannot read {path}: {error.strerror}") from None
