"""The four rooms have everyday names; another package of such a name may stand before ours."""

import sys
from importlib.util import find_spec
from pathlib import Path

ROOMS = ("events", "projections", "schema", "service")


def strangers(rooms: tuple[str, ...] = ROOMS) -> list[str]:
    """Rooms that Python finds elsewhere than beside this one."""
    here = Path(__file__).resolve().parents[1]
    return [name for name in rooms if not _stands(name, here)]


def assert_siblings() -> None:
    """Leave with one sentence rather than run with somebody else's `events`."""
    found = strangers()
    if found:
        sys.exit(
            f"socai: Python finds another package in place of our {', '.join(found)}; run from the"
            " repository's root, or use the installed command `socai`"
        )


def _stands(name: str, here: Path) -> bool:
    spec = find_spec(name)
    return (
        spec is not None
        and spec.origin is not None
        and (Path(spec.origin).resolve().parents[1] == here)
    )
