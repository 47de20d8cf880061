"""How a scheme comes about and is judged: propose, approve, assign, evaluate."""

from collections.abc import Sequence

from events.facility import Facility, supportable
from events.facility import stream as facility_stream
from events.mergers import atlas_in
from events.organisation import Organisation, UnknownOrganisation
from events.organisation import stream as organisation_stream
from events.period import Period
from events.period import stream as period_stream
from events.plan import SOURCE, checked_room
from events.rules import Occasion
from events.scheme.appraising import check_approvable
from events.scheme.bounds import check_ceilings, check_content, check_focal, check_period
from events.scheme.commands import ApproveScheme, AssignBeneficiary, EvaluateCriteria, ProposeScheme
from events.scheme.facts import (
    BeneficiaryAssigned,
    CriteriaEvaluated,
    SchemeApproved,
    SchemeEvent,
    SchemeProposed,
)
from events.scheme.halting import check_goes_on
from events.scheme.places import check_place
from events.scheme.refusals import ApprovalDiffers, SchemeDiffers
from events.scheme.state import Scheme
from events.source import Source, UnknownSource
from events.source import stream as source_stream
from events.text import required
from events.vocabulary import SchemeClass


def propose(
    command: ProposeScheme, scheme: Scheme | None, occasion: Occasion
) -> Sequence[SchemeEvent]:
    proposal = SchemeProposed(
        scheme_id=command.scheme_id,
        period=command.period,
        title=required("title", command.title),
        scheme_class=command.scheme_class,
        contents=command.contents,
        starts_on=command.starts_on,
        ends_on=command.ends_on,
        implementer=command.implementer,
    )
    if scheme is not None:
        if scheme.proposal == proposal:
            return ()
        raise SchemeDiffers(scheme_id=command.scheme_id)
    check_content(command.scheme_id, command.contents, command.starts_on, command.ends_on)
    period = occasion.neighbour(period_stream(command.period), Period)
    check_period(command.period, command.starts_on, command.ends_on, period)
    implementer = organisation_stream(command.implementer)
    if occasion.neighbour(implementer, Organisation) is None:
        raise UnknownOrganisation(organisation_id=command.implementer)
    return (proposal,)


def approve(command: ApproveScheme, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    """A group scheme is approved before anyone knows its beneficiaries; so may be any other."""
    check_ceilings(command.ceilings)
    approval = SchemeApproved(
        scheme_id=command.scheme_id,
        ceilings=command.ceilings,
        legal_regime=tuple(required("legal_regime", each) for each in command.legal_regime),
    )
    if scheme.approval is not None:
        if scheme.approval == approval:
            return ()
        raise ApprovalDiffers(scheme_id=command.scheme_id)
    check_approvable(scheme)
    proposal = scheme.proposal
    if proposal.scheme_class is SchemeClass.FOCAL:
        check_focal(proposal.contents, proposal.starts_on, proposal.ends_on)
    for each in command.ceilings:
        if each.source is SOURCE:
            checked_room(command.scheme_id, each.budget_year, each.amount, occasion)
    return (approval,)


def assign(command: AssignBeneficiary, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    if command.facility_id in scheme.beneficiaries:
        return ()
    check_goes_on(scheme, occasion.effective_on)
    neighbour = occasion.neighbour(facility_stream(command.facility_id), Facility)
    facility = supportable(command.facility_id, neighbour, occasion)
    on, atlas = occasion.effective_on, atlas_in(occasion)
    check_place(scheme, command.facility_id, facility.province, on, atlas)
    return (
        BeneficiaryAssigned(
            scheme_id=command.scheme_id,
            facility_id=command.facility_id,
            name=facility.name,
            # Registered in Yên Bái, assigned after the merger: on that day it lay in Lào Cai.
            province=atlas.at(facility.province, on),
            sector=facility.sector,
        ),
    )


def evaluate(
    command: EvaluateCriteria, scheme: Scheme, occasion: Occasion
) -> Sequence[SchemeEvent]:
    """A criterion may be judged again, by another rule or evidence: history keeps every verdict."""
    if occasion.neighbour(source_stream(command.source), Source) is None:
        raise UnknownSource(source_id=command.source)
    evaluation = CriteriaEvaluated(
        scheme_id=command.scheme_id,
        criterion=command.criterion,
        verdict=command.verdict,
        rule_version=required("rule_version", command.rule_version),
        evidence=required("evidence", command.evidence),
        source=command.source,
    )
    return () if scheme.verdicts.get(command.criterion) == evaluation else (evaluation,)
