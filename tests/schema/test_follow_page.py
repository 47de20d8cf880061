"""`docs/how-to/follow-the-fund.md`, followed: its commands are run against a real server."""

import asyncio
import re
import shlex
import shutil
from collections.abc import AsyncIterator

import pytest

from service.app import application
from service.runtime import Runtime
from tests.house.tree import ROOT
from tests.service.wires import serving

PAGE = (ROOT / "docs/how-to/follow-the-fund.md").read_text(encoding="utf-8")
HERE = "http://127.0.0.1:8000"
CURLS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
    if line.startswith("curl ")
]
HEAD = 564
LISTENS = "curl -N"


@pytest.fixture
async def address(fund: Runtime) -> AsyncIterator[str]:
    assert shutil.which("curl"), "Debian's package `curl` has it"
    await fund.newest.look()
    async with serving(application(fund)) as port:
        yield f"http://127.0.0.1:{port}"


async def said(line: str, address: str, seconds: float) -> str:
    """What a command says until it ends, or for some time."""
    words = shlex.split(line.replace(HERE, address))
    bounded = [words[0], "-sS", "--max-time", str(seconds), *words[1:]]
    ran = await asyncio.create_subprocess_exec(*bounded, stdout=asyncio.subprocess.PIPE)
    told, _ = await ran.communicate()
    return told.decode()


async def test_the_page_knows_where_the_evaluation_ends(fund: Runtime) -> None:
    assert (await fund.log.head()).position == HEAD
    assert len(CURLS) == 6


async def test_pages_are_what_is_said_of_them(address: str) -> None:
    first, batch, waiting, *_, proven = CURLS
    told = await said(first, address, 20)
    assert "socai-cursor: 3\r\n" in told
    assert 'link: <?after=3&limit=3>; rel="next"\r\n' in told
    assert told.count('{"specversion"') == 3
    told = await said(batch, address, 20)
    assert told.startswith("[{")
    assert '"type":"vn.socai.AdvancePaid"' in told
    told = await said(waiting.replace("wait=20", "wait=1"), address, 20)
    assert "socai-cursor: 564\r\n" in told
    assert '},"proof":"' in await said(proven, address, 20)


async def test_streams_are_what_is_said_of_them(address: str) -> None:
    listening, again = (line for line in CURLS if line.startswith(LISTENS))
    told, resumed = await asyncio.gather(said(listening, address, 3), said(again, address, 3))
    assert re.findall(r"^id: (\d+)\ndata: {\"specversion", told, re.MULTILINE)[0] == "501"
    assert re.findall(r"^id: (\d+)\ndata: {\"specversion", resumed, re.MULTILINE)[0] == "541"
