"""The course of a scheme (quá trình thực hiện đề án): what happens to it besides its money.

One name for the families of facts, commands and refusals, for whoever passes over all of them.
"""

from typing import TypeAlias

from events.scheme.adjustment import AdjustmentCommand, AdjustmentEvent, AdjustmentRefusal
from events.scheme.appraisal import AppraisalCommand, AppraisalEvent, AppraisalRefusal
from events.scheme.authority import WrongApprover
from events.scheme.contract import ContractCommand, ContractEvent, ContractRefusal
from events.scheme.halt import HaltCommand, HaltEvent, HaltRefusal
from events.scheme.release import BeneficiaryHasMoney, ReleaseCommand, ReleaseEvent

CourseEvent: TypeAlias = AppraisalEvent | AdjustmentEvent | HaltEvent | ContractEvent | ReleaseEvent
CourseCommand: TypeAlias = (
    AppraisalCommand | AdjustmentCommand | HaltCommand | ContractCommand | ReleaseCommand
)
CourseRefusal: TypeAlias = (
    AppraisalRefusal
    | AdjustmentRefusal
    | HaltRefusal
    | ContractRefusal
    | WrongApprover
    | BeneficiaryHasMoney
)
