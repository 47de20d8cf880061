"""The pipeline of every transport: a question and its parameters in, the bytes of an answer out.

A read that the planner takes is one statement, or none at all: nothing that was answered at a
position changes, so an answer is kept with its position (`keeping.py`), and whoever has it already
is told so (304); of an answer about the seal the checkpoint belongs to it too. Everything else goes
to Strawberry's executor. There is no third way.
"""

import asyncio
from collections.abc import AsyncGenerator, Hashable, Mapping
from contextlib import aclosing
from functools import partial
from typing import Any

import strawberry
from graphql import OperationType
from starlette.types import Scope

from schema.access.door import Caller
from schema.access.principal import FOLLOW, READ, WRITE, Principal
from schema.context import Context, shown
from schema.http.allowance import COLD_POINTS, ENTRY_POINTS, EXECUTED_POINTS, Allowance
from schema.http.asking import Asked
from schema.http.counts import Counts
from schema.http.daytime import today
from schema.http.following import Following, Part
from schema.http.keeping import Answered, Found, Keeper
from schema.http.lending import Lender
from schema.http.questions import Question, Questions
from schema.http.refusals import RefusedError, refused
from schema.http.settings import Settings
from schema.http.texts import Texts
from schema.http.writing import begun, lasting, response, tag, whole
from schema.planner.run import Plan
from schema.planner.scope import FORBIDDEN, ForbiddenError
from schema.running import Running

FIXED = -1
"""Stands for the position in the key of an answer that no later event can change."""
_NEEDED = {
    OperationType.QUERY: READ,
    OperationType.MUTATION: WRITE,
    OperationType.SUBSCRIPTION: FOLLOW,
}


