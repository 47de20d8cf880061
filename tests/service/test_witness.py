"""Witnesses as processes of their own: over HTTP, killed in the middle, and lied to."""

import re
import shlex
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx2

from events.seal.cosignature import witnessed_at
from events.seal.note import Note, SigningKey, VerifierKey
from events.seal.submission import SUBMISSION_BYTES_MAX
from events.seal.witness import Witness
from service.cli.exits import Exit
from tests.events.seal.shown import ORIGIN, Shown
from tests.events.seal.test_submission import MALFORMED
from tests.service.command_line import ROOT, Running, running, socai

PAGE = (ROOT / "docs/how-to/run-a-witness.md").read_text(encoding="utf-8")
LINES = [
    shlex.split(line)[1:]
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for line in block.splitlines()
]
"""The commands of the page: init, add-log, serve, status, check."""
LOG = Shown(SigningKey.generate(ORIGIN))
ADDRESS = re.compile(r"http://\S+(?=/add-checkpoint)")


@contextmanager
def serving(folder: Path, port: str = "0") -> Iterator[tuple[str, Running]]:
    """A witness at work, and where."""
    with running(
        folder.parent, "witness", "serve", "--folder", str(folder), "--port", port
    ) as program:
        program.until(lambda: ADDRESS.search(program.words))
        found = ADDRESS.search(program.words)
        assert found is not None
        yield found[0], program


def made(folder: Path, *logs: VerifierKey) -> VerifierKey:
    """A witness that never runs here, of these logs."""
    key = Witness(folder).begin(f"witness.example/{folder.name}")
    for each in logs:
        Witness(folder).add_log(each)
    return key


def shown(url: str, body: bytes) -> httpx2.Response:
    return httpx2.post(f"{url}/add-checkpoint", content=body, timeout=30)


def test_the_page_is_followed_from_the_key_to_a_checkpoint_that_is_believed(tmp_path: Path) -> None:
    folder, policy, checkpoint = (tmp_path / name for name in ("witness", "policy", "checkpoint"))
    put = {"LOG_KEY": str(LOG.key.verifier), "8010": "0"} | {
        each.name: str(each) for each in (folder, policy, checkpoint)
    }
    init, add_log, serve, status, check = (
        [each[0], *(put.get(word, word) for word in each[1:])] for each in LINES
    )
    assert socai(*status).returncode == Exit.NOT_FOUND
    key = VerifierKey.read(socai(*init).stdout)
    assert socai(*init).returncode == Exit.REFUSED
    assert socai("witness", "add-log", "--folder", str(folder), "x").returncode == Exit.USAGE
    assert socai(*add_log).returncode == Exit.OK
    with running(tmp_path, *serve) as program:
        program.until(lambda: ADDRESS.search(program.words))
        url = ADDRESS.findall(program.words)[0]
        line = shown(url, LOG.body(0, 5)).text
        again = socai(*serve)
        assert again.returncode == Exit.REFUSED
        assert "another witness works with" in again.stderr
        program.signal(signal.SIGTERM)
        program.end()
    seen = socai(*status, "-o", "json")
    assert seen.returncode == Exit.OK
    assert LOG.root(5).hex() in seen.stdout
    policy.write_text(f"log {LOG.key.verifier}\nwitness w {key} {url}\nquorum w\n")
    checkpoint.write_text(LOG.note(5) + line)
    believed = socai(*check)
    assert believed.returncode == Exit.OK
    assert "w=20" in believed.stdout
    checkpoint.write_text(LOG.note(5))
    assert socai(*check).returncode == Exit.NEGATIVE
    policy.write_text("quorum w\n")
    assert socai(*check).returncode == Exit.REFUSED


def test_a_witness_answers_as_the_protocol_says(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    key = made(folder, LOG.key.verifier)
    with serving(folder) as (url, program):
        hash_ = next((folder / "logs").iterdir()).name
        assert httpx2.get(f"{url}/{hash_}/checkpoint").status_code == 404
        for fault, body in MALFORMED.items():
            assert shown(url, body).status_code in {400, 413}, fault
        assert shown(url, b"x" * (SUBMISSION_BYTES_MAX + 1)).status_code == 413
        assert httpx2.get(f"{url}/add-checkpoint").status_code == 405
        answer = shown(url, LOG.body(0, 5))
        assert answer.status_code == 200
        note = LOG.note(5) + answer.text
        assert witnessed_at(Note.read(note), key) is not None
        late = shown(url, LOG.body(3, 9))
        assert (late.status_code, late.text) == (409, "5\n")
        assert late.headers["content-type"] == "text/x.tlog.size"
        assert shown(url, LOG.fork(2).body(5, 9)).status_code == 422
        assert shown(url, Shown(SigningKey.generate(ORIGIN)).body(5, 9)).status_code == 403
        other = Shown(SigningKey.generate("ledger.example/other"))
        assert shown(url, other.body(0, 9)).status_code == 404
        Witness(folder).add_log(other.key.verifier)
        assert shown(url, other.body(0, 9)).status_code == 200, "noticed while it runs"
        assert httpx2.get(f"{url}/{hash_}/checkpoint").text == note
        assert "Traceback" not in program.words
        (folder / "logs" / hash_ / "checkpoint").write_text(LOG.note(4))
        assert shown(url, LOG.body(4, 9)).status_code == 500
        assert "nothing is signed" in program.words


def test_of_two_histories_that_come_together_a_witness_signs_one(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    made(folder, LOG.key.verifier)
    with serving(folder) as (url, _), ThreadPoolExecutor(12) as together:
        bodies = [LOG.fork(each % 6).body(0, 8) for each in range(36)]
        codes = [each.status_code for each in together.map(partial(shown, url), bodies)]
        assert sorted(set(codes)) == [200, 409]
        assert codes.count(200) == 1
    told = socai("witness", "status", "--folder", str(folder))
    assert told.returncode == Exit.NEGATIVE
    assert "a log showed two trees" in told.stderr


def test_a_witness_that_is_killed_never_goes_back(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    made(folder, LOG.key.verifier)
    signed = 0
    for _ in range(3):
        with serving(folder) as (url, program), ThreadPoolExecutor(1) as beside:
            grown = beside.submit(grow, url, signed)
            program.until(lambda before=signed: _size(folder) > before + 5)
            program.signal(signal.SIGKILL)
            signed = grown.result()
            program.end()
        (seen,) = Witness(folder).seen()
        assert seen.size in {signed, signed + 1}, "the last answer may have been lost"
        signed = seen.size
    with serving(folder) as (url, _):
        assert shown(url, LOG.body(0, signed - 1)).text == f"{signed}\n"
        assert shown(url, LOG.fork(1).body(signed, signed + 1)).status_code == 422
        assert shown(url, LOG.body(signed, signed + 1)).status_code == 200


def grow(url: str, size: int) -> int:
    """One event after another until nobody answers; the last size that was signed."""
    while True:
        try:
            answer = shown(url, LOG.body(size, size + 1))
        except httpx2.TransportError:
            return size
        assert answer.status_code == 200
        size += 1


def _size(folder: Path) -> int:
    (seen,) = Witness(folder).seen()
    return seen.size


def test_a_witness_needs_a_name_without_blanks(tmp_path: Path) -> None:
    words = ("witness", "init", "--name", "a b", "--folder", str(tmp_path / "w"))
    refused = socai(*words, anew=True)
    assert refused.returncode == Exit.USAGE
    assert not (tmp_path / "w").exists()
