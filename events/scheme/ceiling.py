"""The ceiling of a scheme (dự toán được duyệt): a value that several of its facts carry."""

from events.money import Vnd
from events.rules import value
from events.vocabulary import FundingSource


@value
class Ceiling:
    """The most that may be committed from one source in one budget year (dự toán được duyệt)."""

    source: FundingSource
    budget_year: int
    amount: Vnd
    """At most so much may be committed, in đồng (mức kinh phí được duyệt). A stock."""
