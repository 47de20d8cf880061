"""The signer as a process: beside a server, on its own, and when the log is not what it signed."""

import asyncio
import os
import re
import shlex
import signal
from pathlib import Path

import asyncpg
import httpx2

from events.log import Log
from events.seal.announced import announcements, verifiers
from events.seal.checkpoint import Checkpoint
from events.seal.files import FolderBusyError
from events.seal.kept import Seal
from events.seal.memory import Memory
from events.seal.note import Note, VerifierKey, opened, signers
from service.cli.exits import Exit
from service.config import Config
from service.database import Database, database
from tests.service.command_line import ROOT, Running, running, socai

PAGE = (ROOT / "docs/how-to/seal-the-ledger.md").read_text(encoding="utf-8")
LINES = [
    shlex.split(line)[1:]
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
"""The commands of the page: status, init, rotate, retire."""


async def found_in(folder: Path) -> Database:
    async with database(Config.from_env({"SOCAI_DATA": str(folder)}), share=True) as found:
        return found


async def sealed(url: str) -> tuple[list[Checkpoint], list[VerifierKey]]:
    """Every checkpoint, by the keys that the log announces, and these keys."""
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
        log = Log(pool)
        keys = [each.key for each in await announcements(log)]
        assert await verifiers(log) == keys[-1:]
        kept = await Seal(log).checkpoints(0, 100)
    return [Checkpoint.read(opened(each.note, keys)) for each in kept], keys


def test_a_server_signs_what_it_holds_and_stops_recording_when_that_is_lost(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    with running(tmp_path, "serve", "--port", "0", "--data", str(folder)) as serving:
        url = serving.ready()
        found = asyncio.run(found_in(folder))
        (first,), (key,) = asyncio.run(sealed(found.service_url))
        assert first.size == 1, "the key announces itself"
        status = socai(*LINES[0], "-o", "json", "--data", str(folder))
        assert status.returncode == Exit.OK, status.stderr
        assert first.root.hex() in status.stdout
        assert "socai_seal_size 1\n" in httpx2.get(f"{url}/metrics").text
        assert "seal\tok\t1 of 1" in socai("doctor", "-o", "plain", "--data", str(folder)).stdout
        serving.signal(signal.SIGTERM)
        assert serving.end() == Exit.OK
    # A signer that remembers more than the log holds: the log was restored to an earlier day.
    memory = Memory(folder / "seal")
    (own,) = memory.signing_keys()
    assert own.verifier == key
    ahead = Checkpoint(origin=memory.origin, size=7, root=first.root)
    memory.remember(str(ahead) + "\n" + own.line(str(ahead).encode()))
    with running(tmp_path, "serve", "--port", "0", "--data", str(folder)) as serving:
        serving.until(lambda: "RECORDING IS HALTED" in serving.words)
        assert "the log ends at 1, and 7 events were signed" in serving.words
        answer = httpx2.get(f"{serving.url}/readyz")
        assert answer.status_code == 503
        assert "recording is halted" in answer.json()["reason"]
        assert "socai_seal_halted 1\n" in httpx2.get(f"{serving.url}/metrics").text
        told = {"SOCAI_DATA": str(folder)}
        assert socai("seal", "status", **told).returncode == Exit.NEGATIVE
        refused = socai("seed", "evaluation", **told)
        assert refused.returncode == Exit.REFUSED
        assert "Recording is halted" in refused.stderr


def test_a_signer_that_is_killed_is_started_again(tmp_path: Path) -> None:
    folder = tmp_path / "ledger"
    memory = Memory(folder / "seal")
    with running(tmp_path, "serve", "--port", "0", "--data", str(folder)) as serving:
        serving.ready()
        assert is_busy(memory)
        os.kill(signer_of(serving), signal.SIGKILL)
        serving.until(lambda: "the signer ended; starting it again" in serving.words)
        serving.until(lambda: is_busy(memory))
        again = socai("seal", "run", "--data", str(folder))
        assert again.returncode == Exit.REFUSED
        assert "another signer works with" in again.stderr


def signer_of(serving: Running) -> int:
    """The child that signs."""
    children = Path(f"/proc/{serving.program.pid}/task/{serving.program.pid}/children")
    (found,) = (
        int(each)
        for each in children.read_text().split()
        if b"service.sealing.run" in Path(f"/proc/{each}/cmdline").read_bytes()
    )
    return found


def is_busy(memory: Memory) -> bool:
    try:
        with memory.held():
            return False
    except FolderBusyError:
        return True


def test_keys_take_over_from_each_other_in_the_open(
    tmp_path: Path, database_url: str, signer_url: str
) -> None:
    told = {
        "SOCAI_DATABASE_URL": database_url,
        "SOCAI_SIGNER_URL": signer_url,
        "SOCAI_SEAL": str(tmp_path / "seal"),
    }
    assert socai("seal", "run", **told).returncode == Exit.NOT_FOUND
    nobody = socai("seal", "status", **told)
    assert nobody.returncode == Exit.NEGATIVE
    assert "nothing is signed" in nobody.stderr
    assert socai("seal", "init", "--origin", "a b", **told).returncode == Exit.USAGE
    _, init, rotate, retire = LINES
    origin = init[-1]
    made = socai(*init, **told)
    assert made.returncode == Exit.OK, made.stderr
    old = VerifierKey.read(made.stdout)
    assert socai("seal", "init", **told).stdout == made.stdout
    assert socai("seal", "init", "--origin", "other", **told).returncode == Exit.REFUSED
    with running(tmp_path, "seal", "run", "--every", "0.1", **told) as signing:
        signing.until(lambda: "signed 1 events" in signing.words)
        retire = [old.id.hex() if each == "OLD" else each for each in retire]
        last = socai(*retire, **told)
        assert last.returncode == Exit.REFUSED
        assert "No other key signs this ledger" in last.stderr
        turned = socai(*rotate, **told)
        assert turned.returncode == Exit.OK, turned.stderr
        new = VerifierKey.read(turned.stdout)
        signing.until(lambda: "signed 2 events" in signing.words)
        retired = socai(*retire, **told)
        assert retired.returncode == Exit.OK, retired.stderr
        assert socai("seal", "retire", "00000000", "--reason", "x", **told).returncode == (
            Exit.NOT_FOUND
        )
        signing.until(lambda: "signed 3 events" in signing.words)
        signing.signal(signal.SIGINT)
        signing.end()
    heads, keys = asyncio.run(sealed(database_url))
    assert [(each.size, each.origin) for each in heads] == [(1, origin), (2, origin), (3, origin)]
    assert keys == [old, new]
    notes = asyncio.run(notes_of(database_url))
    assert [[each.id for each in signers(note, keys)] for note in notes] == [
        [old.id],
        [old.id, new.id],
        [new.id],
    ]
    assert re.fullmatch(r"\S+", str(new))


async def notes_of(url: str) -> list[Note]:
    async with asyncpg.create_pool(url, min_size=1, max_size=1) as pool:
        return [Note.read(each.note) for each in await Seal(Log(pool)).checkpoints(0, 10)]
