"""What is found fits, what fits is found, best first; over random calendars every offer is saved on a real database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from cbo_desk.conference import (
    BookingForm,
    LayoutForm,
    Need,
    Placing,
    Slot,
    SpaceForm,
    UnitWish,
    add_space,
    add_unit,
    close_cells,
    find_space,
    make_bookings,
    set_ceiling,
)
from cbo_desk.conference.finding import place
from cbo_desk.conference.looking import calendar_around
from cbo_desk.context import ZONE
from cbo_desk.errors import Refusal
from db.conference import ConferenceUnit, SpaceLayout
from db.places import Place
from tests.conference.conftest import DAY, FORM, slot

NINE = slot(9, 12)


def codes(found):
    return [offer.space.code for offer in found.offers]


def test_best_fit_first_and_joined_rooms_last(office, rooms):
    found = office.read(find_space, Need(40, (NINE,), "classroom"))
    assert codes(found) == ["CR-3", "CR-2", "CR-4", "CR-2+3"]
    assert [offer.spare for offer in found.offers] == [0, 20, 50, 70]
    assert [offer.joined for offer in found.offers] == [False, False, False, True]


def test_three_days_need_the_space_on_each(office, rooms, at):
    office.write(make_bookings, FORM, [at("CR-4", slot(10, 11, day=2))])
    three = tuple(slot(9, 12, day) for day in range(3))
    assert codes(office.read(find_space, Need(80, three, "classroom"))) == ["CR-2+3"]
    assert codes(office.read(find_space, Need(80, three[:2], "classroom"))) == ["CR-4", "CR-2+3"]


def test_near_misses_say_how_near(office, rooms, at):
    office.write(make_bookings, FORM, [at("CR-4", slot(8, 9 + 20 / 60)), at("CR-2+3", slot(8, 13))])
    found = office.read(find_space, Need(85, (NINE,), "classroom"))
    assert found.offers == ()
    assert [(near.space.code, near.later, near.short) for near in found.near] == [("CR-4", 20, 0)]
    office.write(make_bookings, BookingForm("Near", 85), found.near[0].placings)
    found = office.read(find_space, Need(72, (slot(15, 16),), "classroom"))
    assert [(near.space.code, near.short) for near in found.near] == [("CR-2", 12)]


def test_what_blocks_every_space_is_said_once(office, rooms, at):
    office.write(make_bookings, FORM, [at("CR-4", NINE, tuple(rooms.teams))])
    wish = UnitWish("interpretation", frozenset({"en", "fr"}))
    found = office.read(find_space, Need(20, (NINE,), "classroom", (wish,)))
    assert found.offers == ()
    assert [blocker.wish for blocker in found.blockers] == [wish]
    office.write(set_ceiling, "people", 45, date(2026, 1, 1))
    found = office.read(find_space, Need(20, (NINE,), "classroom"))
    [blocker] = found.blockers
    assert (blocker.excess.people, blocker.excess.ceiling.most) == (50, 45)


def test_set_up_and_clear_down_lie_within_what_is_offered(office, rooms, at):
    office.write(make_bookings, FORM, [at("CR-2", slot(7, 8.75))])
    # CR-2 takes half an hour to set up, so a quarter is not enough.
    assert "CR-2" not in codes(office.read(find_space, Need(50, (NINE,), "classroom")))
    assert "CR-2" in codes(office.read(find_space, Need(50, (slot(9.25, 12),), "classroom")))


def test_teams_change_places_so_that_every_wish_is_met(office, rooms):
    office.write(add_unit, "EN-FR-AR", "interpretation", "", "en fr ar")
    wishes = (UnitWish("interpretation", frozenset({"en"})), UnitWish("interpretation", frozenset({"ar"})))
    found = office.read(find_space, Need(20, (NINE,), "classroom", wishes))
    assert found.offers
    assert len(set(found.offers[0].placings[0].units)) == 2


@pytest.mark.parametrize(
    ("need", "sentence"),
    [
        (Need(0, (NINE,)), "Say how many people come"),
        (Need(5, ()), "Say when"),
        (Need(5, (Slot(NINE.ends, NINE.starts),)), "The end comes after the start"),
        (Need(5, (Slot(NINE.starts, NINE.starts + timedelta(days=32)),)), "lasts 31 days at most"),
        (Need(5, (Slot(NINE.starts, NINE.ends + timedelta(seconds=3)),)), "whole minutes"),
    ],
)
def test_a_question_without_sense_is_refused_in_words(office, need, sentence):
    with pytest.raises(Refusal, match=sentence):
        office.read(find_space, need)


# --- random calendars: quarters of hours of three days, some rooms of which some are joined


quarter = st.integers(0, 3 * 24 * 4)
span = st.tuples(quarter, st.integers(1, 16)).map(
    lambda pair: Slot(DAY + timedelta(minutes=15 * pair[0]), DAY + timedelta(minutes=15 * sum(pair)))
)


@st.composite
def compounds(draw):
    """Layouts of three rooms and two joined ones, bookings, closures, teams, ceilings, and a need."""
    layout = st.builds(
        LayoutForm, st.sampled_from(["classroom", "theatre"]), st.integers(10, 60),
        st.sampled_from([0, 0, 15, 60]), st.sampled_from([0, 0, 30]),
        st.sampled_from([date(2026, 1, 1), date(2026, 9, 8)]), st.sampled_from([None, date(2026, 9, 8)]),
    )  # fmt: skip
    layouts = st.lists(layout, min_size=1, max_size=2, unique_by=lambda each: each.kind)
    return {
        "spaces": {cells: draw(layouts) for cells in (("1",), ("2",), ("3",), ("1", "2"), ("2", "3"))},
        "booked": draw(st.lists(
            st.tuples(span, st.integers(0, 4), st.integers(1, 40), st.booleans(), st.integers(0, 9)), max_size=12
        )),
        "closed": draw(st.lists(st.tuples(span, st.sampled_from("123")), max_size=2)),
        "ceilings": draw(st.lists(
            st.tuples(st.sampled_from(["people", "gate", "parking"]), st.integers(20, 90), st.booleans()), max_size=2
        )),
        "need": Need(
            draw(st.integers(5, 50)),
            tuple(draw(st.lists(span, min_size=1, max_size=3, unique=True))),
            draw(st.sampled_from(["", "classroom", "theatre"])),
            draw(st.sampled_from([(), (), (UnitWish("team"),), (UnitWish("team"), UnitWish("team"))])),
            cars=draw(st.integers(0, 15)),
        ),
    }  # fmt: skip


def build(session, compound):
    """Write a random compound; what a rule refuses of it is left out."""
    building = Place(place_kind="building", code="Block", name="Block", path="/1/")
    session.add(building)
    session.flush()
    for cells, layouts in compound["spaces"].items():
        code = "+".join(cells)
        # Room 1, alone and joined, stands in a building of its own.
        add_space(session, SpaceForm(code, code, cells, tuple(layouts), building.id if "1" in cells else None))
    teams = [add_unit(session, f"T{n}", "team").ids[0] for n in range(2)]
    for kind, most, inside in compound["ceilings"]:
        few = most // 5 if kind == "parking" else most
        set_ceiling(session, kind, few, date(2026, 1, 1), None, building.id if inside else None)
    for closed, cell in compound["closed"]:
        close_cells(session, [cell], closed, "works")
    calendar = calendar_around(session, [Slot(DAY, DAY + timedelta(days=4))])
    for when, number, people, with_team, cars in compound["booked"]:
        answer = place(calendar, calendar.spaces[number], Need(people, (when,), cars=cars))
        if isinstance(answer, tuple):
            try:
                placing = Placing(when, answer[0].space_id, answer[0].layout_id, answer[0].kind, answer[0].blocks,
                                  (teams[number % 2],) if with_team else ())  # fmt: skip
                with session.begin_nested():
                    make_bookings(session, BookingForm("Before", people, cars=cars), [placing])
            except Refusal:
                continue


def saved_past_the_friendly_check(session, need, placings) -> bool:
    """Whether the database itself takes the bookings: the program's own check is left out."""
    from cbo_desk.conference.booking import add
    from cbo_desk.conference.rules import Status

    nested = session.begin_nested()
    try:
        for placing in placings:
            add(session, BookingForm("Offer", need.people, cars=need.cars), placing, Status.CONFIRMED)
    except IntegrityError:
        return False
    finally:
        nested.rollback()
    return True


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(compounds())
def test_every_offer_is_saved_and_nothing_that_would_be_saved_is_kept_back(sqlite_office, compound):
    check_offers(sqlite_office, compound)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(compounds())
