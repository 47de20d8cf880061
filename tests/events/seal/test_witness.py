"""The folder of a witness: what it signs, what it never signs, and what it remembers."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from events.seal.checkpoint import Checkpoint
from events.seal.cosignature import witnessed_at
from events.seal.files import FolderBusyError
from events.seal.note import Note, NoteBrokenError, SigningKey, signed
from events.seal.submission import SIZE_TYPE, Submission
from events.seal.tree import EMPTY
from events.seal.witness import Witness, WitnessBrokenError
from tests.events.seal.shown import ORIGIN, Shown
from tests.events.seal.test_submission import MALFORMED, NO_CHECKPOINT

KEY = SigningKey.generate(ORIGIN)
LOG = Shown(KEY)
PLACE = Path("logs") / sha256(ORIGIN.encode()).hexdigest()
NOW = 1_700_000_000


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    witness = Witness(tmp_path / "witness")
    witness.begin("witness.example/ktnn")
    witness.add_log(KEY.verifier)
    return witness


def size(witness: Witness) -> int:
    (seen,) = witness.seen()
    return seen.size


def test_a_growing_log_is_cosigned_at_every_size(witness: Witness) -> None:
    old = 0
    for new in (1, 2, 5, 5, 64, 65, 200):
        answer = witness.add(LOG.body(old, new), NOW + new)
        assert answer.status == 200
        note = Note.read(LOG.note(new) + answer.body)
        assert witnessed_at(note, witness.key().verifier) == NOW + new
        old = new
    assert witness.published(PLACE.name) == LOG.note(200) + answer.body
    assert size(Witness(witness.folder)) == 200, "it is on the disk"


@pytest.mark.parametrize("fault", [*MALFORMED, *NO_CHECKPOINT])
def test_a_malformed_body_is_answered_with_400_and_changes_nothing(
    witness: Witness, fault: str
) -> None:
    answer = witness.add((MALFORMED | NO_CHECKPOINT)[fault], NOW)
    assert answer.status == 400
    assert answer.body.endswith("\n")
    assert size(witness) == 0


def test_an_old_size_above_the_new_one_is_answered_with_400(witness: Witness) -> None:
    assert witness.add(LOG.body(7, 7).replace(b"old 7", b"old 8"), NOW).status == 400


def test_a_log_that_nobody_asked_to_witness_is_not_found(witness: Witness) -> None:
    other = Shown(SigningKey.generate("ledger.example/other"))
    assert witness.add(other.body(0, 3), NOW).status == 404


def test_a_key_that_is_not_the_logs_is_forbidden(witness: Witness) -> None:
    stranger = SigningKey.generate(ORIGIN)
    assert witness.add(Shown(stranger).body(0, 3), NOW).status == 403
    false = LOG.note(3) + KEY.line(b"something else")
    assert witness.add(str(Submission(old=0, proof=[], note=false)).encode(), NOW).status == 403
    both = signed(LOG.text(3), [stranger, KEY])
    answer = witness.add(str(Submission(old=0, proof=[], note=both)).encode(), NOW)
    assert answer.status == 200, "signatures of unknown keys are passed over"
    assert witness.published(PLACE.name) == LOG.note(3) + answer.body, "and are not kept"


def test_a_false_line_of_a_second_key_is_forbidden_beside_a_true_one(witness: Witness) -> None:
    second = SigningKey.generate(ORIGIN)
    witness.add_log(second.verifier)
    false = LOG.note(3) + second.line(b"something else")
    assert witness.add(str(Submission(old=0, proof=[], note=false)).encode(), NOW).status == 403


def test_who_does_not_know_what_was_seen_is_told(witness: Witness) -> None:
    witness.add(LOG.body(0, 5), NOW)
    for body in (LOG.body(0, 9), LOG.body(3, 9), LOG.body(6, 9), LOG.body(0, 5), LOG.body(3, 4)):
        answer = witness.add(body, NOW)
        assert (answer.status, answer.type, answer.body) == (409, SIZE_TYPE, "5\n")
    assert size(witness) == 5


@pytest.mark.parametrize("fork", [0, 2, 4])
def test_another_tree_is_never_signed(witness: Witness, fork: int) -> None:
    witness.add(LOG.body(0, 5), NOW)
    other = LOG.fork(fork)
    assert witness.add(other.body(5, 9), NOW).status == 422
    assert witness.add(other.body(5, 5), NOW).status == 422
    assert size(witness) == 5
    assert witness.add(LOG.body(5, 9), NOW).status == 200


def test_a_proof_where_none_belongs_is_not_accepted(witness: Witness) -> None:
    def told(old: int, new: int, proof: list[bytes]) -> bytes:
        return str(Submission(old=old, proof=proof, note=LOG.note(new))).encode()

    assert witness.add(told(0, 5, [EMPTY]), NOW).status == 422
    witness.add(LOG.body(0, 5), NOW)
    assert witness.add(told(5, 5, [EMPTY]), NOW).status == 422
    assert witness.add(told(5, 9, []), NOW).status == 422
    assert witness.add(told(5, 9, LOG.proof(5, 9)[:-1]), NOW).status == 422


def test_a_log_of_no_events_has_the_root_of_nothing(witness: Witness) -> None:
    text = str(Checkpoint(origin=ORIGIN, size=0, root=LOG.root(1)))
    body = str(Submission(old=0, proof=[], note=signed(text, [KEY]))).encode()
    assert witness.add(body, NOW).status == 422
    assert witness.add(LOG.body(0, 0), NOW).status == 200
    assert witness.add(LOG.body(0, 3), NOW).status == 200


def test_two_trees_of_one_size_are_kept_as_proof(witness: Witness) -> None:
    witness.add(LOG.body(0, 5), NOW)
    other = LOG.fork(2)
    for body in (other.body(5, 5), other.body(0, 5), other.body(5, 5)):
        witness.add(body, NOW)
    (seen,) = witness.seen()
    assert [Path(each).read_text() for each in seen.forks] == [other.note(5)]


def test_further_lines_of_a_checkpoint_are_signed_with_the_rest(witness: Witness) -> None:
    more = replace(LOG, extra="thêm một dòng\n")
    answer = witness.add(more.body(0, 3), NOW)
    note = Note.read(more.note(3) + answer.body)
    assert witnessed_at(note, witness.key().verifier) == NOW
    assert witness.add(LOG.body(3, 4), NOW).status == 200
    assert witness.add(replace(LOG, extra="a\n\nb\n").body(4, 5), NOW).status == 400


def test_a_log_changes_its_key_and_goes_on(witness: Witness) -> None:
    witness.add(LOG.body(0, 3), NOW)
    new = Shown(SigningKey.generate(ORIGIN))
    assert witness.add(new.body(3, 4), NOW).status == 403
    witness.add_log(new.key.verifier)
    witness.add_log(new.key.verifier)
    assert witness.add(new.body(3, 4), NOW).status == 200
    assert len(witness.seen()[0].keys) == 2


def test_of_conflicting_trees_that_come_together_one_is_signed(witness: Witness) -> None:
    bodies = [LOG.fork(each % 8).body(0, 8) for each in range(48)]
    with ThreadPoolExecutor(16) as together:
        answers = list(together.map(partial(witness.add, seconds=NOW), bodies))
    assert sorted({each.status for each in answers}) == [200, 409]
    assert sum(each.status == 200 for each in answers) == 1


def test_a_memory_that_was_changed_signs_nothing(witness: Witness) -> None:
    witness.add(LOG.body(0, 5), NOW)
    path = witness.folder / PLACE / "checkpoint"
    kept = path.read_text()
    for told in (kept.replace("\n5\n", "\n4\n"), LOG.note(4), "", kept[: len(kept) // 2]):
        path.write_text(told)
        with pytest.raises(WitnessBrokenError):
            witness.add(LOG.body(4, 9), NOW)
    path.write_text(kept)
    assert witness.add(LOG.body(5, 9), NOW).status == 200


def test_what_a_broken_write_leaves_is_passed_over(witness: Witness) -> None:
    witness.add(LOG.body(0, 5), NOW)
    (witness.folder / PLACE / "checkpoint.new").write_text("half")
    assert witness.add(LOG.body(5, 9), NOW).status == 200


def test_a_witness_is_named_once_and_works_alone(witness: Witness, tmp_path: Path) -> None:
    with pytest.raises(WitnessBrokenError):
        witness.begin("witness.example/other")
    with witness.held(), pytest.raises(FolderBusyError), Witness(witness.folder).held():
        pass
    with pytest.raises(NoteBrokenError):
        witness.add_log(witness.key().verifier)
    (witness.folder / "key.pem").chmod(0o640)
    with pytest.raises(WitnessBrokenError, match="others may read"):
        witness.key()
    with pytest.raises(WitnessBrokenError, match="not the folder"):
        Witness(tmp_path).key()
    shutil.rmtree(witness.folder)
    assert not witness.is_there


@pytest.mark.parametrize("hash_", ["..", "", "0" * 64, "../../name", PLACE.name.upper()])
def test_nothing_but_a_checkpoint_is_published(witness: Witness, hash_: str) -> None:
    witness.add(LOG.body(0, 5), NOW)
    assert witness.published(hash_) is None
