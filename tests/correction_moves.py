"""Moves of a random history that say anew what was said: corrections of amounts and of words."""

from random import Random

from events.catalogue import Command
from events.scheme import CorrectEntry, Restatement, Scheme, SchemeEvent
from events.scheme.correction import CORRECTABLE, field_of, is_amount
from tests.stage import NAMES, Cast


def correct(random: Random, cast: Cast) -> Command | None:
    """One event in three is corrected by more than the rules bear."""
    scheme_id, scheme = cast.scheme(random)
    told = _told(scheme)
    able: dict[str, list[int]] = {}
    for nth, each in enumerate(told, 1):
        if type(each).__name__ in CORRECTABLE:
            able.setdefault(type(each).__name__, []).append(nth)
    if not able:
        return None
    version = random.choice(able[random.choice(list(able))])
    fact = told[version - 1]
    fields = sorted(CORRECTABLE[type(fact).__name__])
    chosen = random.sample(fields, random.randint(1, len(fields)))
    return CorrectEntry(
        scheme_id=scheme_id,
        corrects_version=version,
        changes=tuple(Restatement(field=each, after=_after(random, fact, each)) for each in chosen),
        reason="Nhập nhầm",
    )


def _told(scheme: Scheme | None) -> list[SchemeEvent]:
    told: list[SchemeEvent] = []
    past = scheme.past if scheme else None
    while past is not None:
        told.append(past.fact)
        past = past.before
    return told[::-1]


def _after(random: Random, fact: object, field: str) -> str:
    name = field_of(field)
    if not is_amount(type(fact), name):
        return f"{random.choice(NAMES)} (đính chính)"
    return str(max(1, getattr(fact, name) * random.randint(6, 12) // 10))
