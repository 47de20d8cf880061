"""What a mutation answers: `Recorded`, or a named refusal."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, NamedTuple, get_args
from uuid import UUID

import strawberry
from strawberry import UNSET

from events.envelope import Actor, Authority, Jurisdiction, Order
from events.ledger import Receipt
from events.rules import Refusal as DomainRefusal
from schema.access.principal import Mandate
from schema.context import Context
from schema.event import Event
from schema.mirror import command_of, input_type, refusal_type, refused, union_of
from schema.planner.declare import many
from schema.planner.refusals import QueryRefusedError
from schema.scalars import Position

DOOR = "socai.door"
"""Among what a field of `Mutation` says of itself: its `Door`."""


@dataclass(frozen=True, slots=True)
class Door:
    """What a mutation asks for, and all that it may answer."""

    command: type
    answers: Any
    """The union of `Recorded` and the named refusals."""
    description: str


@strawberry.type(description="The command was carried out (đã ghi sổ).")
class Recorded:
    """One success type for every mutation; no events means that it was already so."""

    last: strawberry.Private[int]
    positions: strawberry.Private[Sequence[int]]
    stream: str = strawberry.field(description="The stream that was written to.")
    version: int = strawberry.field(description="The stream's version now.")
    position: Position = strawberry.field(description="Read from here on to see its effect.")
    repeated: bool = strawberry.field(
        description="The same command id was carried out before; this is that answer again."
    )
    readable: bool = strawberry.field(
        description="Whether reads already show it; else give reads a little time."
    )
    events: list[Event] = many("{other}.position = ANY({self}.positions)", "What was recorded.")


@strawberry.input(description="Who asks, since when it holds, and by which authority.")
class Circumstances:
    """The envelope of a command."""

    effective_on: date = strawberry.field(description="When it is true in law (ngày hiệu lực).")
    actor: input_type(Actor) | None = strawberry.field(  # type: ignore[valid-type]
        default=UNSET,
        description="Who acts (người thực hiện): you, as your key or token says. Left out, or so.",
    )
    authority: input_type(Authority) | None = strawberry.field(  # type: ignore[valid-type]
        default=UNSET, description="The paper it rests on (căn cứ)."
    )
    causation: UUID | None = strawberry.field(
        default=UNSET, description="The event that led to it."
    )
    correlation: UUID | None = strawberry.field(
        default=UNSET, description="The business case it belongs to."
    )
    synthetic: bool = strawberry.field(
        default=False, description="Invented for demonstration: marked in the event and in answers."
    )


def outcome(name: str, *refusals: object) -> Any:
    """The union of `Recorded` and the named refusals of an aggregate."""
    kinds = [refusal_type(each) for union in refusals for each in get_args(union) or (union,)]
    members = (Recorded, *dict.fromkeys(kinds))
    return union_of(members, name, "`Recorded`, or the refusal that prevents it.")


def records(command: type, answers: Any, description: str) -> Any:
    """The mutation that asks for a command."""
    asked: Any = input_type(command)

    async def resolve(
        info: Any,
        command_id: Any,
        input: Any,
        circumstances: Any,
        expected_version: Any = UNSET,
    ) -> Any:
        asks = Asks(command_of(command, input), command_id, circumstances, expected_version)
        return await answered(info.context, info.field_name, asks, _carried_out)

    resolve.__annotations__ = {
        "info": strawberry.Info,
        "command_id": Annotated[
            UUID, strawberry.argument(description="Made by you: carried out once, for ever.")
        ],
        **asked_of(asked),
        "return": answers,
    }
    door = Door(command, answers, description)
    return strawberry.mutation(resolve, description=description, metadata={DOOR: door})


def asked_of(asked: Any) -> dict[str, Any]:
    """What GraphQL is told of the arguments that say a command."""
    return {
        "input": Annotated[asked, strawberry.argument(description="What is asked for.")],
        "circumstances": Annotated[
            Circumstances, strawberry.argument(description="Who, when, by which authority.")
        ],
        "expected_version": Annotated[
            int | None,
            strawberry.argument(description="Refuse unless the stream stands at this version."),
        ],
    }


class Asks(NamedTuple):
    """A command as it was sent, with its circumstances."""

    command: Any
    command_id: UUID
    circumstances: Circumstances
    expected_version: Any = UNSET


async def answered(
    context: Context,
    name: str,
    asks: Asks,
    act: Callable[[Context, Order[Any]], Awaitable[object]],
) -> object:
    """What comes of a command, in the name of whoever asks and no further than he reaches."""
    mandates = await context.admit(name)
    principal = context.caller.principal
    _check_actor(str(principal.id), _or_none(asks.circumstances.actor))

    async def under(mandate: Mandate) -> object:
        return await act(context, _order(asks, principal.acting(mandate), mandate.within))

    try:
        return await context.under(mandates, name, under)
    except DomainRefusal as refusal:
        return refused(refusal)


def _order(asks: Asks, actor: Actor, within: Jurisdiction | None) -> Order[Any]:
    told = asks.circumstances
    return Order(
        command=asks.command,
        command_id=asks.command_id,
        effective_on=told.effective_on,
        actor=actor,
        authority=_authority(_or_none(told.authority)),
        causation=_or_none(told.causation),
        correlation=_or_none(told.correlation),
        expected_version=_or_none(asks.expected_version),
        synthetic=told.synthetic,
        within=within,
    )


def _check_actor(principal: str, sent: Any) -> None:
    """Nobody acts in another one's name."""
    if sent is not None and sent.id != principal:
        raise QueryRefusedError(
            "ACTOR_IS_ANOTHER",
            f"You are {principal}: leave `actor` out, or name yourself.",
            f"Bạn là {principal}: hãy bỏ trống `actor` hoặc ghi đúng mã của mình.",
            principal=principal,
        )


def _authority(sent: object) -> Authority | None:
    return None if sent is None else command_of(Authority, sent)


def _or_none(sent: Any) -> Any:
    """What was left out is null."""
    return None if sent is UNSET else sent


async def _carried_out(context: Context, order: Order[Any]) -> Recorded:
    return _recorded(*await context.record(order))


def _recorded(receipt: Receipt, readable: bool) -> Recorded:  # noqa: FBT001 - as `record` answers
    facts = receipt.facts
    return Recorded(
        last=facts[-1].position if facts else 0,
        positions=[each.position for each in facts],
        stream=receipt.stream,
        version=receipt.version,
        position=Position(receipt.position),
        repeated=receipt.repeated,
        readable=readable,
    )
