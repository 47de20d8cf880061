"""Many commands in one request: all or nothing, or each for itself.

mutation { batch(commands: [{commandId: …, circumstances: …, command: {openPeriod: …}}]) { … } }
"""

from collections.abc import Sequence
from types import new_class
from typing import Annotated, Any, NamedTuple, get_args
from uuid import UUID

import strawberry
from strawberry import UNSET

from events.duties import WrongAuthority
from events.entry import Preview, Receipt
from events.envelope import Order
from events.jurisdiction import OutsideJurisdiction
from events.rules import Refusal
from events.together import NotCarriedOut, NotTogetherError
from schema.access.principal import Mandate
from schema.context import Context
from schema.enums import BatchMode
from schema.mirror import command_of, input_type, refusal_type, refused, union_of
from schema.mutation import Commands
from schema.outcome import Asks, Circumstances, Recorded, answered, doors, order_of, told
from schema.planner.limits import COMMANDS
from schema.scalars import Position

DOORS = doors(Commands)
"""Name in GraphQL -> every mutation that records something of the fund."""


AnyCommand: Any = strawberry.input(
    new_class(
        "AnyCommand",
        exec_body=lambda ns: ns.update(
            {
                name: strawberry.field(default=UNSET, description=door.description, name=name)
                for name, door in DOORS.items()
            },
            __annotations__={name: input_type(door.command) | None for name, door in DOORS.items()},
        ),
    ),
    one_of=True,
    description="One command: exactly one of these is given (lệnh).",
)


@strawberry.input(description="A command with its circumstances, as its own mutation takes them.")
class BatchCommand:
    """One line of a batch."""

    command_id: UUID = strawberry.field(description="Made by you: carried out once, for ever.")
    circumstances: Circumstances = strawberry.field(description="Who, when, by which authority.")
    command: AnyCommand = strawberry.field(description="What is asked for.")
    expected_version: int | None = strawberry.field(
        default=UNSET,
        description="Refuse unless the stream stands at this version, with what the commands before"
        " it in this request did.",
    )


BatchOutcome: Any = union_of(
    dict.fromkeys(
        [
            Recorded,
            *(each for door in DOORS.values() for each in get_args(get_args(door.answers)[0])[1:]),
            refusal_type(NotCarriedOut),
        ]
    ),
    "BatchOutcome",
    "`Recorded`, or the refusal that prevents it.",
)


@strawberry.type(description="What became of one command of a batch (kết quả từng lệnh).")
class BatchResult:
    """In the order of the request."""

    nth: int = strawberry.field(description="Which command of the request, from 1 (thứ tự).")
    command_id: UUID = strawberry.field(description="Its id, as it was sent.")
    outcome: BatchOutcome = strawberry.field(description="As its own mutation answers.")


@strawberry.type(description="What became of a batch (kết quả). Recorded and refused are all.")
class Batch:
    """A result for each command."""

    recorded: int = strawberry.field(description="How many are recorded, or were so already.")
    refused: int = strawberry.field(description="How many are not.")
    position: Position | None = strawberry.field(
        description="Read from here on to see their effect; null if nothing was recorded."
    )
    results: list[BatchResult] = strawberry.field(description="For each command, in its order.")


@strawberry.type(description="Commands. Each is recorded once, or refused by name.")
class Mutation(Commands):
    """Writes, one by one or many at once."""

    @strawberry.mutation(
        description=f"Up to {COMMANDS.most:,} commands in one request, in their order: each finds"
        " what those before it did (ghi sổ hàng loạt)."
    )
    async def batch(
        self,
        info: strawberry.Info,
        commands: Annotated[
            list[BatchCommand], strawberry.argument(description="What is asked for, in order.")
        ],
        mode: Annotated[
            BatchMode, strawberry.argument(description="All or nothing, or each for itself.")
        ] = BatchMode.TOGETHER,
    ) -> Batch:
        """Whoever may not give one of the commands may not give the batch."""
        context: Context = info.context
        asked = await admitted(context, commands)
        carry_out = _together if mode is BatchMode.TOGETHER else _each
        return await _told(context, asked, await carry_out(context, asked))


