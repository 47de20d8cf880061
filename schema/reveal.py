"""Personal values are shown to whoever says what for: a mutation, because it is written down."""

from typing import Annotated, Any

import strawberry

from events import facility
from events.envelope import Actor
from events.identity import FacilityId, InvalidCode, PersonId
from events.personal import Personal
from events.rules import Refusal
from events.text import InvalidText
from schema.mirror import command_of, input_type, refusal_type, refused, union_of


@strawberry.type(description="What is known of a contact person (dữ liệu của người liên hệ).")
class ContactRevealed:
    """The values, as they were recorded."""

    name: Personal | None = strawberry.field(description="Full name (họ và tên).")
    phone: Personal | None = strawberry.field(description="Telephone (điện thoại).")
    email: Personal | None = strawberry.field(description="E-mail address (thư điện tử).")


RevealOutcome: Any = union_of(
    [
        ContactRevealed,
        *map(
            refusal_type,
            (
                facility.UnknownFacility,
                facility.UnknownContact,
                facility.ContactIsErased,
                facility.PersonIdSpeaks,
                InvalidText,
                InvalidCode,
            ),
        ),
    ],
    "RevealOutcome",
    "What is known, or the refusal that prevents to say it.",
)


def reveals() -> Any:
    """The mutation that shows what is known of a contact person."""
    who: Any = input_type(Actor)

    async def resolve(info: Any, facility_id: Any, person_id: Any, purpose: Any, actor: Any) -> Any:
        try:
            shown = await info.context.reveal(
                FacilityId(facility_id), PersonId(person_id), command_of(Actor, actor), purpose
            )
        except Refusal as refusal:
            return refused(refusal)
        told = {each.imprint.field: each.text for each in shown}
        return ContactRevealed(
            name=told.get("name"), phone=told.get("phone"), email=told.get("email")
        )

    resolve.__annotations__ = {
        "info": strawberry.Info,
        "facility_id": Annotated[str, strawberry.argument(description="Whose contact.")],
        "person_id": Annotated[str, strawberry.argument(description="Which one, by the id.")],
        "purpose": Annotated[
            str, strawberry.argument(description="What for (mục đích): it is written down.")
        ],
        "actor": Annotated[who, strawberry.argument(description="Who asks (người truy cập).")],
        "return": RevealOutcome,
    }
    return strawberry.mutation(
        resolve, description="Show personal data; the access is recorded (xem dữ liệu cá nhân)."
    )
