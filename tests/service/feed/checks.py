"""What must hold for whoever follows, after whatever happened. Each answers with what it found.

F1  missed      it saw every event that it may see, and did not filter out
F2  skipped     what came after a cursor came in the log's order, without leaving one out; and
                nobody came back with a cursor beyond what he had seen
F3  changed     what came again came with the same id and the same bytes, and the id is the
                log's own
F4  strange     nothing came that is not in the log, or not for it
F5  doubled     in a stream of NATS, every event stands once, in order
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import orjson

from tests.checkers import Stored, backwards, gaps, unsealed
from tests.service.feed.journal import Got, Session

SHOWN_MAX = 5
"""Of many alike, a person reads the first few."""


class Log(NamedTuple):
    """What was recorded."""

    ids: Mapping[int, str]
    """Of every position, the event's own."""
    types: Mapping[int, str]

    @classmethod
    def of(cls, events: Sequence[Stored]) -> "Log":
        told = {each.position: orjson.loads(each.body) for each in events}
        return cls(
            {position: each["id"] for position, each in told.items()},
            {position: each["type"] for position, each in told.items()},
        )


def recorded_once(events: Sequence[Stored], acknowledged: Mapping[str, int]) -> list[str]:
    """The log itself: gapless, sealed, and every command in it once, where it was said to be."""
    at: dict[str, list[int]] = {}
    for each in events:
        at.setdefault(orjson.loads(each.body)["command"], []).append(each.position)
    wrong = [
        f"I1 command {command} acknowledged at {position}, stored at {at.get(command)}"
        for command, position in acknowledged.items()
        if at.get(command) != [position]
    ]
    return [*wrong[:SHOWN_MAX], *gaps(events), *unsealed(events), *backwards(events)]


def followed(log: Log, visible: Sequence[int], found: Iterable[Session]) -> list[str]:
    """One who goes on from a cursor of his own."""
    seen: dict[int, Got] = {}
    faults: list[str] = []
    for session in found:
        known = bisect_right(visible, session.cursor)
        never = [each for each in visible[:known] if each not in seen]
        if never:
            faults.append(f"F2 came back at {session.cursor} without {_few(never)}")
        faults += _in_order(session, visible[known:])
        faults += _changed(log, seen, session.got)
    return [*faults, *_missed(visible, seen)]


def delivered(log: Log, visible: Sequence[int], got: Sequence[Got]) -> list[str]:
    """One who is sent everything: for the first time in order; again, as it was."""
    seen: dict[int, Got] = {}
    faults = _changed(log, seen, got)
    first = list(dict.fromkeys(each.position for each in got))
    if first != sorted(first):
        late = [here for here, then in pairwise(first) if then < here]
        faults.append(f"F2 not in order after {_few(late)}")
    return [*faults, *_strange(visible, seen), *_missed(visible, seen)]


def brought(log: Log, positions: Sequence[int], ids: Sequence[str]) -> list[str]:
    """A stream of NATS."""
    doubled = [each for each, times in Counter(positions).items() if times > 1]
    faults = [f"F5 more than once: {_few(doubled)}"] if doubled else []
    if list(positions) != sorted(positions):
        faults.append("F2 the stream is not in order")
    wrong = [
        position
        for position, told in zip(positions, ids, strict=True)
        if log.ids.get(position) != told
    ]
    if wrong:
        faults.append(f"F3 another id at {_few(wrong)}")
    return [*faults, *_missed(list(log.ids), positions)]


def repeats(got: Iterable[Got]) -> int:
    """How many deliveries were not the first."""
    counted = Counter(each.position for each in got)
    return sum(counted.values()) - len(counted)


def _in_order(session: Session, due: Sequence[int]) -> list[str]:
    for nth, each in enumerate(session.got):
        wanted = due[nth] if nth < len(due) else None
        if each.position != wanted:
            return [f"F2 after {session.cursor} came {each.position} where {wanted} was due"]
    return []


def _changed(log: Log, seen: dict[int, Got], got: Iterable[Got]) -> list[str]:
    """Takes note of what was seen."""
    faults: list[str] = []
    for each in got:
        if seen.setdefault(each.position, each) != each:
            faults.append(f"F3 {each.position} came again as something else")
        if each.id not in {"", log.ids.get(each.position)}:
            faults.append(f"F3 {each.position} came as {each.id}, which it is not")
    return faults[:SHOWN_MAX]


def _strange(visible: Sequence[int], seen: Iterable[int]) -> list[str]:
    strange = sorted(set(seen) - set(visible))
    return [f"F4 {_few(strange)} was not for it"] if strange else []


def _missed(visible: Sequence[int], seen: Iterable[int]) -> list[str]:
    never = sorted(set(visible) - set(seen))
    return [f"F1 missed {len(never)} of {len(visible)}: {_few(never)}"] if never else []


def _few(positions: Sequence[int]) -> str:
    more = ", …" if len(positions) > SHOWN_MAX else ""
    return f"[{', '.join(map(str, positions[:SHOWN_MAX]))}{more}]"
