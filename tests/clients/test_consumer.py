"""`examples/consumer.ts` is sound TypeScript, and follows the fund through crashes."""

from pathlib import Path

import pytest

from tests.clients.conftest import MODULES, Node
from tests.service.command_line import ROOT
from tests.service.crashes import crashed

CONSUMER = ROOT / "examples/consumer.ts"
STRICT = (
    *("--strict", "--noUncheckedIndexedAccess", "--erasableSyntaxOnly", "--skipLibCheck"),
    *("--target", "es2023", "--module", "esnext", "--moduleResolution", "bundler"),
    *("--lib", "es2023,dom,dom.asynciterable", "--types", "node"),
    *("--typeRoots", str(MODULES / "@types")),
)


@pytest.fixture
def compiled(node: Node, tmp_path: Path) -> Path:
    """Its types checked and taken away, as Node.js does from 22.18 on (`erasableSyntaxOnly`)."""
    done = node(MODULES / "typescript/bin/tsc", *STRICT, "--outDir", tmp_path, CONSUMER)
    assert done.returncode == 0, done.stdout
    return (tmp_path / "consumer.js").rename(tmp_path / "consumer.mjs")


def test_the_consumer_of_typescript_outlives_every_crash(
    compiled: Path, folder: Path, tmp_path: Path
) -> None:
    crashed(("node", compiled), folder, tmp_path)
