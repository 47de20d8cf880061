"""What the service is told from outside: the variables `SOCAI_*`, read once, at the start.

`VARIABLES` is the whole list; an unknown `SOCAI_*` is an error, so that a misspelt one is noticed.
A secret may come by file: `SOCAI_DATABASE_URL_FILE=/run/secrets/url`. No secret has a default.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import time
from ipaddress import ip_network
from pathlib import Path

from schema.http.settings import Settings, Trust
from service.access.issuers import Issuer, IssuerError, issuers
from service.anchors import VARIABLES as ANCHORS
from service.anchors import Anchors
from service.broker import VARIABLES as BROKER
from service.broker import Broker
from service.database_url import is_database_url, masked
from service.webhooks import VARIABLES as WEBHOOKS
from service.webhooks import Webhooks

PREFIX = "SOCAI_"
PORT_DEFAULT = 8000
WORKERS_MAX = 64
DRAIN_SECONDS_DEFAULT = 5.0
"""A load balancer must see /readyz say no before the listener closes; probes come every few s."""
DRAIN_SECONDS_MAX = 300.0
CACHE_BYTES_MAX = 64 * 1024**3
APQ_MAX = 1_000_000
POINTS_PUBLIC_DEFAULT = 100_000
"""A point is some 5 µs of the database: half a second of it a minute for each address, five of the
largest questions there may be, or thirty thousand small ones."""
POINTS_KEYED_DEFAULT = 1_000_000
"""Ten times as much: five thousand commands a minute. Who has a credential can be asked why."""
POINTS_MAX = 10**9
STREAMS_MAX = 100_000
CONNECTIONS_DEFAULT = 5_000
"""An idle one is some 20 KiB. Raise the process's limit of open files together with it."""
CONNECTIONS_MAX = 1_000_000
DEADLINE_SECONDS_MAX = 3600.0
VERIFY_AT_DEFAULT = time(2, 0)
"""When the fewest people ask; in Vietnam."""

VARIABLES: Mapping[str, str] = {
    "SOCAI_DATABASE_URL": "PostgreSQL 16 or newer to use; unset: our own, in the data folder",
    "SOCAI_MIGRATE_URL": "the same database as its owner, for `migrate`; unset: SOCAI_DATABASE_URL",
    "SOCAI_SUPERUSER_URL": "the same database as a superuser, for `migrate` and `maintenance`",
    "SOCAI_SIGNER_URL": "the same database as the signer, for `seal`",
    "SOCAI_SEAL": "folder of the signer's keys and memory; unset: `seal` in the data folder",
    **ANCHORS,
    **BROKER,
    **WEBHOOKS,
    "SOCAI_VERIFY_AT": "when all is verified, besides at the start: HH:MM in Vietnam, or off",
    "SOCAI_DATA": "folder of our own PostgreSQL",
    "SOCAI_HOST": "address to listen on",
    "SOCAI_PORT": "port to listen on; 0: any free one",
    "SOCAI_WORKERS": "processes that answer",
    "SOCAI_DRAIN_SECONDS": "how long /readyz says no before the listener closes on SIGTERM",
    "SOCAI_OIDC_ISSUERS": "whose access tokens are accepted: ISSUER=AUDIENCE, separated by blanks",
    "SOCAI_GRAPHQL_GET": "whether queries may be asked over GET: on or off",
    "SOCAI_GRAPHQL_INTROSPECTION": "whether the schema tells about itself: on or off",
    "SOCAI_GRAPHQL_TRUSTED": "trusted documents: off, preferred or only",
    "SOCAI_GRAPHQL_TRUSTED_DOCUMENTS": "file of trusted documents, as relay-compiler writes it",
    "SOCAI_TRUSTED_PROXIES": "addresses or networks whose X-Forwarded-For is believed; unset: none",
    "SOCAI_HTTPS": "on: browsers reach us by https alone, and are told to keep to it",
    "SOCAI_CONNECTIONS_MAX": "open connections of one process, whoever holds them",
    "SOCAI_GRAPHQL_ORIGINS": "foreign pages that may ask, separated by commas",
    "SOCAI_GRAPHQL_POINTS_PER_MINUTE": "what an address may ask for, as cost; 0: no limit",
    "SOCAI_GRAPHQL_POINTS_PER_MINUTE_KEYED": "what a credential may ask for, as cost; 0: no limit",
    "SOCAI_GRAPHQL_STREAMS_MAX": "WebSockets and event streams open together in one process",
    "SOCAI_GRAPHQL_STREAMS_EACH_MAX": "those of one address or credential",
    "SOCAI_GRAPHQL_CACHE_BYTES": "memory for answers that are kept; 0: none is kept",
    "SOCAI_GRAPHQL_APQ_DOCUMENTS_MAX": "documents that clients may leave to ask by hash; 0: none",
    "SOCAI_GRAPHQL_DEADLINE_SECONDS": "how long a question may take",
    "SOCAI_GRAPHQL_PLANNER": "off: everything through the executor, for comparison",
}
SECRETS = frozenset(
    {"SOCAI_DATABASE_URL", "SOCAI_MIGRATE_URL", "SOCAI_SUPERUSER_URL", "SOCAI_SIGNER_URL"}
)


