"""Phases and relocation plans in the database, on both engines: what bites, what is refused, what can be taken back."""

from __future__ import annotations

from datetime import date

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cbo_desk.conference import (
    BookingForm,
    Placing,
    Slot,
    SpaceForm,
    Status,
    add_space,
    booking_card,
    cancel_bookings,
    change_capacity,
    make_bookings,
)
from cbo_desk.conference.project import (
    PhaseForm,
    SeatsForm,
    Span,
    accept_moves,
    add_phase,
    affected,
    capacity_on,
    decline_moves,
    edit_phase,
    end_phase,
    forecast_phase,
    keep_plan,
    make_effective,
    moves,
    outlook,
    phase_card,
    phases,
    plans,
    problem_of,
    remove_phase,
    set_terms,
    write_to_clients,
)
from cbo_desk.conference.relocating.solution import solve
from cbo_desk.errors import Refusal
from cbo_desk.refusals import REFERENCES, SENTENCES, sentence_for
from db import capital_project, capital_project_rules
from db.capital_project import PhaseClosure
from db.conference import CellClosure, ConferenceSpace, SpaceLayout
from db.records import Notification
from tests.conference.conftest import slot
from tests.conference.relocating import Quiet

SPAN = Span(date(2026, 9, 7), date(2026, 9, 20))
FORM = PhaseForm(
    "Phase 1", "Rooms 3", SPAN.first, SPAN.last, cells=("3",),
    seats=(SeatsForm("CR-9", "classroom", 45), SeatsForm("CR-3", "classroom", 200, afterwards=True)),
)  # fmt: skip


@pytest.fixture
def booked(office, rooms, at):
    """Two meetings in room 3, one of them where it cannot stay at its time; another in room 4; a swing space, CR-9."""
    office.write(add_space, SpaceForm("CR-9", "Swing hall", ("9",)))
    team = (rooms.teams[0],)
    kept = office.write(make_bookings, BookingForm("Elsewhere", 80, 1), [at("CR-4", slot(9, 12))], Status.CONFIRMED)
    one = office.write(
        make_bookings, BookingForm("Council", 40, 2, contact="Haddad, S., council@example.org"),
        [at("CR-3", slot(9, 12), team)], Status.CONFIRMED,
    )  # fmt: skip
    two = office.write(make_bookings, BookingForm("Panel", 30, 6), [at("CR-3", slot(13, 15))])
    phase = office.write(add_phase, FORM).ids[0]
    return {"kept": kept.ids[0], "one": one.ids[0], "two": two.ids[0], "phase": phase}


def rows(office, statement):
    with office.engine.connect() as connection:
        return connection.execute(statement).all()


def planned(office, phase: int, first: str = "times") -> int:
    solution = solve(Quiet(), office.read(problem_of, phase, SPAN, first), 10, 1)
    assert solution.faults == ()
    return office.write(keep_plan, phase, SPAN, first, solution).ids[0]


def phase_of(office, ident: int):
    return next(row for row in office.read(phases) if row.id == ident)


