"""The course of a scheme (quá trình thực hiện đề án): what happens to it besides its money.

One name for the families of facts, commands and refusals, for whoever passes over all of them.
"""

from typing import TypeAlias

from events.scheme.appraisal import AppraisalCommand, AppraisalEvent, AppraisalRefusal
from events.scheme.authority import WrongApprover
from events.scheme.halt import HaltCommand, HaltEvent, HaltRefusal
from events.scheme.release import BeneficiaryHasMoney, ReleaseCommand, ReleaseEvent

CourseEvent: TypeAlias = AppraisalEvent | HaltEvent | ReleaseEvent
CourseCommand: TypeAlias = AppraisalCommand | HaltCommand | ReleaseCommand
CourseRefusal: TypeAlias = AppraisalRefusal | HaltRefusal | WrongApprover | BeneficiaryHasMoney
