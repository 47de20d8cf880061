"""The GraphQL contract as a whole; its text is committed as `schema.graphql`.

(The database's own schema is in `events/migrations` and `projections/`.)
"""

from functools import cache

import strawberry
from strawberry.printer import print_schema
from strawberry.schema.config import StrawberryConfig

from schema.batch import Mutation
from schema.event import Event
from schema.executor import PreparedDocument, SplicingExecutor
from schema.query import Query
from schema.scalars import SCALARS
from schema.stream import Subscription


@cache
def build() -> strawberry.Schema:
    """The schema: Strawberry owns it, the planner answers its reads. Made once: it takes 0.1 s."""
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=[Event],
        config=StrawberryConfig(scalar_map=SCALARS),
        execution_context_class=SplicingExecutor,
        extensions=[PreparedDocument],
    )


_ONE_OF = "directive @oneOf on INPUT_OBJECT"
_SAID_OF_ONE_OF = '"""Of its fields exactly one is given, and is not null (GraphQL, 2025)."""'


@cache
def sdl() -> str:
    """The schema as a client developer reads it; the printer says nothing of its own directive."""
    printed = print_schema(build())
    return printed.replace(_ONE_OF, f"{_SAID_OF_ONE_OF}\n{_ONE_OF}", 1) + "\n"
