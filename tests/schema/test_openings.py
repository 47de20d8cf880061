"""What is open is counted until it is closed, however it ends."""

import pytest

from schema.access.payers import Payer
from schema.http.openings import Openings
from schema.http.refusals import RefusedError
from schema.http.settings import Settings

LAN, MAI = Payer("lan"), Payer("mai")


def status(openings: Openings, caller: Payer) -> int | None:
    """Of the refusal; None: there was room."""
    try:
        with openings.one(caller):
            return None
    except RefusedError as error:
        return error.status


def test_one_caller_takes_no_room_from_another() -> None:
    openings = Openings(Settings(streams_each_max=2))
    with openings.one(LAN), openings.one(LAN):
        assert status(openings, LAN) == 429
        assert status(openings, MAI) is None
    assert status(openings, LAN) is None


def test_all_together_have_a_bound() -> None:
    openings = Openings(Settings(streams_max=2))
    with openings.one(LAN), openings.one(MAI):
        assert status(openings, Payer("hoa")) == 503
    assert status(openings, Payer("hoa")) is None


def test_what_ends_in_an_error_is_closed_and_nobody_is_remembered() -> None:
    openings = Openings(Settings())
    with pytest.raises(OSError), openings.one(LAN):  # noqa: PT011 - any
        raise OSError
    assert (len(openings), openings._open) == (0, {})
