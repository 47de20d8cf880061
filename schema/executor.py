"""Strawberry's executor, which lets finished JSON through."""

from typing import Any

import orjson
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext


class SplicingExecutor(StrawberryGraphQLCoreExecutionContext):
    """A planned field answers JSON text: completing it field by field again would cost more."""

    def complete_value(self, *args: Any, **kwargs: Any) -> Any:
        """Leave a fragment as it is; everything else as GraphQL says."""
        result = kwargs["result"] if "result" in kwargs else args[4]
        return (
            result
            if isinstance(result, orjson.Fragment)
            else super().complete_value(*args, **kwargs)
        )
