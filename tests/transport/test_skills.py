"""What a driver must have: asked for in time, planned, suggested, assigned, printed; who has it not is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from cbo_desk.errors import Faults, Refusal
from cbo_desk.transport import (
    DriverForm,
    assign_request,
    day_of_plan,
    day_picture,
    edit_driver,
    edit_request,
    edit_vehicle,
    join_trip,
    make_requests,
    move_trip,
    note_time,
    request_card,
    suggestions,
)
from cbo_desk.transport.checker import check
from cbo_desk.transport.dispatch import plan_at_once
from cbo_desk.transport.fleet_queries import driver_card, vehicle_card
from cbo_desk.transport.plan import Rule
from cbo_desk.transport.proposing import Choice, accept_plan, basis_of_plan, taking_of
from cbo_desk.transport.reasons import reasons
from cbo_desk.transport.skills import classes, driver_words, known, skills, wanted
from cbo_desk.transport.ticket import day_sheet, ticket, write_day_sheets, write_ticket
from tests.rows import undo
from tests.transport.conftest import at
from tests.transport.test_database import columns, run
from tests.transport.test_papers import read
from tests.transport.test_planning import approved, form, weekly

__all__ = ["weekly"]


@pytest.fixture
def trained(office, weekly):
    """Njeri speaks French, Mwangi knows first aid; the 4x4 takes who is trained for it, the coach a class D."""
    _, four, coach = weekly.vehicles
    otieno, mwangi, njeri = weekly.drivers
    for ident, written in (
        (otieno, DriverForm("B", "en sw")),
        (mwangi, DriverForm("b, c d1", "en Kiswahili", "firstaid Armoured")),
        (njeri, DriverForm("B D", "English, French")),
    ):
        office.write(edit_driver, ident, office.read(driver_card, ident).version, written)
    for ident, more in ((four, {"driver_needs": "armoured"}), (coach, {"licence": "d"})):
        shown = office.read(vehicle_card, ident)
        office.write(edit_vehicle, ident, shown.version, replace(shown.form, **more))
    return weekly


def assign(office, ident, vehicle, driver=None):
    return office.write(assign_request, ident, office.read(request_card, ident).version, vehicle, driver)


def test_words_are_compared_however_they_are_written():
    assert skills("French, VIP", "en") == skills("fr vip", "English") == {"fr", "vip", "en"}
    assert classes("b, C1;D") == {"B", "C1", "D"}
    assert wanted(skills("vip Arabic french")) == "a driver who speaks Arabic and French and has vip"
    assert known("en Kiswahili", "VIP") == "English, Swahili, VIP"
    assert driver_words("D", "armoured") == "class D · armoured"


def test_what_nobody_has_is_refused_when_it_is_asked_for(office, trained):
    for more, field, said in (
        ({"driver_needs": "Klingon"}, "driver_needs", "We have no driver like that: a driver who has klingon."),
        ({"driver_needs": "French firstaid"}, "driver_needs", "speaks French and has firstaid"),
        ({"needs": "4x44"}, "needs", "No vehicle has 4x44. The fleet has 4x4."),
        ({"luggage": 26}, "luggage", "No vehicle takes 26 pieces of luggage; the most is 25."),
        ({"needs": "4x4", "people": 5}, "people", "No vehicle with 4x4 takes 5 passengers; the largest takes 4."),
        ({"people": 13, "wheelchairs": 3}, "wheelchairs", "the most is 2"),
    ):
        with pytest.raises(Faults) as refused:
            office.write(make_requests, [form(trained, **more)])
        assert said in refused.value.faults[field], more
    shown = office.read(vehicle_card, trained.vehicles[2])
    with pytest.raises(Refusal, match="One class of licence"):
        office.write(edit_vehicle, shown.id, shown.version, replace(shown.form, licence="C D"))


def test_by_hand_only_whoever_has_it_drives(office, trained):
    one, four, coach = trained.vehicles
    otieno, mwangi, njeri = trained.drivers
    [french] = approved(office, form(trained, driver_needs="French"))
    with pytest.raises(Refusal, match=r"T-0001 needs a driver who speaks French; Otieno, Joseph does not") as refused:
        assign(office, french, one, otieno)
    assert refused.value.field == "driver_id"
    told = {each.name: each for each in office.read(suggestions, french)}
    assert {each.driver for each in told.values() if each.fits} == {"Njeri L."}
    assert "speaks French" in told["UN 041 · Hiace"].pros
    # The 4x4 takes who is trained for it, and Njeri is not: nobody is both.
    assert not told["UN 022 · Prado"].fits
    changes = assign(office, french, one)
    assert office.read(request_card, french).row.driver == "Njeri L."
    # Whoever joins must find it there too; the trip may not go to somebody else.
    [aid, fitting] = approved(office, form(trained, hour=11.05, driver_needs="firstaid"), form(trained, hour=11.05))
    card = office.read(request_card, french)
    with pytest.raises(Refusal, match="T-0002 needs a driver who has firstaid; Njeri, Lucy does not"):
        office.write(join_trip, aid, card.row.trip_id, card.trip_version)
    assert not any(each.trip_id for each in office.read(suggestions, aid))
    with pytest.raises(Refusal, match="T-0001 needs a driver who speaks French; Mwangi, Peter does not"):
        office.write(move_trip, card.row.trip_id, card.trip_version, one, mwangi, at(11))
    with pytest.raises(Refusal, match="UN 022 takes a driver who has armoured; Njeri, Lucy has not"):
        office.write(move_trip, card.row.trip_id, card.trip_version, four, njeri, at(11))
    office.write(join_trip, fitting, card.row.trip_id, card.trip_version)
    card = office.read(request_card, french)
    undo(office, office.write(move_trip, card.row.trip_id, card.trip_version, coach, njeri, at(11)))
    with pytest.raises(Refusal, match=r"UN 117 takes a licence of class D; Mwangi, Peter has not") as refused:
        assign(office, aid, coach, mwangi)
    assert refused.value.field == "driver_id"
    assign(office, aid, four, mwangi)
    # The only one who knows first aid drives by then: the card says who would have it, and the refusal as well.
    [last] = approved(office, form(trained, people=8, driver_needs="firstaid", pooled=False))
    why = next(each for each in office.read(suggestions, last) if each.name == "UN 041 · Hiace")
    assert why.cons[0] == "T-0001 +1 until 12:15"
    with pytest.raises(Refusal, match="UN 117 takes a licence of class D: nobody who is free then has it. Choose"):
        assign(office, last, coach)
    [late] = approved(office, form(trained, hour=15, driver_needs="firstaid"))
    office.write(note_time, mwangi, "leave", at(14), at(20))
    with pytest.raises(Refusal, match="It needs a driver who has firstaid, free and on duty then: Mwangi P. is not"):
        assign(office, late, one)
    assert changes.undo is not None


def test_what_changes_later_is_a_clash_and_the_trip_can_still_be_moved(office, trained):
    one, four, _ = trained.vehicles
    otieno, mwangi, njeri = trained.drivers
    ids = approved(office, form(trained), form(trained, hour=14, needs="4x4"))
    assign(office, ids[0], one, otieno)
    assign(office, ids[1], four, mwangi)
    assert not office.read(day_picture).clashes
    shown = office.read(request_card, ids[0])
    office.write(edit_request, ids[0], shown.version, replace(shown.form, driver_needs="French"))
    card = office.read(vehicle_card, four)
    office.write(edit_vehicle, four, card.version, replace(card.form, features="", licence="D"))
    assert {(each.rule, each.words) for each in office.read(day_picture).clashes} == {
        ("skill", "T-0001 needs a driver who speaks French; Otieno J. does not."),
        ("needs", "T-0002 needs 4x4; UN 022 has not."),
        ("licence", "UN 022 takes a licence of class D; Mwangi P. has not."),
    }
    card = office.read(request_card, ids[0])
    office.write(move_trip, card.row.trip_id, card.trip_version, one, otieno, at(11.5))
    card = office.read(request_card, ids[0])
    office.write(move_trip, card.row.trip_id, card.trip_version, one, njeri, at(11.5))
    assert "skill" not in {each.rule for each in office.read(day_picture).clashes}


def test_a_plan_takes_whoever_has_it_and_the_checker_refuses_others(office, trained):
    one, _, coach = trained.vehicles
    otieno, mwangi, njeri = trained.drivers
    many = [form(trained, people=20, driver_needs="fr"), form(trained, hour=11, driver_needs="firstaid")]
    ids = approved(office, *many)
    basis = office.read(basis_of_plan)
    day = office.read(day_of_plan)
    proposal = plan_at_once(day)
    assert check(day, proposal) == []
    taken = {day.request[route.requests[0]].record: (route.vehicle, route.driver) for route in proposal.routes}
    assert taken[ids[0]] == (coach, njeri)
    assert taken[ids[1]][1] == mwangi
    routes = tuple(replace(route, driver={njeri: mwangi, mwangi: otieno}[route.driver]) for route in proposal.routes)
    wrong = check(day, replace(proposal, routes=routes))
    assert {each.rule for each in wrong} == {Rule.SKILL, Rule.LICENCE}
    assert "T-0001 needs a driver who speaks French; Mwangi P. does not." in [each.said for each in wrong]
    office.write(accept_plan, office.read(taking_of, basis, proposal, Choice()))
    assert office.read(request_card, ids[0]).row.driver == "Njeri L."
    # A third wants French at the same hour: the one who speaks it drives already, and that is the reason.
    [third] = approved(office, form(trained, people=20, driver_needs="French"))
    day = office.read(day_of_plan)
    left = plan_at_once(day)
    [request] = left.unassigned
    told = {each.vehicle: each for each in reasons(day, left, request)}
    assert day.request[request].record in (third, ids[0])
    assert (told[one].rule, told[coach].driver) == (Rule.SEATS, njeri)
    assert told[coach].rule is Rule.WINDOW


def test_the_database_lets_nobody_drive_without_the_class(office, trained):
    """A class is a whole word: D1 is not D. With the class, the same statement passes."""
    coach, mwangi = trained.vehicles[2], trained.drivers[1]
    with pytest.raises(IntegrityError, match="trip_driver_licence"):
        run(office, columns("X", coach, mwangi, 14, 15))
    run(office, columns("X", coach, mwangi, 14, 15, "cancelled"))
    with pytest.raises(IntegrityError, match="trip_driver_licence"):
        run(office, "UPDATE trip SET state = 'planned' WHERE reference = 'X'")
    run(office, f"UPDATE driver SET classes = 'B D' WHERE id = {mwangi}", columns("Y", coach, mwangi, 14, 15))
    with pytest.raises(IntegrityError, match="trip_driver_licence"):
        run(office, f"UPDATE driver SET classes = 'B' WHERE id = {trained.drivers[0]}",
            f"UPDATE trip SET driver_id = {trained.drivers[0]} WHERE reference = 'Y'")  # fmt: skip


def test_ticket_and_day_sheet_say_it(office, trained, tmp_path):
    [ident] = approved(office, form(trained, driver_needs="French", people=3))
    assign(office, ident, trained.vehicles[0])
    trip = office.read(request_card, ident).row.trip_id
    write_ticket("Gigiri compound", office.read(ticket, trip), tmp_path / "ticket.pdf")
    write_day_sheets("Gigiri", [office.read(day_sheet, trained.drivers[2], at(0).date())], tmp_path / "sheet.pdf")
    for name in ("ticket", "sheet"):
        assert "a driver who speaks French" in read(tmp_path / f"{name}.pdf")[0], name
