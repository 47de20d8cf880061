"""A scheme out of its events, corrections included: the state is the fold of what they say now."""

from dataclasses import replace

from events.rules import HistoryBrokenError
from events.scheme import state
from events.scheme.correction import EntryCorrected, amended
from events.scheme.facts import SchemeEvent
from events.scheme.state import Past, Scheme


def evolve(scheme: Scheme | None, event: SchemeEvent) -> Scheme:
    """Apply one recorded fact; a correction folds the whole stream anew. Total."""
    past = Past(fact=event, before=scheme.past if scheme else None)
    if isinstance(event, EntryCorrected):
        if scheme is None:
            raise HistoryBrokenError("a scheme begins with its proposal")
        return replace(_anew(past), past=past)
    return replace(state.evolve(scheme, event), past=past)


def _anew(past: Past) -> Scheme:
    told = [past.fact]
    while past.before is not None:
        past = past.before
        told.append(past.fact)
    begun, *rest = amended(told[::-1])
    scheme = state.evolve(None, begun)
    for each in rest:
        scheme = state.evolve(scheme, each)
    return scheme
