"""`--format iati`: IATI 2.03 activities (iatistandard.org), one for each period and each scheme.

A period is of hierarchy 1, its schemes of hierarchy 2, and each names the other. A sum that takes
money back is negative, as the guidance has it. Of which moment the file is stands in attributes of
our own on the root. What the standard has no word for: docs/reference/open-data.md.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO, Final

from projections.organisation import Organisation
from projections.period import Period, period
from projections.scheme import scheme
from projections.source import Figure, figure
from service.export import identifiers as ids
from service.export.dossiers import Dossier, day_of, dossiers, organisations, refuse_nothing
from service.export.fund import Fund
from service.export.iati_money import budgets, transactions
from service.export.iati_parts import (
    DEFAULTS,
    about,
    dates,
    locations,
    participants,
    reporting,
    sectors,
    stage,
)
from service.export.iati_results import figures, results
from service.export.moment import Moment
from service.export.xml import HEAD, narrative, opening, tag, text

NAMESPACE: Final = "https://socai.example/ns/export"
"""Of our own attributes; a name, and no address."""
PROGRAMME, SCHEME = "1", "2"
PARENT, CHILD = "1", "2"


async def write(fund: Fund, into: BinaryIO, told: Callable[[int], None]) -> None:
    """Periods first, then scheme by scheme; `told` of schemes."""
    await refuse_nothing(fund, "iati")
    bodies = await organisations(fund)
    told_of: dict[str, list[Figure]] = {}
    async for claim in fund.rows(figure):
        told_of.setdefault(claim.period, []).append(claim)
    into.write((HEAD + opening("iati-activities", _root(fund.moment)) + "\n").encode())
    async for each in fund.rows(period):
        into.write("".join(_programme(each, fund.moment, told_of.get(each.code, []))).encode())
        async for child in fund.rows(scheme):
            if child.period == each.code:
                into.write(_related(CHILD, f"scheme-{child.scheme_id}").encode())
        into.write(f"{figures(each, told_of.get(each.code, []))}</iati-activity>\n".encode())
    done = 0
    async for dossier in dossiers(fund):
        into.writelines(piece.encode() for piece in _scheme(dossier, fund.moment, bodies))
        done += 1
        told(done)
    into.write(b"</iati-activities>\n")


def _root(moment: Moment) -> Mapping[str, object]:
    seal = moment.checkpoint
    return {
        "version": "2.03",
        "generated-datetime": ids.at(moment.recorded_at),
        "xmlns:socai": NAMESPACE,
        "socai:statement": moment.statement,
        "socai:release": moment.release,
        "socai:position": moment.position,
        "socai:recordedAt": ids.at(moment.recorded_at),
        "socai:effectiveOn": moment.effective,
        "socai:checkpointSize": seal.size if seal else None,
        "socai:checkpointRoot": seal.root if seal else None,
        "socai:checkpoint": seal.note if seal else None,
    }


def _begin(level: str, updated: str, *, synthetic: bool) -> str:
    return opening(
        "iati-activity",
        {
            "xml:lang": "vi",
            "default-currency": ids.CURRENCY,
            "last-updated-datetime": updated,
            "hierarchy": level,
            "humanitarian": "0",
            "socai:synthetic": "true" if synthetic else None,
        },
    )


def _programme(of: Period, moment: Moment, claims: list[Figure]) -> Iterator[str]:
    invented = of.synthetic or any(each.synthetic for each in claims)
    day = day_of(moment)
    yield _begin(PROGRAMME, ids.at(moment.recorded_at), synthetic=invented)
    yield tag("iati-identifier", {}, text(ids.activity(f"period-{of.code}")))
    yield reporting()
    yield tag("title", {}, narrative(ids.marked(of.name, synthetic=of.synthetic)))
    yield tag(
        "description",
        {"type": "1"},
        narrative(f"{ids.PUBLISHER_NAME}, {of.name}", f"{ids.PUBLISHER_NAME_EN}, period {of.code}"),
    )
    yield participants({}, None)
    closed = of.closed_on is not None
    yield tag("activity-status", {"code": "4" if closed else "2"})
    begun = of.starts_on if day is not None and of.starts_on <= day else None
    yield dates(of.starts_on, of.ends_on, begun, of.closed_on if begun else None)
    yield tag("recipient-country", {"code": "VN"})
    yield sectors(())
    yield DEFAULTS


def _scheme(of: Dossier, moment: Moment, bodies: Mapping[str, Organisation]) -> Iterator[str]:
    row, day = of.scheme, day_of(moment)
    updated = max((each.recorded_at for each in of.entries), default=moment.recorded_at)
    yield _begin(SCHEME, ids.at(updated), synthetic=row.synthetic)
    yield tag("iati-identifier", {}, text(ids.activity(f"scheme-{row.scheme_id}")))
    yield reporting()
    yield tag("title", {}, narrative(ids.marked(row.title, synthetic=row.synthetic)))
    yield about(row)
    yield participants(bodies, row.implementer)
    status, begun, ended = stage(of, day)
    yield tag("activity-status", {"code": status})
    yield dates(row.starts_on, row.ends_on, begun, ended)
    yield tag("recipient-country", {"code": "VN"})
    yield locations(of.beneficiaries)
    yield sectors(of.commitments, of.chosen)
    yield DEFAULTS
    yield budgets(of.ceilings, of.balances)
    yield from transactions(of)
    yield _related(PARENT, f"period-{row.period}")
    yield results(of)
    yield "</iati-activity>\n"


def _related(how: str, stream: str) -> str:
    return tag("related-activity", {"ref": ids.activity(stream), "type": how})
