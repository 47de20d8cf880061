"""Every example runs as it stands, against the evaluation that `make demo` serves."""

from pathlib import Path

import pytest
from graphql import parse, validate

from schema.root import build
from tests.schema.conftest import Ask

EXAMPLES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[2] / "examples").glob("*.graphql"))
}


@pytest.mark.parametrize("name", EXAMPLES)
async def test_an_example_runs(ask: Ask, name: str) -> None:
    """Subscriptions are valid here and followed in test_stream.py."""
    text = EXAMPLES[name]
    document = parse(text)
    assert validate(build()._schema, document) == []
    if "subscription" not in text:
        body = await ask(text)
        assert "errors" not in body
        assert all(body["data"].values())
