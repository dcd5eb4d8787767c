"""What no SQL can do to bookings on either engine, in words, with the controls; nobody is exempt."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from benchmarks import booking_race as race
from cbo_desk.conference import (
    BookingForm,
    LayoutForm,
    SpaceForm,
    Status,
    add_space,
    cancel_bookings,
    close_cells,
    make_bookings,
    set_ceiling,
)
from cbo_desk.refusals import REFERENCES, SENTENCES, sentence_for
from db import conference, conference_rules, guard, triggers
from db.base import utc_text
from db.migrate import upgrade
from tests.conference.conftest import FORM, slot

NINE = slot(9, 12)
MADE = (
    "INSERT INTO booking (reference, title, people, rank, status, starts, ends, blocks_from, blocks_to, space_id, "
    "layout_id, made_at, made_by{more}) VALUES ('X', 'X', {people}, 6, '{status}', '{starts}', '{ends}', '{starts}', "
    "'{ends}', {space}, {layout}, '{starts}', 'eve'{values})"
)


@pytest.fixture
def booked(office, rooms, at):
    """CR-3 is booked from nine to twelve with a team; the same was booked from one to two and cancelled."""
    one = office.write(make_bookings, FORM, [at("CR-3", NINE, (rooms.teams[0],))], Status.CONFIRMED).ids[0]
    two = office.write(make_bookings, FORM, [at("CR-3", slot(13, 14), (rooms.teams[0],))]).ids[0]
    office.write(cancel_bookings, [two])
    return {"one": one, "two": two, "team": rooms.teams[0]}


def values(rooms, code="CR-3", when=NINE, people=10, status="confirmed", more="", given=""):
    space = rooms.spaces[code]
    return MADE.format(
        people=people, status=status, starts=utc_text(when.starts), ends=utc_text(when.ends), space=space,
        layout=rooms.layouts[space, "classroom"], more=more, values=given,
    )  # fmt: skip


def run(office, *statements):
    with office.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))


def attacks(office, rooms, booked):
    """Each attack with the word that refuses it."""
    one, two, team = booked["one"], booked["two"], booked["team"]
    nine, twelve, one_o = (utc_text(each) for each in (NINE.starts, NINE.ends, slot(13, 14).starts))
    cell = "(SELECT cell_id FROM booking_cell WHERE booking_id = {0} LIMIT 1)"
    return {
        "book it twice": (values(rooms, when=slot(11, 13)), "Another booking has this space"),
        "book it within": (values(rooms, when=slot(10, 11)), "Another booking has this space"),
        "book it joined": (values(rooms, "CR-2+3", slot(11.75, 12.5)), "Another booking has this space"),
        "move a cancelled one there and confirm it": (
            f"UPDATE booking SET starts = '{nine}', blocks_from = '{nine}', status = 'confirmed' WHERE id = {two}",
            "Another booking has this space",
        ),
        "more people than seats": (values(rooms, when=slot(15, 16), people=41), "more people than the layout seats"),
        "grow beyond the seats": (f"UPDATE booking SET people = 41 WHERE id = {one}", "more people than the layout"),
        "take another room's layout": (
            f"UPDATE booking SET layout_id = {rooms.layouts[rooms.spaces['CR-4'], 'classroom']} WHERE id = {one}",
            "",
        ),
        "book before its layout": (
            f"UPDATE booking SET starts = '2025-05-01T08:00:00.000000Z', blocks_from = '2025-05-01T08:00:00.000000Z', "
            f"ends = '2025-05-01T09:00:00.000000Z', blocks_to = '2025-05-01T09:00:00.000000Z' WHERE id = {one}",
            "layout is not valid on that day",
        ),
        "more visitors than people": (f"UPDATE booking SET visitors = 31 WHERE id = {one}", "some of the people who"),
        "end before it starts": (f"UPDATE booking SET ends = '{nine}' WHERE id = {one}", "ends after it starts"),
        "seconds": (
            f"UPDATE booking SET starts = '2026-09-07T06:00:01.000000Z' WHERE id = {one}", "Times are whole minutes"
        ),
        "a year": (
            f"UPDATE booking SET blocks_to = '2027-09-07T06:00:00.000000Z' WHERE id = {one}", "lasts 31 days at most"
        ),
        "hide its cells": (f"UPDATE booking_cell SET live = false WHERE booking_id = {one}", "follows from"),
        "shift its cells": (f"UPDATE booking_cell SET starts = '{one_o}' WHERE booking_id = {one}", "ooking"),
        "drop its cells": (f"DELETE FROM booking_cell WHERE booking_id = {one}", "follows from the booking"),
        "take a cell without a booking": (
            f"INSERT INTO booking_cell VALUES ({one}, (SELECT id FROM conference_cell WHERE code = '4'), '{nine}', "
            f"'{twelve}', true)",
            "follows from the booking",
        ),
        "revive the cells of a cancelled one": (
            f"UPDATE booking_cell SET live = true WHERE booking_id = {two}", "follows from the booking"
        ),
        "give its team to nobody": (f"UPDATE booking_unit SET live = false WHERE booking_id = {one}", "follows from"),
        "delete a booking": (f"DELETE FROM booking WHERE id = {one}", "neither changed nor deleted"),
        "renumber it": (f"UPDATE booking SET reference = 'X' WHERE id = {one}", "stays as it is"),
        "confirm without a space": (
            f"UPDATE booking SET space_id = NULL, layout_id = NULL WHERE id = {one}", "Choose a space and a layout"
        ),
        "hold for ever": (f"UPDATE booking SET status = 'hold' WHERE id = {one}", "until when"),
        "take a part from a booked space": (
            f"DELETE FROM space_cell WHERE space_id = {rooms.spaces['CR-3']}", "keeps its parts"
        ),
        "give a booked space another part": (
            f"INSERT INTO space_cell VALUES ({rooms.spaces['CR-3']}, {cell.format(one)} + 1)", "keeps its parts"
        ),
        "shrink the layout": ("UPDATE space_layout SET capacity = 5", "would lose their seats"),
        "end the layout": ("UPDATE space_layout SET valid_to = '2026-09-01'", "would lose their seats"),
        "close a booked room": (
            f"INSERT INTO cell_closure (cell_id, starts, ends, reason) VALUES ({cell.format(one)}, '{nine}', "
            f"'{twelve}', 'works')",
            "There are bookings at that time",
        ),
        "a ceiling below what is booked": (
            "INSERT INTO site_ceiling (kind, ceiling, valid_from) VALUES ('people', 29, '2026-01-01')",
            "exceed this ceiling",
        ),
        "a gate below what is booked": (
            "INSERT INTO site_ceiling (kind, ceiling, valid_from) VALUES ('gate', 29, '2026-01-01')",
            "exceed this ceiling",
        ),
        "swap its team": (
            f"UPDATE booking_unit SET unit_id = {team} + 1 WHERE booking_id = {one}", "follows from its booking"
        ),
        "take its team as well": (
            f"UPDATE booking SET starts = '{nine}', blocks_from = '{nine}', ends = '{twelve}', blocks_to = '{twelve}', "
            f"status = 'confirmed', space_id = {rooms.spaces['CR-4']}, "
            f"layout_id = {rooms.layouts[rooms.spaces['CR-4'], 'classroom']} WHERE id = {two}",
            "Another booking has this team",
        ),
    }  # fmt: skip


def test_every_attack_is_refused_in_words(office, rooms, booked):
    for name, (statement, sentence) in attacks(office, rooms, booked).items():
        with pytest.raises(IntegrityError) as refusal:
            run(office, statement)
        said = sentence_for(refusal.value)
        assert sentence in said, (name, said)
        assert not said.startswith("The database refuses"), (name, said)
    assert race.overlaps(office.engine) == 0
    assert race.live_ids(office.engine) == {booked["one"], booked["two"]}


def test_replacing_is_refused_too(office, rooms, booked):
    if office.engine.dialect.name == "postgresql":
        return
    made = values(rooms, "CR-4", slot(15, 16))
    run(office, made)
    for statement in (
        made.replace("INSERT", "INSERT OR REPLACE"),
        values(rooms, "CR-4", slot(17, 18), more=", id", given=f", {booked['one']}").replace(
            "INSERT", "INSERT OR REPLACE"
        ),
        f"UPDATE OR REPLACE booking SET reference = 'X' WHERE id = {booked['one']}",
        f"UPDATE OR REPLACE booking SET id = {booked['one']} WHERE id = {booked['two']}",
    ):
        with pytest.raises(IntegrityError):
            run(office, statement)
    assert len(race.live_ids(office.engine)) == 3


def test_back_to_back_is_no_overlap(office, rooms, booked):
    run(office, values(rooms, when=slot(12, 13)), values(rooms, when=slot(8, 9)).replace("'X', 'X'", "'Y', 'Y'"))
    assert race.overlaps(office.engine) == 0


def test_a_closed_part_closes_the_joined_room(office, rooms):
    office.write(close_cells, ["2"], NINE, "new carpet")
    with pytest.raises(IntegrityError, match="booking_cell_closed"):
        run(office, values(rooms, "CR-2+3", slot(11, 13)))
    run(office, values(rooms, "CR-3", slot(11, 13)))


def test_ceilings_of_a_building_count_its_people_alone(office, rooms):
    run(office, "INSERT INTO place (place_kind, code, name, path, version) VALUES ('building', 'B', 'B', '/1/', 1)")
    layout = (LayoutForm("classroom", 50, valid_from=date(2026, 1, 1)),)
    rooms.spaces["CR-9"] = office.write(add_space, SpaceForm("CR-9", "Nine", ("9",), layout, building_id=1)).ids[0]
    with office.engine.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT id FROM space_layout WHERE space_id = {rooms.spaces['CR-9']}")
        rooms.layouts[rooms.spaces["CR-9"], "classroom"] = found.scalar()
    office.write(set_ceiling, "people", 20, date(2026, 9, 7), date(2026, 9, 7), 1)
    run(office, values(rooms, "CR-3", people=40))
    with pytest.raises(IntegrityError, match="booking_over_people"):
        run(office, values(rooms, "CR-9", people=21).replace("'X', 'X'", "'Y', 'Y'"))
    # The day after, the ceiling is no longer valid; one that lasts over midnight meets it all the same.
    run(office, values(rooms, "CR-9", slot(9, 12, 1), people=21).replace("'X', 'X'", "'Z', 'Z'"))
    with pytest.raises(IntegrityError, match="booking_over_people"):
        run(office, values(rooms, "CR-9", slot(22, 26), people=21).replace("'X', 'X'", "'V', 'V'"))
    with pytest.raises(IntegrityError, match="space_building_booked"):
        run(office, f"UPDATE conference_space SET building_id = NULL WHERE id = {rooms.spaces['CR-9']}")


def test_without_its_triggers_the_attack_works(office, rooms, booked):
    """The control: it is the rule that refuses, not a slip in the statement; and an upgrade puts it back."""
    server = office.engine.dialect.name == "postgresql"
    for item in triggers.for_server() if server else triggers.for_sqlite():
        if item.table in ("booking_cell", "booking") and "follow" not in item.name and "cells" not in item.name:
            run(office, f"DROP TRIGGER {item.name}" + (f" ON {item.table}" if server else ""))
    if server:
        run(office, "ALTER TABLE booking_cell DROP CONSTRAINT ex_booking_cell_no_overlap")
    everything = attacks(office, rooms, booked)
    run(office, everything["book it twice"][0], everything["more people than seats"][0].replace("'X', 'X'", "'Y', 'Y'"))
    assert race.overlaps(office.engine) == 1
    assert len(guard.deviations(office.engine)) > 3
    run(office, "DELETE FROM booking_cell WHERE booking_id > 2", "DELETE FROM booking WHERE id > 2")
    upgrade(office.engine)
    assert guard.deviations(office.engine) == []


def test_every_rule_of_the_database_has_its_sentence():
    words = {rule[4] for rule in conference_rules.ON_FILE if "append-only" not in rule[4]}
    words |= {"booking_over_people", "booking_over_gate", "site_ceiling_exceeded"}
    assert words <= set(SENTENCES)
    for model in vars(conference).values():
        if getattr(model, "__module__", "") == conference.__name__:
            for constraint in model.__table__.constraints:
                name = str(constraint.name)
                assert name.startswith("pk_") or name in SENTENCES or name in REFERENCES, name


def test_forms_are_refused_before_the_database_is_asked(office, rooms, at):
    from cbo_desk.errors import Refusal

    for form, sentence in (
        (BookingForm(" ", 5), "Give the booking a title"),
        (BookingForm("x", 5, visitors=6), "Of 5 people, none to all are visitors"),
        (BookingForm("x", 5, rank=9), "A rank is a number from 1 to 7"),
        (BookingForm("x", 41), "CR-3 seats 40 in this layout, not 41"),
    ):
        with pytest.raises(Refusal, match=sentence):
            office.write(make_bookings, form, [at("CR-3", NINE)])
