"""Nodes, edges, connections (Relay: Global Object Identification, Cursor Connections)."""

from typing import Generic, TypeVar

import strawberry

T = TypeVar("T")


@strawberry.interface(description="Everything that has a global identity.")
class Node:
    """A thing with an identity that is unique in the whole ledger."""

    id: strawberry.ID = strawberry.field(description="Global identity: `node(id:)` finds it again.")


@strawberry.type(description="Where a page of a connection stands.")
class PageInfo:
    """Relay's page information, in both directions."""

    has_next_page: bool = strawberry.field(description="Whether anything follows this page.")
    has_previous_page: bool = strawberry.field(description="Whether anything precedes this page.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first edge.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last edge.")


@strawberry.type(description="One item of a connection and its cursor.")
class Edge(Generic[T]):
    """A node and where it stands."""

    cursor: str = strawberry.field(description="Pass it as `after` to continue from here.")
    node: T = strawberry.field(description="The item.")


@strawberry.type(description="A page of items, in a stable order.")
class Connection(Generic[T]):
    """A page of nodes."""

    edges: list[Edge[T]] = strawberry.field(description="The items with their cursors.")
    nodes: list[T] = strawberry.field(description="The items alone.")
    page_info: PageInfo = strawberry.field(description="Where this page stands.")
    total_count: int = strawberry.field(description="How many there are on all pages.")
