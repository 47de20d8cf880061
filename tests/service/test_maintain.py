"""`docs/how-to/maintain-the-database.md`, followed to the letter on a data folder of its own."""

import asyncio
import re
import shlex
from pathlib import Path

import asyncpg

from events.log import Log
from events.maintenance import MaintenanceClosed, MaintenanceOpened
from events.signing import SigningKeyIntroduced
from service.config import Config
from service.database import Database, database
from tests.service.command_line import ROOT, running, socai

PAGE = (ROOT / "docs/how-to/maintain-the-database.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|sql)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def run(line: str, folder: Path) -> None:
    """One line of a shell; `|| test $? = 1` says which exit code is expected."""
    command, _, told = line.partition(" || test $? = ")
    ran = socai(*shlex.split(command)[1:], SOCAI_DATA=str(folder))
    if command == "socai doctor":  # whether GraphiQL's files are here is another matter
        assert {"guard\tok", "wall\tok"} <= set(re.findall(r"^\w+\t\w+", ran.stdout, re.MULTILINE))
        return
    assert ran.returncode == int(told or 0), (line, ran.stdout, ran.stderr)


async def found_in(folder: Path) -> Database:
    async with database(Config.from_env({"SOCAI_DATA": str(folder)}), share=True) as found:
        return found


async def execute(url: str, block: str) -> None:
    """In the name of whom the block says."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(block)
    finally:
        await connection.close()


async def recorded(url: str) -> list[object]:
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
        facts = [each.fact for each in await Log(pool).read(0, 10)]
        return [each for each in facts if not isinstance(each, SigningKeyIntroduced)]


def test_the_page_can_be_followed(tmp_path: Path) -> None:
    assert [language for language, _ in BLOCKS].count("sql") == 2
    folder = tmp_path / "ledger"
    with running(tmp_path, "serve", "--port", "0", "--data", str(folder)) as serving:
        serving.ready()
        found = asyncio.run(found_in(folder))
        for language, block in BLOCKS:
            if language == "sh":
                for line in block.splitlines():
                    run(line, folder)
            else:
                is_owner = block.startswith("-- as socai_owner")
                url = found.owner_url if is_owner else found.superuser_url
                assert url is not None
                asyncio.run(execute(url, block))
        assert asyncio.run(recorded(found.service_url)) == [
            MaintenanceOpened(reason="a comment on the log", minutes=10),
            MaintenanceClosed(applied=()),
            MaintenanceOpened(reason="the wall is put up again", minutes=15),
            MaintenanceClosed(applied=()),
        ]
