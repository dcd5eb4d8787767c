"""What no SQL can do to trips on either engine, in words, with the controls; nobody is exempt."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from benchmarks import trip_race as race
from cbo_desk.refusals import REFERENCES, SENTENCES, sentence_for
from db import fleet as fleet_tables
from db import guard, shuttles, transport, transport_rules, travel, triggers
from db.base import utc_text
from db.fleet import OdometerReading
from db.migrate import upgrade
from db.shuttles import Shuttle
from db.transport import Trip, TripEvent, TripRequest
from tests.transport.conftest import at, paper
from tests.writing import insert, rows

ATTEMPTS = 25


def trip(reference, vehicle, driver, start, end, **more):
    return Trip(
        reference=reference, vehicle_id=vehicle, driver_id=driver, starts=at(start), ends=at(end), state="planned",
        made_at=at(0), made_by="eve", **more,
    )  # fmt: skip


def request(fleet, reference, **more):
    given = {
        "entity_id": fleet.entities[0], "entity_code": "UNEP", "requester": "Okafor, N.", "purpose": "Meeting",
        "from_zone_id": fleet.zones["GIG"], "to_zone_id": fleet.zones["UH"], "route": "Gigiri → Upper Hill",
        "pickup_from": at(11), "pickup_to": at(11.25), "people": 3, "state": "approved", "made_at": at(0),
        "made_by": "eve",
    }  # fmt: skip
    return TripRequest(reference=reference, **{**given, **more})


@pytest.fixture
def planned(office, fleet):
    """UN 041 is away from ten to twelve with Otieno and a request of three people; one event, one reading."""

    def fill(session):
        one = trip("TT-1", fleet.vehicles[0], fleet.drivers[0], 10, 12)
        session.add(one)
        session.flush()
        asked = request(fleet, "T-1", trip_id=one.id, state="planned")
        shuttle = Shuttle(code="S1", name="Kasarani", entity_id=fleet.entities[0], weekdays="12345", seats=2,
                          valid_from=date(2026, 1, 1))  # fmt: skip
        session.add_all([asked, shuttle])
        session.flush()
        session.add_all(
            [
                TripEvent(trip_id=one.id, what="planned", at=at(9), by="eve"),
                OdometerReading(vehicle_id=fleet.vehicles[0], at=at(7), km=41_000, source="manual", by="eve"),
                OdometerReading(vehicle_id=fleet.vehicles[0], at=at(9), km=41_060, source="manual", by="eve"),
            ]
        )
        return one.id

    return insert(office, fill)


def columns(reference, vehicle, driver, start, end, state="planned"):
    return (
        "INSERT INTO trip (reference, vehicle_id, driver_id, starts, ends, state, made_at, made_by) VALUES "
        f"('{reference}', {vehicle}, {driver}, '{utc_text(at(start))}', '{utc_text(at(end))}', '{state}', "
        f"'{utc_text(at(0))}', 'eve')"
    )


def reading(vehicle, hour, km, explained=""):
    return (
        "INSERT INTO odometer_reading (vehicle_id, at, km, source, explained, by) VALUES "
        f"({vehicle}, '{utc_text(at(hour))}', {km}, 'manual', '{explained}', 'eve')"
    )


def attacks(fleet):
    """Each attack with the word that refuses it."""
    one, two, three = fleet.vehicles
    otieno, mwangi, _ = fleet.drivers
    return {
        "the vehicle twice": (columns("X", one, mwangi, 11, 13), "ex_trip_vehicle_no_overlap"),
        "the driver twice": (columns("X", two, otieno, 9, 10.5), "ex_trip_driver_no_overlap"),
        "around it": (columns("X", one, mwangi, 9, 13), "ex_trip_vehicle_no_overlap"),
        "a day without licence": (columns("X", two, mwangi, 24 * 200, 24 * 200 + 1), "trip_(vehicle|driver)_paper"),
        "delete it": ("DELETE FROM trip", "append-only"),
        "renumber it": ("UPDATE trip SET reference = 'Y'", "trip_renumbered"),
        "cancel it with its request": ("UPDATE trip SET state = 'cancelled'", "trip_carries_requests"),
        "depart without a time": ("UPDATE trip SET state = 'on_road'", "ck_trip_departed"),
        "more people than seats": ("UPDATE trip_request SET people = 13", "trip_over_seats"),
        "a wheelchair without a place": ("UPDATE trip_request SET wheelchairs = 1", "trip_over_seats"),
        "take it off and keep its state": ("UPDATE trip_request SET trip_id = NULL", "trip_while_planned"),
        "delete the request": ("DELETE FROM trip_request", "append-only"),
        "drop off before picking up": (
            f"UPDATE trip_request SET drop_by = '{utc_text(at(10))}'",
            "ck_trip_request_drop_after_pickup",
        ),
        "rewrite what happened": ("UPDATE trip_event SET note = 'nothing'", "append-only"),
        "forget what happened": ("DELETE FROM trip_event", "append-only"),
        "turn the odometer back": (reading(one, 10, 41_050), "odometer_backwards"),
        "slip a higher one in before": (reading(one, 8, 41_070), "odometer_backwards"),
        "change a reading": ("UPDATE odometer_reading SET km = 1", "append-only"),
        "a seat too many": (
            "INSERT INTO shuttle_seat (shuttle_id, day, seat, name, entity_id) "
            f"SELECT id, '2026-08-24', 3, 'Bello', {fleet.entities[0]} FROM shuttle",
            "shuttle_full",
        ),
        "an insurance that is a driver's": (
            "INSERT INTO transport_paper (driver_id, kind, valid_from, expires, points) "
            f"VALUES ({otieno}, 'insurance', '2026-01-01', '2026-12-31', '{{}}')",
            "ck_transport_paper_kind",
        ),
    }


def run(office, *statements):
    with office.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.replace("%", "%%"))


def test_the_database_refuses_every_attack(office, fleet, planned):
    for name, (statement, word) in attacks(fleet).items():
        with pytest.raises(IntegrityError, match=word):
            run(office, statement)
        assert name
    # What touches is no overlap, and an odometer that was replaced is explained.
    run(
        office,
        columns("X", fleet.vehicles[0], fleet.drivers[0], 12, 13),
        reading(fleet.vehicles[0], 10, 12, "New odometer"),
        reading(fleet.vehicles[0], 11, 90),
    )


def test_who_has_nothing_valid_stays_out_and_what_runs_is_not_torn(office, fleet, planned):
    """Licence of the second driver ends today, the MOSS list of the third vehicle ended yesterday."""

    def fill(session):
        from db.fleet import TransportPaper

        session.query(TransportPaper).filter_by(driver_id=fleet.drivers[1]).update({"expires": date(2026, 8, 24)})
        session.query(TransportPaper).filter_by(vehicle_id=fleet.vehicles[0]).update({"void": True})
        session.add(paper("moss", vehicle=fleet.vehicles[2], expires=date(2026, 8, 23)))

    insert(office, fill)
    _, two, three = fleet.vehicles
    mwangi, njeri = fleet.drivers[1:]
    run(office, columns("A", two, mwangi, 22, 24))
    for statement, word in (
        (columns("X", two, mwangi, 25, 26), "trip_driver_paper"),
        (columns("X", two, mwangi, 23, 24.5).replace("'X'", "'Y'"), "trip_driver_paper|ex_trip"),
        (columns("X", three, njeri, 14, 15), "trip_vehicle_paper"),
        (f"UPDATE vehicle SET gone_at = '{utc_text(at(9))}' WHERE id = {two};", None),
    ):
        if word is None:
            run(office, statement.rstrip(";"))
            continue
        with pytest.raises(IntegrityError, match=word):
            run(office, statement)
    with pytest.raises(IntegrityError, match="trip_vehicle_gone"):
        run(office, columns("X", two, njeri, 14, 15))
    # The trip that was planned before the papers were void still departs and returns; only a longer one is refused.
    run(office, f"UPDATE trip SET state = 'on_road', departed_at = '{utc_text(at(10))}' WHERE id = {planned}")
    with pytest.raises(IntegrityError, match="trip_vehicle_paper"):
        run(office, f"UPDATE trip SET ends = '{utc_text(at(13))}' WHERE id = {planned}")
    run(office, f"UPDATE trip SET state = 'done', returned_at = '{utc_text(at(14))}' WHERE id = {planned}")
    with pytest.raises(IntegrityError, match="trip_done_stays"):
        run(office, f"UPDATE trip SET driver_id = {njeri} WHERE id = {planned}")


def test_without_its_rules_the_attack_works(office, fleet, planned):
    """The control: it is the rule that refuses, not a slip in the statement; and an upgrade puts it back."""
    server = office.engine.dialect.name == "postgresql"
    for item in triggers.for_server() if server else triggers.for_sqlite():
        if item.table in ("trip", "odometer_reading"):
            run(office, f"DROP TRIGGER {item.name}" + (f" ON {item.table}" if server else ""))
    if server:
        for name in transport_rules.EXCLUSIONS:
            run(office, f"ALTER TABLE trip DROP CONSTRAINT {name}")
    everything = attacks(fleet)
    run(office, everything["the vehicle twice"][0], everything["turn the odometer back"][0])
    assert race.overlaps(office.engine, "vehicle_id") == 1
    assert len(guard.deviations(office.engine)) > 3
    run(office, "DELETE FROM trip WHERE reference = 'X'")
    upgrade(office.engine)
    assert guard.deviations(office.engine) == []


def test_processes_that_race_never_share_a_vehicle_or_a_driver(office, fleet):
    told = race.race(office.engine.url.render_as_string(hide_password=False), ATTEMPTS)
    won = [ident for each in told for ident in each["won"]]
    kept = {row[0] for row in rows(office, Trip.__table__.select())}
    assert set(won) == kept
    assert len(won) == len(kept) > 5
    assert race.overlaps(office.engine, "vehicle_id") == race.overlaps(office.engine, "driver_id") == 0
    assert {word for each in told for word in each["refused"]} <= {"ex_trip_vehicle", "ex_trip_driver", "deadlock"}


def test_control_without_the_constraint_they_do(office, fleet):
    """The control: it is the database that keeps the order, not luck."""
    if office.engine.dialect.name == "postgresql":
        run(office, *(f"ALTER TABLE trip DROP CONSTRAINT {name}" for name in transport_rules.EXCLUSIONS))
    else:
        run(office, *(f"DROP TRIGGER tr_trip_refuse_overlap_{what}_insert" for what in transport_rules.TAKEN))
    race.race(office.engine.url.render_as_string(hide_password=False), 10)
    assert race.overlaps(office.engine, "vehicle_id") > 0
    assert race.overlaps(office.engine, "driver_id") > 0


def test_every_rule_of_the_database_has_its_sentence():
    words = {rule[4] for rule in transport_rules.ON_FILE if "append-only" not in rule[4]}
    assert words <= set(SENTENCES)
    for module in (fleet_tables, shuttles, transport, travel):
        for model in vars(module).values():
            if getattr(model, "__module__", "") == module.__name__ and hasattr(model, "__table__"):
                for constraint in model.__table__.constraints:
                    name = str(constraint.name)
                    assert name.startswith("pk_") or name in SENTENCES or name in REFERENCES, name


def test_a_clash_is_told_in_words(office, fleet, planned):
    with pytest.raises(IntegrityError) as caught:
        run(office, columns("X", fleet.vehicles[0], fleet.drivers[1], 11, 13))
    assert sentence_for(caught.value) == "This vehicle has another trip at that time. Choose another one."
