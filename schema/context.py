"""What a request is answered with: the parts of the running service that the graph reaches."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

import orjson
from asyncpg import Pool
from graphql import DocumentNode

from events.envelope import Actor, Order
from events.follower import Follower
from events.identity import FacilityId, PersonId
from events.ledger import Ledger, Receipt
from events.log import Log
from events.vault import Shown, Vault
from projections.projector import NotYetProjected, Projector
from schema.planner.arguments import Parameters
from schema.planner.fields import Fields
from schema.planner.given import Variables, given
from schema.planner.moment import Moment
from schema.planner.refusals import QueryRefusedError
from schema.planner.rows import Rows
from schema.planner.run import Answer, Plan, plan_fields

READABLE_WITHIN_S = 2.0
"""How long a mutation waits for the read models before it answers all the same, and how long a
question waits for the position that it wants to see."""
SPAN = "span.of"
"""Among the variables of a request, the piece of the log at hand. No name of GraphQL has a dot."""


class Span(Protocol):
    """A piece of the log whose events are asked for: positions first to last, both included."""

    first: int
    last: int


class Running(Protocol):
    """The parts of the running service that the graph reaches."""

    @property
    def reads(self) -> Pool:
        """Connections that may only read, and only for so long."""
        ...

    @property
    def log(self) -> Log:
        """The log."""
        ...

    @property
    def ledger(self) -> Ledger:
        """Who carries out commands."""
        ...

    @property
    def follower(self) -> Follower:
        """Who follows the log."""
        ...

    @property
    def projector(self) -> Projector:
        """Who keeps the read models."""
        ...

    @property
    def closing(self) -> asyncio.Event:
        """Set when whoever is connected has to go."""
        ...


@dataclass(slots=True)
class Context:
    """One request's view of the service."""

    pool: Pool
    ledger: Ledger
    log: Log
    projector: Projector
    follower: Follower
    document: DocumentNode | None = None
    """The document, read and allowed."""
    cursor: int = 0
    """Where a subscription goes on."""
    position: int | None = None
    """Highest position that a part of the answer was computed at."""
    plans: dict[tuple[str | int, ...], Plan] = field(default_factory=dict)
    """Of the planned fields met, by their places: a subscription meets them with every batch."""

    async def splice(self, info: Any, source: object) -> orjson.Fragment:
        """Answer one planned field, met by the executor, as a piece of JSON text."""
        raw = info._raw_info  # noqa: SLF001 - Strawberry keeps graphql-core's info there
        path = tuple(raw.path.as_list())
        plan = self.plans.get(path)
        if plan is None:
            fields = Fields(raw.schema, raw.fragments, given(raw.operation, raw.variable_values))
            keyed = {raw.path.key: list(raw.field_nodes)}
            over = {} if source is None else {"over": _over_span}
            plan = self.plans[path] = plan_fields(raw.parent_type, keyed, fields, **over)
        answer = await self.answer(plan, {**raw.variable_values, SPAN: source})
        return orjson.Fragment(_only_value(answer, raw.path.key))

    async def answer(self, plan: Plan, variables: Variables) -> Answer:
        """Run a plan, once the read models have reached what it waits for."""
        bound = plan.bind(variables)
        awaited = plan.awaits(variables)
        if awaited is not None:
            await shown(self.projector, awaited)
        async with self.pool.acquire() as connection:
            answer = await plan.run(connection, bound.values)
        self.reached(answer.position)
        return answer

    async def reveal(
        self, facility_id: FacilityId, person_id: PersonId, actor: Actor, purpose: str
    ) -> Sequence[Shown]:
        """What is known of a contact person. That it was asked for is written down first."""
        return await Vault(self.log).reveal(facility_id, person_id, actor, purpose)

    def reached(self, position: int) -> None:
        """Remember how far the answer reaches."""
        self.position = max(position, self.position or 0)

    async def record(self, order: Order[Any]) -> tuple[Receipt, bool]:
        """Carry out a command; whether its facts can be read at once."""
        receipt = await self.ledger.handle(order)
        self.reached(receipt.position)
        try:
            await self.projector.wait_for(receipt.position, READABLE_WITHIN_S)
        except NotYetProjected:
            return receipt, False
        return receipt, True


def _over_span(parameters: Parameters) -> Rows:
    """One piece of the log, whatever the read models have reached.

    Its ends are parameters, so that one plan and one statement serve every piece.
    """
    first = parameters.add(lambda variables: _span(variables).first, "bigint")
    last = parameters.add(lambda variables: _span(variables).last, "bigint")
    piece = f"CROSS JOIN (SELECT {first} AS first, {last} AS last) AS span"
    return Rows("span", Moment("span.last"), [piece])


def _span(variables: Variables) -> Span:
    return cast("Span", variables[SPAN])


def _only_value(answer: Answer, key: str) -> str:
    return answer.json[len(f'{{"{key}":') : -1]


async def shown(projector: Projector, position: int) -> None:
    """Return when what stands at a position can be read; refuse the question if it takes long."""
    try:
        await projector.wait_for(position, READABLE_WITHIN_S)
    except NotYetProjected:
        head = projector.position
        raise QueryRefusedError(
            "NOT_YET_READABLE",
            f"Position {position} was to be seen; the read models stand at {head}. Ask again.",
            f"Cần thấy vị trí {position}; các bảng tổng hợp đang ở vị trí {head}. Xin hỏi lại.",
            asked=position,
            head=head,
        ) from None
