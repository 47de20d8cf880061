"""The objects of OCDS 1.1, from whatever knows their contents: an event, or a read model."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final, Protocol, TypeAlias
from uuid import UUID

from events.geography import province
from events.identity import FacilityId, ProvinceRef, SectorRef
from events.sectors import sector
from events.vocabulary import Activity, Criterion, SchemeClass, Verdict
from service.export import identifiers as ids

Json: TypeAlias = dict[str, Any]
Said: TypeAlias = tuple[list[str], Json]
"""Tags, and what a release holds beside them."""
TERMINATED: Final[Json] = {"status": "terminated"}
"""Nothing more comes of it: it was taken back, or its account is settled."""
NO_ROLE: Final[Json] = {"roles": None}
"""A party that is one no more."""
CONTRACTS: Final = "socai:implementationContracts"
"""Beside the contracts of OCDS, which are the grants: their sum is what is promised, once."""


class Planned(Protocol):
    """A scheme as it was proposed: the fact or the row."""

    @property
    def scheme_id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def scheme_class(self) -> SchemeClass: ...
    @property
    def contents(self) -> tuple[Activity, ...]: ...


class Signed(Protocol):
    """A contract to carry a scheme out, as it was signed: the fact or the row."""

    @property
    def contract_id(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def signed_on(self) -> date: ...
    @property
    def client(self) -> str: ...
    @property
    def contractor(self) -> str: ...
    @property
    def amount(self) -> int: ...


class Promised(Protocol):
    """A grant as it was promised: the fact or the row."""

    @property
    def commitment_id(self) -> str: ...
    @property
    def activity(self) -> Activity: ...
    @property
    def total_cost(self) -> int: ...


def money(amount: int) -> Json:
    """A sum of đồng."""
    return {"amount": amount, "currency": ids.CURRENCY}


def period(starts: date, ends: date) -> Json:
    """From the first day's beginning to the last day's."""
    return {"startDate": ids.midnight(starts), "endDate": ids.midnight(ends)}


def buyer() -> Json:
    """Who spends: the fund itself."""
    return {"id": ids.PUBLISHER, "name": ids.PUBLISHER_NAME}


def funder() -> Json:
    """The same, with what it does."""
    return buyer() | {"roles": ["buyer", "funder", "payer"]}


def implementer(code: str, name: str | None) -> Json:
    """Who carries the scheme out (đơn vị thực hiện)."""
    return _body(code, name) | {"roles": ["procuringEntity"]}


def _body(code: str, name: str | None) -> Json:
    return {"id": ids.organisation_ref(code)} | ({"name": name} if name else {})


def beneficiary(code: FacilityId, name: str, at: ProvinceRef, trade: SectorRef) -> Json:
    """A facility that was chosen (đơn vị thụ hưởng), as it was then."""
    found, known = province(at), sector(trade)
    place: Json = {"countryName": "Việt Nam"} | ({"region": found.name} if found else {})
    said: Json = {"scheme": trade.version, "id": trade.code}
    return {
        "id": ids.facility_ref(code),
        "name": name,
        "roles": ["supplier", "payee"],
        "address": place,
        "details": {"classification": said | ({"description": known.name} if known else {})},
    }


def referred(party: Json) -> Json:
    """A party, as others name it."""
    return {"id": party["id"], "name": party["name"]}


def pledge(amount: int) -> Json:
    """What a beneficiary bound itself to invest of its own (vốn đối ứng)."""
    return {"socai:counterpartPledged": money(amount)}


def rationale(of: Planned) -> str:
    """What kind of scheme it is, and what it may support."""
    return f"{of.scheme_class.value}: {'; '.join(each.value for each in of.contents)}"


def budget(of: Planned, *, synthetic: bool) -> Json:
    """The scheme as a project; its amount comes with the approval."""
    title = ids.marked(of.title, synthetic=synthetic)
    return {"project": title, "projectID": ids.activity(f"scheme-{of.scheme_id}")}


def verdict(of: Criterion, said: Verdict, evidence: str) -> Json:
    """A criterion of focal schemes, as it was judged."""
    return {
        "id": of.name,
        "title": of.value,
        "type": "assessment",
        "description": evidence,
        "status": "met" if said is Verdict.MET else "notMet",
    }


def award(of: Promised, title: str, on: date, payee: Json | None, amount: int) -> Json:
    """A promise, as it was made: what became of it is its contract's."""
    item = {
        "id": "1",
        "description": title,
        "classification": {
            "scheme": "socai:Activity",
            "id": of.activity.name,
            "description": of.activity.value,
        },
    }
    told = {
        "id": of.commitment_id,
        "title": title,
        "status": "active",
        "date": ids.midnight(on),
        "value": money(amount),
        "items": [item],
        "socai:totalCost": money(of.total_cost),
    }
    return told | ({"suppliers": [payee]} if payee else {})


def contract(identity: str, title: str, amount: int, on: date) -> Json:
    """The same promise as it stands: its value is what is left of it."""
    return {
        "id": identity,
        "awardID": identity,
        "title": title,
        "status": "active",
        "dateSigned": ids.midnight(on),
        "value": money(amount),
    }


def implementation_contract(of: Signed, names: Mapping[str, str], annexes: int = 0) -> Json:
    """Between Department and centre (hợp đồng thực hiện); its value is that of the last annex."""
    return {
        "id": of.contract_id,
        "number": of.number,
        "status": "active",
        "dateSigned": ids.midnight(of.signed_on),
        "value": money(of.amount),
        "annexes": annexes,
        "client": _body(of.client, names.get(of.client)),
        "contractor": _body(of.contractor, names.get(of.contractor)),
    }


def liquidation(on: date) -> Json:
    """A contract is at its end (thanh lý hợp đồng)."""
    return TERMINATED | {"dateLiquidated": ids.midnight(on)}


def amendment(event: UUID, on: date, amount: int) -> Json:
    """A part that was taken back, or came from elsewhere: with its sign."""
    return {"id": str(event), "date": ids.midnight(on), "description": f"{amount} {ids.CURRENCY}"}


def transaction(identity: str, on: date, amount: int, payee: Json | None) -> Json:
    """Money that moved; what came back is negative."""
    told = {
        "id": identity,
        "date": ids.midnight(on),
        "value": money(amount),
        "payer": buyer(),
    }
    return told | ({"payee": payee} if payee else {})


def paid_to(identity: str, transactions: Iterable[str], payee: Json) -> Json:
    """The same payments, to a payee of another name."""
    moved = [{"id": each, "payee": payee} for each in transactions]
    return {"id": identity, "awardID": identity, "implementation": {"transactions": moved}}


def acceptance(amount: int) -> Json:
    """The work was accepted on site (nghiệm thu)."""
    met = {"id": "acceptance", "title": "Nghiệm thu cơ sở", "type": "delivery", "status": "met"}
    return {"milestones": [met | {"socai:acceptedValue": money(amount)}]}


def settlement(amount: int) -> Json:
    """The final account (quyết toán)."""
    return {"socai:settled": money(amount)}


def without_nothing(told: Mapping[str, Any]) -> Json:
    """A list without members is not said: OCDS takes it for an empty field."""
    return {key: got for key, got in told.items() if got not in ([], {}, None)}
