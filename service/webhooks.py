"""What webhooks are told from outside: their key, where they may go, and in whose name they ask.

    webhooks = Webhooks.read({"SOCAI_WEBHOOK_NETWORKS": "127.0.0.0/8"})
    key = webhooks.key(own=Path(".socai"))
    written(secret(key, "kho-bac", 1))     # "whsec_…", what the receiver verifies with

No secret is kept: each follows from the one key, which stands in a file and in no database. Whoever
reads the database, or restores an old copy of it, signs for nobody.
"""

import base64
import binascii
import hmac
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final, TypeAlias

from events.rules import value
from events.seal.files import synced

Network: TypeAlias = IPv4Network | IPv6Network

KEY_BYTES: Final = 32
KEY_BYTES_MAX: Final = 1024
KEY_FILE: Final = "webhooks.key"
"""In the data folder, when we run PostgreSQL ourselves."""
ORIGIN_DEFAULT: Final = "socai.invalid"
"""A name that nobody owns (RFC 2606), as an unnamed log's."""
ROTATION: Final = timedelta(hours=24)
"""So long after a rotation the old secret signs beside the new one."""
PREFIX: Final = "whsec_"

VARIABLES: Mapping[str, str] = {
    "SOCAI_WEBHOOK_KEY_FILE": "file of the key that the secrets of webhooks follow from, in base64;"
    " unset: our own, in the data folder",
    "SOCAI_WEBHOOK_NETWORKS": "networks that webhooks may enter besides the public internet, also"
    " by plain http; unset: none",
    "SOCAI_WEBHOOK_ORIGIN": "DNS name by which receivers of webhooks know this system",
}
_ORIGIN: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9-]+)*")


class WebhookError(Exception):
    """A setting is unreadable or makes no sense. The message says which and why."""


class NoWebhookKeyError(WebhookError):
    """Webhooks cannot be signed here: nobody has said with what."""


@value
class Webhooks:
    """The settings, of which none has to be there."""

    key_file: Path | None = None
    networks: Sequence[Network] = ()
    origin: str = ORIGIN_DEFAULT

    @classmethod
    def read(cls, told: Mapping[str, str]) -> "Webhooks":
        """From the variables that are set."""
        file = told.get("SOCAI_WEBHOOK_KEY_FILE")
        origin = told.get("SOCAI_WEBHOOK_ORIGIN", ORIGIN_DEFAULT)
        if not _ORIGIN.fullmatch(origin):
            raise WebhookError(f"SOCAI_WEBHOOK_ORIGIN must be a DNS name, not {origin!r}")
        return cls(
            key_file=None if file is None else Path(file),
            networks=tuple(map(_network, told.get("SOCAI_WEBHOOK_NETWORKS", "").split())),
            origin=origin,
        )

    def variables(self) -> Mapping[str, str]:
        """The same settings, for another process."""
        told = {
            "SOCAI_WEBHOOK_NETWORKS": " ".join(map(str, self.networks)),
            "SOCAI_WEBHOOK_ORIGIN": self.origin,
        }
        if self.key_file is not None:
            told["SOCAI_WEBHOOK_KEY_FILE"] = str(self.key_file.absolute())
        return told

    def key(self, own: Path | None) -> bytes:
        """The key; made in our own folder if it is not there yet. None: we have no folder."""
        if self.key_file is not None:
            return _key(self.key_file)
        if own is None:
            raise NoWebhookKeyError("SOCAI_WEBHOOK_KEY_FILE is not set: webhooks cannot be signed")
        if not (own / KEY_FILE).exists():
            _make(own / KEY_FILE)
        return _key(own / KEY_FILE)


def secret(key: bytes, endpoint: str, generation: int) -> bytes:
    """What one endpoint's deliveries are signed with."""
    return hmac.digest(key, f"socai-webhook\n{endpoint}\n{generation}".encode(), "sha256")


def written(secret: bytes) -> str:
    """A secret as its receiver is given it (Standard Webhooks)."""
    return PREFIX + base64.b64encode(secret).decode("ascii")


def signing(
    key: bytes, endpoint: str, generation: int, rotated_at: datetime | None, now: datetime
) -> Sequence[bytes]:
    """The secrets that sign just now, the newest first."""
    is_rotating = generation > 1 and rotated_at is not None and now < rotated_at + ROTATION
    generations = (generation, generation - 1) if is_rotating else (generation,)
    return [secret(key, endpoint, each) for each in generations]


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError:
        raise WebhookError(
            f"SOCAI_WEBHOOK_NETWORKS must list networks such as 10.1.0.0/16, not {text!r}"
        ) from None


def _key(path: Path) -> bytes:
    try:
        key = base64.b64decode(path.read_bytes().strip(), validate=True)
    except OSError as error:
        raise WebhookError(
            f"SOCAI_WEBHOOK_KEY_FILE: cannot read {path}: {error.strerror}"
        ) from None
    except binascii.Error:
        raise WebhookError(f"SOCAI_WEBHOOK_KEY_FILE: {path} is no base64") from None
    if not KEY_BYTES <= len(key) <= KEY_BYTES_MAX:
        raise WebhookError(f"SOCAI_WEBHOOK_KEY_FILE: {path} holds fewer than {KEY_BYTES} bytes")
    return key


def _make(path: Path) -> None:
    """Two who make it at once have the same one: whoever comes second keeps the first's."""
    with NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}.") as file:  # mode 0600
        file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(file.name, path)
    synced(path.parent)
