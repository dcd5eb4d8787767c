"""Three counters at three workstations on one server: 30 rooms, the same things at once, and a closing under way."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from cbo_desk.office import Office
from cbo_desk.permissions import administrator
from cbo_desk.property import AssetForm, receive_assets
from cbo_desk.property.verification import (
    Scope,
    What,
    campaign_card,
    close_campaign,
    count_item,
    open_campaign,
    open_room,
    room_view,
)
from cbo_desk.tags import give_tags
from db.engine import open_engine
from db.people import Entity
from db.places import Place
from db.tags import Tag, UnknownScan
from db.verification import CampaignCount
from tests.writing import insert, rows

ROOMS, EACH, SHARED = 30, 4, 8


@pytest.fixture
def offices(postgres_url):
    """Three workstations, each with connections of its own."""
    engines = [open_engine(postgres_url) for _ in range(3)]
    yield [Office(engine, administrator(f"counter{n}", "C", f"DESK-{n}")) for n, engine in enumerate(engines)]
    for engine in engines:
        engine.dispose()


@pytest.fixture
def building(offices):
    """A building of 30 rooms with four assets each: ids of rooms in order, and the tags of each room's assets."""

    def fill(session):
        session.info["now"] = datetime(2026, 8, 24, 6, tzinfo=UTC)
        unep = Entity(code="UNEP", name="Environment")
        house = Place(place_kind="building", code="M", name="Block M")
        session.add_all([unep, house])
        session.flush()
        house.path = f"/{house.id}/"
        rooms = [Place(place_kind="room", code=f"M-{n:03}", name="", parent_id=house.id) for n in range(ROOMS)]
        session.add_all(rooms)
        session.flush()
        for room in rooms:
            room.path = f"/{house.id}/{room.id}/"
        give_tags(session, "places.place", [room.id for room in rooms])
        return unep.id, [room.id for room in rooms]

    entity, rooms = insert(offices[0], fill)
    for room in rooms:
        numbers = [f"{room}-{n}" for n in range(EACH)]
        form = AssetForm(entity_id=entity, inventory_no="x", description="Chair", place_id=room)
        offices[0].write(receive_assets, form, numbers)
    tags = rows(offices[0], select(Tag.code).where(Tag.subject_kind == "property.asset").order_by(Tag.subject_id))
    codes = [row[0] for row in tags]
    return rooms, [codes[start : start + EACH] for start in range(0, len(codes), EACH)]


def together(work):
    """Run a function of 0, 1 and 2 in three threads; an error in one of them is raised here."""
    errors = []

    def run(number):
        try:
            work(number)
        except BaseException as error:
            errors.append(error)
            raise

    threads = [threading.Thread(target=run, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_three_counters_in_thirty_rooms(offices, building):
    rooms, tags = building
    campaign = offices[0].write(open_campaign, "Count", Scope()).ids[0]
    answers = [[], [], []]
    start = threading.Barrier(3)

    def count(number):
        office = offices[number]
        start.wait()
        for place in range(number, ROOMS, 3):
            office.write(open_room, campaign, rooms[place])
            answers[number] += [office.write(count_item, campaign, rooms[place], code) for code in tags[place]]
        start.wait()
        # A trolley that all three scan at the same moment, each in another room.
        for code in [code for some in tags for code in some][:SHARED]:
            answers[number].append(office.write(count_item, campaign, rooms[number], code))

    together(count)
    made = [answer for some in answers for answer in some]
    assert len({answer.event_id for answer in made}) == ROOMS * EACH + 3 * SHARED
    wanted = select(CampaignCount.asset_id, CampaignCount.id, CampaignCount.before_id)
    kept = rows(offices[0], wanted.order_by(CampaignCount.id))
    assert {row[1] for row in kept} == {answer.event_id for answer in made}
    # Every later sighting names the one just before it: nobody missed that somebody had it already.
    last = {}
    for asset, event, before in kept:
        assert before == last.get(asset)
        last[asset] = event
    assert sum(not answer.good for answer in made) == 3 * SHARED
    card = offices[0].read(campaign_card, campaign)
    assert card.found + card.elsewhere == ROOMS * EACH
    for place in range(10, ROOMS):
        view = offices[1].read(room_view, campaign, rooms[place])
        assert (len(view.found), len(view.expected), len(view.not_expected)) == (EACH, 0, 0)


def test_a_closing_loses_no_scan(offices, building):
    rooms, tags = building
    campaign = offices[0].write(open_campaign, "Count", Scope()).ids[0]
    answers = [[], [], []]
    start = threading.Barrier(3)
    half = threading.Event()

    def count(number):
        office = offices[number]
        start.wait()
        if number == 2:
            half.wait()
            office.write(close_campaign, campaign)
            return
        for place in range(number, ROOMS, 2):
            if place >= ROOMS // 2:
                half.set()
            answers[number] += [office.write(count_item, campaign, rooms[place], code) for code in tags[place]]

    together(count)
    office = offices[0]
    what = Counter(answer.what for some in answers for answer in some)
    assert set(what) <= {What.HERE, None}
    assert sum(what.values()) == ROOMS * EACH
    assert rows(office, select(func.count()).select_from(CampaignCount)) == [(what[What.HERE],)]
    assert rows(office, select(func.count()).select_from(UnknownScan)) == [(what[None],)]
    assert office.read(campaign_card, campaign).line.closed_by == "counter2"
