"""Travel times: learnt from closed trips, edited as a file, asked of a server on loopback, each with its source."""

from __future__ import annotations

import json
import threading
import time
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from cbo_desk.errors import Faults, Refusal, Trouble
from cbo_desk.permissions import deed, reads
from cbo_desk.tabular.writing import write_table
from cbo_desk.transport import CellForm, ZoneForm, add_zones, edit_zone, fill_assumed, set_times, zones
from cbo_desk.transport.journeys import BandStart, Journeys, ZonePoint, crow_km, learnt
from cbo_desk.transport.learning import learn_times
from cbo_desk.transport.routing import ask_server
from cbo_desk.transport.travel_files import COLUMNS, file_rows, read_times, travel_lines
from cbo_desk.transport.zones import travel_table
from db.transport import TripStop
from db.travel import TravelTime
from tests.rows import undo
from tests.transport.conftest import ASSUMED, at
from tests.transport.test_money import trip
from tests.transport.test_planning import weekly
from tests.writing import insert, rows

__all__ = ["weekly"]
GIGIRI = ZonePoint(1, "GIG", "Gigiri", -1.2345, 36.8160)
JKIA = ZonePoint(2, "JKIA", "JKIA", -1.3192, 36.9278)


def test_distance_and_assumed_time():
    # By the spherical law of cosines instead of the haversine: 15.60 km.
    assert crow_km(GIGIRI, JKIA) == pytest.approx(15.60, abs=0.02)
    assert crow_km(GIGIRI, ZonePoint(3, "X", "X")) is None
    table = Journeys(
        [GIGIRI, JKIA, ZonePoint(3, "X", "X")], [BandStart(1, "night", 0, 45), BandStart(2, "day", 390, 23)], {},
        ASSUMED,
    )
    leg = table.leg(1, 2, at(9))
    assert (leg.source, leg.metres) == ("assumed", round(crow_km(GIGIRI, JKIA) * 1350))
    assert leg.seconds == round(leg.metres * 3.6 / 23)
    assert table.leg(1, 2, at(5)).seconds < leg.seconds
    assert table.leg(1, 1, at(9)).seconds == 0
    assert table.leg(1, 3, at(9)).seconds == 1800


@given(st.lists(st.integers(60, 20_000), min_size=1, max_size=40), st.integers(60, 20_000))
def test_learnt_lies_between_the_median_and_what_was_held(seen, before):
    leg = learnt(seen, before, 5)
    assert leg.trips == len(seen)
    low, high = sorted((median(seen), before))
    assert low - 1 <= leg.seconds <= high + 1


def test_learning_from_closed_trips(office, clock, weekly):
    fleet = weekly
    with pytest.raises(Refusal, match="Nothing new to learn"):
        office.write(learn_times)
    from cbo_desk.transport import read_odometer

    office.write(read_odometer, fleet.vehicles[0], 10)
    taken = []
    for day, minutes in ((0, 40), (1, 44), (2, 50)):
        _, trip_id = trip(office, clock, fleet, day, 20)

        def tick(session, trip_id=trip_id, day=day, minutes=minutes):
            for seq, done in ((1, at(11, day)), (2, at(11, day) + timedelta(minutes=minutes))):
                session.execute(
                    update(TripStop).where(TripStop.trip_id == trip_id, TripStop.seq == seq).values(done_at=done)
                )

        insert(office, tick)
        taken.append(minutes * 60)
    # What staff gave stays; without it the three are drawn towards the assumption.
    with pytest.raises(Refusal, match="Nothing new to learn"):
        office.write(learn_times)
    insert(office, lambda session: session.execute(update(TravelTime).values(source="assumed")))
    done = office.write(learn_times)
    assert done.said == "1 travel times learnt from closed trips." or "learnt" in done.said
    leg = office.read(travel_table).leg(fleet.zones["GIG"], fleet.zones["UH"], at(11))
    assert (leg.source, leg.trips) == ("learnt", 3)
    assert leg.seconds == round((3 * 44 * 60 + 5 * 1800) / 8)
    undo(office, done)
    assert office.read(travel_table).leg(fleet.zones["GIG"], fleet.zones["UH"], at(11)).source == "assumed"


