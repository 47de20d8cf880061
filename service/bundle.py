"""The front door of the wheel, where this file is `socai/__main__.py`.

In the wheel the four rooms stand under `socai/`, because their everyday names exist on PyPI too.
They import each other by those names; so their roof must come first on the path.
"""

import sys
from pathlib import Path


def main() -> None:
    """Run the command line, whatever else is installed beside us."""
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from service.cli import main as command_line  # noqa: PLC0415 - not found before the line above

    command_line()


if __name__ == "__main__":
    main()
