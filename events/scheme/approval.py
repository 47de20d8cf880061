"""How a scheme comes about and is judged: propose, approve, assign, evaluate."""

from collections.abc import Sequence

from events.dates import checked_span, checked_year, years_after
from events.facility import Facility, operating
from events.facility import stream as facility_stream
from events.geography import at
from events.money import checked_amount
from events.organisation import Organisation, UnknownOrganisation
from events.organisation import stream as organisation_stream
from events.period import Period, PeriodIsClosed, UnknownPeriod
from events.period import stream as period_stream
from events.rules import Occasion
from events.scheme.commands import (
    ApproveScheme,
    AssignBeneficiary,
    EvaluateCriteria,
    ProposeScheme,
)
from events.scheme.facts import (
    BeneficiaryAssigned,
    Ceiling,
    CriteriaEvaluated,
    SchemeApproved,
    SchemeEvent,
    SchemeProposed,
)
from events.scheme.refusals import (
    ApprovalDiffers,
    CeilingRepeated,
    ContentMissing,
    FocalRule,
    PeriodNotCovering,
    SchemeDiffers,
)
from events.scheme.state import Scheme
from events.source import Source, UnknownSource
from events.source import stream as source_stream
from events.text import required
from events.vocabulary import SchemeClass

FOCAL_CONTENTS_MIN = 2
FOCAL_YEARS_MIN, FOCAL_YEARS_MAX = 2, 3


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
    checked_span(command.starts_on, command.ends_on)
    if not command.contents:
        raise ContentMissing(scheme_id=command.scheme_id)
    _check_period(command, occasion.neighbour(period_stream(command.period), Period))
    implementer = organisation_stream(command.implementer)
    if occasion.neighbour(implementer, Organisation) is None:
        raise UnknownOrganisation(organisation_id=command.implementer)
    return (proposal,)


def approve(command: ApproveScheme, scheme: Scheme) -> Sequence[SchemeEvent]:
    """A group scheme is approved before anyone knows its beneficiaries; so may be any other."""
    _check_ceilings(command.ceilings)
    approval = SchemeApproved(
        scheme_id=command.scheme_id,
        ceilings=command.ceilings,
        legal_regime=tuple(required("legal_regime", each) for each in command.legal_regime),
    )
    if scheme.approval is not None:
        if scheme.approval == approval:
            return ()
        raise ApprovalDiffers(scheme_id=command.scheme_id)
    if scheme.proposal.scheme_class is SchemeClass.FOCAL:
        _check_focal(scheme.proposal)
    return (approval,)


def assign(command: AssignBeneficiary, scheme: Scheme, occasion: Occasion) -> Sequence[SchemeEvent]:
    if command.facility_id in scheme.beneficiaries:
        return ()
    neighbour = occasion.neighbour(facility_stream(command.facility_id), Facility)
    facility = operating(command.facility_id, neighbour)
    return (
        BeneficiaryAssigned(
            scheme_id=command.scheme_id,
            facility_id=command.facility_id,
            name=facility.name,
            # Registered in Yên Bái, assigned after the merger: on that day it lay in Lào Cai.
            province=at(facility.province, occasion.effective_on),
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


def _check_period(command: ProposeScheme, period: Period | None) -> None:
    if period is None:
        raise UnknownPeriod(period=command.period)
    if period.is_closed:
        raise PeriodIsClosed(period=command.period)
    opened = period.opening
    if command.starts_on < opened.starts_on or command.ends_on > opened.ends_on:
        raise PeriodNotCovering(
            period=command.period, starts_on=opened.starts_on, ends_on=opened.ends_on
        )


def _check_ceilings(ceilings: tuple[Ceiling, ...]) -> None:
    seen = set()
    for each in ceilings:
        checked_amount("ceiling", each.amount)
        checked_year("budget_year", each.budget_year)
        if (each.source, each.budget_year) in seen:
            raise CeilingRepeated(source=each.source, budget_year=each.budget_year)
        seen.add((each.source, each.budget_year))


def _check_focal(proposal: SchemeProposed) -> None:
    contents = len(set(proposal.contents))
    # Both days belong to the scheme: 2018-01-01 to 2019-12-31 is two years.
    shortest = years_after(proposal.starts_on, FOCAL_YEARS_MIN).toordinal() - 1
    longest = years_after(proposal.starts_on, FOCAL_YEARS_MAX).toordinal() - 1
    if contents < FOCAL_CONTENTS_MIN or not shortest <= proposal.ends_on.toordinal() <= longest:
        raise FocalRule(contents=contents, starts_on=proposal.starts_on, ends_on=proposal.ends_on)
