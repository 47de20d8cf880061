"""Every read model, each after those it looks at."""

from projections.beneficiary import beneficiary
from projections.commitment import commitment
from projections.contact import contact
from projections.criterion import criterion
from projections.entry import entry
from projections.equipment import equipment
from projections.facility import facility
from projections.mandate import mandate
from projections.organisation import organisation, territory
from projections.payment import payment
from projections.period import period
from projections.projection import Projection
from projections.scheme import ceiling, scheme
from projections.source import figure, source
from projections.subject import subject

PROJECTIONS: tuple[Projection, ...] = (
    period,
    organisation,
    territory,
    facility,
    equipment,
    contact,
    scheme,
    ceiling,
    beneficiary,
    commitment,
    payment,
    entry,
    criterion,
    source,
    figure,
    subject,
    mandate,
)
