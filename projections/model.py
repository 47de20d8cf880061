"""The read models as a whole: their schema in the database, their moment and their states.

`model` is what readers see. `model_next` is built beside it and takes its name (`rebuild.py`); the
statements here are written for the one and hold for the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import LiteralString

from events.rules import LedgerError
from projections import reference, tally
from projections.catalogue import PROJECTIONS
from projections.database import PATIENCE_SECONDS, Connection
from projections.page import Stop
from projections.projection import Projection
from projections.tables import Table

LIVE, BESIDE, BEFORE, TRIAL = "model", "model_next", "model_before", "model_trial"

CREATE: LiteralString = """
    CREATE TABLE model.moment (
        position bigint NOT NULL,
        recorded_at timestamptz,
        stopped text[] COLLATE "C" NOT NULL DEFAULT '{}'
    ) WITH (fillfactor = 10);
    INSERT INTO model.moment (position) VALUES (0);
    CREATE TABLE model.projection (
        name text COLLATE "C" PRIMARY KEY,
        version bigint NOT NULL,
        position bigint NOT NULL,
        state text NOT NULL CHECK (state IN ('LIVE', 'STOPPED', 'BUILDING')),
        failed_position bigint,
        error text,
        attempts bigint NOT NULL,
        shape text NOT NULL
    ) WITH (fillfactor = 40);
"""
ADD: LiteralString = """
    INSERT INTO model.projection (name, version, position, state, attempts, shape)
    VALUES ($1, $2, 0, 'LIVE', 0, $3)
"""
MOMENT: LiteralString = """
    SELECT position
    FROM model.moment
"""
HOLD: LiteralString = """
    SELECT position
    FROM model.moment
    FOR UPDATE
"""
STATES: LiteralString = """
    SELECT name, state, position, shape
    FROM model.projection
"""
REACH: LiteralString = """
    WITH moved AS (
        UPDATE model.projection
        SET position = $1
        WHERE state = 'LIVE'
    )
    UPDATE model.moment
    SET position = $1, recorded_at = $2
"""
STOP: LiteralString = """
    UPDATE model.projection
    SET state = 'STOPPED',
        position = $2 - 1,
        failed_position = $2,
        error = $3,
        attempts = attempts + 1
    WHERE name = $1
"""
RESUME: LiteralString = """
    UPDATE model.projection
    SET state = 'LIVE', position = $2, failed_position = NULL, error = NULL
    WHERE name = $1
"""
TELL: LiteralString = """
    UPDATE model.moment
    SET stopped = (
        SELECT coalesce(array_agg(name ORDER BY name), '{}')
        FROM model.projection
        WHERE state <> 'LIVE'
    )
"""
"""So that an answer learns in one row where it stands and what it must do without."""
CREEP: LiteralString = """
    UPDATE model.projection
    SET position = $2
    WHERE name = $1
"""
EXISTS: LiteralString = """
    SELECT to_regclass('model.projection') IS NOT NULL
"""


class State(Enum):
    """Whether the read models in the database are those that this process declares."""

    ABSENT = "there are none yet"
    CURRENT = "they are"
    OUTDATED = "they were declared otherwise: they must be built anew"


class ModelOutdatedError(LedgerError):
    """The read models were declared otherwise: `socai rebuild` builds them anew."""


@dataclass(frozen=True)
class Model:
    """One set of read models in one schema."""

    schema: str = LIVE
    projections: tuple[Projection, ...] = PROJECTIONS

    @cached_property
    def tables(self) -> Mapping[Projection, Table]:
        """Their tables."""
        return {each: Table(self.schema, each) for each in self.projections}

    @cached_property
    def shapes(self) -> Mapping[str, str]:
        """A fingerprint of each declaration, under its name."""
        geography, sums = reference.fingerprint(), tally.fingerprint()
        return {
            each.name: f"{table.shape}-{geography}{f'-{sums}' if each.name == tally.SUMMED else ''}"
            for each, table in self.tables.items()
        }

    def digests(self, projection: Projection) -> Mapping[str, str]:
        """The statements that fingerprint a read model and what is added up from it, by name."""
        found = {projection.name: self.tables[projection].digest}
        if projection.name == tally.SUMMED:
            found[tally.NAME] = self.sql(tally.DIGEST)
        return found

    def sql(self, text: LiteralString) -> str:
        """A statement written for `model`, for this schema."""
        return text.replace("model.", f"{self.schema}.")

    async def create(self, connection: Connection) -> None:
        """Make the tables, empty and without an index, inside an empty schema."""
        await connection.execute(self.sql(CREATE))
        for projection, table in self.tables.items():
            await connection.execute(table.create)
            name = projection.name
            await connection.execute(self.sql(ADD), name, projection.version, self.shapes[name])
        await connection.execute(self.sql(tally.CREATE))
        await reference.fill(connection, self.schema)

    async def index(self, connection: Connection) -> None:
        """Make what finds rows, and let the database know how many there are."""
        for table in self.tables.values():
            for statement in (table.create_key, *table.create_indexes, f"ANALYZE {table.name}"):
                await connection.execute(statement, timeout=PATIENCE_SECONDS)
        await connection.execute(self.sql(tally.INDEX), timeout=PATIENCE_SECONDS)

    async def state(self, connection: Connection) -> State:
        """Whether what stands in the database is what is declared here."""
        if not await connection.fetchval(self.sql(EXISTS)):
            return State.ABSENT
        rows = await connection.fetch(self.sql(STATES))
        same = {row["name"]: row["shape"] for row in rows} == dict(self.shapes)
        return State.CURRENT if same else State.OUTDATED

    async def hold(self, connection: Connection) -> tuple[int, frozenset[Projection]]:
        """Lock the moment: where the read models stand, and which of them go on together."""
        position: int = await connection.fetchval(self.sql(HOLD))
        # A statement of its own: one that had to wait for the lock would see states from before.
        rows = {row["name"]: row for row in await connection.fetch(self.sql(STATES))}
        if {name: row["shape"] for name, row in rows.items()} != dict(self.shapes):
            raise ModelOutdatedError("another process has built read models of another shape")
        live = (each for each in self.projections if rows[each.name]["state"] == "LIVE")
        return position, frozenset(live)

    async def reach(
        self, connection: Connection, position: int, recorded_at: datetime | None
    ) -> None:
        """The moment is another."""
        await connection.execute(self.sql(REACH), position, recorded_at)

    async def stop(self, connection: Connection, stops: Mapping[Projection, Stop]) -> None:
        """Say which read models stand still, and why."""
        for projection, stop in stops.items():
            await connection.execute(self.sql(STOP), projection.name, stop.position, stop.error)
        if stops:
            await connection.execute(self.sql(TELL))
