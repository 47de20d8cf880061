"""Whoever sits at a demonstration's desk: gives commands over HTTP, as one of its callers."""

from typing import Any
from uuid import uuid4

import httpx2

from tests.service.command_line import Running

AUDITOR = "auditor"


class Desk:
    """Gives commands as somebody, and insists that they are recorded."""

    def __init__(self, demo: Running) -> None:
        self._demo, self._url = demo, f"{demo.url}/graphql"
        self._http = httpx2.Client(timeout=30)

    def close(self) -> None:
        """Leave the desk."""
        self._http.close()

    def ask(self, query: str, who: str = AUDITOR, **variables: Any) -> Any:
        """The data of an answer."""
        shown = {"authorization": f"Bearer {self._demo.key(who)}"}
        sent = {"query": query, "variables": variables}
        body = self._http.post(self._url, json=sent, headers=shown).json()
        assert "errors" not in body, body["errors"]
        return body["data"]

    def tell(self, who: str, command: str, on: str, **sent: Any) -> dict[str, Any]:
        """The outcome of a command, whatever it is."""
        name = f"{command[0].upper()}{command[1:]}Input"
        query = f"""mutation ($id: UUID!, $input: {name}!, $c: Circumstances!) {{
            {command}(commandId: $id, input: $input, circumstances: $c) {{ __typename
                ... on Recorded {{ position readable events {{ type }} }}
                ... on Refusal {{ code message }} }} }}"""
        circumstances = {"effectiveOn": on, "synthetic": True}
        data = self.ask(query, who, id=str(uuid4()), input=sent, c=circumstances)
        outcome: dict[str, Any] = data[command]
        return outcome

    def __call__(self, who: str, command: str, on: str, **sent: Any) -> None:
        """Carry it out."""
        outcome = self.tell(who, command, on, **sent)
        assert outcome["__typename"] == "Recorded", (command, outcome)
        assert outcome["events"], (command, "nothing happened")

    def refused(self, who: str, command: str, on: str, **sent: Any) -> str:
        """The code of its refusal."""
        return str(self.tell(who, command, on, **sent)["code"])
