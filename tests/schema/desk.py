"""Whoever sits at the ledger and tells it commands through the doors of the contract."""

from typing import Any
from uuid import uuid4

from tests.actors import actor_named
from tests.schema.conftest import Ask

WHO = {"id": "lan", "role": "CLERK", "organisation": "tt1"}
OUTCOME = """{
    __typename
    ... on Recorded { stream version position repeated readable
        events { position type version synthetic fact { __typename } } }
    ... on Refusal { code message messageVi rule }
}"""


class Desk:
    """Whoever sits at the ledger: tells it commands with a day and an id."""

    def __init__(self, tell: Ask) -> None:
        self.tell = tell

    async def __call__(self, command: str, on: str = "2019-03-01", **sent: Any) -> dict[str, Any]:
        """Tell one command; the outcome."""
        apart = ("commandId", "expectedVersion", "actor")
        more = {key: sent.pop(key) for key in apart if key in sent}
        name = f"{command[0].upper()}{command[1:]}Input"
        query = f"""mutation ($id: UUID!, $input: {name}!, $c: Circumstances!, $v: Int) {{
            {command}(commandId: $id, input: $input, circumstances: $c, expectedVersion: $v)
            {OUTCOME} }}"""
        body = await self.tell(
            query,
            id=more.get("commandId", str(uuid4())),
            input=sent,
            c={
                "effectiveOn": on,
                "actor": more.get("actor") or actor_named(command),
                "synthetic": True,
            },
            v=more.get("expectedVersion"),
        )
        assert "errors" not in body, body
        return body["data"][command]

    async def period(self, code: str) -> None:
        """Open a period of one year."""
        await self(
            "openPeriod", code=code, name=code, startsOn=f"{code}-01-01", endsOn=f"{code}-12-31"
        )

    async def facility(self, code: str, name: str, **more: Any) -> None:
        """Register a facility in Nam Định, with whatever else is said of it."""
        told: dict[str, Any] = {
            "legalForm": "ENTERPRISE",
            "ownership": "PRIVATE",
            "province": {"code": "36", "validFrom": "2008-08-01"},
            "sector": {"version": "VSIC_2018", "code": "1076"},
            **more,
        }
        outcome = await self("registerFacility", facilityId=code, name=name, **told)
        assert outcome["__typename"] == "Recorded", outcome
