"""Moves of a random history that say anew what was said: corrections of amounts and of words."""

from random import Random

from events.catalogue import Command
from events.scheme import (
    ApproveStep,
    CorrectEntry,
    DeclineStep,
    FieldCorrection,
    ProposeStep,
    Scheme,
    SchemeEvent,
    Step,
    StepId,
    WithdrawStep,
)
from events.scheme.correction import CORRECTABLE, field_of, is_amount
from tests.stage import NAMES, Cast


def propose(random: Random, cast: Cast) -> Command | None:
    """Something that needs a second person; now and then what is proposed already is changed."""
    found = correct(random, cast)
    if found is None:
        return None
    return ProposeStep(
        scheme_id=found.scheme_id,
        step_id=StepId(f"s{random.randrange(40)}"),
        step=Step(correct_entry=found),
    )


def decide(random: Random, cast: Cast) -> Command | None:
    """Mostly approved, at the version that stands."""
    scheme_id, scheme = cast.scheme(random)
    waiting = [each for each in scheme.steps.values() if not each.is_decided] if scheme else []
    if not waiting:
        return None
    proposal = random.choice(waiting).proposal
    end = random.choice((ApproveStep, ApproveStep, ApproveStep, DeclineStep, WithdrawStep))
    if end is ApproveStep:
        return ApproveStep(
            scheme_id=scheme_id, step_id=proposal.step_id, step_version=proposal.step_version
        )
    ends = DeclineStep if end is DeclineStep else WithdrawStep
    return ends(scheme_id=scheme_id, step_id=proposal.step_id, reason="Đã xem xét")


def correct(random: Random, cast: Cast) -> CorrectEntry | None:
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
        changes=tuple(
            FieldCorrection(field=each, after=_after(random, fact, each)) for each in chosen
        ),
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
