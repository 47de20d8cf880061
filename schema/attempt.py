"""The book of who was turned away, for auditors."""

from collections.abc import Sequence
from datetime import datetime

import strawberry

from schema.access.door import NotedAttempt
from schema.planner.refusals import QueryRefusedError

ATTEMPTS_DEFAULT, ATTEMPTS_MAX = 100, 1_000


@strawberry.type(description="Something that somebody was refused (lần truy cập bị từ chối).")
class Attempt:
    """Written down when it happened; nothing of it can be changed."""

    id: strawberry.ID = strawberry.field(
        description="Its place in the book: give it as `before` to go on."
    )
    at: datetime = strawberry.field(description="When it was (thời điểm).")
    principal: str | None = strawberry.field(
        description="Who it was (mã chủ thể); null: somebody of the public, or nobody knows."
    )
    roles: list[str] = strawberry.field(description="Roles that he had then (vai trò).")
    asked: str = strawberry.field(description="What was asked for: a field, a command.")
    code: str = strawberry.field(description="Code of the refusal (mã từ chối).")


def bounded(first: int, before: str | None, most: int = ATTEMPTS_MAX) -> tuple[int | None, int]:
    """The arguments of a page of a book, the last first, or a refusal."""
    check_size(first, most)
    if before is None:
        return None, first
    if not before.isascii() or not before.isdigit() or len(before) > 18:  # noqa: PLR2004 - a bigint
        raise QueryRefusedError(
            "BAD_CURSOR",
            "`before` is an id of this list.",
            "`before` phải là mã của một dòng trong danh sách này.",
        )
    return int(before), first


def check_size(first: int, most: int) -> None:
    """Refuse a page of nothing, and one that is too long."""
    if not 1 <= first <= most:
        raise QueryRefusedError(
            "PAGE_SIZE",
            f"`first` must be between 1 and {most}; {first} was asked for.",
            f"`first` phải từ 1 đến {most}; yêu cầu là {first}.",
            limit=most,
            value=first,
        )


def shown(noted: Sequence[NotedAttempt]) -> list[Attempt]:
    """The book as GraphQL has it."""
    return [
        Attempt(
            id=strawberry.ID(str(each.id)),
            at=each.at,
            principal=each.attempt.principal or None,
            roles=list(each.attempt.roles),
            asked=each.attempt.asked,
            code=each.attempt.code,
        )
        for each in noted
    ]
