"""Eight processes book overlapping slots at once: nothing twice, nothing lost, no sum exceeded; and the control."""

from __future__ import annotations

from datetime import date

import pytest

from benchmarks import booking_race as race
from cbo_desk.conference import set_ceiling
from db.conference import BookingUnit

ATTEMPTS = 40


def test_of_overlapping_bookings_only_those_that_fit_are_kept(office, rooms):
    engine = office.engine
    told = race.race(str(engine.url.render_as_string(hide_password=False)), ATTEMPTS)
    won = [ident for each in told for ident in each["won"]]
    # Every acknowledged one is there, and no other.
    assert set(won) == race.live_ids(engine)
    assert len(won) == len(set(won)) > 20
    assert race.overlaps(engine) == 0
    assert race.overlaps(engine, BookingUnit, "unit_id") == 0
    # The set is full: whatever was refused was refused for an overlap, and not for the neighbours' haste.
    words = {word for each in told for word in each["refused"]}
    assert words <= {"ex_booking_cell", "ex_booking_unit", "deadlock"}


def test_sums_hold_under_the_same_load(office, rooms):
    office.write(set_ceiling, "people", 50, date(2026, 1, 1))
    office.write(set_ceiling, "gate", 75, date(2026, 1, 1))
    told = race.race(str(office.engine.url.render_as_string(hide_password=False)), ATTEMPTS, days=1)
    at_once, gate = race.peaks(office.engine)
    assert 25 < at_once <= 50
    assert 25 < gate <= 75
    assert {ident for each in told for ident in each["won"]} == race.live_ids(office.engine)
    assert any("booking_over_people" in each["refused"] for each in told)


@pytest.mark.parametrize("seed", [3])
def test_control_without_the_constraint_there_are_overlaps_and_sums_too_high(office, rooms, seed):
    """The control: it is the database that keeps the order, not luck."""
    office.write(set_ceiling, "people", 50, date(2026, 1, 1))
    race.disarm(office.engine)
    race.race(str(office.engine.url.render_as_string(hide_password=False)), 10, days=1, seed=seed)
    assert race.overlaps(office.engine) > 0
    assert race.peaks(office.engine)[0] > 50
