"""The moment a question is asked at: a position of the log and, if wished, an effective date."""

from dataclasses import dataclass

from projections.columns import FOREVER
from schema.planner.source import Time


@dataclass(frozen=True, slots=True)
class Moment:
    """Both are SQL. No position: the head. No effective date: whatever is recorded."""

    position: str | None = None
    effective: str | None = None

    def keeps(self, alias: str, time: Time) -> str:
        """The predicate that keeps the rows of `alias` to this moment."""
        match time:
            case Time.VERSIONS:
                return f"{self._recorded(alias)} AND {self._valid(alias)}"
            case Time.LOG:
                return f"{alias}.position <= {self.at} AND {self._effective(alias)}"
            case Time.LINES:
                return self._lines(alias)
            case Time.NONE:
                return "true"

    @property
    def at(self) -> str:
        """The position, as SQL."""
        return self.position or "(SELECT position FROM moment)"

    def _recorded(self, alias: str) -> str:
        if self.position is None:
            return f"{alias}.until = {FOREVER}"
        return f"{alias}.since <= {self.position} AND {alias}.until > {self.position}"

    def _valid(self, alias: str) -> str:
        if self.effective is None:
            return f"{alias}.valid_to = 'infinity'"
        return f"{alias}.valid_from <= {self.effective} AND {alias}.valid_to > {self.effective}"

    def _lines(self, alias: str) -> str:
        if self.position is None:
            return self._effective(alias)
        return f"{alias}.position <= {self.position} AND {self._effective(alias)}"

    def _effective(self, alias: str) -> str:
        return "true" if self.effective is None else f"{alias}.effective_on <= {self.effective}"
