"""A time stamp in a bundle, verified by `openssl ts` as the README of the bundle has it."""

import subprocess
from pathlib import Path

import asyncpg
import pytest

from events.appender import Appender
from events.seal.memory import Memory
from events.seal.signer import Signer
from service.database import recording
from service.sealing.keys import begun
from tests.entries import fill_many
from tests.service.takeaway.conftest import ORIGIN, bundled
from tests.service.takeaway.verifiers import Trusted, by_file, ran

STAMP = "INSERT INTO seal.timestamp (size, authority, token) VALUES ($1, $2, $3)"
URL = "https://tsa.example/stamp?of=khuyen-cong"
AUTHORITY = """\
[tsa]
default_tsa = here
[here]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""
STAMPS = ("extendedKeyUsage=critical,timeStamping", "keyUsage=critical,digitalSignature")


def openssl(folder: Path, words: str) -> None:
    subprocess.run(["openssl", *words.split()], cwd=folder, capture_output=True, check=True)


def stamped(folder: Path, note: str) -> bytes:
    """A token over a checkpoint, by an authority that signs its own certificate: `tsa.pem`."""
    (folder / "tsa.cnf").write_text(AUTHORITY)
    (folder / "serial").write_text("01\n")
    (folder / "note").write_text(note, encoding="utf-8")
    uses = " ".join(f"-addext {each}" for each in STAMPS)
    openssl(
        folder,
        f"req -x509 -newkey rsa:2048 -nodes -subj /CN=TSA -keyout tsa.key -out tsa.pem {uses}",
    )
    openssl(folder, "ts -query -data note -sha256 -cert -out asked")
    openssl(folder, "ts -reply -config tsa.cnf -queryfile asked -token_out -out token")
    return (folder / "token").read_bytes()


@pytest.mark.usefixtures("openssl")
async def test_a_time_stamp_is_over_the_checkpoint_beside_it_and_no_other(
    tmp_path: Path, database_url: str, signer_url: str
) -> None:
    bundle, held = tmp_path / "bundle", tmp_path / "held"
    held.mkdir()
    memory, connection = Memory(tmp_path / "seal"), await asyncpg.connect(signer_url)
    async with recording(database_url) as ledger, Appender(database_url) as appender:
        key = await begun(ledger, memory, ORIGIN)
        signer = Signer(connection, memory)
        (first,) = await signer.look()
        await connection.execute(STAMP, 1, URL, stamped(held, first))
        await fill_many(appender, 2)
        await signer.look()
    await connection.close()
    await bundled(database_url, bundle)
    (token,) = (bundle / "timestamps").glob("*.tsr")
    assert token.name == "1-tsa.example-stamp-of-khuyen-cong.tsr"
    asked = f"openssl ts -verify -token_in -in {token} -CAfile {held / 'tsa.pem'} -data ".split()
    assert ran([*asked, "timestamps/1.checkpoint"], bundle).accepts
    assert not ran([*asked, "checkpoint"], bundle).accepts
    assert by_file(bundle, Trusted(vkey=str(key), pem=bundle / "key.pem")).accepts
    told = bytearray(token.read_bytes())
    told[len(told) // 2] ^= 1
    token.write_bytes(told)
    assert not ran([*asked, "timestamps/1.checkpoint"], bundle).accepts
