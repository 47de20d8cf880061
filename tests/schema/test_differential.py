"""Two executors that share nothing but the declarations answer alike, byte for byte.

One is the endpoint with the planner behind it; the other is graphql-core over rows in memory
(`oracle/execute.py`). Documents are invented over the contract (`inventor.py`) from fixed seeds; a
failure prints the seed, the document and its variables. SOCAI_SOAK asks for so many times as many.
"""

from pathlib import Path

import pytest

from service.runtime import Runtime
from tests.schema.differing import Pair
from tests.schema.inventor.documents import invent
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


CHUNKS, EACH = 4, 50


@pytest.mark.parametrize("chunk", range(CHUNKS))
async def test_both_executors_answer_invented_documents_alike(fund: Runtime, chunk: int) -> None:
    import collections
    import time

    n = collections.Counter()
    bad = 0
    t = collections.Counter()
    async with Pair.over(fund) as pair:
        for seed in range(chunk * EACH, chunk * EACH + EACH):
            t0 = time.time()
            try:
                invented = invent(pair.oracle, seed)
                t["invent"] += time.time() - t0
                c = await pair.compare(invented.text, invented.variables)
                n[c] += 1
            except Exception as e:
                import traceback

                bad += 1
                print("SEED", seed, type(e).__name__, str(e)[:6000])
                if not isinstance(e, AssertionError) or "oracle" not in str(e):
                    print(traceback.format_exc()[-600:])
    print(n, bad, dict(t))
    assert not bad
