"""Machines of a facility (máy móc, thiết bị), by lot: installed together, moved together.

A lot is known by the facility where it was first installed and by the version that its event has
in that stream: the answer to `installEquipment` says it. The whole life of a lot stands there,
wherever it is moved to; what leaves it piece by piece is disposed of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import TypeAlias, assert_never

from events.dates import checked_year, happened
from events.facility.commands import DisposeEquipment, InstallEquipment, MoveEquipment
from events.facility.facts import (
    EquipmentDisposed,
    EquipmentEvent,
    EquipmentInstalled,
    EquipmentMoved,
)
from events.facility.refusals import LotExceeded, UnknownLot
from events.identity import FacilityId
from events.money import checked_amount
from events.rules import Occasion, value
from events.text import optional, required

_Answer: TypeAlias = Sequence[EquipmentEvent]


@value
class Lot:
    """Machines that were installed together: how many are left, and who has them."""

    left: int
    holder: FacilityId


@value
class Machines:
    """The lots first installed at a facility, by the versions of their events."""

    lots: Mapping[int, Lot] = field(default_factory=dict)

    def after(self, event: EquipmentEvent, version: int) -> "Machines":
        """As they stand after a fact, which has this version in its stream."""
        match event:
            case EquipmentInstalled():
                lot = Lot(left=event.quantity, holder=event.facility_id)
                return Machines(lots={**self.lots, version: lot})
            case EquipmentMoved():
                moved = replace(self.lots[event.lot], holder=event.moved_to)
                return Machines(lots={**self.lots, event.lot: moved})
            case EquipmentDisposed():
                known = self.lots[event.lot]
                fewer = replace(known, left=known.left - event.quantity)
                return Machines(lots={**self.lots, event.lot: fewer})
            case _:
                assert_never(event)

    def known(self, facility_id: FacilityId, lot: int, pieces: int) -> Lot:
        """The lot, if so many pieces are left of it; else the refusal that says why not."""
        found = self.lots.get(lot)
        if found is None:
            raise UnknownLot(facility_id=facility_id, lot=lot)
        if pieces > found.left:
            raise LotExceeded(facility_id=facility_id, lot=lot, requested=pieces, left=found.left)
        return found


def install(command: InstallEquipment, occasion: Occasion) -> _Answer:
    """Recorded each time it is asked for: two equal lots are two lots."""
    happened(occasion)
    checked_amount("quantity", command.quantity)
    if command.value is not None:
        checked_amount("value", command.value)
    if command.made_in is not None:
        checked_year("made_in", command.made_in)
    return (
        EquipmentInstalled(
            facility_id=command.facility_id,
            name=required("name", command.name),
            origin=optional("origin", command.origin),
            made_in=command.made_in,
            quantity=command.quantity,
            value=command.value,
        ),
    )


def move(command: MoveEquipment, machines: Machines, occasion: Occasion) -> _Answer:
    """All that is left of the lot. Also from a facility that closed; whoever gets it must work."""
    happened(occasion)
    lot = machines.known(command.facility_id, command.lot, pieces=1)
    if lot.holder == command.moved_to:
        return ()
    return (
        EquipmentMoved(
            facility_id=command.facility_id,
            lot=command.lot,
            moved_from=lot.holder,
            moved_to=command.moved_to,
        ),
    )


def dispose(command: DisposeEquipment, machines: Machines, occasion: Occasion) -> _Answer:
    """Also of a facility that closed. Recorded each time it is asked for, while any are left."""
    happened(occasion)
    checked_amount("quantity", command.quantity)
    machines.known(command.facility_id, command.lot, pieces=command.quantity)
    return (
        EquipmentDisposed(
            facility_id=command.facility_id,
            lot=command.lot,
            quantity=command.quantity,
            reason=required("reason", command.reason),
        ),
    )