def test_the_matrix_as_a_file(office, fleet, tmp_path):
    lines = office.read(travel_lines)
    assert len(lines) == 12
    path = tmp_path / "times.csv"
    write_table(path, COLUMNS, file_rows(lines))
    assert office.read(read_times, path) == []
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace("GIG,JKIA,day,45", "GIG,JKIA,day,52"), encoding="utf-8")
    [cell] = office.read(read_times, path)
    assert (cell.seconds, cell.source) == (52 * 60, "given")
    done = office.write(set_times, [cell])
    assert office.read(travel_table).leg(fleet.zones["GIG"], fleet.zones["JKIA"], at(9)).seconds == 52 * 60
    undo(office, done)
    assert office.read(travel_table).leg(fleet.zones["GIG"], fleet.zones["JKIA"], at(9)).seconds == 45 * 60
    path.write_text("From;To;Band;Minutes\nGIG;NOWHERE;day;5\nGIG;JKIA;noon;5\nGIG;JKIA;day;soon\n", encoding="utf-8")
    with pytest.raises(Faults) as caught:
        office.read(read_times, path)
    assert list(caught.value.faults.values()) == [
        "Line 2: there is no zone “NOWHERE”. Known are CBD, GIG, GIGIRI, JKIA, UH, CENTRE.".replace(
            "CBD, GIG, GIGIRI, JKIA, UH, CENTRE", "CBD, CENTRE, GIG, GIGIRI, JKIA, UH"
        ),
        "Line 3: there is no band “noon”. Known are DAY.",
        "Line 4: minutes “soon” is no number between 0 and 1,440.",
    ]
    # Twice the same says nothing new; twice another time is a fault, whichever line was meant.
    path.write_text("From,To,Band,Minutes\nGIG,UH,day,31\nGIG,UH,day,31\n", encoding="utf-8")
    assert [cell.seconds for cell in office.read(read_times, path)] == [31 * 60]
    path.write_text("From,To,Band,Minutes\nGIG,UH,day,31\nGigiri,UH,day,32\n", encoding="utf-8")
    with pytest.raises(Faults, match="Line 3: this way and band stand in line 2 already, with another time"):
        office.read(read_times, path)
    for content, sentence in (("From,To\n", "has no column band, minutes"), ("\ufffe", "no column|no CSV")):
        path.write_bytes(content.encode("utf-16") if content == "\ufffe" else content.encode())
        with pytest.raises(Refusal, match=sentence):
            office.read(read_times, path)
    with pytest.raises(Refusal, match="cannot be read"):
        office.read(read_times, tmp_path / "no.csv")


def test_zones_and_their_faults(office, fleet):
    for wrong, sentence in (
        (ZoneForm(" ", "x"), "Give the zone a code"),
        (ZoneForm("gig", "x"), "Another zone has the code GIG"),
        (ZoneForm("X", "x", 1.0), "Give both latitude and longitude"),
        (ZoneForm("X", "x", 91.0, 0.0), "between -90 and 90"),
        (ZoneForm("X", "x", 0.0, 181.0), "between -180 and 180"),
    ):
        with pytest.raises(Refusal, match=sentence):
            office.write(add_zones, [wrong])
    ids = office.write(add_zones, [ZoneForm("A", "Alpha", -1.2, 36.8), ZoneForm("B", "Beta", -1.3, 36.9)]).ids
    done = office.write(fill_assumed)
    assert done.said == "2 travel times assumed from the distance."
    with pytest.raises(Refusal, match="Nothing to fill"):
        office.write(fill_assumed)
    undo(office, done)
    assert rows(office, select(TravelTime.source).where(TravelTime.from_zone_id == ids[0])) == []
    [row] = [z for z in office.read(zones) if z.code == "A"]
    office.write(edit_zone, row.id, row.version, ZoneForm("A", "Alpha Centre", -1.2, 36.8))
    with pytest.raises(Refusal, match="changed A in the meantime"):
        office.write(edit_zone, row.id, row.version, ZoneForm("A", "Other"))


