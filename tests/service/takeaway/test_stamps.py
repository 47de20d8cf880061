"""A time stamp in a bundle is verified by openssl, over the checkpoint that lies beside it."""

import subprocess
from pathlib import Path

import asyncpg

from events.appender import Appender
from events.seal.memory import Memory
from events.seal.signer import Signer
from service.database import recording
from service.sealing.keys import begun
from service.takeaway.making import README
from tests.entries import fill_many
from tests.service.takeaway.conftest import ORIGIN, bundled
from tests.service.takeaway.verifiers import by_file, ran

STAMP = "INSERT INTO seal.timestamp (size, authority, token) VALUES (1, $1, $2)"
AUTHORITY = "https://tsa.example/tsr"
SETTINGS = """
[tsa]
default_tsa = ours
[ours]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""
COMMANDS = """\
req -x509 -newkey rsa:2048 -nodes -subj /CN=tsa -days 1 -keyout tsa.key -out tsa.pem -addext {}
ts -query -data note -sha256 -cert -out asked
ts -reply -config tsa.cnf -queryfile asked -signer tsa.pem -inkey tsa.key -token_out -out token
""".format("extendedKeyUsage=critical,timeStamping").splitlines()
"""An authority, a question, and its answer."""
VERIFY = "openssl ts -verify -token_in -in timestamps/SIZE-….tsr -data timestamps/SIZE.checkpoint"


def token(folder: Path, note: str) -> bytes:
    """A token over a note, by an authority of a minute."""
    (folder / "tsa.cnf").write_text(SETTINGS)
    (folder / "note").write_text(note, encoding="utf-8")
    for command in COMMANDS:
        words = ["openssl", *command.split()]
        subprocess.run(words, cwd=folder, check=True, capture_output=True)
    return (folder / "token").read_bytes()


async def test_a_time_stamp_is_verified_by_openssl(
    openssl: None, tmp_path: Path, database_url: str, signer_url: str
) -> None:
    connection, bundle = await asyncpg.connect(signer_url), tmp_path / "bundle"
    async with recording(database_url) as ledger, Appender(database_url) as appender:
        await begun(ledger, Memory(tmp_path / "seal"), ORIGIN)
        signer = Signer(connection, Memory(tmp_path / "seal"))
        (note,) = await signer.look()
        await connection.execute(STAMP, AUTHORITY, token(tmp_path, note))
        await fill_many(appender, 2)
        await signer.look()
    await connection.close()
    await bundled(database_url, bundle)
    assert by_file(bundle).accepts
    assert VERIFY in README.read_text(encoding="utf-8")
    words = VERIFY.replace("SIZE-….tsr", "1-tsa.example-tsr.tsr").replace("SIZE", "1").split()
    words += ["-CAfile", str(tmp_path / "tsa.pem")]
    verdict = ran(words, bundle)
    assert verdict.accepts, verdict.said
    (bundle / "timestamps/1.checkpoint").write_bytes((bundle / "checkpoint").read_bytes())
    assert not ran(words, bundle).accepts
