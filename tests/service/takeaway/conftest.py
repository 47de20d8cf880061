"""A sealed ledger, its bundle, and programs that nobody here wrote to verify it."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

import asyncpg
import pytest

from events.appender import Appender
from events.seal.memory import Memory
from events.seal.note import COSIGNATURE, SigningKey, VerifierKey
from events.seal.signer import Signer
from service.database import recording
from service.postgres import Postgres
from service.sealing.keys import begun
from service.takeaway import snapshot
from service.takeaway.making import make
from tests.clients.conftest import HERE as CLIENTS
from tests.clients.conftest import install
from tests.conftest import create
from tests.entries import fill_many
from tests.service.takeaway.verifiers import Trusted, Verifiers

HERE = Path(__file__).parent
GO_PATH = Path("/usr/share/gocode")
BUILD_SECONDS_MAX = 120
ORIGIN, NAME = "ledger.example/khuyen-cong", "socai_takeaway"
SIZES: Final = (1, 300, 520, 600)
"""Of how many events the ledger's checkpoints speak."""
COSIGN = "INSERT INTO seal.cosignature (size, witness, line) VALUES ($1, $2, $3)"
TIME = 1_764_000_000
Lacking = Callable[[str], NoReturn]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A ledger with four checkpoints, of which a witness cosigned the last one."""

    url: str
    memory: Memory
    witness: VerifierKey


@pytest.fixture(scope="session")
def lacking(request: pytest.FixtureRequest) -> Lacking:
    """Skip what cannot run here, and say so where it is seen. In CI nothing may be lacking."""
    terminal: Any = request.config.pluginmanager.getplugin("capturemanager")

    def skip(what: str) -> NoReturn:
        if os.environ.get("CI") == "true":
            pytest.fail(f"in CI bundles are always verified by others, but: {what}")
        with terminal.global_and_fixture_disabled():
            sys.stderr.write(f"\nBundles are NOT VERIFIED by others: {what}\n")
        pytest.skip(what)

    return skip


@pytest.fixture(scope="session")
def go(lacking: Lacking, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`verify.go`, built with Debian's copy of the Go team's packages."""
    if shutil.which("go") is None or not (GO_PATH / "src/golang.org/x/mod/sumdb/note").is_dir():
        lacking("no Go here; Debian's packages `golang-go golang-golang-x-mod-dev` have it")
    program = tmp_path_factory.mktemp("go") / "verify"
    built = subprocess.run(
        ["go", "build", "-o", program, HERE / "verify.go"],
        env={
            "PATH": os.environ["PATH"],
            "GO111MODULE": "off",
            "GOPATH": str(GO_PATH),
            "GOCACHE": str(program.parent / "cache"),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=BUILD_SECONDS_MAX,
    )
    assert built.returncode == 0, built.stderr
    return program


@pytest.fixture(scope="session")
def openssl(lacking: Lacking) -> None:
    """The program `openssl`, of version 3 or later."""
    found = shutil.which("openssl")
    if found is None:
        lacking("no openssl here; Debian's package `openssl` has it")
    version = subprocess.run([found, "version"], capture_output=True, text=True, check=True).stdout
    if int(version.split()[1].split(".")[0]) < 3:
        lacking(f"openssl 3 is wanted, here is {version.strip()}")


@pytest.fixture(scope="session")
def verifiers(go: Path, openssl: None, lacking: Lacking) -> Verifiers:
    """All of them."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            lacking(f"no {program} here; Debian's packages `nodejs npm` have it")
    fault = install()
    if fault:
        lacking(f"npm could not install @sigstore/verify: {fault}")
    return Verifiers(go=go, sigstore=("node", str(CLIENTS / "sigstore.mjs")))


@pytest.fixture(scope="session")
def sealed(cluster: Postgres, template: str, tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """The ledger; only to be read."""
    memory = Memory(tmp_path_factory.mktemp("signer") / "seal")
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, _sealed(cluster, template, memory)).result()


async def _sealed(cluster: Postgres, template: str, memory: Memory) -> Sealed:
    await create(cluster, NAME, template)
    url, witness = (
        cluster.url("socai_service", NAME),
        SigningKey.generate("nhan-chung", COSIGNATURE),
    )
    connection = await asyncpg.connect(cluster.url("socai_signer", NAME))
    try:
        async with recording(url) as ledger, Appender(url) as appender:
            await begun(ledger, memory, ORIGIN)
            signer, size = Signer(connection, memory), 1
            for wanted in SIZES:
                await fill_many(appender, wanted - size)
                (note,) = await signer.look()
                size = wanted
                if wanted == SIZES[-1]:
                    await connection.execute(COSIGN, size, witness.name, cosigned(witness, note))
    finally:
        await connection.close()
    return Sealed(url, memory, witness.verifier)


def cosigned(witness: SigningKey, note: str) -> str:
    """The line of a witness under a checkpoint (C2SP tlog-cosignature)."""
    text = note.partition("\n\n")[0] + "\n"
    return witness.line(f"cosignature/v1\ntime {TIME}\n{text}".encode(), before=TIME.to_bytes(8))


@pytest.fixture(scope="session")
def made(sealed: Sealed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the ledger; only to be read."""
    folder = tmp_path_factory.mktemp("made") / "bundle"
    with ThreadPoolExecutor(1) as elsewhere:
        elsewhere.submit(asyncio.run, bundled(sealed.url, folder)).result()
    return folder


async def bundled(url: str, folder: Path, at: int | None = None) -> int:
    """Make a bundle, without the command line."""
    async with snapshot.opened(url, at) as found:
        return await make(found, folder, lambda _: None)


@pytest.fixture
def bundle(made: Path, tmp_path: Path) -> Path:
    """A bundle of one's own, to be broken."""
    return Path(shutil.copytree(made, tmp_path / "bundle"))


@pytest.fixture(scope="session")
def trusted(made: Path, sealed: Sealed, tmp_path_factory: pytest.TempPathFactory) -> Trusted:
    """What an auditor holds: the keys of the log and of the witness, from elsewhere."""
    pem = Path(shutil.copy(made / "key.pem", tmp_path_factory.mktemp("held") / "key.pem"))
    return Trusted(vkey=(made / "vkey").read_text().strip(), pem=pem, witness=str(sealed.witness))