class Server(BaseHTTPRequestHandler):
    """A routing server that says what its test wants."""

    def log_message(self, *_args):
        pass

    def _say(self, code, body):
        with suppress(ConnectionError):  # whoever asked may have given up
            self.send_response(code)
            self.end_headers()
            self.wfile.write(body)

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.server.mood == "slow":
            time.sleep(0.6)
        mood = self.server.mood
        count = self.path.split("/driving/")[1].split("?")[0].count(";") + 1
        times = [[600.4 * abs(a - b) for b in range(count)] for a in range(count)]
        if mood == "gap":
            times[0][1] = None
        body = {"code": "Ok", "durations": times, "distances": times}
        said = {"bad": b"<html>", "refused": json.dumps({"code": "NoTable", "message": "too far"}).encode(),
                "odd": b'{"code": "Ok", "durations": 3}'}  # fmt: skip
        self._say(500 if mood == "broken" else 200, said.get(mood, json.dumps(body).encode()))

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked)
        count = len(asked["sources"])
        cells = [[{"time": 60 * abs(a - b), "distance": 1.5 * abs(a - b)} for b in range(count)] for a in range(count)]
        self._say(200, json.dumps({"sources_to_targets": cells}).encode())


@pytest.fixture
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    made.asked, made.mood = [], ""
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def test_a_routing_server_is_asked_and_bounded(server):
    points = [GIGIRI, JKIA, ZonePoint(3, "X", "no coordinates")]
    url = f"http://127.0.0.1:{server.server_port}"
    assert [(w.from_zone_id, w.to_zone_id, w.seconds, w.metres) for w in ask_server(f"osrm+{url}", points)] == [
        (1, 2, 600, 600), (2, 1, 600, 600),
    ]  # fmt: skip
    assert "36.816000,-1.234500;36.927800,-1.319200" in server.asked[0]
    assert [w.metres for w in ask_server(f"valhalla+{url}/", points)] == [1500, 1500]
    server.mood = "gap"
    assert [(w.from_zone_id, w.to_zone_id) for w in ask_server(f"osrm+{url}", points)] == [(2, 1)]
    for mood, sentence in (
        ("broken", "answered with 500"), ("bad", "something else than times"), ("odd", "something else than times"),
        ("refused", "says: too far"), ("slow", "did not answer"),
    ):  # fmt: skip
        server.mood = mood
        with pytest.raises(Trouble, match=f"{sentence}.*Nothing was changed"):
            ask_server(f"osrm+{url}", points, timeout=0.3)
    for wrong in ("http://x", "osrm+ftp://x", "osrm+http://", "osrm"):
        with pytest.raises(Refusal, match="Write the address as"):
            ask_server(wrong, points)
    with pytest.raises(Refusal, match="Two zones with coordinates"):
        ask_server(f"osrm+{url}", points[:1])
    with pytest.raises(Trouble, match="did not answer"):
        ask_server("osrm+http://127.0.0.1:9", points, timeout=0.3)


def test_times_are_read_once_in_a_deed_and_anew_once_the_deed_changes_one(office, fleet):
    read = []
    event.listen(office.engine, "before_cursor_execute", lambda *told: read.append(told[2]))

    @reads("transport", "look at travel times")
    def twice(session):
        return travel_table(session), travel_table(session)

    one, again = office.read(twice)
    assert one is again
    assert sum("FROM travel_time" in statement for statement in read) == 1

    @deed("transport.try_times", "set travel times")
    def changed(session):
        before = travel_table(session)
        cell = CellForm(fleet.zones["GIG"], fleet.zones["UH"], fleet.band, 77, 1)
        changes = set_times(session, [cell])
        assert before.cells[cell.from_zone_id, cell.to_zone_id, fleet.band].seconds == 30 * 60
        assert travel_table(session).cells[cell.from_zone_id, cell.to_zone_id, fleet.band].seconds == 77
        return changes

    office.write(changed)
