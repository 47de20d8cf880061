"""What documents cost that were written to cost much: read once each, by the planner's own way in.

    python benchmarks/hostile.py

Processor time of the one thread that also answers everybody else. Each document is read by a
`Documents` that has never seen it, the best of five; beside it what parsing and validating it costs
a server without limits, once.
"""

import gc
import sys
import time
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from graphql import GraphQLError, GraphQLSchema, parse, validate

from schema.planner.document import Documents
from schema.planner.refusals import QueryRefusedError
from schema.root import build
from tests.schema.hostile import DEAR, HOSTILE

RUNS = 5


def limited(schema: GraphQLSchema, source: str) -> tuple[float, str]:
    """Milliseconds of the best run, and what was said."""
    spent, error = [], None
    for _ in range(RUNS):
        documents = Documents(schema)
        start = time.thread_time()
        prepared = documents.prepare(source)
        spent.append(time.thread_time() - start)
        error = next(iter(prepared.errors), None)
    said = error.code if isinstance(error, QueryRefusedError) else "not valid"
    return min(spent) * 1e3, said if error else "admitted"


def unlimited(schema: GraphQLSchema, source: str) -> float:
    """Milliseconds of parsing and validating alone, as a server without limits does."""
    start = time.thread_time()
    with suppress(GraphQLError):
        validate(schema, parse(source))
    return (time.thread_time() - start) * 1e3


def main() -> None:
    """Print the table."""
    schema = build()._schema  # noqa: SLF001 - the graphql-core schema
    limited(schema, "{ ledger { position } }")
    gc.collect()
    gc.freeze()  # the collector would walk the schema in the middle of a figure
    print(f"{'document':<50} {'bytes':>9} {'ms':>7} {'no limits, ms':>14}  answer")
    for name, source in {**HOSTILE, **DEAR}.items():
        cost, said = limited(schema, source)
        bare = unlimited(schema, source)
        print(f"{name:<50} {len(source):>9,} {cost:>7.2f} {bare:>14.1f}  {said}")


if __name__ == "__main__":
    main()
