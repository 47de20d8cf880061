"""`examples/consumer.py` follows the fund through crashes, with nothing but Python."""

import ast
import sys
from pathlib import Path

from tests.service.command_line import ROOT
from tests.service.crashes import crashed

CONSUMER = ROOT / "examples/consumer.py"


def test_the_consumer_of_python_outlives_every_crash(folder: Path, tmp_path: Path) -> None:
    crashed((sys.executable, CONSUMER), folder, tmp_path)


def test_the_consumer_of_python_needs_nothing_but_python() -> None:
    tree = ast.parse(CONSUMER.read_text(encoding="utf-8"))
    named = {
        (each.module if isinstance(each, ast.ImportFrom) else each.names[0].name) or ""
        for each in ast.walk(tree)
        if isinstance(each, ast.Import | ast.ImportFrom)
    }
    assert {name.partition(".")[0] for name in named} <= sys.stdlib_module_names
