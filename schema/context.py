"""What a request is answered with: the parts of the running service that the graph reaches."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol, TypeVar, cast

import orjson
from asyncpg import Pool
from graphql import DocumentNode, get_nullable_type, is_list_type

from events.duties import WrongAuthority
from events.envelope import Order
from events.identity import FacilityId, PersonId
from events.jurisdiction import OutsideJurisdiction
from events.ledger import Ledger, Receipt
from events.log import READ_SECONDS_MAX, Log, is_outage
from events.seal.newest import Newest
from events.vault import Shown, Vault
from projections.projector import NotYetProjected, Projector
from schema.access.door import Caller
from schema.access.policy import COMMANDS, FEEDS
from schema.access.principal import Mandate
from schema.busy import connection
from schema.feed.feed import Feed
from schema.planner.arguments import Parameters
from schema.planner.cost import MANY
from schema.planner.fields import Fields
from schema.planner.given import Variables, given
from schema.planner.moment import Moment
from schema.planner.refusals import QueryRefusedError
from schema.planner.rows import NotPlannedError, Rows
from schema.planner.run import Answer, Plan, plan_fields
from schema.planner.scope import FORBIDDEN, ForbiddenError, Scope
from schema.running import Running
from schema.webhooks.desk import Desk

T = TypeVar("T")
READABLE_WITHIN_S = 2.0
"""How long a mutation waits for the read models before it answers all the same, and how long a
question waits for the position that it wants to see."""
SPAN = "span.of"
"""Among the variables of a request, the piece of the log at hand. No name of GraphQL has a dot."""


class Span(Protocol):
    """A piece of the log, and those of its events that are asked for."""

    last: int
    """Where it ends."""
    positions: Sequence[int]


@dataclass(slots=True)
class Context:
    """One request's view of the service."""

    pool: Pool
    ledger: Ledger
    log: Log
    projector: Projector
    feed: Feed
    newest: Newest
    desk: Desk
    caller: Caller
    document: DocumentNode | None = None
    """The document, read and allowed."""
    cursor: int = 0
    """Where a subscription goes on."""
    batch: int | None = None
    """Last position of the batch at hand; None: it is no subscription."""
    cost: int = 0
    """Points of what was answered by plans since somebody last counted."""
    position: int | None = None
    """Highest position that a part of the answer was computed at."""
    plans: dict[tuple[Scope, tuple[str | int, ...]], Plan] = field(default_factory=dict)
    """Of the planned fields met, by their places: a subscription meets them with every batch."""

    @classmethod
    def of(
        cls, running: Running, caller: Caller, document: DocumentNode, cursor: int = 0
    ) -> "Context":
        """For a question of this caller's."""
        return cls(
            running.reads,
            running.ledger,
            running.log,
            running.projector,
            running.feed,
            running.newest,
            running.desk,
            caller,
            document=document,
            cursor=cursor,
        )

    async def splice(self, info: Any, source: object) -> orjson.Fragment:
        """Answer one planned field, met by the executor, as a piece of JSON text."""
        raw = info._raw_info  # noqa: SLF001 - Strawberry keeps graphql-core's info there
        principal = self.caller.principal
        scope = principal.scope if self.batch is None else principal.feed
        path = (scope, tuple(raw.path.as_list()))
        plan = self.plans.get(path)
        if plan is None:
            told = given(raw.operation, raw.variable_values, scope)
            fields = Fields(raw.schema, raw.fragments, told)
            keyed = {raw.path.key: list(raw.field_nodes)}
            over = {} if source is None else {"over": getattr(source, "over", _over_span)}
            try:
                plan = self.plans[path] = plan_fields(raw.parent_type, keyed, fields, **over)
            except NotPlannedError as error:
                raise _not_here(str(error)) from None
            except ForbiddenError as error:
                await self._forbid(error.asked)
        if _is_empty(source) and is_list_type(get_nullable_type(raw.return_type)):
            return orjson.Fragment("[]")  # a heartbeat, for every follower at the same time
        if self.batch is not None and scope.rows:
            # Whose an event is, the read models say.
            await shown(self.projector, self.batch)
        asked = {**raw.variable_values, **principal.figures, SPAN: source}
        answer = await self.answer(plan, asked)
        return orjson.Fragment(_only_value(answer, raw.path.key))

    async def answer(self, plan: Plan, variables: Variables) -> Answer:
        """Run a plan, once the read models have reached what it waits for."""
        bound = plan.bind(variables)
        self.cost += bound.cost if variables.get(SPAN) is None else _weighed(bound.cost, variables)
        awaited = plan.awaits(variables)
        if awaited is not None:
            await shown(self.projector, awaited)
        within = None if self.batch is None else READ_SECONDS_MAX
        async with asyncio.timeout(within), connection(self.pool) as taken:
            answer = await plan.run(taken, bound.values)
        self.reached(answer.position)
        if answer.sealed is not None:
            self.newest.saw(answer.sealed)
        return answer

    async def reveal(
        self, facility_id: FacilityId, person_id: PersonId, mandate: Mandate, purpose: str
    ) -> Sequence[Shown]:
        """What is known of a contact person. That it was asked for is written down first."""
        actor = self.caller.principal.acting(mandate)
        vault = Vault(self.log)
        return await vault.reveal(facility_id, person_id, actor, purpose, mandate.within)

    async def readable(self, position: int) -> None:
        """Return when what stands at a position can be read, however long that takes."""
        while True:
            try:
                return await self.projector.wait_for(position, READABLE_WITHIN_S)
            except NotYetProjected:
                continue
            except Exception as error:
                if not is_outage(error):
                    raise
                await asyncio.sleep(READABLE_WITHIN_S)

    def reached(self, position: int) -> None:
        """Remember how far the answer reaches."""
        self.position = max(position, self.position or 0)

    async def admit(self, command: str) -> tuple[Mandate, ...]:
        """The mandates that a command may be given under; refused if the caller has none."""
        mandates = self.caller.principal.mandates_for(COMMANDS[command])
        if not mandates:
            await self._forbid(command)
        return mandates

    async def under(
        self, mandates: Sequence[Mandate], command: str, act: Callable[[Mandate], Awaitable[T]]
    ) -> T:
        """What comes of it under the first mandate that reaches so far. Or a refusal."""
        try:
            for mandate in mandates[:-1]:
                with suppress(OutsideJurisdiction):
                    return await act(mandate)
            return await act(mandates[-1])
        except (OutsideJurisdiction, WrongAuthority) as refusal:
            await self.caller.turned_away(command, refusal.code)
            raise

    async def follows(self, feed: str) -> None:
        """Refuse a feed to whoever may not follow it."""
        if FEEDS[feed].isdisjoint(self.caller.principal.roles):
            await self._forbid(feed)

    async def see(self, type_: str, field: str) -> None:
        """Refuse a field that no plan answers to whoever may not read it."""
        if not self.caller.principal.scope.may_read(type_, field):
            await self._forbid(f"{type_}.{field}")

    async def _forbid(self, asked: str) -> NoReturn:
        """Refuse it, and write down who asked."""
        await self.caller.turned_away(asked, FORBIDDEN)
        raise ForbiddenError(asked)

    async def record(self, order: Order[Any]) -> tuple[Receipt, bool]:
        """Carry out a command; whether its facts can be read at once."""
        receipt = await self.ledger.handle(order)
        self.reached(receipt.position)
        try:
            await self.projector.wait_for(receipt.position, READABLE_WITHIN_S)
        except NotYetProjected:
            return receipt, False
        return receipt, True


def _not_here(field: str) -> QueryRefusedError:
    """What is no part of the fund has no other moments."""
    return QueryRefusedError(
        "ONLY_AT_THE_ROOT",
        f"{field} is answered at the root of a query alone.",
        f"{field} chỉ được trả lời ở gốc của câu hỏi.",
    )


def _weighed(cost: int, variables: Variables) -> int:
    """A list counts as `MANY`; of a piece of the log it is known how many they are."""
    return cost * len(span(variables).positions) // MANY


def _over_span(parameters: Parameters) -> Rows:
    """One piece of the log, whatever the read models have reached.

    Its ends are parameters, so that one plan and one statement serve every piece.
    """
    last = parameters.add(lambda variables: span(variables).last, "bigint")
    those = parameters.add(lambda variables: span(variables).positions, "bigint[]")
    piece = f"CROSS JOIN (SELECT {last} AS last, {those} AS positions) AS span"
    return Rows("span", Moment("span.last"), [piece])


def span(variables: Variables) -> Any:
    """The piece of the log at hand, or what stands in its place."""
    return variables[SPAN]


def _is_empty(source: object) -> bool:
    """Whether it is a piece of the log without an event."""
    if source is None:
        return False
    return not cast("Span", source).positions


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
