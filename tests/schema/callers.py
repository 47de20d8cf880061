"""Callers of every role, as the door would know them, and a door that knows them by name."""

from collections.abc import Mapping, Sequence

from events.identity import OrganisationId, ProvinceRef
from events.mandate import PrincipalId
from events.vocabulary import Role
from schema.access.door import Attempt, NotedAttempt, unauthenticated
from schema.access.principal import PUBLIC, Mandate, Principal
from tests.world import NAM_DINH, YEN_BAI

CENTRE = OrganisationId("tt1")
OFFICE = OrganisationId("so-1")


def caller(role: Role, province: ProvinceRef | None = None, name: str = "") -> Principal:
    """Somebody with one role, over what such a role is held over."""
    if role is Role.PUBLIC:
        return PUBLIC
    mandate = Mandate(
        role=role,
        organisation=OFFICE,
        province=(province or NAM_DINH) if role is Role.OPERATOR else None,
        centre=CENTRE if role is Role.CENTRE_MANAGER else None,
    )
    return Principal(id=PrincipalId(name or role.name.lower()), mandates=(mandate,))


NEIGHBOUR = caller(Role.OPERATOR, YEN_BAI, "neighbour")
EVERY_CALLER: Mapping[str, Principal] = {
    **{role.name.lower(): caller(role) for role in Role},
    "neighbour": NEIGHBOUR,
}


class Known:
    """Knows these callers by their names, and whoever shows nothing as the public."""

    stranger = PUBLIC

    def __init__(self, callers: Mapping[str, Principal] = EVERY_CALLER) -> None:
        self.callers = dict(callers)
        self.book: list[Attempt] = []

    async def principal(self, credential: str) -> Principal:
        found = self.callers.get(credential)
        if found is None:
            raise unauthenticated("unknown")
        return found

    async def note(self, attempt: Attempt) -> None:
        self.book.append(attempt)

    async def noted(self, before: int | None, limit: int) -> Sequence[NotedAttempt]:  # noqa: ARG002
        return ()
