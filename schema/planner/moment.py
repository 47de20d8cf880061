"""The moment a question is asked at: a position of the log and, if wished, an effective date."""

from dataclasses import dataclass

from projections.columns import FOREVER
from schema.planner.source import Time


@dataclass(frozen=True, slots=True)
class Moment:
    """Both are SQL. No position: the head. No effective date: whatever is recorded."""

    position: str | None = None
    effective: str | None = None
    is_of_row: bool = False
    """Whether a row names the position, so that it is not the same for the whole statement."""

    def keeps(self, alias: str, time: Time) -> str:
        """The predicate that keeps the rows of `alias` to this moment."""
        match time:
            case Time.VERSIONS:
                return f"{self.recorded(alias)} AND {self._valid(alias)}"
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

    def recorded(self, alias: str) -> str:
        """The predicate that keeps versions to those that stood at the position."""
        if self.position is None:
            return f"{alias}.until = {FOREVER}"
        return f"{alias}.since <= {self.position} AND {alias}.until > {self.position}"

    def between(self, alias: str, row: str) -> str:
        """The predicate that keeps versions to those that stood between two positions of a row."""
        return (
            f"{alias}.since <= {row}.to_position AND {alias}.until > {row}.from_position"
            f" AND {self._valid(alias)}"
        )

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
