"""Personal values are shown to whoever says what for: a mutation, because it is written down."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry

from events import facility
from events.identity import FacilityId, InvalidCode, PersonId
from events.jurisdiction import OutsideJurisdiction
from events.personal import Personal
from events.rules import Refusal
from events.text import InvalidText
from events.vault import Shown
from schema.access.principal import Mandate
from schema.mirror import refusal_type, refused, union_of


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
                OutsideJurisdiction,
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

    async def resolve(info: Any, facility_id: Any, person_id: Any, purpose: Any) -> Any:
        context, asked = info.context, info.field_name
        whose, person = FacilityId(facility_id), PersonId(person_id)

        async def act(mandate: Mandate) -> Sequence[Shown]:
            shown: Sequence[Shown] = await context.reveal(whose, person, mandate, purpose)
            return shown

        mandates = await context.admit(asked)
        try:
            shown = await context.under(mandates, asked, act)
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
        "return": RevealOutcome,
    }
    return strawberry.mutation(
        resolve, description="Show personal data; the access is recorded (xem dữ liệu cá nhân)."
    )