class Asked(NamedTuple):
    """One line: which mutation, and what it is sent."""

    name: str
    asks: Asks

    @classmethod
    def of(cls, sent: BatchCommand) -> "Asked":
        (name,) = (each for each in DOORS if getattr(sent.command, each) is not UNSET)
        said = command_of(DOORS[name].command, getattr(sent.command, name))
        return cls(name, Asks(said, sent.command_id, sent.circumstances, sent.expected_version))


async def admitted(context: Context, commands: Sequence[BatchCommand]) -> Sequence[Asked]:
    """What is asked for; refused as a whole if one of the commands is not the caller's to give."""
    asked = [Asked.of(each) for each in commands]
    for name in dict.fromkeys(each.name for each in asked):
        await context.admit(name)
    return asked


async def _each(context: Context, asked: Sequence[Asked]) -> Sequence[Receipt | object]:
    """Each for itself: what is refused is in nobody's way."""

    async def act(context: Context, order: Order[Any]) -> Receipt:
        return await context.ledger.handle(order)

    return [await answered(context, each.name, each.asks, act) for each in asked]


async def _together(context: Context, asked: Sequence[Asked]) -> Sequence[Receipt | object]:
    """All of them, each under the first mandate that reaches so far; or none."""
    under = _Under(context, asked, [list(await context.admit(each.name)) for each in asked])
    while True:
        try:
            return await context.ledger.handle_together(under.orders)
        except NotTogetherError as error:
            if not under.another(error.nth, error.refusal):
                await under.note(error.nth, error.refusal)
                return _none(len(asked), error.nth, error.refusal)


async def foreseen_under(context: Context, asked: Sequence[Asked]) -> Sequence[Preview | Refusal]:
    """What would become of each, under the first mandate that reaches so far."""
    under = _Under(context, asked, [list(await context.admit(each.name)) for each in asked])
    while True:
        seen = await context.ledger.preview_together(under.orders)
        refusals = [(nth, each) for nth, each in enumerate(seen) if isinstance(each, Refusal)]
        moved = [under.another(nth, each) for nth, each in refusals]
        if not any(moved):
            for nth, each in refusals:
                await under.note(nth, each)
            return seen


class _Under(NamedTuple):
    """Commands with the mandates that each may still be given under."""

    context: Context
    asked: Sequence[Asked]
    mandates: Sequence[list[Mandate]]

    @property
    def orders(self) -> list[Order[Any]]:
        return [
            order_of(self.context, each.asks, mandates[0])
            for each, mandates in zip(self.asked, self.mandates, strict=True)
        ]

    def another(self, nth: int, why: Refusal) -> bool:
        """Whether there is another mandate for what lies outside of this one."""
        if not isinstance(why, OutsideJurisdiction) or len(self.mandates[nth]) == 1:
            return False
        del self.mandates[nth][0]
        return True

    async def note(self, nth: int, why: Refusal) -> None:
        """Write down who was turned away."""
        if isinstance(why, OutsideJurisdiction | WrongAuthority):
            await self.context.caller.turned_away(self.asked[nth].name, why.code)


def _none(count: int, nth: int, why: Refusal) -> Sequence[object]:
    told = refused(NotCarriedOut(nth=nth + 1))
    return [refused(why) if each == nth else told for each in range(count)]


async def _told(
    context: Context, asked: Sequence[Asked], done: Sequence[Receipt | object]
) -> Batch:
    receipts = [each for each in done if isinstance(each, Receipt)]
    position = max((each.position for each in receipts), default=None)
    readable = position is None or await context.shows(position)
    return Batch(
        recorded=len(receipts),
        refused=len(done) - len(receipts),
        position=None if position is None else Position(position),
        results=[
            BatchResult(
                nth=nth,
                command_id=line.asks.command_id,
                outcome=told(each, readable=readable) if isinstance(each, Receipt) else each,
            )
            for nth, (line, each) in enumerate(zip(asked, done, strict=True), 1)
        ],
    )
