"""What processes have used, as the kernel counts it: `/proc` of a process and all its children."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Memory:
    """Megabytes of one process."""

    own: float
    """USS: what would be free if it ended."""
    shared_fairly: float
    """PSS: that, and its share of what it shares."""


def family(pid: int) -> Sequence[int]:
    """A process and everything below it."""
    parents: dict[int, list[int]] = {}
    for each in _pids():
        fields = _stat(each)
        if fields:
            parents.setdefault(int(fields[1]), []).append(each)
    found = [pid]
    for each in found:
        found += parents.get(each, [])
    return found


def cpu_seconds(pid: int) -> float:
    """Of a process, its children, and those of them that have ended."""
    ticks = 0
    for each in family(pid):
        fields = _stat(each)
        if fields:
            own, waited_for = fields[11:13], fields[13:15]
            ticks += sum(map(int, own)) + sum(map(int, waited_for))
    return ticks / TICKS_PER_SECOND


def memory(pid: int) -> Memory:
    """Of one process alone."""
    kilobytes: dict[str, int] = {}
    for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]:
        name, _, value = line.partition(":")
        kilobytes[name] = int(value.split()[0])
    own = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return Memory(own=own / 1024, shared_fairly=kilobytes["Pss"] / 1024)


def _pids() -> Iterator[int]:
    return (int(each.name) for each in PROC.iterdir() if each.name.isdigit())


def _stat(pid: int) -> list[str]:
    """The fields after the name, which may hold spaces; none if it has just ended."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
