"""Nodes, edges, connections (Relay: Global Object Identification, Cursor Connections)."""

from typing import Generic, TypeVar

import strawberry

T = TypeVar("T")


@strawberry.interface(description="Everything that has a global identity.")
class Node:
    """A thing with an identity that is unique in the whole ledger."""

    id: strawberry.ID = strawberry.field(description="Global identity: `node(id:)` finds it again.")


@strawberry.type(description="Where a page of a list stands.")
class PageInfo:
    """Relay's page information, in both directions."""

    has_next_page: bool = strawberry.field(description="Whether anything follows this page; exact.")
    has_previous_page: bool = strawberry.field(
        description="Whether anything precedes this page; exact."
    )
    start_cursor: str | None = strawberry.field(
        description="Cursor of the first item: as `before` it leads back; null on an empty page."
    )
    end_cursor: str | None = strawberry.field(
        description="Cursor of the last item: as `after` it leads on; null on an empty page."
    )


@strawberry.type(description="One item of a list and its cursor (con trỏ trang).")
class Edge(Generic[T]):
    """A node and where it stands."""

    cursor: str = strawberry.field(
        description="Where the item stands: give it as `after` or `before` to go on."
    )
    node: T = strawberry.field(description="The item.")


@strawberry.type(
    description="A page of a list; it and those its cursors lead to are of one position."
)
class Connection(Generic[T]):
    """A page of nodes."""

    edges: list[Edge[T]] = strawberry.field(description="The items with their cursors.")
    nodes: list[T] = strawberry.field(description="The items alone.")
    page_info: PageInfo = strawberry.field(description="Where this page stands.")
    total_count: int = strawberry.field(
        description="How many there are on all pages, whichever page this is."
    )
