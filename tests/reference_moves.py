"""Moves of a random history that change reference data: caps and limits of the fund."""

from random import Random

from events.catalogue import Command
from events.organisation import RenameOrganisation
from events.policy import SetSupportCap
from events.vocabulary import CapUnit, Certainty, FundingSource
from tests.stage import CENTRE, CONTENTS, NAMES, Cast, amount_of


def set_cap(random: Random, _cast: Cast) -> Command:
    return SetSupportCap(
        activity=random.choice(CONTENTS),
        source=random.choice((FundingSource.NATIONAL_GRANT, FundingSource.LOCAL_GRANT)),
        share_pct=random.choice((None, 30, 50, 80)),
        cap=amount_of(random, 600),
        unit=random.choice((CapUnit.FACILITY, CapUnit.MODEL)),
        legal_basis=f"Văn bản {random.randrange(4)}",
        certainty=random.choice(list(Certainty)),
    )


def rename(random: Random, _cast: Cast) -> Command:
    return RenameOrganisation(organisation_id=CENTRE, name=random.choice(NAMES))
