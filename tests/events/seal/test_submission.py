"""What is sent to a witness, read as strictly as C2SP tlog-witness says."""

import pytest

from events.seal.note import NOTE_BYTES_MAX, NoteBrokenError, SigningKey
from events.seal.submission import PROOF_LINES_MAX, SUBMISSION_BYTES_MAX, Submission
from tests.events.seal.shown import ORIGIN, Shown

LOG = Shown(SigningKey.generate(ORIGIN))
NOTE = LOG.note(7)
HASH = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw="
EXAMPLE = (
    f"old 20852014\n{HASH}\njrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
    "\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv"
    "2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)


def test_a_submission_is_read_and_written_to_the_byte() -> None:
    for told in (EXAMPLE, *(LOG.body(old, 7).decode() for old in (0, 3, 4, 7))):
        assert str(Submission.read(told.encode())) == told


MALFORMED = {
    "nothing": b"",
    "no text": b"\xff\xfe\n\n" + NOTE.encode(),
    "no empty line": f"old 3\n{HASH}\n".encode(),
    "no old size": f"{HASH}\n\n{NOTE}".encode(),
    "no size": f"old\n\n{NOTE}".encode(),
    "two blanks": f"old  3\n\n{NOTE}".encode(),
    "a leading zero": f"old 03\n\n{NOTE}".encode(),
    "a sign": f"old +3\n\n{NOTE}".encode(),
    "a negative size": f"old -3\n\n{NOTE}".encode(),
    "another digit": f"old ３\n\n{NOTE}".encode(),
    "too long a number": f"old {'9' * 20}\n\n{NOTE}".encode(),
    "a carriage return": f"old 3\r\n\n{NOTE}".encode(),
    "a short hash": f"old 3\n{HASH[:40]}\n\n{NOTE}".encode(),
    "a hash with a blank": f"old 3\n{HASH} \n\n{NOTE}".encode(),
    "a hash that is not canonical": f"old 3\n{HASH[:-2]}x=\n\n{NOTE}".encode(),
    "too many hashes": f"old 3\n{(HASH + chr(10)) * (PROOF_LINES_MAX + 1)}\n{NOTE}".encode(),
    "too much": f"old 3\n\n{NOTE}".encode() + b"x" * SUBMISSION_BYTES_MAX,
}
"""Bodies that are no submission."""
NO_CHECKPOINT = {
    "no note": b"old 0\n\n",
    "no signature": f"old 0\n\n{LOG.text(7)}".encode(),
    "a checkpoint without a size": b"old 0\n\n" + NOTE.replace("\n7\n", "\n").encode(),
    "a size that is not canonical": b"old 0\n\n" + NOTE.replace("\n7\n", "\n07\n").encode(),
    "a short root": b"old 0\n\n" + NOTE.replace("=\n\n", "\n\n").encode(),
    "an empty line": b"old 0\n\n" + NOTE.replace("\n7\n", "\n\n7\n").encode(),
    "a note that is too long": b"old 0\n\n" + b"x" * NOTE_BYTES_MAX + NOTE.encode(),
}
"""Submissions that hold no checkpoint."""


@pytest.mark.parametrize("fault", MALFORMED)
def test_what_is_no_submission_is_refused(fault: str) -> None:
    with pytest.raises(NoteBrokenError):
        Submission.read(MALFORMED[fault])


def test_as_many_hashes_as_may_be_are_read() -> None:
    told = f"old 3\n{(HASH + chr(10)) * PROOF_LINES_MAX}\n{NOTE}"
    assert len(Submission.read(told.encode()).proof) == PROOF_LINES_MAX
