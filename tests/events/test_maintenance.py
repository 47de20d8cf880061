"""A maintenance window: opened with a reason and an end, closed before another opens."""

import pytest

from events.maintenance import (
    MAINTENANCE,
    CloseMaintenance,
    InvalidWindow,
    MaintenanceClosed,
    MaintenanceOpened,
    NoWindowIsOpen,
    OpenMaintenance,
    WindowIsOpen,
)
from events.text import InvalidText
from tests.spec import Spec

check = Spec(MAINTENANCE)
OPEN = OpenMaintenance(reason="nâng cấp", minutes=15)
OPENED = MaintenanceOpened(reason="nâng cấp", minutes=15)
CLOSED = MaintenanceClosed(applied=("0009_more",))


def test_a_window_opens_and_closes_and_opens_again() -> None:
    check(given=[], when=OPEN, then=[OPENED])
    check(given=[OPENED], when=CloseMaintenance(applied=("0009_more",)), then=[CLOSED])
    check(given=[OPENED, CLOSED], when=OPEN, then=[OPENED])


def test_one_window_is_closed_before_another_opens() -> None:
    check(given=[OPENED], when=OPEN, then=WindowIsOpen(reason="nâng cấp"))


@pytest.mark.parametrize("given", [[], [OPENED, CLOSED]])
def test_only_an_open_window_is_closed(given: list[object]) -> None:
    check(given=given, when=CloseMaintenance(), then=NoWindowIsOpen())


@pytest.mark.parametrize("minutes", [-1, 0, 481])
def test_a_window_is_short(minutes: int) -> None:
    asked = OpenMaintenance(reason="x", minutes=minutes)
    check(given=[], when=asked, then=InvalidWindow(minutes=minutes))


def test_a_window_has_a_reason() -> None:
    check(given=[], when=OpenMaintenance(reason=" ", minutes=1), then=InvalidText(field="reason"))
