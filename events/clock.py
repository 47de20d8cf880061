"""What day it is: the one place that asks. Rules are told (`Occasion.today`)."""

from datetime import date, datetime

from events.dates import VIETNAM


def today() -> date:
    """The day it is in Vietnam."""
    return datetime.now(VIETNAM).date()