def test_from_a_plan_to_rooms_that_are_closed_and_given_back(office, rooms, booked):
    phase = booked["phase"]
    assert [row.id for row in office.read(affected, phase)] == [booked["one"], booked["two"]]
    assert phase_of(office, phase).affected == 2
    assert rows(office, CellClosure.__table__.select()) == []
    with pytest.raises(Refusal, match=r"B\S+ Council and 1 more would lose their place. Relocate them first"):
        office.write(make_effective, phase, 1)
    plan = planned(office, phase)
    found = {row.id: row for row in office.read(moves, plan)}
    assert set(found) == {booked["one"], booked["two"]}
    # Forty people fit into the swing hall alone, which the phase opens; its layout is there once it is needed.
    assert {row.to_space for row in found.values()} <= {"Swing hall", "Conference Room 2"}
    done = office.write(accept_moves, plan)
    assert set(done.ids) == set(found)
    assert office.read(affected, phase) == []
    assert [row.decision for row in office.read(moves, plan)] == ["accepted", "accepted"]
    undone = office.write(done.undo.command, *done.undo.args)
    assert [row.id for row in office.read(affected, phase)] == [booked["one"], booked["two"]]
    office.write(undone.undo.command, *undone.undo.args)
    office.write(make_effective, phase, 1)
    [closure] = rows(office, CellClosure.__table__.select())
    assert (closure.starts, closure.ends) == (SPAN.slot.starts, SPAN.slot.ends)
    row = phase_of(office, phase)
    assert (row.state, row.actual_from) == ("under way", SPAN.first)
    office.write(end_phase, phase, row.version, date(2026, 9, 13))
    [closure] = rows(office, CellClosure.__table__.select())
    assert closure.ends == Span(SPAN.first, date(2026, 9, 13)).slot.ends
    layouts = rows(office, SpaceLayout.__table__.select().where(SpaceLayout.space_id == rooms.spaces["CR-3"]))
    assert [(each.capacity, each.valid_from, each.valid_to) for each in layouts] == [
        (40, date(2026, 1, 1), date(2026, 9, 13)), (200, date(2026, 9, 14), None)
    ]  # fmt: skip
    assert office.read(phase_card, phase).history


def test_one_by_one_declined_written_to_and_refused_where_things_changed(office, booked):
    phase = booked["phase"]
    plan = planned(office, phase)
    office.write(decline_moves, plan, [booked["two"]])
    assert {row.id: row.decision for row in office.read(moves, plan)}[booked["two"]] == "declined"
    with pytest.raises(Refusal, match="No accepted move"):
        office.write(write_to_clients, plan)
    office.write(accept_moves, plan, [booked["one"]])
    assert "1 message queued" in office.write(write_to_clients, plan).said
    [(to, calendar)] = rows(office, select(Notification.to, Notification.calendar))
    card = office.read(booking_card, booked["one"])
    [invited] = Calendar.from_ical(calendar).walk("VEVENT")
    assert to == "council@example.org"
    assert "METHOD:REQUEST" in calendar
    assert (invited["DTSTART"].dt, invited["DTEND"].dt) == (card.row.starts, card.row.ends)
    assert str(invited["LOCATION"]) == card.space_name
    assert [row.id for row in office.read(affected, phase)] == [booked["two"]]
    with pytest.raises(Refusal, match="Nothing of this plan is left"):
        office.write(accept_moves, plan, [booked["two"]])
    office.write(decline_moves, plan, [booked["two"]], "proposed")
    office.write(cancel_bookings, [booked["two"]])
    with pytest.raises(Refusal, match=r"is cancelled. Decline its move"):
        office.write(accept_moves, plan, [booked["two"]])
    later = planned(office, phase, "rooms")
    assert [row.name for row in office.read(plans, phase)] == ["Plan B · keep the rooms", "Plan A · keep the times"]
    assert office.read(moves, later) == []


def test_a_plan_made_before_somebody_moved_is_not_kept_and_not_carried_out(office, rooms, booked, at):
    phase = booked["phase"]
    problem = office.read(problem_of, phase, SPAN)
    solution = solve(Quiet(), problem, 10, 1)
    plan = office.write(keep_plan, phase, SPAN, "times", solution).ids[0]
    target = solution.plan.places[booked["one"]]
    free = [at("CR-2", slot(8, 13)), at("CR-4", slot(13, 16))]
    office.write(
        make_bookings, BookingForm("Quicker", 20), [free[0] if target.space_id == rooms.spaces["CR-2"] else free[1]]
    )
    with pytest.raises(Refusal, match="Solve again"):
        office.write(keep_plan, phase, SPAN, "times", solution)
    taken = office.read(moves, plan)
    if any(row.to_space == "Conference Room 2" for row in taken):
        with pytest.raises(Refusal, match="is taken by"):
            office.write(accept_moves, plan)
    assert len(office.read(affected, phase)) == 2


