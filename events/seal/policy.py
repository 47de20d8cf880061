"""Whom a reader trusts (C2SP tlog-policy): logs, witnesses, and how many of them must have signed.

    log ledger.example/socai+7f2a11c0+AZ…  https://ledger.example/socai
    witness kiem-toan witness.example/ktnn+…  https://witness.example
    witness bao witness.example/bao+…
    group hai all kiem-toan bao
    quorum hai

    policy = Policy.read(path.read_bytes())
    text = opened_by_policy(note, policy)     # the checkpoint's text, or NotSignedError

Names of witnesses and groups mean something in the file alone. Keys of ML-DSA (kind 0x06) are not
read: no witness of ours has one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from events.rules import LedgerError, value
from events.seal.cosignature import witnessed_at
from events.seal.note import (
    COSIGNATURE,
    ED25519,
    Note,
    NoteBrokenError,
    NotSignedError,
    VerifierKey,
    signers,
)

NOBODY: Final = "none"
"""The quorum of a policy that asks for no witness."""
_TAB, _NEWLINE, _FIRST_SHOWN, _DELETE = 0x09, 0x0A, 0x20, 0x7F


class PolicyBrokenError(LedgerError):
    """Something else than a policy. The message begins with the number of the line."""


@value
class Member:
    """A log or a witness, and where it is reached."""

    name: str
    key: VerifierKey
    url: str | None = None


@value
class Group:
    """So many of these have to have signed."""

    wanted: int
    members: Sequence[str]


@value
class Policy:
    """A policy file, read."""

    logs: Sequence[Member]
    witnesses: Mapping[str, Member]
    groups: Mapping[str, Group]
    quorum: str

    @classmethod
    def read(cls, told: bytes) -> "Policy":
        """From its file, in octets; text beyond ASCII is taken as it is and never normalised."""
        draft = _Draft()
        for number, line in enumerate(told.split(b"\n"), 1):
            try:
                draft.take(_words(line))
            except (ValueError, NoteBrokenError, PolicyBrokenError) as error:
                raise PolicyBrokenError(f"line {number}: {error}") from error
        if draft.quorum is None:
            raise PolicyBrokenError("a policy says a quorum; `quorum none` asks for no witness")
        return cls(
            logs=draft.logs,
            witnesses=draft.witnesses,
            groups=draft.groups,
            quorum=draft.quorum,
        )

    def is_met(self, names: Iterable[str]) -> bool:
        """Whether these witnesses are enough."""
        return self.quorum == NOBODY or self._has(self.quorum, frozenset(names))

    def _has(self, name: str, names: frozenset[str]) -> bool:
        if name in self.witnesses:
            return name in names
        group = self.groups[name]
        return sum(self._has(each, names) for each in group.members) >= group.wanted


def opened_by_policy(note: str, policy: Policy, logs: Iterable[VerifierKey] = ()) -> str:
    """The text of a note that a log of the policy signed, and enough of its witnesses.

    `logs` are keys that are trusted besides those of the policy, as the log itself announces.
    """
    read = Note.read(note)
    origin = read.text.split("\n", 1)[0]
    keys = [*(each.key for each in policy.logs), *logs]
    if not list(signers(read, [each for each in keys if each.name == origin])):
        raise NotSignedError(f"no log of the policy signed this: it is of {origin}")
    found = sorted(witnesses(read, policy))
    if not policy.is_met(found):
        raise NotSignedError(
            f"the quorum {policy.quorum} is not met: cosigned by {', '.join(found) or 'nobody'}"
        )
    return read.text


def witnesses(note: Note, policy: Policy) -> Mapping[str, int]:
    """Which witnesses of a policy cosigned a note, and when (POSIX seconds)."""
    times = {name: witnessed_at(note, each.key) for name, each in policy.witnesses.items()}
    return {name: seconds for name, seconds in times.items() if seconds is not None}


class _Draft:
    """A policy as its lines come: each may name only what stands before it."""

    def __init__(self) -> None:
        self.logs: list[Member] = []
        self.witnesses: dict[str, Member] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._grouped: set[str] = set()

    def take(self, words: Sequence[str]) -> None:
        match words:
            case []:
                return
            case ["log", key, *url] if len(url) <= 1:
                member = _member("log", key, url, ED25519)
                self.logs.append(_new(member, self.logs))
            case ["witness", name, key, *url] if len(url) <= 1:
                member = _member(self._free(name), key, url, COSIGNATURE)
                self.witnesses[name] = _new(member, self.witnesses.values())
            case ["group", name, wanted, *members] if members:
                self.groups[self._free(name)] = self._group(wanted, members)
            case ["quorum", name] if self.quorum is None:
                if name != NOBODY:
                    self._known(name)
                self.quorum = name
            case _:
                raise PolicyBrokenError(f"not a line of a policy: {' '.join(words)!r}")

    def _group(self, wanted: str, members: Sequence[str]) -> Group:
        for each in members:
            self._known(each)
            if each in self._grouped:
                raise PolicyBrokenError(f"{each} is already a member of a group")
            self._grouped.add(each)
        return Group(wanted=_wanted(wanted, len(members)), members=members)

    def _known(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise PolicyBrokenError(f"{name} is not defined above")

    def _free(self, name: str) -> str:
        if name == NOBODY or name in self.witnesses or name in self.groups:
            raise PolicyBrokenError(f"the name {name} is taken")
        return name


def _words(line: bytes) -> Sequence[str]:
    """Separated by blanks and tabs alone; none of a comment."""
    if any((each < _FIRST_SHOWN and each != _TAB) or each == _DELETE for each in line):
        raise PolicyBrokenError("control characters have no place in a policy")
    text = line.decode("utf-8", "surrogateescape")
    words = [each for each in text.replace("\t", " ").split(" ") if each]
    return [] if not words or words[0].startswith("#") else words


def _member(name: str, key: str, url: Sequence[str], kind: int) -> Member:
    read = VerifierKey.read(key)
    if read.kind != kind:
        what = "a log signs with kind 0x01" if kind == ED25519 else "a witness with kind 0x04"
        raise PolicyBrokenError(f"{what}, not with {read.kind:#04x}")
    return Member(name=name, key=read, url=url[0] if url else None)


def _new(member: Member, others: Iterable[Member]) -> Member:
    if any(each.key.public == member.key.public for each in others):
        raise PolicyBrokenError(f"the key of {member.key.name} stands here twice")
    return member


def _wanted(told: str, members: int) -> int:
    if told in {"all", "any"}:
        return members if told == "all" else 1
    if not told.isascii() or not told.isdigit() or not 1 <= int(told) <= members:
        raise PolicyBrokenError(f"of {members} members so many cannot be wanted: {told}")
    return int(told)
