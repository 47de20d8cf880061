"""The rules of what the money brought (kết quả thực hiện): deliver, train, measure, revise."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import assert_never

from events.dates import happened
from events.facility import Facility, operating
from events.facility import stream as facility_stream
from events.identity import FacilityId, ProvinceRef, checked_code
from events.mergers import atlas_in
from events.money import AMOUNT_MAX, Figure, InvalidAmount
from events.rules import Occasion
from events.scheme.delivery import (
    ActivityDelivered,
    DeliveryCommand,
    DeliveryEvent,
    InvalidCount,
    OutcomeDiffers,
    OutcomeMeasured,
    OutcomeRevised,
    PlaceSaidTwice,
    QuoteMissing,
    RecordActivity,
    RecordOutcome,
    RecordTraining,
    ReviseOutcome,
    UnitUnfit,
    UnknownOutcome,
    WomenAbovePersons,
    WorkersTrained,
)
from events.scheme.money_refusals import NotABeneficiary
from events.scheme.refusals import SchemeNotApproved
from events.scheme.state import Scheme
from events.source import Source, UnknownSource
from events.source import stream as source_stream
from events.text import optional, required
from events.vocabulary import Indicator, IndicatorUnit

_YEARLY = frozenset({IndicatorUnit.VND_PER_YEAR, IndicatorUnit.BASIS_POINT})
_PERSONS = frozenset({IndicatorUnit.PERSON})
_SHARE = frozenset({IndicatorUnit.BASIS_POINT})

UNITS: Mapping[Indicator, frozenset[IndicatorUnit]] = MappingProxyType(
    {
        Indicator.PRODUCTION_VALUE: _YEARLY,
        Indicator.REVENUE: _YEARLY,
        Indicator.TAX_PAID: _YEARLY,
        Indicator.EXPORT: frozenset({IndicatorUnit.USD_PER_YEAR, IndicatorUnit.BASIS_POINT}),
        Indicator.PRODUCTIVITY: frozenset(
            {IndicatorUnit.VND_PER_PERSON_YEAR, IndicatorUnit.BASIS_POINT}
        ),
        Indicator.QUALITY: _SHARE,
        Indicator.JOBS_NEW: _PERSONS,
        Indicator.JOBS_KEPT: _PERSONS,
        Indicator.WORKERS_TRAINED: _PERSONS,
        Indicator.LABOUR_SHIFT: _SHARE,
        Indicator.INCOME_RISE: frozenset({IndicatorUnit.VND_PER_MONTH, IndicatorUnit.BASIS_POINT}),
        Indicator.MACHINES: frozenset({IndicatorUnit.MACHINE}),
    }
)
"""Indicator -> the units that it may be counted in (QĐ 07/2008/QĐ-BCT: đơn vị tính)."""

_SIGNED = frozenset({IndicatorUnit.BASIS_POINT, IndicatorUnit.VND_PER_MONTH})
"""Units of a change, which may be for the worse."""


def deliver(
    command: DeliveryCommand, scheme: Scheme, occasion: Occasion
) -> Sequence[DeliveryEvent]:
    """An activity or a training is recorded each time it is told: two equal ones are two."""
    happened(occasion)
    if scheme.approval is None:
        raise SchemeNotApproved(scheme_id=command.scheme_id)
    _check_source(command, occasion)
    match command:
        case RecordActivity():
            return _activity(command, scheme, occasion)
        case RecordTraining():
            return _training(command, scheme, occasion)
        case RecordOutcome():
            return _measure(command, scheme, occasion)
        case ReviseOutcome():
            return _revise(command, scheme)
        case _:
            assert_never(command)


def _activity(
    command: RecordActivity, scheme: Scheme, occasion: Occasion
) -> Sequence[DeliveryEvent]:
    _check_count("persons", command.persons)
    _check_place(command.facility_id, scheme, occasion)
    return (
        ActivityDelivered(
            scheme_id=command.scheme_id,
            facility_id=command.facility_id,
            delivery=command.delivery,
            what=required("what", command.what),
            persons=command.persons,
            quote=optional("quote", command.quote),
            source_id=command.source_id,
        ),
    )


def _training(
    command: RecordTraining, scheme: Scheme, occasion: Occasion
) -> Sequence[DeliveryEvent]:
    _check_count("persons", command.persons)
    _check_count("women", command.women, least=0)
    _check_count("months", command.months)
    if command.persons is None:
        _check_quoted("persons", command.quote)
    if command.women is not None and command.women > (command.persons or 0):
        raise WomenAbovePersons(women=command.women, persons=command.persons or 0)
    _check_place(command.facility_id, scheme, occasion)
    return (
        WorkersTrained(
            scheme_id=command.scheme_id,
            facility_id=command.facility_id,
            occupation=required("occupation", command.occupation),
            persons=command.persons,
            women=command.women,
            months=command.months,
            quote=optional("quote", command.quote),
            source_id=command.source_id,
        ),
    )


def _measure(command: RecordOutcome, scheme: Scheme, occasion: Occasion) -> Sequence[DeliveryEvent]:
    checked_code("outcome_id", command.outcome_id)
    if command.unit not in UNITS[command.indicator]:
        raise UnitUnfit(indicator=command.indicator, unit=command.unit)
    _check_value(command, command.unit)
    measured = OutcomeMeasured(
        scheme_id=command.scheme_id,
        outcome_id=command.outcome_id,
        facility_id=command.facility_id,
        province=_province(command, scheme, occasion),
        indicator=command.indicator,
        baseline=command.baseline,
        value=command.value,
        unit=command.unit,
        method=required("method", command.method),
        quote=optional("quote", command.quote),
        source_id=command.source_id,
    )
    known = scheme.outcomes.get(command.outcome_id)
    if known is None:
        return (measured,)
    if known.measured == measured:
        return ()
    raise OutcomeDiffers(outcome_id=command.outcome_id)


def _revise(command: ReviseOutcome, scheme: Scheme) -> Sequence[DeliveryEvent]:
    """Of a facility that has closed since, too: what was told wrong stays wrong until put right."""
    known = scheme.outcomes.get(command.outcome_id)
    if known is None:
        raise UnknownOutcome(outcome_id=command.outcome_id)
    _check_value(command, known.measured.unit)
    revised = OutcomeRevised(
        scheme_id=command.scheme_id,
        outcome_id=command.outcome_id,
        baseline=command.baseline,
        value=command.value,
        method=required("method", command.method),
        quote=optional("quote", command.quote),
        source_id=command.source_id,
        reason=required("reason", command.reason),
    )
    return () if known.last == revised else (revised,)


def _province(command: RecordOutcome, scheme: Scheme, occasion: Occasion) -> ProvinceRef | None:
    """Of a facility, where it stood when it was chosen: what it brought, it brought there."""
    if command.facility_id is None:
        if command.province is not None:
            atlas_in(occasion).check(command.province, occasion.effective_on)
        return command.province
    if command.province is not None:
        raise PlaceSaidTwice(facility_id=command.facility_id)
    _check_place(command.facility_id, scheme, occasion)
    return scheme.beneficiaries[command.facility_id].province


def _check_place(facility_id: FacilityId | None, scheme: Scheme, occasion: Occasion) -> None:
    if facility_id is None:
        return
    operating(facility_id, occasion.neighbour(facility_stream(facility_id), Facility))
    if facility_id not in scheme.beneficiaries:
        raise NotABeneficiary(facility_id=facility_id)


def _check_source(command: DeliveryCommand, occasion: Occasion) -> None:
    """A quotation names its document, and a document that is named is registered."""
    if command.source_id is None:
        if command.quote is not None:
            raise QuoteMissing(field="source_id")
    elif occasion.neighbour(source_stream(command.source_id), Source) is None:
        raise UnknownSource(source_id=command.source_id)


def _check_value(command: RecordOutcome | ReviseOutcome, unit: IndicatorUnit) -> None:
    if command.value is None:
        _check_quoted("value", command.quote)
    for field, number in (("baseline", command.baseline), ("value", command.value)):
        least = -AMOUNT_MAX if unit in _SIGNED else 0
        if number is not None and not least <= number <= AMOUNT_MAX:
            raise InvalidAmount(field=field, amount=Figure(number))


def _check_quoted(field: str, quote: str | None) -> None:
    if quote is None:
        raise QuoteMissing(field=field)


def _check_count(field: str, count: int | None, least: int = 1) -> None:
    if count is not None and count < least:
        raise InvalidCount(field=field, count=count)
