"""Where callers come in: who somebody is by what he shows, and the book of who was turned away.

The service stands behind it (`service/access`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from starlette.types import Scope

from events.rules import value
from schema.access.payers import Payer, payer_of
from schema.access.principal import Principal
from schema.planner.refusals import QueryRefusedError

UNAUTHENTICATED = "UNAUTHENTICATED"
BEARER = "bearer "


@value
class Attempt:
    """Something that somebody was refused (lần bị từ chối)."""

    principal: str
    """Empty: it is not known who it was."""
    roles: tuple[str, ...]
    asked: str
    code: str


@value
class NotedAttempt:
    """An attempt as it stands in the book."""

    id: int
    at: datetime
    attempt: Attempt


class Door(Protocol):
    """Knows callers by their credentials."""

    @property
    def stranger(self) -> Principal:
        """Who shows nothing."""
        ...

    async def principal(self, credential: str) -> Principal:
        """Who shows this; refused UNAUTHENTICATED if it proves nothing, or nothing any more."""
        ...

    async def note(self, attempt: Attempt) -> None:
        """Write down who was turned away, and from what."""
        ...

    async def noted(self, before: int | None, limit: int) -> Sequence[NotedAttempt]:
        """What was written down, the last first."""
        ...


@dataclass(slots=True)
class Caller:
    """One request or connection: what was shown, and who that is as of the last look."""

    door: Door
    payer: Payer
    principal: Principal
    credential: str | None = None

    @classmethod
    def stranger(cls, door: Door, scope: Scope) -> "Caller":
        """Whoever is at the other end of a connection, before he has shown anything."""
        return cls(door, payer_of(scope), door.stranger)

    async def introduce(self, header: bytes) -> None:
        """Learn who he is by what he shows: he pays as himself now, wherever he asks from."""
        credential = bearer(header.decode("latin-1"))
        self.principal = await self.door.principal(credential)
        self.credential = credential
        self.payer = Payer(str(self.principal.id), is_keyed=True)

    async def look(self) -> None:
        """Look again: a key may have been revoked, a token have expired, a mandate have ended."""
        if self.credential is not None:
            self.principal = await self.door.principal(self.credential)

    async def turned_away(self, asked: str, code: str) -> None:
        """Write down that this caller was refused."""
        principal = self.principal
        await self.door.note(
            Attempt(
                principal=principal.id or "",
                roles=tuple(sorted(each.name for each in principal.roles)),
                asked=asked,
                code=code,
            )
        )


def bearer(header: str) -> str:
    """The credential in an Authorization header (RFC 6750 §2.1)."""
    if header[: len(BEARER)].lower() != BEARER:
        raise unauthenticated("scheme")
    return header[len(BEARER) :].strip()


def unauthenticated(reason: str) -> QueryRefusedError:
    """What was shown proves nothing; `reason` is a stable word that tells no secret."""
    return QueryRefusedError(
        UNAUTHENTICATED,
        f"The key or token is not accepted: {reason}. Without one you are served as the public.",
        f"Khoá hoặc thẻ không được chấp nhận: {reason}. Không gửi thì được phục vụ như công chúng.",
        reason=reason,
    )
