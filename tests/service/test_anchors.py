"""The signer's checkpoints, shown to witnesses, and what comes back."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from events.appender import Appender
from events.log import Log
from events.seal.kept import Seal
from events.seal.memory import Memory
from events.seal.policy import Policy, opened_by_policy
from events.seal.signer import Signer
from events.seal.witness import Witness
from service.anchors import AnchorError, Anchors
from service.cli.exits import Exit
from service.config import Config
from service.database import database
from service.sealing.submitting import Submitter
from tests.entries import entry, fill_many
from tests.events.seal.authority import Authority
from tests.events.seal.shown import ORIGIN, Shown
from tests.service.answering import answering
from tests.service.command_line import running, socai
from tests.service.test_witness import made, serving, shown


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    memory = Memory(tmp_path / "seal")
    memory.begin(ORIGIN)
    return memory


@pytest.fixture
async def connection(signer_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(signer_url)
    yield connection
    await connection.close()


@pytest.fixture
async def appender(database_url: str) -> AsyncIterator[Appender]:
    async with Appender(database_url) as appender:
        yield appender


@pytest.fixture
def seal(pool: "asyncpg.Pool[asyncpg.Record]") -> Seal:
    return Seal(Log(pool))


def log_key(memory: Memory) -> str:
    return str(memory.signing_keys()[0].verifier)


async def newest(seal: Seal) -> str:
    """The newest checkpoint, with its cosignatures."""
    kept = await seal.latest()
    assert kept is not None
    return kept.note + "".join(await seal.cosignatures(kept.size))


async def test_cosignatures_come_while_the_log_grows_and_a_witness_may_be_away(
    tmp_path: Path,
    memory: Memory,
    connection: asyncpg.Connection,
    appender: Appender,
    seal: Seal,
) -> None:
    key = made(tmp_path / "w", memory.signing_keys()[0].verifier)
    gone = made(tmp_path / "gone")
    told: list[str] = []
    signer = Signer(connection, memory)
    with serving(tmp_path / "w") as (url, _):
        policy = Policy.read(
            f"log {log_key(memory)}\nwitness w {key} {url}/\nwitness gone {gone} http://127.0.0.1:9\n"
            "witness mute "
            f"{made(tmp_path / 'mute')}\ngroup g all w\nquorum g\n".encode()
        )
        submitter = Submitter(connection, policy, told.append)
        await submitter.submit()
        for events in (1, 4, 300):
            await fill_many(appender, events)
            await signer.look()
            await submitter.submit()
            await submitter.submit()
            assert "\n— witness.example/w " in await newest(seal)
            assert opened_by_policy(await newest(seal), policy)
        again = Submitter(connection, policy, told.append)
        await fill_many(appender, 1)
        await signer.look()
        await again.submit()
        assert opened_by_policy(await newest(seal), policy)
        port = url.rpartition(":")[2]
    await fill_many(appender, 1)
    await signer.look()
    await again.submit()
    away, there = await seal.witnesses()
    assert (away.name, away.size) == (f"witness.example/gone+{gone.id.hex()}", 0)
    assert away.refusal is not None
    assert away.seconds_ago is None
    assert there.size == 306
    assert there.refusal is not None
    assert "cannot be read" in there.refusal
    with serving(tmp_path / "w", port):
        await asyncio.sleep(2.1)
        await again.submit()
    assert opened_by_policy(await newest(seal), policy)
    assert told == []
    assert [each.is_alarm for each in await seal.witnesses()] == [False, False]


@pytest.mark.parametrize("lies", ["ahead", "beside", "behind"])
async def test_a_witness_that_saw_another_log_is_an_alarm(
    tmp_path: Path,
    memory: Memory,
    connection: asyncpg.Connection,
    appender: Appender,
    seal: Seal,
    lies: str,
) -> None:
    """What a rollback looks like, and a second log under the same key."""
    seen = {"ahead": 7, "beside": 5, "behind": 3}[lies]
    (key,) = memory.signing_keys()
    cosigner = made(tmp_path / "w", key.verifier)
    told: list[str] = []
    with serving(tmp_path / "w") as (url, _):
        assert shown(url, Shown(key).body(0, seen)).status_code == 200
        await fill_many(appender, 5)
        await Signer(connection, memory).look()
        policy = Policy.read(f"witness w {cosigner} {url}\nquorum w\n".encode())
        await Submitter(connection, policy, told.append).submit()
        assert Witness(tmp_path / "w").seen()[0].size == seen
    (said,) = told
    assert said.startswith(f"alarm witness.example/w+{cosigner.id.hex()}: it has seen ")
    (state,) = await seal.witnesses()
    assert state.is_alarm
    assert await seal.cosignatures(5) == []
    assert (await appender.append(entry("period-after"))).first == 6, "no witness stops the ledger"


async def test_what_is_no_cosignature_is_not_kept(
    tmp_path: Path,
    memory: Memory,
    connection: asyncpg.Connection,
    appender: Appender,
    seal: Seal,
) -> None:
    """The witness has another key than the policy, or is none."""
    made(tmp_path / "w", memory.signing_keys()[0].verifier)
    other = made(tmp_path / "other")
    await fill_many(appender, 1)
    await Signer(connection, memory).look()
    with serving(tmp_path / "w") as (url, _), answering(lambda _: b"<html>\n") as page:
        policy = Policy.read(f"witness w {other} {url}\nquorum w\n".encode())
        await Submitter(connection, policy, print).submit()
        (state,) = await seal.witnesses()
        assert state.refusal == "its cosignature is by another key than the policy has"
        policy = Policy.read(f"witness w {other} {page}\nquorum w\n".encode())
        await Submitter(connection, policy, print).submit()
        (state,) = await seal.witnesses()
        assert state.refusal is not None
        assert "no cosignature" in state.refusal
    assert await seal.cosignatures(1) == []


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"SOCAI_WITNESSES": "absent"}, "cannot read absent"),
        ({"SOCAI_WITNESSES": "{folder}/policy"}, "line 1: not a line of a policy"),
        ({"SOCAI_WITNESSES": "{folder}/address"}, "http"),
        ({"SOCAI_TSA_URL": "https://tsa.example"}, "set together"),
        ({"SOCAI_TSA_URL": "ftp://tsa.example", "SOCAI_TSA_CA": "x"}, "http"),
        ({"SOCAI_TSA_URL": "https://a:b@tsa.example", "SOCAI_TSA_CA": "x"}, "without a user"),
        ({"SOCAI_TSA_URL": "https://tsa.example", "SOCAI_TSA_CA": "{folder}/policy"}, "in PEM"),
        ({"SOCAI_TSA_EVERY_HOURS": "0"}, "between"),
        ({"SOCAI_TSA_EVERY_HOURS": "nan"}, "between"),
        ({"SOCAI_TSA_EVERY_HOURS": "daily"}, "a number"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(
    tmp_path: Path, told: dict[str, str], why: str
) -> None:
    key = made(tmp_path / "w")
    (tmp_path / "policy").write_text("trust everybody\n")
    (tmp_path / "address").write_text(f"witness w {key} file:///etc/passwd\nquorum w\n")
    with pytest.raises(AnchorError, match=why):
        read({name: each.format(folder=tmp_path) for name, each in told.items()})


def read(told: dict[str, str]) -> None:
    anchors = Anchors.read(told)
    anchors.policy()
    anchors.roots()


def test_settings_reach_the_signers_process(tmp_path: Path) -> None:
    told = {
        "SOCAI_WITNESSES": str(tmp_path / "policy"),
        "SOCAI_TSA_URL": "https://tsa.example/tsr",
        "SOCAI_TSA_CA": str(tmp_path / "ca"),
        "SOCAI_TSA_EVERY_HOURS": "12.0",
    }
    assert Anchors.read(told).variables() == told
    assert Anchors.read({}).variables() == {"SOCAI_TSA_EVERY_HOURS": "24.0"}
    assert Anchors.read({}).policy() is None
    assert Anchors.read({}).roots() == []


def test_a_server_has_its_log_witnessed_and_stamped_and_says_loudly_what_is_wrong(
    tmp_path: Path,
) -> None:
    folder, authority = tmp_path / "ledger", Authority(tmp_path / "tsa")
    key = Memory(folder / "seal").begin(ORIGIN)
    honest, lied_to = (made(tmp_path / name, key.verifier) for name in ("a", "b"))
    Witness(tmp_path / "b").add(Shown(key).body(0, 7), 1)
    with (
        serving(tmp_path / "a") as (one, _),
        serving(tmp_path / "b") as (two, _),
        answering(authority.reply) as tsa,
    ):
        policy = (
            f"log {key.verifier}\nwitness a {honest} {one}\nwitness b {lied_to} {two}\nquorum a\n"
        )
        (tmp_path / "policy").write_text(policy)
        told = {
            "SOCAI_DATA": str(folder),
            "SOCAI_WITNESSES": str(tmp_path / "policy"),
            "SOCAI_TSA_URL": tsa,
            "SOCAI_TSA_CA": str(authority.folder / "ca.pem"),
        }
        with running(tmp_path, "serve", "--port", "0", **told) as program:
            program.until(lambda: "SPLIT VIEW: witness.example/b+" in program.words)
            program.until(lambda: asyncio.run(_held(folder)))
            status = socai("seal", "status", "-o", "json", **told)
            assert asyncio.run(_held(folder)) == [(1, tsa)]
        assert Witness(tmp_path / "a").seen()[0].size == 1
    assert status.returncode == Exit.NEGATIVE
    assert "SPLIT VIEW" in status.stderr
    (row,) = json.loads(status.stdout)
    assert re.match(r"1 events, \d", row["witnesses"][f"witness.example/a+{honest.id.hex()}"])
    assert len(row["alarms"]) == 1
    refused = socai("seal", "status", SOCAI_TSA_EVERY_HOURS="0")
    assert refused.returncode == Exit.USAGE
    assert "must lie between" in refused.stderr


async def _held(folder: Path) -> list[tuple[int, str]]:
    """The time stamps that are kept."""
    config = Config.from_env({"SOCAI_DATA": str(folder)})
    async with (
        database(config, share=True) as found,
        asyncpg.create_pool(found.service_url, min_size=1, max_size=1) as pool,
    ):
        return [(row["size"], row["authority"]) for row in await Seal(Log(pool)).timestamps(9)]