def test_other_times_and_needs_are_asked_of_the_planner(office, booked):
    office.write(set_terms, booked["one"], "day", 1, "streaming")
    [meeting] = [m for m in office.read(problem_of, booked["phase"], SPAN).meetings if m.id == booked["one"]]
    assert (meeting.booths, meeting.features) == (1, {"streaming"})
    assert Slot(slot(14, 17).starts, slot(14, 17).ends) in meeting.times
    assert slot(18, 21) not in meeting.times
    plan = planned(office, booked["phase"])
    [row] = [row for row in office.read(moves, plan) if row.decision == "unplaced"]
    assert (row.id, row.to_slot) == (booked["one"], None)
    assert row.why == (
        "At each of the 10 times that its client allows, from 08:00 on 7 Sep 2026, no open space has 40 classroom "
        "seats with booths, or what else it asks of its room."
    )
    office.write(set_terms, booked["one"], "week")
    [meeting] = [m for m in office.read(problem_of, booked["phase"], SPAN).meetings if m.id == booked["one"]]
    assert slot(9, 12, 3) in meeting.times


def test_forms_are_refused_at_the_field_and_dates_can_be_adopted(office, booked):
    from dataclasses import replace

    for form, field in (
        (replace(FORM, code=" "), "code"),
        (replace(FORM, code="P9", name=""), "name"),
        (replace(FORM, code="P9", planned_to=date(2026, 1, 1)), "planned_to"),
        (replace(FORM, code="P9", forecast_from=date(2026, 1, 1)), "forecast_to"),
        (replace(FORM, code="P9", cells=("77",)), "cells"),
        (replace(FORM, code="P9", cells=(), seats=()), "cells"),
        (replace(FORM, code="P9", seats=(SeatsForm("CR-77", "theatre", 5),)), "seats"),
        (replace(FORM, code="P9", seats=(*FORM.seats, FORM.seats[0])), "seats"),
        (FORM, "code"),
    ):
        with pytest.raises(Refusal) as refusal:
            office.write(add_phase, form)
        assert refusal.value.field == field
    phase = booked["phase"]
    done = office.write(forecast_phase, phase, 1, date(2026, 10, 5), date(2026, 10, 18))
    row = phase_of(office, phase)
    assert (row.late_weeks, row.affected) == (4, 0)
    office.write(done.undo.command, *done.undo.args)
    assert phase_of(office, phase).affected == 2
    gone = office.write(remove_phase, phase)
    assert office.read(phases) == []
    office.write(gone.undo.command, *gone.undo.args)
    assert [row.code for row in office.read(phases)] == ["Phase 1"]


def test_capacity_by_month_and_on_any_day(office, booked):
    found = office.read(outlook, date(2026, 8, 1), 3)
    # 60 + 40 + 90 classroom seats; in September room 3 is closed and the swing hall open; then room 3 has 200.
    assert [month.lowest.seats for month in found.months] == [190, 190, 350]
    assert [month.demand for month in found.months] == [0, 120, 0]
    assert [capacity_on(found.rooms, date(2026, 9, day)).seats for day in (6, 7, 20, 21)] == [190, 195, 195, 350]


@pytest.fixture
def effective(office, booked):
    plan = planned(office, booked["phase"])
    office.write(accept_moves, plan)
    office.write(make_effective, booked["phase"], 1)
    return booked["phase"]


