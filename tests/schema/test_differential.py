"""Two executors that share nothing but the declarations answer alike, byte for byte.

One is the endpoint with the planner behind it; the other is graphql-core over rows in memory
(`oracle/execute.py`). Documents are invented over the contract (`inventor.py`) from fixed seeds; a
failure prints the seed, the document and its variables. SOCAI_SOAK asks for so many times as many.
"""

from pathlib import Path

import pytest
from graphql import parse

from service.runtime import Runtime
from tests.schema.differing import Pair
from tests.schema.test_reads import DOCUMENTS

EXAMPLES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[2] / "examples").glob("*.graphql"))
    if "subscription" not in path.read_text(encoding="utf-8")
}


@pytest.mark.parametrize("document", [*EXAMPLES.values(), *DOCUMENTS])
async def test_both_executors_answer_a_known_document_alike(fund: Runtime, document: str) -> None:
    async with Pair.over(fund) as pair:
        await pair.compare(document, {})