def test_every_offer_is_saved_on_a_server_too(server_office, compound):
    check_offers(server_office, compound)


@pytest.fixture
def server_office(postgres_url, clock):
    from cbo_desk.office import Office
    from cbo_desk.permissions import administrator
    from db.engine import open_engine

    engine = open_engine(postgres_url)
    yield Office(engine, administrator("ada", "Ada Achieng", "DESK-1"), clock)
    engine.dispose()


def check_offers(office, compound):
    need = compound["need"]
    with Session(office.engine.execution_options(writes=True)) as session:
        session.info.update(actor=office.actor, now=DAY.astimezone(ZONE))
        build(session, compound)
        found = find_space(session, need)
        for offer in found.offers:
            assert saved_past_the_friendly_check(session, need, offer.placings)
            nested = session.begin_nested()
            make_bookings(session, BookingForm("Offer", need.people, cars=need.cars), offer.placings)
            nested.rollback()
        for near in found.near:
            if near.placings:
                moved = need.moved(near.later)
                assert [placing.slot for placing in near.placings] == list(moved.times)
                assert saved_past_the_friendly_check(session, moved, near.placings)
        # The other way round: what was not offered is refused in every layout, whatever team is taken.
        offered = {offer.space.id for offer in found.offers}
        teams = list(session.scalars(select(ConferenceUnit.id)))
        for space_id in set(session.scalars(select(SpaceLayout.space_id))) - offered:
            for placings in every_way(session, need, space_id, teams):
                assert not saved_past_the_friendly_check(session, need, placings)
        session.rollback()


def every_way(session, need, space_id, teams):
    """Every choice of a layout for all times, and of teams."""
    wanted = select(SpaceLayout).where(SpaceLayout.space_id == space_id)
    layouts = [each for each in session.scalars(wanted) if need.kind in ("", each.kind)]
    if len(need.units) > len(teams):
        return
    choices = [tuple(teams[: len(need.units)]), tuple(reversed(teams))[: len(need.units)]]
    for units in dict.fromkeys(choices):
        for layout in layouts:
            yield [
                Placing(when, space_id, layout.id, layout.kind, when.widened(layout.setup_minutes,
                        layout.cleardown_minutes), units)
                for when in need.times
            ]  # fmt: skip
