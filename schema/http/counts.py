"""How many answers went which way, for `/metrics`."""

from dataclasses import dataclass

_TEXT = """\
# HELP socai_graphql_answers_total Answers, by where they came from.
# TYPE socai_graphql_answers_total counter
socai_graphql_answers_total{{path="planned"}} {0.planned}
socai_graphql_answers_total{{path="executed"}} {0.executed}
socai_graphql_answers_total{{path="cached"}} {0.cached}
"""


@dataclass(slots=True)
class Counts:
    """Answers of one process since it started; refusals are not among them."""

    planned: int = 0
    """By a plan: one SQL statement."""
    executed: int = 0
    """By the executor: mutations, introspection, whatever the planner declines."""
    cached: int = 0
    """From memory, 304 among them."""

    def text(self) -> str:
        """In the text format of Prometheus."""
        return _TEXT.format(self)