def test_the_database_itself_refuses_what_a_phase_under_way_forbids(office, rooms, booked, effective, at):
    def run(statement: str) -> None:
        with office.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    other = office.write(add_phase, PhaseForm("Phase 2", "Room 4", SPAN.first, SPAN.last, cells=("4",))).ids[0]
    closure = rows(office, PhaseClosure.__table__.select())[0].closure_id
    cell = "(SELECT id FROM conference_cell WHERE code = '{}')"
    for name, statement, sentence in (
        ("begin while somebody is left", f"UPDATE project_phase SET actual_from = '2026-09-07' WHERE id = {other}",
         "Bookings are left"),
        ("begin with open rooms", f"UPDATE project_phase SET actual_from = '2026-09-08' WHERE id = {other}",
         "only once its rooms are closed"),
        ("close another room late", f"INSERT INTO phase_cell VALUES ({effective}, {cell.format(2)})", "under way"),
        ("let a room go", f"DELETE FROM phase_cell WHERE phase_id = {effective}", "under way"),
        ("change its seats", f"UPDATE phase_seats SET capacity = 1 WHERE phase_id = {effective}", "under way"),
        ("let a closure go", f"DELETE FROM phase_closure WHERE closure_id = {closure}", "under way"),
        ("delete the closure", f"DELETE FROM cell_closure WHERE id = {closure}", ""),
        ("open early", f"UPDATE cell_closure SET starts = '2026-09-10T00:00:00.000000Z' WHERE id = {closure}",
         "under way"),
        ("delete the phase", f"DELETE FROM project_phase WHERE id = {effective}", "under way"),
        ("go on for longer than it is closed",
         f"UPDATE project_phase SET forecast_from = '2026-09-07', forecast_to = '2027-01-01' WHERE id = {effective}",
         "only once its rooms are closed"),
    ):  # fmt: skip
        with pytest.raises(IntegrityError) as refusal:
            run(statement)
        assert sentence in sentence_for(refusal.value), name
    with pytest.raises(Refusal, match="is closed"):
        office.write(make_bookings, BookingForm("Late", 5), [at("CR-3", slot(9, 10))])
    # The control: what is not under way can be changed in just these ways.
    run(f"DELETE FROM phase_cell WHERE phase_id = {other}")
    run(f"UPDATE project_phase SET actual_from = '2026-09-08' WHERE id = {other}")


def test_a_phase_under_way_can_be_stretched_until_somebody_is_in_the_way(office, rooms, booked, effective, at):
    from dataclasses import replace

    office.write(make_bookings, BookingForm("October", 20), [at("CR-3", slot(9, 12, 28))])
    row = phase_of(office, effective)
    longer = replace(FORM, forecast_from=SPAN.first, forecast_to=date(2026, 9, 27))
    office.write(edit_phase, effective, row.version, longer)
    [closure] = rows(office, CellClosure.__table__.select())
    assert closure.ends == Span(SPAN.first, date(2026, 9, 27)).slot.ends
    row = phase_of(office, effective)
    with pytest.raises(Refusal, match="October is booked until then"):
        office.write(edit_phase, effective, row.version, replace(longer, forecast_to=date(2026, 10, 30)))
    with pytest.raises(Refusal, match="rooms and seats stay"):
        office.write(edit_phase, effective, row.version, replace(longer, cells=("2",)))
    office.write(edit_phase, effective, row.version, replace(longer, forecast_to=date(2026, 9, 13)))
    [closure] = rows(office, CellClosure.__table__.select())
    assert closure.ends == Span(SPAN.first, date(2026, 9, 13)).slot.ends
    with pytest.raises(Refusal, match="is under way"):
        office.write(make_effective, effective, phase_of(office, effective).version)


def standing(office, rooms):
    """Closures, and the layouts of the spaces that the phase changes."""
    wanted = SpaceLayout.space_id.in_([rooms.spaces["CR-3"], *(r[0] for r in rows(office, SWING))])
    layouts = SpaceLayout.__table__.select().where(wanted).order_by(SpaceLayout.id)
    return (
        [(each.cell_id, each.starts, each.ends) for each in rows(office, CellClosure.__table__.select())],
        sorted(tuple(each)[1:] for each in rows(office, layouts)),
    )


SWING = select(ConferenceSpace.id).where(ConferenceSpace.code == "CR-9")


