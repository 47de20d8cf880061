"""Every read model, each after those it looks at."""

from projections.balance import balance
from projections.beneficiary import beneficiary
from projections.ceiling import ceiling
from projections.commitment import commitment
from projections.contact import contact
from projections.contract import contract
from projections.criterion import criterion
from projections.decision import decision
from projections.delivery import delivery, outcome, training
from projections.entry import entry
from projections.equipment import equipment
from projections.evaluation import claim, conference, evaluation, finding
from projections.facility import facility
from projections.mandate import mandate
from projections.organisation import organisation, organisation_name, territory
from projections.payment import payment
from projections.period import period
from projections.plan import allocation, budget, plan, tranche
from projections.posting import posting
from projections.progress import progress
from projections.projection import Projection
from projections.recovery import recovery
from projections.scheme import scheme
from projections.sectorcode import sector_code
from projections.source import figure, source
from projections.step import step
from projections.subject import subject
from projections.target import target

PROJECTIONS: tuple[Projection, ...] = (
    period,
    plan,
    budget,
    tranche,
    allocation,
    target,
    organisation,
    organisation_name,
    territory,
    sector_code,
    facility,
    equipment,
    contact,
    scheme,
    ceiling,
    balance,
    beneficiary,
    commitment,
    payment,
    progress,
    recovery,
    decision,
    contract,
    delivery,
    training,
    outcome,
    entry,
    posting,
    criterion,
    step,
    source,
    figure,
    evaluation,
    conference,
    claim,
    finding,
    subject,
    mandate,
)
