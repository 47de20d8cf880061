"""The broker to which the log is relayed: NATS JetStream, if somebody says where it is.

    broker = Broker.read({"SOCAI_NATS_URL": "nats://nats.example:4222"})
    broker.is_wanted      # True
    broker.consumer       # "nats/SOCAI": the name of its cursor

What is sent and how is in `service/courier/relaying.py`.
"""

import re
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from events.rules import value

STREAM_DEFAULT: Final = "SOCAI"
SCHEMES: Final = frozenset({"nats", "tls", "ws", "wss"})
_STREAM: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

VARIABLES: Mapping[str, str] = {
    "SOCAI_NATS_URL": "NATS servers that the log is relayed to, by commas; unset: it is not",
    "SOCAI_NATS_STREAM": "JetStream stream of the relay, made if it is not there",
    "SOCAI_NATS_CREDENTIALS": "file of the credentials (.creds) for NATS; unset: none are shown",
    "SOCAI_NATS_WHOLE": "on: everything is relayed; off: what the public may read",
}


class BrokerError(Exception):
    """A setting is unreadable or makes no sense. The message says which and why."""


@value
class Broker:
    """The settings, of which none has to be there."""

    urls: Sequence[str] = ()
    stream: str = STREAM_DEFAULT
    credentials: Path | None = None
    whole: bool = False

    @classmethod
    def read(cls, told: Mapping[str, str]) -> "Broker":
        """From the variables that are set."""
        stream = told.get("SOCAI_NATS_STREAM", STREAM_DEFAULT)
        if _STREAM.fullmatch(stream) is None:
            raise BrokerError(
                f"SOCAI_NATS_STREAM must be up to 64 of A-Z a-z 0-9 _ -, not {stream!r}"
            )
        credentials, whole = told.get("SOCAI_NATS_CREDENTIALS"), told.get("SOCAI_NATS_WHOLE", "off")
        if whole not in {"on", "off"}:
            raise BrokerError(f"SOCAI_NATS_WHOLE must be one of on, off, not {whole!r}")
        return cls(
            urls=_addresses(told.get("SOCAI_NATS_URL", "")),
            stream=stream,
            credentials=None if credentials is None else Path(credentials).absolute(),
            whole=whole == "on",
        )

    def check(self) -> None:
        """Whoever is asked to relay says at once what is missing for it."""
        if self.is_wanted and find_spec("nats") is None:
            raise BrokerError("SOCAI_NATS_URL is set, and nats-py is not installed: it is an extra")
        if self.credentials is not None:
            try:
                self.credentials.read_bytes()
            except OSError as error:
                raise BrokerError(
                    f"SOCAI_NATS_CREDENTIALS: cannot read {self.credentials}: {error.strerror}"
                ) from None

    @property
    def is_wanted(self) -> bool:
        """Whether there is a broker at all."""
        return bool(self.urls)

    @property
    def consumer(self) -> str:
        """The name of the relay's cursor: each stream has one of its own."""
        return f"nats/{self.stream}"


def _addresses(told: str) -> Sequence[str]:
    """A list of servers of one cluster. No password may stand in it, since it is logged."""
    found = told.replace(",", " ").split()
    for text in found:
        try:
            parts = urlsplit(text)
            is_one = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
        except ValueError:
            is_one = False
        if not is_one or "@" in text or not text.isascii() or not text.isprintable():
            raise BrokerError(
                "SOCAI_NATS_URL must list addresses such as nats://host:4222, without a user:"
                " who we are is said by SOCAI_NATS_CREDENTIALS"
            )
    return tuple(found)