class ConfigError(Exception):
    """A variable is unknown, unreadable or makes no sense. The message says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Config:
    """The settings of one process."""

    database_url: str | None = None
    migrate_url: str | None = None
    superuser_url: str | None = None
    signer_url: str | None = None
    seal: Path | None = None
    anchors: Anchors = field(default_factory=Anchors)
    broker: Broker = field(default_factory=Broker)
    webhooks: Webhooks = field(default_factory=Webhooks)
    verify_at: time | None = VERIFY_AT_DEFAULT
    data: Path = Path(".socai")
    host: str = "127.0.0.1"
    port: int = PORT_DEFAULT
    workers: int = 1
    drain_seconds: float = DRAIN_SECONDS_DEFAULT
    oidc_issuers: Sequence[Issuer] = ()
    trusted_proxies: tuple[str, ...] = ()
    connections_max: int = CONNECTIONS_DEFAULT
    graphql: Settings = field(default_factory=lambda: _graphql({}))

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Config":
        """Read the variables that are set; refuse those nobody knows."""
        told = _told(environment)
        default = cls()
        return cls(
            database_url=_url(told, "SOCAI_DATABASE_URL"),
            migrate_url=_url(told, "SOCAI_MIGRATE_URL"),
            superuser_url=_url(told, "SOCAI_SUPERUSER_URL"),
            signer_url=_url(told, "SOCAI_SIGNER_URL"),
            seal=Path(told["SOCAI_SEAL"]) if "SOCAI_SEAL" in told else None,
            anchors=Anchors.read(told),
            broker=Broker.read(told),
            webhooks=Webhooks.read(told),
            verify_at=_hour(told, "SOCAI_VERIFY_AT", default.verify_at),
            data=Path(told.get("SOCAI_DATA", default.data)),
            host=told.get("SOCAI_HOST", default.host),
            port=int(_number(told, "SOCAI_PORT", default.port, 0, 65535)),
            workers=int(_number(told, "SOCAI_WORKERS", default.workers, 1, WORKERS_MAX)),
            drain_seconds=_number(
                told, "SOCAI_DRAIN_SECONDS", default.drain_seconds, 0, DRAIN_SECONDS_MAX
            ),
            oidc_issuers=_issuers(told, "SOCAI_OIDC_ISSUERS"),
            trusted_proxies=_networks(told, "SOCAI_TRUSTED_PROXIES"),
            connections_max=_count(
                told, "SOCAI_CONNECTIONS_MAX", default.connections_max, CONNECTIONS_MAX
            ),
            graphql=_graphql(told),
        )

    @property
    def seal_folder(self) -> Path:
        """What a signer remembers: best on another disk than the database."""
        return self.seal or self.data / "seal"

    def __repr__(self) -> str:
        """Without passwords, so that a log line or a traceback never shows one."""
        shown = (f"{each.name}={self.shown(each.name)}" for each in fields(self))
        return f"Config({', '.join(shown)})"

    def shown(self, name: str) -> str:
        """One setting as it may be printed."""
        got = getattr(self, name)
        if name == "oidc_issuers":
            return " ".join(str(each) for each in got)
        return masked(got) if name.endswith("_url") and got else str(got)


def _told(environment: Mapping[str, str]) -> Mapping[str, str]:
    told: dict[str, str] = {}
    for name, text in environment.items():
        if not name.startswith(PREFIX):
            continue
        asked = name.removesuffix("_FILE")
        if name in VARIABLES:
            told[name] = text
        elif asked in SECRETS:
            if asked in environment:
                raise ConfigError(f"{asked} and {name} are both set; keep one")
            told[asked] = _secret(name, text)
        else:
            known = ", ".join(sorted(VARIABLES))
            raise ConfigError(f"{name} is not a setting of Socai; known: {known}")
    return {name: text for name, text in told.items() if text}


def _graphql(told: Mapping[str, str]) -> Settings:
    """The endpoint's settings."""
    prefix, default = "SOCAI_GRAPHQL_", Settings()
    documents = told.get(f"{prefix}TRUSTED_DOCUMENTS")
    trusted = _word(told, f"{prefix}TRUSTED", [each.value for each in Trust], default.trusted.value)
    if trusted != Trust.OFF.value and documents is None:
        raise ConfigError(f"{prefix}TRUSTED is {trusted}, but {prefix}TRUSTED_DOCUMENTS is not set")
    return Settings(
        planner=_switch(told, f"{prefix}PLANNER", default=default.planner),
        get=_switch(told, f"{prefix}GET", default=default.get),
        introspection=_switch(told, f"{prefix}INTROSPECTION", default=default.introspection),
        trusted=Trust(trusted),
        trusted_documents=None if documents is None else Path(documents),
        origins=frozenset(told.get(f"{prefix}ORIGINS", "").replace(",", " ").split()),
        https=_switch(told, "SOCAI_HTTPS", default=default.https),
        points_public=_count(told, f"{prefix}POINTS_PER_MINUTE", POINTS_PUBLIC_DEFAULT, POINTS_MAX),
        points_keyed=_count(
            told, f"{prefix}POINTS_PER_MINUTE_KEYED", POINTS_KEYED_DEFAULT, POINTS_MAX
        ),
        streams_max=_count(told, f"{prefix}STREAMS_MAX", default.streams_max, STREAMS_MAX),
        streams_each_max=_count(
            told, f"{prefix}STREAMS_EACH_MAX", default.streams_each_max, STREAMS_MAX
        ),
        cache_bytes=_count(told, f"{prefix}CACHE_BYTES", default.cache_bytes, CACHE_BYTES_MAX),
        apq_documents_max=_count(
            told, f"{prefix}APQ_DOCUMENTS_MAX", default.apq_documents_max, APQ_MAX
        ),
        deadline_seconds=_number(
            told, f"{prefix}DEADLINE_SECONDS", default.deadline_seconds, 0.1, DEADLINE_SECONDS_MAX
        ),
    )


