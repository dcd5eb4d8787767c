"""A count against plain dictionaries: scans, takings back and closings in any order, the register by brute force."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from cbo_desk.errors import Refusal
from cbo_desk.permissions import reads
from cbo_desk.property import State, move_assets
from cbo_desk.property.verification import (
    Scope,
    What,
    campaign_card,
    close_campaign,
    close_room,
    count_item,
    finish_room,
    mark_missing,
    open_campaign,
    open_room,
    put_back_counts,
    room_view,
    take_back_counts,
)
from db.property import Asset
from tests.property.verification.conftest import ROOMS

NUMBERS = [f"{letter}{n}" for letter in "ABC" for n in range(1, 5)]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("count"), st.sampled_from(ROOMS), st.sampled_from(NUMBERS), st.sampled_from(["", "poor"])),
        st.tuples(st.just("unknown"), st.sampled_from(ROOMS)),
        st.tuples(st.just("take back"), st.integers(0, 30)),
        st.tuples(st.just("put back"), st.integers(0, 30)),
        st.tuples(st.just("missing"), st.sampled_from(ROOMS)),
        st.tuples(st.just("finish"), st.sampled_from(ROOMS)),
        st.tuples(st.just("close"), st.sampled_from(ROOMS)),
        st.tuples(st.just("move"), st.sampled_from(NUMBERS), st.sampled_from(ROOMS)),
    ),
    min_size=5,
    max_size=30,
)


class Model:
    """What a clerk with paper would know."""

    def __init__(self, register):
        self.register = {number: list(standing) for number, standing in register.items()}
        self.home = {number: "S1" if row[1] == "S1-03" else row[1] for number, row in register.items()}
        self.touched = dict.fromkeys(NUMBERS, -1)
        self.events = {}
        self.finished, self.closed = set(), set()

    def alive(self, number):
        return [(ident, e) for ident, e in self.events.items() if e["number"] == number and e["live"]]

    def standing(self, number):
        """The last live sighting, else the first live missing."""
        seen = [pair for pair in self.alive(number) if pair[1]["kind"] == "seen"]
        missed = [pair for pair in self.alive(number) if pair[1]["kind"] == "missed"]
        return (max(seen) if seen else min(missed) if missed else (0, None))[1]

    def undecided(self, room):
        return {number for number in NUMBERS if self.home[number] == room and self.standing(number) is None}

    def bring_in(self, rooms):
        for number in NUMBERS:
            event = self.standing(number)
            if event is None or event["room"] not in rooms:
                continue
            row = self.register[number]
            if self.touched[number] > event["time"]:
                pass
            elif event["kind"] == "missed":
                row[0] = State.MISSING
            else:
                if row[0] == State.MISSING:
                    row[0] = State.IN_STORE if event["room"] == "S1" else State.IN_SERVICE
                if event["room"] != ("S1" if row[1] == "S1-03" else row[1]):
                    row[1] = event["room"]
                row[2] = event["condition"] or row[2]
            self.touched[number] = self.time
        self.closed |= rooms


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_any_count_adds_up(office, stocked, register, clock, steps):
    model = Model(register())
    campaign = office.write(open_campaign, "Count", Scope()).ids[0]
    rooms = stocked.rooms
    for room in ROOMS:  # one that the closings of earlier examples have emptied is in no count before it is opened
        office.write(open_room, campaign, rooms[room])
    for time, step in enumerate(steps):
        clock.now += timedelta(seconds=1)
        model.time = time
        getattr(Does, step[0].replace(" ", "_"))(office, stocked, campaign, model, *step[1:])
        check(office, campaign, rooms, model)
    clock.now += timedelta(seconds=1)
    model.time = len(steps)
    office.write(close_campaign, campaign)
    model.bring_in(set(ROOMS) - model.closed)
    assert {number: list(row) for number, row in register().items()} == model.register


class Does:
    """Each step, done by the office and by the model; where one refuses, so does the other."""

    @staticmethod
    def count(office, stocked, campaign, model, room, number, condition):
        made = office.write(count_item, campaign, stocked.rooms[room], stocked.tag(number), None, condition)
        if room in model.closed:
            assert made.what is None
            return
        assert made.what is (What.HERE if model.home[number] == room else What.ELSEWHERE)
        assert made.good is (not any(e["kind"] == "seen" for _id, e in model.alive(number)))
        kind = {"number": number, "room": room, "kind": "seen", "live": True, "condition": condition}
        model.events[made.event_id] = kind | {"time": model.time}
        model.finished.discard(room)

    @staticmethod
    def unknown(office, stocked, campaign, model, room):
        made = office.write(count_item, campaign, stocked.rooms[room], "KE-2207")
        if room not in model.closed:
            assert made.what is What.UNKNOWN
            model.events[made.event_id] = {"number": None, "room": room, "kind": "odd", "live": True}
            model.finished.discard(room)

    @staticmethod
    def take_back(office, _stocked, campaign, model, which):
        known = sorted(model.events)
        if not known:
            return
        ident = known[which % len(known)]
        event = model.events[ident]
        if refused(office, take_back_counts, campaign, (ident,)):
            assert not event["live"] or event["room"] in model.closed
        else:
            assert event["live"]
            event["live"] = False

    @staticmethod
    def put_back(office, _stocked, campaign, model, which):
        gone = sorted(ident for ident, event in model.events.items() if not event["live"])
        if not gone:
            return
        event = model.events[gone[which % len(gone)]]
        if event["room"] in model.closed:
            assert refused(office, put_back_counts, campaign, (gone[which % len(gone)],))
            return
        made = office.write(put_back_counts, campaign, (gone[which % len(gone)],))
        model.events[made.event_id] = {**event, "live": True, "time": model.time}

    @staticmethod
    def missing(office, stocked, campaign, model, room):
        left = model.undecided(room)
        if not left or room in model.closed:
            assert refused(office, mark_missing, campaign, stocked.rooms[room])
            return
        made = office.write(mark_missing, campaign, stocked.rooms[room])
        ids = made.undo.args[1]
        assert len(ids) == len(left)
        for ident, number in zip(ids, sorted(left), strict=True):
            event = {"number": number, "room": room, "kind": "missed", "live": True, "condition": ""}
            model.events[ident] = event | {"time": model.time}

    @staticmethod
    def finish(office, stocked, campaign, model, room):
        if refused(office, finish_room, campaign, stocked.rooms[room]):
            assert model.undecided(room) or room in model.closed
        else:
            assert not model.undecided(room)
            model.finished.add(room)

    @staticmethod
    def close(office, stocked, campaign, model, room):
        if refused(office, close_room, campaign, stocked.rooms[room]):
            assert room not in model.finished or room in model.closed
        else:
            assert room in model.finished
            model.bring_in({room})

    @staticmethod
    def move(office, stocked, _campaign, model, number, room):
        if model.register[number][1] == room:
            # A move to where it stands is refused and changes nothing.
            assert refused(office, move_assets, [stocked.assets[number]], stocked.rooms[room])
            return
        office.write(move_assets, [stocked.assets[number]], stocked.rooms[room])
        model.register[number][1] = room
        model.touched[number] = model.time


def refused(office, deed, *args):
    try:
        office.write(deed, *args)
    except Refusal:
        return True
    return False


@reads("property")
def look(session, campaign, rooms):
    """All that is compared after each step, in one question: five would take most of the test's time."""
    wanted = select(Asset.inventory_no, Asset.state, Asset.place_code, Asset.condition)
    register = {row[0]: list(row[1:]) for row in session.execute(wanted)}
    views = {room: room_view(session, campaign, rooms[room]) for room in ROOMS}
    return register, views, campaign_card(session, campaign)


