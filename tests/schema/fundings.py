"""The least of a fund: a period, a centre, a facility in Nam Định, a scheme that chose it."""

from datetime import date

from events.catalogue import Command
from events.deciding import uuid7
from events.envelope import Order
from events.facility import RegisterFacility
from events.money import Vnd
from events.organisation import RegisterOrganisation
from events.period import OpenPeriod
from events.scheme import ApproveScheme, AssignBeneficiary, Ceiling, ProposeScheme
from events.vocabulary import FundingSource, OrganisationKind
from service.runtime import Runtime
from tests.actors import actor_of
from tests.schema.callers import CENTRE
from tests.world import LAW, SCHEME_ID, WEAVER, opened, proposed, weaver

_GRANT = Ceiling(source=FundingSource.NATIONAL_GRANT, budget_year=2019, amount=Vnd(1_000_000_000))


async def begun(runtime: Runtime, *, is_approved: bool = True) -> None:
    """Record it, and wait until it can be read."""
    position = 0
    for command in _commands(is_approved=is_approved):
        order = Order(
            command=command,
            command_id=uuid7(),
            effective_on=date(2019, 3, 1),
            actor=actor_of(type(command)),
        )
        position = (await runtime.ledger.handle(order)).position
    await runtime.projector.wait_for(position, 30)


def _commands(*, is_approved: bool) -> list[Command]:
    kind = OrganisationKind.CENTRE
    commands: list[Command] = [
        OpenPeriod(
            code=opened.code,
            name=opened.name,
            starts_on=opened.starts_on,
            ends_on=opened.ends_on,
        ),
        RegisterOrganisation(organisation_id=CENTRE, name="Trung tâm Khuyến công 1", kind=kind),
        ProposeScheme(
            scheme_id=SCHEME_ID,
            period=proposed.period,
            title=proposed.title,
            scheme_class=proposed.scheme_class,
            contents=proposed.contents,
            starts_on=proposed.starts_on,
            ends_on=proposed.ends_on,
            implementer=CENTRE,
        ),
    ]
    if is_approved:
        commands += [
            RegisterFacility(
                facility_id=WEAVER,
                name=weaver.name,
                tax_code=weaver.tax_code,
                legal_form=weaver.legal_form,
                ownership=weaver.ownership,
                province=weaver.province,
                sector=weaver.sector,
            ),
            ApproveScheme(scheme_id=SCHEME_ID, ceilings=(_GRANT,), legal_regime=(LAW,)),
            AssignBeneficiary(scheme_id=SCHEME_ID, facility_id=WEAVER),
        ]
    return commands
