"""Who asks, in tests: whoever shows nothing may do everything, unless a test says who he is."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from events.identity import OrganisationId
from events.mandate import PrincipalId
from events.vocabulary import Role
from schema.access.door import Attempt, Caller, Door, NotedAttempt
from schema.access.payers import Payer
from schema.access.principal import Mandate, Principal
from schema.context import Context
from service.runtime import Runtime, running

EVERY_ROLE = tuple(
    Mandate(role=each, organisation=OrganisationId("tt1")) for each in Role if each != Role.PUBLIC
)


def somebody(name: str) -> Principal:
    """A principal who may do everything."""
    return Principal(id=PrincipalId(name), mandates=EVERY_ROLE)


class Open:
    """A door that lets everybody in: under the name that he shows, or as Lan."""

    def __init__(self, stranger: Principal | None = None) -> None:
        self.stranger = stranger or somebody("lan")
        self.book: list[Attempt] = []

    async def principal(self, credential: str) -> Principal:
        return somebody(credential)

    async def note(self, attempt: Attempt) -> None:
        self.book.append(attempt)

    async def noted(self, before: int | None, limit: int) -> Sequence[NotedAttempt]:  # noqa: ARG002
        return ()


@asynccontextmanager
async def opened(url: str, door: Door | None = None) -> AsyncIterator[Runtime]:
    """The running service over a database, its door open."""
    async with running(url) as runtime:
        yield replace(runtime, door=door or Open())


def context_of(runtime: Runtime) -> Context:
    """What the executor is handed for one request of somebody who may do everything."""
    caller = Caller(runtime.door, Payer("test"), runtime.door.stranger)
    return Context(
        runtime.pool,
        runtime.ledger,
        runtime.log,
        runtime.projector,
        runtime.feed,
        runtime.newest,
        caller,
    )
