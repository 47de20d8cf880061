"""What was sent to webhooks and what was changed of them: asked once for all of an answer."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from strawberry.dataloader import DataLoader

from schema.webhooks.desk import Changed, Delivered, Desk

T = TypeVar("T")
Ask = Callable[[Sequence[str], int | None, int], Awaitable[Mapping[str, Sequence[T]]]]


class Page(NamedTuple):
    """Which rows of which webhook: the last ones before an id."""

    webhook: str
    before: int | None
    limit: int


class Histories(NamedTuple):
    """Loads what belongs to the webhooks of one answer, of all of them at once."""

    deliveries: DataLoader[Page, Sequence[Delivered]]
    changes: DataLoader[Page, Sequence[Changed]]

    @classmethod
    def of(cls, desk: Desk) -> "Histories":
        """What the desk keeps."""
        return cls(_loader(desk.deliveries), _loader(desk.changes))


def _loader(ask: Ask[T]) -> DataLoader[Page, Sequence[T]]:
    async def load(pages: list[Page]) -> list[Sequence[T]]:
        together: dict[tuple[int | None, int], list[str]] = defaultdict(list)
        for page in pages:
            together[page.before, page.limit].append(page.webhook)
        found = {
            (before, limit): await ask(webhooks, before, limit)
            for (before, limit), webhooks in together.items()
        }
        return [found[page.before, page.limit].get(page.webhook, ()) for page in pages]

    return DataLoader(load)
