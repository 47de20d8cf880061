"""The executor answers what the planner declines, from the document that was read already."""

from typing import NoReturn

import pytest
from strawberry.schema import schema as strawberry_schema

from tests.schema.conftest import Ask


@pytest.mark.parametrize("step", ["parse", "validate_document"])
async def test_a_document_is_read_and_allowed_once(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Twice would cost every mutation 3 ms."""

    def again(*_: object, **__: object) -> NoReturn:
        raise AssertionError(step)

    monkeypatch.setattr(strawberry_schema, step, again)
    answered = await ask("{ __schema { queryType { name } } }")
    assert answered == {"data": {"__schema": {"queryType": {"name": "Query"}}}}
