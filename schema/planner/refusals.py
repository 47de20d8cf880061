"""What a question is refused for: named, in two languages, never a stack trace."""

from graphql import GraphQLError


class QueryRefusedError(GraphQLError):
    """A question that has no answer as it was put. `code` is stable; the message is English."""

    def __init__(self, code: str, english: str, vietnamese: str, **figures: object) -> None:
        super().__init__(english, extensions={"code": code, "messageVi": vietnamese, **figures})
        self.code = code
