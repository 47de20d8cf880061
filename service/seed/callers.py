"""Who may ask a demonstration: synthetic mandates, recorded like any others.

One of each role, and a second who approves: the Ministry says how much there is, the Department who
gets it, and nobody does both.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from events.catalogue import Command
from events.envelope import Order
from events.geography import live_on
from events.identity import OrganisationId
from events.ledger import Ledger
from events.mandate import Bounds, ConfirmMandate, MandateId, PrincipalId, ProposeMandate
from events.vocabulary import Role
from service.seed.evaluation import CENTRE
from service.seed.story import step

SINCE = date(2026, 1, 1)
ONE = MandateId("1")


def principal(name: str) -> PrincipalId:
    """Who is called so in the demonstration."""
    return PrincipalId(f"demo-{name.replace('_', '-')}")


async def record(ledger: Ledger) -> None:
    """Hand the mandates to the ledger; told twice, they are recorded once."""
    for order in orders():
        await ledger.handle(order)


def orders() -> Iterator[Order[Command]]:
    """One mandate for each of them, proposed by one and confirmed by another."""
    for name, role in CALLERS.items():
        who = principal(name)
        proposal = ProposeMandate(
            principal=who,
            mandate_id=ONE,
            role=role,
            organisation=OrganisationId("demo"),
            bounds=_BOUNDS.get(role, Bounds()),
        )
        confirmation = ConfirmMandate(principal=who, mandate_id=ONE)
        yield step(f"mandate {who}", proposal, SINCE, synthetic=True)
        yield step(f"confirm {who}", confirmation, SINCE, synthetic=True)


CALLERS: Mapping[str, Role] = {
    **{role.name.lower(): role for role in Role if role is not Role.PUBLIC},
    "ministry": Role.APPROVER,
}
"""What each is called -> the role; the approver is the Department's."""
_BOUNDS = {
    Role.OPERATOR: Bounds(province=live_on("37", SINCE)),
    Role.CENTRE_MANAGER: Bounds(centre=CENTRE),
}
"""Today's Ninh Bình, which Hà Nam and Nam Định became part of."""
