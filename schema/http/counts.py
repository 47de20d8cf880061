"""How many answers went which way, for `/metrics`."""

from dataclasses import dataclass

_TEXT = """\
# HELP socai_graphql_answers_total Answers, by where they came from.
# TYPE socai_graphql_answers_total counter
socai_graphql_answers_total{{path="planned"}} {0.planned}
socai_graphql_answers_total{{path="executed"}} {0.executed}
socai_graphql_answers_total{{path="cached"}} {0.cached}
# HELP socai_events_readers Who follows now: event streams and long polls of /events, GraphQL.
# TYPE socai_events_readers gauge
socai_events_readers{{door="stream"}} {0.streams}
socai_events_readers{{door="poll"}} {0.polls}
socai_events_readers{{door="graphql"}} {0.subscriptions}
# HELP socai_events_sent_total Events sent by /events, to each reader.
# TYPE socai_events_sent_total counter
socai_events_sent_total{{door="stream"}} {0.streamed}
socai_events_sent_total{{door="page"}} {0.paged}
# HELP socai_events_dropped_total Readers let go because they took nothing.
# TYPE socai_events_dropped_total counter
socai_events_dropped_total {0.dropped}
"""


@dataclass(slots=True)
class Counts:
    """Answers of one process since it started; refusals are not among them. And its feed."""

    planned: int = 0
    """By a plan: one SQL statement."""
    executed: int = 0
    """By the executor: mutations, introspection, whatever the planner declines."""
    cached: int = 0
    """From memory, 304 among them."""
    streams: int = 0
    """Event streams of the feed that are open."""
    subscriptions: int = 0
    """Subscriptions over WebSockets and event streams that are open."""
    polls: int = 0
    """Readers who wait for a page of the feed."""
    streamed: int = 0
    """Events sent down event streams, to each reader."""
    paged: int = 0
    """Events sent in pages."""
    dropped: int = 0
    """Readers who took nothing any more."""

    def text(self) -> str:
        """In the text format of Prometheus."""
        return _TEXT.format(self)