def test_that_a_phase_is_effective_and_that_it_is_over_can_be_taken_back_and_done_again(office, rooms, booked):
    phase = booked["phase"]
    office.write(accept_moves, planned(office, phase))
    before = standing(office, rooms)
    begun = office.write(make_effective, phase, 1)
    during = standing(office, rooms)
    off = office.write(begun.undo.command, *begun.undo.args)
    assert standing(office, rooms) == before
    assert (phase_of(office, phase).state, phase_of(office, phase).actual_from) == ("planned", None)
    assert rows(office, PhaseClosure.__table__.select()) == []
    begun = office.write(off.undo.command, *off.undo.args)
    assert standing(office, rooms) == during
    ended = office.write(end_phase, phase, phase_of(office, phase).version, date(2026, 9, 13))
    after = standing(office, rooms)
    with pytest.raises(Refusal, match="is over. Take its end back first"):
        office.write(begun.undo.command, *begun.undo.args)
    again = office.write(ended.undo.command, *ended.undo.args)
    assert standing(office, rooms) == during
    assert phase_of(office, phase).state == "under way"
    ended = office.write(again.undo.command, *again.undo.args)
    assert standing(office, rooms) == after
    # Somebody who booked the room that was open again keeps it.
    taken = office.write(make_bookings, BookingForm("Quicker", 150), [placed(office, rooms, "CR-3", slot(9, 10, 10))])
    with pytest.raises(Refusal, match=r"Quicker is booked there since. Move it first"):
        office.write(ended.undo.command, *ended.undo.args)
    office.write(cancel_bookings, taken.ids)
    office.write(ended.undo.command, *ended.undo.args)
    assert standing(office, rooms) == during


def test_a_phase_is_not_taken_back_over_seats_that_were_changed_or_booked_since(office, rooms, booked):
    seats = (SeatsForm("CR-4", "classroom", 300),)
    more = office.write(add_phase, PhaseForm("More", "More seats", SPAN.first, SPAN.last, cells=("9",), seats=seats))
    begun = office.write(make_effective, more.ids[0], 1)
    large = office.write(make_bookings, BookingForm("Large", 250), [placed(office, rooms, "CR-4", slot(14, 16))])
    with pytest.raises(Refusal, match=r"needs 250 seats in CR-4. Move it first"):
        office.write(begun.undo.command, *begun.undo.args)
    assert phase_of(office, more.ids[0]).state == "under way"
    office.write(cancel_bookings, large.ids)
    there = [placed(office, rooms, "CR-4", slot(14, 16))]
    small = office.write(make_bookings, BookingForm("Small", 50), there).ids[0]
    lasting = rows(office, SpaceLayout.__table__.select().where(SpaceLayout.capacity == 300))[0]
    changed = office.write(change_capacity, lasting.id, date(2026, 9, 14), 290)
    with pytest.raises(Refusal, match="were changed since then"):
        office.write(begun.undo.command, *begun.undo.args)
    office.write(changed.undo.command, *changed.undo.args)
    office.write(begun.undo.command, *begun.undo.args)
    assert {each.capacity for each in rows(office, layouts_of(rooms, "CR-4"))} == {90}
    assert office.read(booking_card, small).row.status == "hold"


def layouts_of(rooms, code: str):
    return SpaceLayout.__table__.select().where(
        SpaceLayout.space_id == rooms.spaces[code], SpaceLayout.kind == "classroom"
    )


def placed(office, rooms, code: str, when: Slot) -> Placing:
    """A placing in whatever classroom layout a space has on that day."""
    day = when.starts.date()
    [layout] = [
        each.id
        for each in rows(office, layouts_of(rooms, code))
        if each.valid_from <= day and (each.valid_to is None or day <= each.valid_to)
    ]
    return Placing(when, rooms.spaces[code], layout, "classroom", when)


def test_every_rule_of_the_database_has_its_sentence():
    assert {rule[4] for rule in capital_project_rules.ON_FILE} <= set(SENTENCES)
    for model in vars(capital_project).values():
        if getattr(model, "__module__", "") == capital_project.__name__ and hasattr(model, "__table__"):
            for constraint in model.__table__.constraints:
                name = str(constraint.name)
                assert name.startswith("pk_") or name in SENTENCES or name in REFERENCES, name


def test_letters_say_where_a_meeting_goes(office, booked, tmp_path):
    import pypdfium2

    from cbo_desk.conference.project.letters import letters_of, write_letters

    plan = planned(office, booked["phase"])
    assert office.read(letters_of, plan) == []
    office.write(accept_moves, plan)
    found = office.read(letters_of, plan)
    write_letters("Gigiri compound", found, tmp_path / "letters.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "letters.pdf")
    try:
        pages = [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()
    assert len(pages) == 2
    assert "Council" in pages[0]
    assert "was to be held in Conference Room 3" in " ".join(pages[0].split())
    assert "The time stays as it is" in " ".join(pages[0].split())
