"""Policies by C2SP tlog-policy: what is read, what is refused, and when a quorum is met."""

import pytest

from events.seal.checkpoint import Checkpoint
from events.seal.cosignature import cosigned
from events.seal.note import COSIGNATURE, NotSignedError, SigningKey, signed
from events.seal.policy import Policy, PolicyBrokenError, opened_by_policy
from events.seal.tree import EMPTY

LOG = SigningKey.generate("ledger.example/socai")
W = {name: SigningKey.generate(f"witness.example/{name}", COSIGNATURE) for name in "abcd"}
TEXT = str(Checkpoint(origin=LOG.name, size=3, root=EMPTY))
LINES = f"log {LOG.verifier}\n" + "".join(f"witness {n} {k.verifier}\n" for n, k in W.items())
NESTED = """\
# hai trong ba, và một
group\tX 2  a b c
group Y any d
\t group both all X Y
quorum both
"""


def policy(rest: str) -> Policy:
    return Policy.read((LINES + rest).encode())


def note(witnesses: str) -> str:
    return signed(TEXT, [LOG]) + "".join(cosigned(TEXT, W[each], 1) for each in witnesses)


@pytest.mark.parametrize(
    ("rest", "enough", "too_few"),
    [
        ("quorum none\n", ["", "a"], []),
        ("quorum a\n", ["a", "ab"], ["", "b", "bcd"]),
        ("group g any a b\nquorum g\n", ["a", "b", "ab"], ["", "c", "cd"]),
        ("group g all a b\nquorum g\n", ["ab", "abc"], ["a", "b", "acd"]),
        ("group g 2 a b c\nquorum g\n", ["ab", "bc", "abc"], ["a", "ad", "d"]),
        (NESTED, ["abd", "bcd", "abcd"], ["abc", "ad", "d", ""]),
    ],
)
def test_a_quorum_is_met_by_enough_of_the_right_ones(
    rest: str, enough: list[str], too_few: list[str]
) -> None:
    trusted = policy(rest)
    for names in enough:
        assert opened_by_policy(note(names), trusted) == TEXT
    for names in too_few:
        with pytest.raises(NotSignedError, match="is not met"):
            opened_by_policy(note(names), trusted)


def test_one_witness_counts_once_however_often_it_signs() -> None:
    with pytest.raises(NotSignedError, match="is not met"):
        opened_by_policy(note("aaa"), policy("group g 2 a b c\nquorum g\n"))


def test_no_quorum_replaces_the_log_and_no_log_a_quorum() -> None:
    trusted = policy("quorum a\n")
    unsigned = TEXT + "\n" + cosigned(TEXT, W["a"], 1)
    with pytest.raises(NotSignedError, match="no log"):
        opened_by_policy(unsigned, trusted)
    other = SigningKey.generate(LOG.name)
    replaced = signed(TEXT, [other]) + cosigned(TEXT, W["a"], 1)
    with pytest.raises(NotSignedError, match="no log"):
        opened_by_policy(replaced, trusted)
    assert opened_by_policy(replaced, trusted, [other.verifier]) == TEXT


def test_a_log_signs_under_its_own_name_alone() -> None:
    text = TEXT.replace("socai", "other")
    with pytest.raises(NotSignedError, match="no log"):
        opened_by_policy(signed(text, [LOG]), policy("quorum none\n"))


def test_a_false_line_of_a_witness_makes_the_note_false() -> None:
    told = note("b") + cosigned(TEXT.replace("3", "4"), W["a"], 1)
    with pytest.raises(NotSignedError, match="not over this text"):
        opened_by_policy(told, policy("quorum b\n"))


def test_names_are_octets_and_addresses_are_kept() -> None:
    told = f"witness kiểm-toán {W['a'].verifier} https://w.example\nquorum kiểm-toán".encode()
    read = Policy.read(told)
    assert read.witnesses["kiểm-toán"].url == "https://w.example"
    assert Policy.read(told.replace("ể".encode(), b"\xff")).is_met(["ki\udcffm-toán"])


BROKEN = (
    ("", "says a quorum"),
    ("quorum none\nquorum none\n", "not a line"),
    ("quorum a\n", "line 1: a is not defined above"),
    (LINES + "group g all a\nquorum h\n", "h is not defined above"),
    (LINES + "group g all g\nquorum g\n", "g is not defined above"),
    (LINES + "group g all none\nquorum g\n", "none is not defined above"),
    (LINES + "group g all\nquorum g\n", "not a line"),
    (LINES + "group g 0 a\nquorum g\n", "cannot be wanted"),
    (LINES + "group g 3 a b\nquorum g\n", "cannot be wanted"),
    (LINES + "group g some a b\nquorum g\n", "cannot be wanted"),
    (LINES + "group g ２ a b\nquorum g\n", "cannot be wanted"),
    (LINES + "group g all a a\nquorum g\n", "already a member"),
    (LINES + "group g all a b\ngroup h all b c\nquorum h\n", "already a member"),
    (LINES + "group a all b\nquorum a\n", "the name a is taken"),
    (LINES + f"witness none {W['a'].verifier}\n", "the name none is taken"),
    (LINES + f"witness e {W['a'].verifier}\nquorum e\n", "stands here twice"),
    (LINES + f"log {LOG.verifier}\nquorum none\n", "stands here twice"),
    (f"log {W['a'].verifier}\nquorum none\n", "kind 0x01"),
    (f"witness a {LOG.verifier}\nquorum a\n", "kind 0x04"),
    (f"log {LOG.verifier} https://a https://b\nquorum none\n", "not a line"),
    ("log ledger.example+00000000+AAAA\nquorum none\n", "line 1"),
    ("quorum none\r\n", "control characters"),
    ("quorum\x0bnone\n", "control characters"),
    ("trust everybody\nquorum none\n", "not a line"),
)


@pytest.mark.parametrize("nth", range(len(BROKEN)))
def test_what_is_no_policy_is_refused(nth: int) -> None:
    told, why = BROKEN[nth]  # keys are made anew each time, and have no place in a test's name
    with pytest.raises(PolicyBrokenError, match=why):
        Policy.read(told.encode())
