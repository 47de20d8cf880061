"""Reference data: from a day that none of us will see, so that no sample changes what holds now."""

from datetime import date, timedelta

from events.catalogue import Command
from events.money import Vnd
from events.policy import SetSupportCap
from events.vocabulary import Activity, CapUnit, Certainty
from service.seed.sample.cast import Cast

_FAR_DAYS, _APART_DAYS = 36_525, 1_000_000
"""At least a hundred years from now; and as many days as tellings may be told apart by."""


def far_day(cast: Cast) -> date:
    """A day of this telling alone, after the year 2100."""
    told = int(cast.tag.rpartition("-")[2], 16)
    return cast.today + timedelta(days=_FAR_DAYS + told % _APART_DAYS)


def set_cap(cast: Cast) -> Command:
    return SetSupportCap(
        activity=Activity.VOCATIONAL_TRAINING,
        share_pct=100,
        cap=Vnd(50_000_000),
        unit=CapUnit.FACILITY,
        legal_basis=f"văn bản minh họa {cast.tag}",
        certainty=Certainty.SOURCED,
    )