class Answering:
    """Answers questions of one running service."""

    def __init__(
        self,
        schema: strawberry.Schema,
        running: Running,
        settings: Settings,
        counts: Counts,
        allowance: Allowance,
    ) -> None:
        self._schema, self._running, self._settings = schema, running, settings
        self._counts, self._allowance = counts, allowance
        self._texts = Texts(settings)
        self._questions = Questions(schema._schema, settings)  # noqa: SLF001 - graphql-core's own
        self._keeper = Keeper[Found](settings.cache_bytes, counts)
        self._following = Following(schema, running, counts, allowance)
        self._lender = Lender(running.reads, settings.deadline_seconds)
        self._newest = running.newest
        self._shown = 0
        """A position that readers have been shown here: nobody is answered from before it."""

    def enter(self, caller: Caller) -> None:
        """Whatever is sent costs something, also if nothing comes of it."""
        self._allowance.spend(caller.payer, ENTRY_POINTS)

    async def find(self, asked: Asked, caller: Caller) -> Question:
        """The question that was asked, or a refusal; one that is new waits for its turn."""
        source = self._texts.of(asked)
        known = self._questions.recall(source, asked.operation_name)
        if known is not None:
            return known
        self._allowance.spend(caller.payer, COLD_POINTS)
        return await self._questions.admit(source, asked.operation_name)

    def stranger(self, scope: Scope) -> Caller:
        """Whoever is at the other end, before he has shown anything."""
        return Caller.stranger(self._running.door, scope)

    async def introduce(self, caller: Caller, header: bytes) -> None:
        """Learn who he is by what he shows. Or a refusal, which costs his address something."""
        try:
            await caller.introduce(header)
        except Exception as error:
            self.enter(caller)
            raise refused(error) from error

    def dropped(self) -> None:
        """A connection was let go, for its client took nothing."""
        self._counts.dropped += 1

    async def look(self, caller: Caller) -> None:
        """Whether a caller who came in some time ago would still come in. Or a refusal."""
        try:
            await caller.look()
        except Exception as error:
            raise refused(error) from error

    async def answer(
        self,
        question: Question,
        asked: Asked,
        caller: Caller,
        known: bytes | None = None,
        *,
        tagged: bool = False,
    ) -> Answered:
        """The answer, without its body if the client knows its ETag. Or a refusal."""
        principal = caller.principal
        try:
            _admit(question.kind, principal)
            if asked.variables:
                self._questions.admit_values(asked.variables)
            variables = question.coerce(asked.variables)
            if principal.figures:
                variables = {**variables, **principal.figures}
            wanted = self._settings.planner
            plan = question.plan(variables, principal.scope) if wanted else None
            if plan is None:
                self._allowance.spend(caller.payer, EXECUTED_POINTS)
                return await self._executed(question, asked, caller)
            if not tagged:
                found = await self._planned(plan, variables, caller)
                return Answered(whole(found, self._newest.sealed))
            return await self._tagged(question, plan, variables, caller, known)
        except RefusedError:
            raise
        except Exception as error:
            raise await _turned_away(error, caller) from error

    async def follow(
        self, question: Question, asked: Asked, caller: Caller, after: int = 0
    ) -> AsyncGenerator[Part, None]:
        """Every answer of a subscription; of anything else, the one. Or a refusal."""
        if question.kind is not OperationType.SUBSCRIPTION:
            yield Part((await self.answer(question, asked, caller)).body, 0)
            return
        question.coerce(asked.variables)
        try:
            _admit(question.kind, caller.principal)
            async with aclosing(self._following.follow(question, asked, caller, after)) as parts:
                async for part in parts:
                    yield part
        except RefusedError:
            raise
        except Exception as error:
            raise await _turned_away(error, caller) from error

    async def _tagged(
        self,
        question: Question,
        plan: Plan,
        variables: Mapping[str, Any],
        caller: Caller,
        known: bytes | None,
    ) -> Answered:
        """An answer that an HTTP cache may keep, and come back to ask whether it still holds."""
        day = today() if plan.is_daily else ""
        if day is None or plan.is_passing:
            found = await self._planned(plan, variables, caller)
            return Answered(whole(found, self._newest.sealed))
        ending, is_lasting = question.tag(variables, day), plan.is_fixed and not plan.is_daily
        if known is not None:
            await self._await(plan, variables)
            current = tag(plan, self._position, self._newest.sealed, ending)
            if current in known:
                self._counts.cached += 1
                return Answered(b"", current, is_lasting)
        found = await self._planned(plan, variables, caller)
        sealed = found.sealed or self._newest.sealed
        body = lasting(found) if plan.is_fixed else whole(found, sealed)
        return Answered(body, tag(plan, found.position, sealed, ending), is_lasting)

    async def _planned(self, plan: Plan, variables: Mapping[str, Any], caller: Caller) -> Found:
        values, cost = plan.bind(variables)
        await self._await(plan, variables)
        day = None if plan.is_passing else today() if plan.is_daily else ""
        position = FIXED if plan.is_fixed else self._position
        size = self._newest.sealed.size if plan.is_of_seal else 0
        key = (plan, day, position, size, *values)
        try:
            kept = self._keeper.get(key)
        except TypeError:  # a list among the values
            key = (plan, day, position, size, repr(values))
            kept = self._keeper.get(key)
        if kept is not None and day is not None:
            return kept
        self._allowance.spend(caller.payer, max(0, cost - ENTRY_POINTS))
        ask = partial(self._asked, plan, values, cost, key)
        return (await ask())[1] if day is None else await self._keeper.once(key, ask)

    async def _asked(
        self, plan: Plan, values: list[Any], cost: int, key: tuple[Any, ...]
    ) -> tuple[Hashable, Found]:
        """Ask the database: the answer, and the key it may be kept under."""
        lender = self._lender
        lent = await lender.take()
        try:
            answer = await plan.run(lent.connection, values)
        except BaseException:
            lender.drop(lent)
            if lent.is_late:
                raise TimeoutError from None
            raise
        lender.give(lent)
        self._counts.planned += 1
        self._shown = max(self._shown, answer.position)
        size = 0
        if answer.sealed is not None:
            self._newest.saw(answer.sealed)
            size = answer.sealed.size
        if not plan.is_fixed and (answer.position, size) != key[2:4]:
            key = (plan, key[1], answer.position, size, *key[4:])
        return key, begun(answer, cost)

    async def _executed(self, question: Question, asked: Asked, caller: Caller) -> Answered:
        context = Context.of(self._running, caller, question.document)
        async with asyncio.timeout(self._settings.deadline_seconds):
            result = await self._schema.execute(
                question.source,
                variable_values=asked.variables,
                context_value=context,
                operation_name=asked.operation_name,
            )
        self._counts.executed += 1
        if context.position is not None:
            self._shown = max(self._shown, context.position)
        return Answered(response(result, context))

    async def _await(self, plan: Plan, variables: Mapping[str, Any]) -> None:
        """Wait until the read models show the position that the question asks to see."""
        position = plan.awaits(variables)
        if position is None or position <= self._position:
            return
        await shown(self._running.projector, position)
        self._shown = max(self._shown, position)

    @property
    def _position(self) -> int:
        """Where the read models stand, as far as this process knows, and at least where it said."""
        return max(self._running.projector.position, self._shown)


async def _turned_away(error: Exception, caller: Caller) -> RefusedError:
    """Whatever ended an answer, as it may be shown; written down if it was no right of his."""
    if isinstance(error, ForbiddenError):
        await caller.turned_away(error.asked, FORBIDDEN)
    return refused(error)


def _admit(kind: OperationType, principal: Principal) -> None:
    """A credential may be made for less than its owner may do."""
    needed = _NEEDED[kind]
    if needed not in principal.scopes:
        raise ForbiddenError(f"scope {needed}")
