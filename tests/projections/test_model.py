"""Random commands of random actors, step by step, beside a sheet that knows only sums.

After each step the sheet and the ledger say the same, and nothing impossible; a refused command has
changed nothing. At the end the identities hold at random pairs of a day and a position. SOCAI_SOAK
makes it longer. `test_model_teeth.py` shows that it finds what is wrong.
"""

import os
from random import Random
from typing import ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from projections.posting import posting
from tests.histories import UNHURRIED
from tests.projections.model import Walk

STEPS, WALKS = 500, 24
LONGER = int(os.environ.get("SOCAI_SOAK", "1"))
STEPS_MIN = 10_000
MORE_WALKS_MAX = 60


class Machine(RuleBasedStateMachine):
    """One walk; hypothesis chooses each step, and shortens a walk that fails."""

    steps = 0
    recorded = 0
    told: ClassVar[set[type]] = set()

    @initialize(seed=st.integers(0, 2**32 - 1))
    def begin(self, seed: int) -> None:
        self.walk = Walk(seed)

    @rule(seed=st.integers(0, 2**32 - 1))
    def step(self, seed: int) -> None:
        type(self).steps += 1
        self.walk.step(seed)

    def teardown(self) -> None:
        if hasattr(self, "walk"):
            type(self).recorded += len(self.walk.memory.recorded)
            self.told.update(told_by(self.walk))
            self.walk.finish()


def told_by(walk: Walk) -> set[type]:
    return {type(each.fact) for each in walk.memory.recorded}


def further(missed: set[type]) -> set[type]:
    """What walks of the same kind leave unmet that go on until all was met, or for long enough."""
    for seed in range(MORE_WALKS_MAX):
        if not missed:
            break
        walk, random = Walk(seed), Random(seed)
        for _ in range(STEPS):
            walk.step(random.randrange(2**32))
        walk.finish()
        missed = missed - told_by(walk)
    return missed


def test_sums_agree_after_every_step_and_identities_hold_at_every_pair_tried() -> None:
    Machine.steps = Machine.recorded = 0
    Machine.told.clear()
    run_state_machine_as_test(
        Machine,
        settings=settings(
            UNHURRIED, max_examples=WALKS * LONGER, stateful_step_count=STEPS, derandomize=True
        ),
    )
    assert Machine.steps >= STEPS_MIN
    assert Machine.recorded > STEPS_MIN // 10
    assert further(set(posting.arms) - Machine.told) == set(), "money that no walk ever moved"
