"""What may be set about the GraphQL endpoint; `service/config.py` reads it from outside."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class TrustedDocumentsError(Exception):
    """The file of trusted documents cannot be used; the service does not start without it."""


class Trust(Enum):
    """Which documents are answered, where a file of trusted documents is given."""

    OFF = "off"
    """Any; there is no file."""
    PREFERRED = "preferred"
    """Any; those of the file by their id alone."""
    ONLY = "only"
    """Those of the file, and no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The endpoint of one process."""

    planner: bool = True
    """Off: everything through the executor, for comparison."""
    get: bool = True
    """Whether queries may be asked over GET."""
    introspection: bool = True
    """Off: also without suggestions, which would tell the schema name by name."""
    trusted: Trust = Trust.OFF
    trusted_documents: Path | None = None
    """The file that relay-compiler writes: an object of ids (hashes) and texts."""
    origins: frozenset[str] = frozenset()
    """Foreign pages that may ask, such as https://app.example.vn; our own always."""
    https: bool = False
    """Browsers reach us by https alone, and are told never to try anything else."""
    points_public: int = 0
    """Points a minute of whoever shows no credential, by address; 0: no limit."""
    points_keyed: int = 0
    """Points a minute of whoever shows one; 0: no limit."""
    streams_max: int = 1_000
    """WebSockets and event streams that are open together."""
    streams_each_max: int = 20
    """Those of one caller."""
    cache_bytes: int = 32 * 1024 * 1024
    """What answers are kept in; 0: none is kept."""
    apq_documents_max: int = 1_000
    """Documents that clients may leave with us to ask by hash again; 0: none."""
    deadline_seconds: float = 10.0
    """Whoever waits longer is told so."""
    init_seconds: float = 5.0
    """How long an open WebSocket may take to say connection_init."""
    stalled_seconds: float = 15.0
    """A client that takes nothing for so long is let go; it comes back to its cursor."""
    ping_seconds: float = 15.0
    """How often an open connection is tried: its network must not forget it, nor we a dead one."""
