"""What of the read models a reader of a file may see: the published fund, or everything.

    PUBLISHED.columns(facility)     # without `tax_code`: since 2025 a household's is a person's

Not a second table of access: columns follow from schema/access/policy.py, rows from sight.py. A
column is published where a field that the public reads says it; any other column is withheld.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import get_type_hints

from events.money import Vnd
from projections.balance import balance
from projections.beneficiary import beneficiary
from projections.catalogue import PROJECTIONS
from projections.ceiling import ceiling
from projections.columns import Column, columns_of
from projections.commitment import commitment
from projections.contract import contract
from projections.criterion import criterion
from projections.decision import decision
from projections.delivery import delivery, outcome, training
from projections.entry import entry
from projections.equipment import equipment
from projections.evaluation import claim, conference, evaluation, finding
from projections.facility import facility
from projections.organisation import organisation, organisation_name, territory
from projections.payment import payment
from projections.period import period
from projections.plan import allocation, budget, plan, tranche
from projections.posting import posting
from projections.progress import progress
from projections.projection import Projection
from projections.recovery import recovery
from projections.scheme import scheme
from projections.source import figure, source
from projections.target import target
from schema.access.principal import PUBLIC
from schema.planner.scope import EVERYTHING as WHOLE
from schema.planner.scope import Scope

TYPES: Mapping[Projection, str] = MappingProxyType(
    {
        period: "Period",
        organisation: "Organisation",
        organisation_name: "Organisation",
        territory: "Organisation",
        facility: "Facility",
        equipment: "Equipment",
        scheme: "Scheme",
        ceiling: "SchemeCeiling",
        balance: "SchemeBalance",
        contract: "SchemeContract",
        decision: "SchemeDecision",
        beneficiary: "Beneficiary",
        commitment: "Commitment",
        payment: "Payment",
        progress: "Progress",
        recovery: "Recovery",
        entry: "Entry",
        criterion: "CriterionEvaluation",
        source: "Source",
        figure: "ReportedFigure",
        delivery: "DeliveredActivity",
        training: "Training",
        outcome: "MeasuredOutcome",
        evaluation: "Evaluation",
        conference: "Conference",
        claim: "NarrativeClaim",
        finding: "AuditFinding",
        plan: "Plan",
        budget: "PlanBudget",
        tranche: "PlanTranche",
        allocation: "PlanAllocation",
        posting: "Posting",
        target: "PeriodTarget",
    }
)
"""Read model to the GraphQL type that shows its rows. Of a model that is not named, nothing is
published: contacts, mandates, steps that wait for a second hand, and whose a stream is."""

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "scheme_id": "scheme",
        "facility_id": "facility",
        "commitment_id": "commitment",
        "source_id": "source",
        "event_id": "event",
        "province_code": "province",
        "province_from": "province",
        "sector_version": "sector",
        "sector_code": "sector",
        "sector_group": "sector",
        "Facility.facility_id": "code",
        "Facility.merged_into": "survivor",
        "Scheme.scheme_id": "code",
        "Scheme.scheme_class": "class",
        "Commitment.commitment_id": "code",
        "Payment.payment_id": "code",
        "Recovery.recovery_id": "code",
        "Source.source_id": "code",
        "Organisation.organisation_id": "code",
        "Organisation.named_on": "names",
        "Organisation.province_code": "territory",
        "Organisation.province_from": "territory",
        "Period.starts_on": "from",
        "Period.ends_on": "to",
        "Beneficiary.scheme_class": "scheme",
        "DeliveredActivity.delivery": "kind",
        "MeasuredOutcome.outcome_id": "code",
        "Evaluation.evaluation_id": "code",
        "NarrativeClaim.claim_id": "code",
        "AuditFinding.finding_id": "code",
        "evaluation_id": "evaluation",
        "resolution_source_id": "resolutionSource",
        "SchemeCeiling.synthetic": "scheme",
        "SchemeBalance.position": "event",
        "SchemeContract.contract_id": "code",
        "Plan.budget_year": "year",
        "PlanBudget.budget_year": "plan",
        "PlanBudget.position": "plan",
        "PlanTranche.budget_year": "plan",
        "PlanTranche.tranche": "number",
        "PeriodTarget.code": "period",
        "CriterionEvaluation.period": "scheme",
        "CriterionEvaluation.scheme_class": "scheme",
    }
)
"""Column, of a type or of all, to the field that says it; elsewhere the two have one name."""

PROVINCE_NAME, SECTOR_NAME, ADVANCE_PCT = "province_name", "sector_name", "advance_pct"
"""Columns that a table has beside its own: the names behind its codes."""

_AT = re.compile(r"\{at:(\w+)\}")


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """Which tables, which columns of them, which rows."""

    name: str
    scope: Scope
    is_whole: bool

    def columns(self, of: Projection) -> tuple[Column, ...]:
        """The columns of a read model that may be seen, in its order; empty: none of it may."""
        return tuple(each for each in columns_of(of.row) if self._shows(of, each.name))

    def rows(self, of: Projection) -> str:
        """A condition over a row `t`, as it stands at position $1 on day $2."""
        return self._shown(f"model.{of.name}", "t") if self.columns(of) else "false"

    @property
    def tables(self) -> tuple[Projection, ...]:
        """The read models of which anything may be seen, in the order of the catalogue."""
        return tuple(each for each in PROJECTIONS if self.columns(each))

    def _shows(self, of: Projection, column: str) -> bool:
        if self.is_whole:
            return True
        type_ = TYPES.get(of)
        if type_ is None:
            return False
        field = FIELDS.get(f"{type_}.{column}") or FIELDS.get(column) or _camel(column)
        return self.scope.may_read(type_, field)

    def _shown(self, table: str, alias: str) -> str:
        """The scope's condition, with the moment written out wherever it reads another table."""
        written = self.scope.rows.get(table, "true").replace("{self}", alias)
        for other in _AT.findall(written):
            (read,) = set(re.findall(rf"(model\.\w+) AS {other}\b", written))
            kept = f"{_kept(other)} AND ({self._shown(read, other)})"
            written = written.replace(f"{{at:{other}}}", kept)
        return written


def _kept(alias: str) -> str:
    """A version that stood at position $1 on day $2: `Table.at`, of an alias."""
    return (
        f"{alias}.since <= $1 AND {alias}.until > $1 AND {alias}.valid_from <= $2"
        f" AND ({alias}.valid_to > $2 OR {alias}.valid_to = 'infinity')"
    )


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(each.title() for each in rest)


def money(of: Projection) -> frozenset[str]:
    """The columns of a read model that are amounts of đồng."""
    hints = get_type_hints(of.row)
    return frozenset(name for name, hint in hints.items() if hint in {Vnd, Vnd | None})


PUBLISHED = View("published", PUBLIC.scope, is_whole=False)
"""What the fund publishes (công khai): what anybody reads who asks without saying who he is."""
EVERYTHING = View("everything", WHOLE, is_whole=True)
"""Every table, row and column, for auditors inside; never what the vault keeps."""
