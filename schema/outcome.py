"""What a mutation answers: `Recorded`, or a named refusal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Any, get_args
from uuid import UUID

import strawberry
from strawberry import UNSET

from events.envelope import Actor, Authority, Order
from events.ledger import Receipt
from events.rules import Refusal as DomainRefusal
from schema.access.principal import Mandate
from schema.context import Context
from schema.event import Event
from schema.mirror import command_of, input_type, refusal_type, refused, union_of
from schema.planner.declare import many
from schema.planner.refusals import QueryRefusedError
from schema.scalars import Position


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
        context, name = info.context, info.field_name
        mandates = await context.admit(name)
        principal = context.caller.principal.id
        _check_actor(principal, _or_none(circumstances.actor))
        order = Order(
            command=command_of(command, input),
            command_id=command_id,
            effective_on=circumstances.effective_on,
            actor=context.caller.principal.acting(mandates[0]),
            authority=_authority(_or_none(circumstances.authority)),
            causation=_or_none(circumstances.causation),
            correlation=_or_none(circumstances.correlation),
            expected_version=_or_none(expected_version),
            synthetic=circumstances.synthetic,
        )
        return await _answer(context, name, order, mandates)

    resolve.__annotations__ = _annotations(asked, answers)
    return strawberry.mutation(resolve, description=description)


def _annotations(asked: Any, answers: Any) -> dict[str, Any]:
    """What GraphQL is told of the arguments."""
    return {
        "info": strawberry.Info,
        "command_id": Annotated[
            UUID, strawberry.argument(description="Made by you: carried out once, for ever.")
        ],
        "input": Annotated[asked, strawberry.argument(description="What is asked for.")],
        "circumstances": Annotated[
            Circumstances, strawberry.argument(description="Who, when, by which authority.")
        ],
        "expected_version": Annotated[
            int | None,
            strawberry.argument(description="Refuse unless the stream stands at this version."),
        ],
        "return": answers,
    }


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


async def _answer(
    context: Context, asked: str, order: Order[Any], mandates: Sequence[Mandate]
) -> object:
    """Carry it out, in the name of whoever asks and no further than his mandate reaches."""

    async def act(mandate: Mandate) -> Recorded:
        actor = context.caller.principal.acting(mandate)
        return _recorded(*await context.record(replace(order, actor=actor, within=mandate.within)))

    try:
        return await context.under(mandates, asked, act)
    except DomainRefusal as refusal:
        return refused(refusal)


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
