"""The fund scheme by scheme, without a database: what events say, and what read models do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from events.envelope import Recorded
from projections.balance import balance
from projections.beneficiary import beneficiary
from projections.ceiling import ceiling
from projections.columns import INFINITY
from projections.commitment import commitment
from projections.contract import contract
from projections.criterion import criterion
from projections.entry import entry
from projections.organisation import organisation
from projections.payment import payment
from projections.projection import Projection
from projections.scheme import scheme
from projections.tables import Table
from service.export.dossiers import Dossier
from service.export.ocds_parts import Json
from service.export.ocds_release import Telling
from service.seed import evaluation
from tests.histories import Memory
from tests.projections.memory import Tables

PARTS = {
    "ceilings": ceiling,
    "balances": balance,
    "contracts": contract,
    "beneficiaries": beneficiary,
    "commitments": commitment,
    "payments": payment,
    "entries": entry,
    "criteria": criterion,
}


@dataclass(frozen=True, slots=True)
class Told:
    """One scheme at a moment, from both sides."""

    dossier: Dossier
    releases: Sequence[Json]
    names: Mapping[str, str]


def demonstration() -> tuple[Recorded[Any], ...]:
    """The 2018–2020 evaluation, as the log would hold it."""
    memory = Memory()
    for order in evaluation.orders():
        memory.ask(order)
    return tuple(memory.recorded)


def told(
    recorded: Sequence[Recorded[Any]], position: int, effective: date | None = None
) -> Iterator[Told]:
    """Every scheme that is approved at the moment."""
    known = recorded[:position]
    tables = Tables()
    tables.page(list(known))
    tables.finish()

    def rows(of: Projection) -> list[Any]:
        read = Table("model", of).read
        return [read(tuple(row)) for row in tables.at(of, position, effective or INFINITY)]

    names = {each.organisation_id: each.name for each in rows(organisation)}
    parts = {name: rows(of) for name, of in PARTS.items()}
    for row in rows(scheme):
        if row.approved_on is None:
            continue
        its = {
            name: [each for each in of if each.scheme_id == row.scheme_id]
            for name, of in parts.items()
        }
        telling = Telling(names)
        releases = [
            release
            for event in known
            if event.stream == f"scheme-{row.scheme_id}"
            and (effective is None or event.effective_on <= effective)
            and (release := telling.release(event))
        ]
        yield Told(Dossier(scheme=row, **its), releases, names)
