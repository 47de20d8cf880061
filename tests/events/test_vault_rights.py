"""Who may do what to the vault: the service by its functions alone, and never without a trace."""

import asyncpg
import pytest

from events.ledger import Ledger
from tests.events.test_ledger import order
from tests.events.test_vault import contact, ledger, log, root

__all__ = ["ledger", "log", "root"]


async def test_a_question_that_is_taken_back_opens_nothing(
    ledger: Ledger, database_url: str
) -> None:
    """Else one could read, roll back, and leave no trace."""
    asked = contact()
    await ledger.handle(order(asked))
    service = await asyncpg.connect(database_url)
    try:
        async with service.transaction():
            ticket = await service.fetchval(
                "SELECT vault.ask($1, 'lan', 'x', 'y', 'z')", asked.person_id
            )
            assert await service.fetch("SELECT * FROM vault.reveal($1)", ticket) == []
        assert len(await service.fetch("SELECT * FROM vault.reveal($1)", ticket)) == 2
    finally:
        await service.close()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT value FROM vault.value",
        "SELECT count(*) FROM vault.value",
        "COPY vault.value TO STDOUT",
        "DELETE FROM vault.value",
        "INSERT INTO vault.access DEFAULT VALUES",
        "UPDATE vault.access SET purpose = 'x'",
        "DELETE FROM vault.access",
        "SELECT vault.erase()",
        "SET ROLE socai_vault",
        "CREATE TABLE vault.mine ()",
        "ALTER FUNCTION vault.reveal(bigint) RENAME TO look",
    ],
)
async def test_the_service_comes_in_by_the_functions_alone(pool: asyncpg.Pool, sql: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await pool.execute(sql)


@pytest.mark.parametrize("sql", ["SELECT value FROM vault.value", "SELECT vault.sweep()"])
async def test_the_owner_of_the_log_sees_nothing_as_himself(owner_url: str, sql: str) -> None:
    """He may become socai_vault, for that is how a migration gives the vault away."""
    owner = await asyncpg.connect(owner_url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await owner.execute(sql)
    finally:
        await owner.close()


@pytest.mark.parametrize(
    "sql", ["UPDATE vault.access SET purpose = 'x'", "DELETE FROM vault.access"]
)
async def test_what_was_looked_at_stays_written_whoever_tries(
    root: asyncpg.Connection, sql: str
) -> None:
    await root.execute("SET session_replication_role = replica")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await root.execute(sql)
