"""What is refused by the executor stands in the book as well."""

from service.runtime import Runtime
from tests.schema.callers import Known
from tests.schema.test_access import asking, command


async def test_a_field_that_is_refused_beside_a_command_is_written_down(empty: Runtime) -> None:
    door = Known()
    ask = asking(empty, door)
    query, sent = command("proposeMandate")
    query = query.replace("__typename", "... on Recorded { events { body } }", 1)
    sent["input"] = {"principal": "x", "mandateId": "1", "role": "AUDITOR", "organisation": "y"}
    body = await ask(query, "admin", **sent)
    assert body["errors"][0]["extensions"]["asked"] == "Event.body"
    assert [(each.asked, each.code) for each in door.book] == [("Event.body", "FORBIDDEN")]
