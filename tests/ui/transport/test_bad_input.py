"""What is entered wrongly is answered in a sentence beside its field, on either engine; nothing is lost."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt

from cbo_desk.transport import (
    DRIVER,
    DriverForm,
    PaperForm,
    State,
    add_paper,
    add_zones,
    assign_request,
    depart,
    edit_driver,
    request_card,
    retire_zones,
)
from cbo_desk.transport.fleet_queries import driver_card
from cbo_desk.transport.zones import ZoneForm

REQUESTS = (
    ("drop_by", "10:30", "drop_by", "The drop-off comes after the pick-up"),
    ("drop_by", "11:10", "drop_by", "The ride takes about 30 min, so they arrive at 11:30"),
    ("pickup_to", "10", "pickup_to", "The latest pick-up comes after the earliest"),
    ("people", "26", "people", "No vehicle takes 26 passengers; the largest takes 25"),
    ("luggage", "26", "luggage", "No vehicle takes 26 pieces of luggage; the most is 25"),
    ("needs", "amphibious", "needs", "No vehicle has amphibious. The fleet has 4x4."),
    ("driver_needs", "Klingon", "driver_needs", "We have no driver like that: a driver who has klingon"),
    ("day", "1 Jan 2020", "pickup_from", "This day is over"),
)
"""Field, what is typed, where the sentence stands, and what it says."""


def faulty(hands, form, field):
    """The sentence beside a field once it stands there."""
    hands.until(lambda: form._faults[field].words() != "")
    return form._faults[field].words()


def test_every_bad_input_of_the_day_is_told_and_mended(hands, office, clock):
    run, fleet = hands.window.shell.actions_.run, hands.fleet
    [lost] = office.write(add_zones, [ZoneForm("OLD", "Old town")]).ids
    run("transport.new")
    form = hands.form()
    hands.still()
    typed = {"requester": "Okafor", "purpose": "Meeting", "day": f"{hands.midnight:%d %b %Y}", "pickup_from": "11",
             "people": "2"}  # fmt: skip
    for name, value in typed.items():
        form.editors[name].set_typed(value)
    form.editors["from_zone_id"].set_value(fleet.zones["GIG"])
    form.editors["to_zone_id"].set_value(lost)
    # A zone that somebody else took away while the form was open.
    office.write(retire_zones, [lost])
    hands.save()
    assert "This zone is not known. Choose one of the list" in faulty(hands, form, "to_zone_id")
    form.editors["to_zone_id"].set_value(fleet.zones["UH"])
    for field, wrong, where, sentence in REQUESTS:
        before = form.editors[field].typed()
        form.editors[field].set_typed(wrong)
        hands.save()
        assert sentence in faulty(hands, form, where), field
        form.editors[field].set_typed(before)
    hands.save()
    hands.gone()
    hands.until(lambda: hands.page.list.model.rowCount() == 1)
    ident = hands.page.list.model.id_at(0)
    run("transport.approve")
    hands.until(lambda: office.read(request_card, ident).row.state is State.APPROVED)
    # An expired licence, then a driver without the language: beside the driver, and the request stays as it was.
    day = hands.midnight.date()
    past = PaperForm("permit", day - timedelta(days=90), day - timedelta(days=1))
    office.write(add_paper, DRIVER, fleet.drivers[0], past)
    hands.choose(ident)
    run("transport.choose")
    form = hands.form()
    form.editors["vehicle_id"].set_value(fleet.vehicles[0])
    form.editors["driver_id"].set_value(fleet.drivers[0])
    hands.save()
    assert "cannot be planned: UN driving permit ended on" in faulty(hands, form, "driver_id")
    # Two dispatchers, one vehicle at one time: the second is told which trip has it, and chooses another one.
    other = hands.ask(11)
    theirs = office.read(request_card, other).version
    office.write(assign_request, other, theirs, fleet.vehicles[0], fleet.drivers[1])
    form.editors["driver_id"].set_value(fleet.drivers[2])
    hands.save()
    assert "UN 041 is on TT-0001 from 11:00 to" in faulty(hands, form, "vehicle_id")
    form.editors["vehicle_id"].set_value(fleet.vehicles[1])
    hands.save()
    hands.gone()
    hands.until(lambda: office.read(request_card, ident).row.state is State.PLANNED)
    # Home again: an odometer that goes backwards is not believed without a word, and kept with one.
    clock.now += timedelta(hours=2)
    trip = office.read(request_card, ident).row.trip_id
    office.write(depart, trip)
    clock.now += timedelta(hours=1)
    hands.choose(ident)
    hands.until(lambda: hands.page.card.card.row.state is State.ON_ROAD)
    hands.press(Qt.Key.Key_B)
    form = hands.form()
    form.editors["km"].set_typed("40000")
    hands.save()
    assert "goes backwards" in faulty(hands, form, "km")
    form.editors["explained"].set_typed("A new odometer")
    hands.save()
    hands.gone()
    hands.until(lambda: office.read(request_card, ident).row.state is State.DONE)
    # Who lacks the language is refused like who lacks the paper.
    card = office.read(driver_card, fleet.drivers[1])
    office.write(edit_driver, card.id, card.version, DriverForm("B", "en fr"))
    third = hands.ask(15, driver_needs="French")
    hands.choose(third)
    run("transport.choose")
    form = hands.form()
    form.editors["driver_id"].set_value(fleet.drivers[2])
    hands.save()
    assert "needs a driver who speaks French; Njeri, Lucy does not" in faulty(hands, form, "driver_id")
