"""A time-stamping authority of our own: `openssl ts`, with a root and one certificate under it.

authority = Authority(tmp_path)
answer = authority.reply(request)    # RFC 3161, DER to DER
"""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_TSA = """\
[ tsa ]
default_tsa = here
[ here ]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""
_STAMPS = "extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n"


def openssl(*arguments: object, told: bytes = b"") -> bytes:
    """What it says; an error ends the test."""
    done = subprocess.run(
        ["openssl", *map(str, arguments)], input=told, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@dataclass
class Authority:
    """Its folder: `ca.pem` is what is trusted."""

    folder: Path

    def __post_init__(self) -> None:
        self.folder.mkdir()
        at = {name: self.folder / name for name in ("ca.key", "ca.pem", "tsa.key", "tsa.csr")}
        for name, subject in (("ca", "/CN=Root"), ("tsa", "/CN=TSA")):
            openssl("genpkey", "-algorithm", "RSA", "-out", self.folder / f"{name}.key")
            if name == "ca":
                asked = ["-x509", "-days", "30", "-out", at["ca.pem"]]
            else:
                asked = ["-out", at["tsa.csr"]]
            openssl("req", "-new", "-key", self.folder / f"{name}.key", "-subj", subject, *asked)
        (self.folder / "stamps").write_text(_STAMPS)
        (self.folder / "serial").write_text("01\n")
        (self.folder / "tsa.cnf").write_text(_TSA.format(folder=self.folder))
        openssl(
            "x509", "-req", "-in", at["tsa.csr"], "-CA", at["ca.pem"], "-CAkey", at["ca.key"],
            "-days", "30", "-extfile", self.folder / "stamps", "-out", self.folder / "tsa.pem",
        )  # fmt: skip

    def reply(self, request: bytes) -> bytes:
        """What it answers."""
        asked = self.folder / "asked"
        asked.write_bytes(request)
        return openssl(
            "ts", "-reply", "-config", self.folder / "tsa.cnf", "-section", "here",
            "-queryfile", asked,
        )  # fmt: skip

    def is_by(self, token: bytes, data: bytes) -> bool:
        """Whether `openssl ts -verify` believes a token over these bytes."""
        (self.folder / "token").write_bytes(token)
        (self.folder / "data").write_bytes(data)
        done = subprocess.run(
            [
                "openssl", "ts", "-verify", "-token_in", "-in", self.folder / "token",
                "-data", self.folder / "data", "-CAfile", self.folder / "ca.pem",
            ],
            capture_output=True,
            check=False,
        )  # fmt: skip
        return done.returncode == 0