def check(office, campaign, rooms, model):
    """The register, every room's columns, and the sums, are what the model says."""
    register, views, card = office.read(look, campaign, rooms)
    assert register == model.register
    sums = {"found": 0, "elsewhere": 0, "missing": 0}
    for room, view in views.items():
        at_home = {n: model.standing(n) for n in NUMBERS if model.home[n] == room}
        found = {n for n, e in at_home.items() if e and e["kind"] == "seen" and e["room"] == room}
        missing = {n for n, e in at_home.items() if e and e["kind"] == "missed"}
        away = {n for n, e in at_home.items() if e and e["kind"] == "seen" and e["room"] != room}
        guests = [model.standing(n) for n in NUMBERS if model.home[n] != room]
        odd = [e for e in model.events.values() if e["kind"] == "odd" and e["live"] and e["room"] == room]
        assert {line.inventory_no for line in view.expected} == model.undecided(room)
        assert {line.inventory_no for line in view.found} == found
        assert {line.inventory_no for line in view.missing} == missing
        assert {line.inventory_no for line in view.elsewhere} == away
        extra = sum(e is not None and e["kind"] == "seen" and e["room"] == room for e in guests)
        assert len(view.not_expected) == extra + len(odd)
        for name, of_these in zip(sums, (found, away, missing), strict=True):
            sums[name] += len(of_these)
    assert (card.found, card.elsewhere, card.missing) == tuple(sums.values())
