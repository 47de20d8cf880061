"""Another package named like one of our rooms is noticed before it does harm."""

import subprocess
import sys
from pathlib import Path

from service.rooms import strangers

ROOT = Path(__file__).parents[2]


def test_the_rooms_stand_beside_each_other() -> None:
    assert strangers() == []


def test_a_stranger_in_place_of_a_room_is_named(tmp_path: Path) -> None:
    """PyPI has packages called events, schema and service."""
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "__init__.py").write_text("")
    run = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from service.cli import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", run, "version"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "in place of our events" in ended.stderr
