"""What a connection is, to the type checker: taken from a pool, or one's own."""

from typing import TYPE_CHECKING, Any, Final, TypeAlias

PATIENCE_SECONDS: Final = 86_400.0
"""For a statement that reads or writes a whole table: a pool's own limit is for requests."""

if TYPE_CHECKING:
    from asyncpg import Connection as _Own
    from asyncpg import Pool as _Pool
    from asyncpg import Record
    from asyncpg.pool import PoolConnectionProxy

    Connection: TypeAlias = _Own[Record] | PoolConnectionProxy[Record]
    Pool: TypeAlias = _Pool[Record]
else:
    # asyncpg's own classes cannot be subscripted when the program runs.
    Connection: TypeAlias = Any
    Pool: TypeAlias = Any
