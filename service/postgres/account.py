"""As whom PostgreSQL runs: as oneself; as `nobody` when we are root, whom it refuses to serve."""

import os
import pwd
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LAUNCH = Path(__file__).with_name("launch.py")
_NOBODY = 65534
_KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
"""All it gets of our environment: PG* would change what it does, SOCAI_* holds our secrets."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine."""

    uid: int
    gid: int

    @classmethod
    def current(cls) -> "Account":
        """Whom the server will run as, when we start it."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        try:
            nobody = pwd.getpwnam("nobody")
        except KeyError:
            return cls(_NOBODY, _NOBODY)
        return cls(nobody.pw_uid, nobody.pw_gid)

    @property
    def is_ours(self) -> bool:
        """Whether it is the user we already are."""
        return self.uid == os.geteuid()

    @property
    def folder(self) -> str | None:
        """How to name the folder a program is started in, if its true name would not do.

        A server run as `nobody` cannot walk down to data under root's own home. It need not: it is
        started in the folder, before we give up root, and Linux has a name for where one stands.
        """
        return None if self.is_ours or sys.platform != "linux" else "/proc/self/cwd"

    def command(self, program: Path, arguments: Sequence[str]) -> list[str]:
        """The command line that runs `program` as this user, and lets it die with us."""
        shim = [sys.executable, "-I", "-S", str(LAUNCH)]
        return [*shim, str(self.uid), str(self.gid), str(os.getpid()), str(program), *arguments]


def environment() -> dict[str, str]:
    """What a server sees of our environment."""
    return {"LC_ALL": "C", **{name: os.environ[name] for name in _KEPT if name in os.environ}}


def name_of(uid: int) -> str:
    """A user's name, for a message."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
