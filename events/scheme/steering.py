"""The course of a scheme besides its money (quá trình thực hiện): each family to its rules."""

from collections.abc import Sequence
from typing import assert_never

from events.rules import Occasion
from events.scheme.adjusting import adjust, supplement
from events.scheme.adjustment import AdjustScheme, SupplementScheme
from events.scheme.appraisal import AppraisalCommand
from events.scheme.appraising import appraise
from events.scheme.contract import ContractCommand
from events.scheme.contracting import contract
from events.scheme.course import CourseCommand
from events.scheme.facts import SchemeEvent
from events.scheme.halt import HaltCommand
from events.scheme.halting import halt
from events.scheme.release import ReleaseBeneficiary
from events.scheme.releasing import release
from events.scheme.state import Scheme


def steer(command: CourseCommand, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    """Answer a command with the facts it causes; none if already so."""
    if isinstance(command, AppraisalCommand):
        return appraise(command, scheme, occasion)
    if isinstance(command, HaltCommand):
        return halt(command, scheme, occasion)
    if isinstance(command, ReleaseBeneficiary):
        return release(command, scheme)
    if isinstance(command, AdjustScheme):
        return adjust(command, scheme, occasion)
    if isinstance(command, SupplementScheme):
        return supplement(command, scheme, occasion)
    if isinstance(command, ContractCommand):
        return contract(command, scheme, occasion)
    assert_never(command)
