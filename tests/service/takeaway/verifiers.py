"""Who verifies a bundle in the tests: each a program of its own that knows the folder alone."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

RUN_SECONDS_MAX = 60
OPENSSL = (
    "openssl pkeyutl -verify -rawin -pubin -inkey {key} -in checkpoint.body -sigfile checkpoint.sig"
)
"""As the README of a bundle and the how-to page have it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a program said of a bundle."""

    code: int
    said: str

    @property
    def accepts(self) -> bool:
        return self.code == 0


@dataclass(frozen=True, slots=True)
class Trusted:
    """What somebody holds who did not get it from the bundle."""

    vkey: str
    pem: Path
    witness: str = ""
    kept: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Verifiers:
    """The programs, found or built once."""

    go: Path
    sigstore: tuple[str, ...]

    def asked(self, who: str, folder: Path, trusted: Trusted) -> Verdict:
        """One of `go`, `sigstore`, `openssl`, `file`, and `bare`: the file without cryptography."""
        kept = [str(each) for each in trusted.kept]
        match who:
            case "go":
                return ran([str(self.go), ".", trusted.vkey, *kept], folder)
            case "sigstore":
                return ran([*self.sigstore, str(folder), trusted.vkey], folder)
            case "openssl":
                return ran(OPENSSL.format(key=trusted.pem).split(), folder)
            case _:
                return by_file(folder, trusted, bare=who == "bare")


def by_file(folder: Path, trusted: Trusted | None = None, *, bare: bool = False) -> Verdict:
    """What the bundle's own verifier says; `bare`: of a Python with nothing but its own library."""
    told = []
    if trusted is not None:
        keys = [each for each in (trusted.vkey, trusted.witness) if each]
        told += [word for each in keys for word in ("--vkey", each)]
        told += [word for each in trusted.kept for word in ("--kept", str(each))]
    return ran([sys.executable, *(("-I", "-S") if bare else ()), "verify.py", *told], folder)


def ran(words: list[str], folder: Path) -> Verdict:
    """Run a program in the bundle, with nothing of ours on any path."""
    done = subprocess.run(
        words,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=RUN_SECONDS_MAX,
    )
    return Verdict(done.returncode, done.stdout)