def _networks(told: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Addresses and networks. A star would let everybody say that he is somebody else."""
    texts = tuple(told.get(name, "").replace(",", " ").split())
    for text in texts:
        try:
            ip_network(text)
        except ValueError:
            raise ConfigError(f"{name} must list addresses or networks, not {text!r}") from None
    return texts


def _switch(told: Mapping[str, str], name: str, *, default: bool) -> bool:
    return _word(told, name, ["on", "off"], "on" if default else "off") == "on"


def _word(told: Mapping[str, str], name: str, words: Sequence[str], default: str) -> str:
    text = told.get(name, default)
    if text not in words:
        raise ConfigError(f"{name} must be one of {', '.join(words)}, not {text!r}")
    return text


def _secret(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        shown = "the secret itself stands there, not the name of a file" if "://" in path else path
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise ConfigError(f"{name}: cannot read {shown}: {why}") from None


def _url(told: Mapping[str, str], name: str) -> str | None:
    text = told.get(name)
    if text is not None and not is_database_url(text):
        raise ConfigError(
            f"{name} must be postgresql://user:password@host:port/database; write # / ? @ [ ] of a"
            " password as %23 %2F %3F %40 %5B %5D"
        )
    return text


def _hour(told: Mapping[str, str], name: str, default: time | None) -> time | None:
    text = told.get(name)
    if text is None:
        return default
    try:
        return None if text == "off" else time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise ConfigError(f"{name} must be a time such as 02:00, or off, not {text!r}") from None


def _issuers(told: Mapping[str, str], name: str) -> Sequence[Issuer]:
    try:
        return issuers(told.get(name, ""))
    except IssuerError as error:
        raise ConfigError(f"{name}: {error}") from None


def _count(told: Mapping[str, str], name: str, default: int, most: int) -> int:
    return int(_number(told, name, default, 0, most))


def _number(told: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    text = told.get(name)
    if text is None:
        return default
    try:
        number = float(text) if isinstance(default, float) else int(text)
    except ValueError:
        raise ConfigError(f"{name} must be a number, not {text!r}") from None
    if not least <= number <= most:
        raise ConfigError(f"{name} must lie between {least:g} and {most:g}, not {text}")
    return number
