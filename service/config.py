"""What the service is told from outside: the variables `SOCAI_*`, read once, at the start.

`VARIABLES` is the whole list; an unknown `SOCAI_*` is an error, so that a misspelt one is noticed.
A secret may come by file: `SOCAI_DATABASE_URL_FILE=/run/secrets/url`. No secret has a default.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from schema.http.settings import Settings, Trust

PREFIX = "SOCAI_"
PORT_DEFAULT = 8000
WORKERS_MAX = 64
DRAIN_SECONDS_DEFAULT = 5.0
"""A load balancer must see /readyz say no before the listener closes; probes come every few s."""
DRAIN_SECONDS_MAX = 300.0
CACHE_BYTES_MAX = 64 * 1024**3
APQ_MAX = 1_000_000
DEADLINE_SECONDS_MAX = 3600.0

VARIABLES: Mapping[str, str] = {
    "SOCAI_DATABASE_URL": "PostgreSQL 16 or newer to use; unset: our own, in the data folder",
    "SOCAI_MIGRATE_URL": "the same database as its owner, for `migrate`; unset: SOCAI_DATABASE_URL",
    "SOCAI_SUPERUSER_URL": "the same database as a superuser, for `migrate` and `maintenance`",
    "SOCAI_DATA": "folder of our own PostgreSQL",
    "SOCAI_HOST": "address to listen on",
    "SOCAI_PORT": "port to listen on; 0: any free one",
    "SOCAI_WORKERS": "processes that answer",
    "SOCAI_DRAIN_SECONDS": "how long /readyz says no before the listener closes on SIGTERM",
    "SOCAI_GRAPHQL_GET": "whether queries may be asked over GET: on or off",
    "SOCAI_GRAPHQL_INTROSPECTION": "whether the schema tells about itself: on or off",
    "SOCAI_GRAPHQL_TRUSTED": "trusted documents: off, preferred or only",
    "SOCAI_GRAPHQL_TRUSTED_DOCUMENTS": "file of trusted documents, as relay-compiler writes it",
    "SOCAI_GRAPHQL_ORIGINS": "foreign pages that may open a WebSocket, separated by commas",
    "SOCAI_GRAPHQL_CACHE_BYTES": "memory for answers that are kept; 0: none is kept",
    "SOCAI_GRAPHQL_APQ_DOCUMENTS_MAX": "documents that clients may leave to ask by hash; 0: none",
    "SOCAI_GRAPHQL_DEADLINE_SECONDS": "how long a question may take",
    "SOCAI_GRAPHQL_PLANNER": "off: everything through the executor, for comparison",
}
SECRETS = frozenset({"SOCAI_DATABASE_URL", "SOCAI_MIGRATE_URL", "SOCAI_SUPERUSER_URL"})


class ConfigError(Exception):
    """A variable is unknown, unreadable or makes no sense. The message says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Config:
    """The settings of one process."""

    database_url: str | None = None
    migrate_url: str | None = None
    superuser_url: str | None = None
    data: Path = Path(".socai")
    host: str = "127.0.0.1"
    port: int = PORT_DEFAULT
    workers: int = 1
    drain_seconds: float = DRAIN_SECONDS_DEFAULT
    graphql: Settings = field(default_factory=Settings)

    @classmethod
    def from_env(cls, environment: Mapping[str, str]) -> "Config":
        """Read the variables that are set; refuse those nobody knows."""
        told = _told(environment)
        default = cls()
        return cls(
            database_url=_url(told, "SOCAI_DATABASE_URL"),
            migrate_url=_url(told, "SOCAI_MIGRATE_URL"),
            superuser_url=_url(told, "SOCAI_SUPERUSER_URL"),
            data=Path(told.get("SOCAI_DATA", default.data)),
            host=told.get("SOCAI_HOST", default.host),
            port=int(_number(told, "SOCAI_PORT", default.port, 0, 65535)),
            workers=int(_number(told, "SOCAI_WORKERS", default.workers, 1, WORKERS_MAX)),
            drain_seconds=_number(
                told, "SOCAI_DRAIN_SECONDS", default.drain_seconds, 0, DRAIN_SECONDS_MAX
            ),
            graphql=_graphql(told),
        )

    def __repr__(self) -> str:
        """Without passwords, so that a log line or a traceback never shows one."""
        shown = (f"{each.name}={self.shown(each.name)}" for each in fields(self))
        return f"Config({', '.join(shown)})"

    def shown(self, name: str) -> str:
        """One setting as it may be printed."""
        got = getattr(self, name)
        return masked(got) if name.endswith("_url") and got else str(got)


def masked(url: str) -> str:
    """A database URL without its password and without parameters that may hold one."""
    parts = urlsplit(url)
    who, at, where = parts.netloc.rpartition("@")
    user, colon, _ = who.partition(":")
    kept = f"{user}{':***' if colon else ''}{at}{where}"
    return urlunsplit((parts.scheme, kept, parts.path, "***" if parts.query else "", ""))


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
        cache_bytes=int(
            _number(told, f"{prefix}CACHE_BYTES", default.cache_bytes, 0, CACHE_BYTES_MAX)
        ),
        apq_documents_max=int(
            _number(told, f"{prefix}APQ_DOCUMENTS_MAX", default.apq_documents_max, 0, APQ_MAX)
        ),
        deadline_seconds=_number(
            told, f"{prefix}DEADLINE_SECONDS", default.deadline_seconds, 0.1, DEADLINE_SECONDS_MAX
        ),
    )


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
    except OSError as error:
        raise ConfigError(f"{name}: cannot read {path}: {error.strerror}") from error


def _url(told: Mapping[str, str], name: str) -> str | None:
    text = told.get(name)
    if text is not None and urlsplit(text).scheme not in {"postgresql", "postgres"}:
        raise ConfigError(f"{name} must begin with postgresql://")
    return text


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
