"""Subscriptions: for each piece of the log one answer, worked out once for all who ask the same.

A subscriber is a position and a question. Of those with the same question and the same sight, who
stand at the same place, one asks the database and writes the answer; the others are given the
bytes. What differs among them without mattering, where they began and how much they take at once,
is no part of what they share.
"""

import asyncio
from collections.abc import AsyncGenerator, Hashable, Mapping
from contextlib import aclosing
from http import HTTPStatus
from inspect import isawaitable
from typing import Any, Final, NamedTuple, Protocol, cast

import orjson
import strawberry
from graphql import ExecutionResult, GraphQLError
from graphql.execution import Executor, create_source_event_stream

from schema.access.door import Caller
from schema.context import Context
from schema.executor import SplicingExecutor
from schema.http.allowance import ENTRY_POINTS, Allowance
from schema.http.asking import Asked
from schema.http.counts import Counts
from schema.http.keeping import Keeper
from schema.http.questions import Question
from schema.http.refusals import RefusedError
from schema.http.writing import response
from schema.running import Running

AGAIN_SECONDS: Final = 0.5
SHARED_BYTES_MAX: Final = 16 * 1024 * 1024
"""Some seconds of what many follow; who comes later asks for himself."""


class Part(NamedTuple):
    """One answer of a subscription, and where to go on after it."""

    body: bytes
    cursor: int
    """0: nowhere; what is answered is no piece of the log."""
    cost: int = ENTRY_POINTS
    """In points."""


class Batch(Protocol):
    """What a subscription yields."""

    @property
    def key(self) -> Hashable:
        """Equal for equal pieces."""
        ...

    @property
    def resume(self) -> int:
        """The cursor to go on from; 0 if there is none."""
        ...


class Following:
    """The subscriptions of one process."""

    def __init__(
        self, schema: strawberry.Schema, running: Running, counts: Counts, allowance: Allowance
    ) -> None:
        self._schema = schema._schema  # noqa: SLF001 - graphql-core's own
        self._running, self._counts, self._allowance = running, counts, allowance
        self._shared = Keeper[Part](SHARED_BYTES_MAX, counts)

    async def follow(
        self, question: Question, asked: Asked, caller: Caller, after: int
    ) -> AsyncGenerator[Part, None]:
        """Every answer, for as long as the caller may come in."""
        context = Context.of(self._running, caller, question.document, after)
        executor = SplicingExecutor.build(
            self._schema,
            question.document,
            context_value=context,
            raw_variable_values=asked.variables,
            operation_name=asked.operation_name,
        )
        if isinstance(executor, list):
            yield Part(response(ExecutionResult(None, executor), context), 0)
            return
        told = create_source_event_stream(executor)
        stream = await told if isawaitable(told) else told
        if isinstance(stream, ExecutionResult):
            yield Part(response(stream, context), 0)
            return
        asks = (question, _inner(question, asked.variables))
        self._counts.subscriptions += 1
        try:
            async with aclosing(cast("AsyncGenerator[Batch, None]", stream)) as batches:
                async for batch in batches:
                    await caller.look()
                    part = await self._part(executor, context, asks, batch)
                    await self._allowance.pace(caller.payer, part.cost)
                    yield part
        finally:
            self._counts.subscriptions -= 1

    async def _part(
        self, executor: Executor[Any], context: Context, asks: Hashable, batch: Batch
    ) -> Part:
        principal = context.caller.principal
        key = (asks, principal.feed, tuple(principal.figures.values()), batch.key)
        known = self._shared.get(key)
        if known is not None:
            return known

        async def ask() -> tuple[Hashable, Part]:
            context.cost = 0
            result = executor.build_per_event_executor(batch).execute_operation(False)  # noqa: FBT003
            told = await result if isawaitable(result) else result
            answered = cast("ExecutionResult", told)
            self._counts.executed += 1
            if answered.errors and all(map(_is_late, answered.errors)):
                raise RefusedError(answered.errors, HTTPStatus.SERVICE_UNAVAILABLE)
            body = response(answered, context)
            part = Part(body, batch.resume, max(ENTRY_POINTS, context.cost))
            # A failure is of this moment: whoever comes to the same place later asks again.
            return (object() if answered.errors else key), part

        while True:
            try:
                return await self._shared.once(key, ask)
            except RefusedError as error:
                if error.status != HTTPStatus.SERVICE_UNAVAILABLE:
                    raise
                await asyncio.sleep(AGAIN_SECONDS)  # the log is not lost: it is late


def _is_late(error: GraphQLError) -> bool:
    """Whether the database did not answer in time, which says nothing of the question."""
    return isinstance(error.original_error, TimeoutError)


def _inner(question: Question, variables: Mapping[str, Any]) -> bytes:
    """The variables that an answer depends on: those below the root field, and in directives."""
    named = question.inner_variables
    return orjson.dumps({name: variables.get(name) for name in named}) if named else b""
