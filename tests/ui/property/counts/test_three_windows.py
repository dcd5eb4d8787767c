"""Three counters at three windows on one server: 30 rooms at once, by scanner alone, and a closing under way."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import func, select

from cbo_desk.property.verification import (
    Scope,
    campaign_card,
    close_campaign,
    open_campaign,
    progress_by_room,
    room_view,
    who_counts,
)
from db.tags import Tag, UnknownScan
from db.verification import CampaignCount
from tests.property.verification.test_together import EACH, ROOMS, building, offices
from tests.ui.places.conftest import open_window
from tests.writing import rows

__all__ = ["building", "offices", "open_window"]


@pytest.fixture
def doors(offices, building):
    """The tag of each room's door."""
    wanted = select(Tag.subject_id, Tag.code).where(Tag.subject_kind == "places.place")
    codes = dict(rows(offices[0], wanted))
    return [codes[room] for room in building[0]]


@pytest.fixture
def windows(offices, building, open_window):
    """Three windows with the counter's screen in front, and the campaign."""
    campaign = offices[0].write(open_campaign, "Count 2026", Scope()).ids[0]
    opened = [open_window(office, "property") for office in offices]
    for window in opened:
        window.shell.go("property")
        window.shell.go("property/counting", str(campaign))
    return campaign, opened


def settle(qtbot, opened):
    qtbot.waitUntil(lambda: not any(window.bench.feed.pending for window in opened), timeout=120_000)


def shows_all(page, room):
    """Whether the screen is at a room, and its column of found things is complete."""
    return page.view is not None and page.view.code == room and len(page.board.found.model.lines) == EACH


def test_thirty_rooms_at_once(windows, offices, building, doors, qtbot):
    campaign, opened = windows
    rooms, tags = building
    for place in range(ROOMS):  # nobody waits: each scanner goes on while the others save
        feed = opened[place % 3].bench.feed
        for text in (doors[place], *tags[place]):
            assert feed.put("keyboard", text)
    settle(qtbot, opened)
    card = offices[0].read(campaign_card, campaign)
    assert (card.found, card.elsewhere, card.missing, card.left) == (ROOMS * EACH, 0, 0, 0)
    for room in rooms:
        view = offices[1].read(room_view, campaign, room)
        assert (len(view.found), len(view.expected), len(view.not_expected)) == (EACH, 0, 0)
    assert len(offices[0].read(who_counts, campaign)) == ROOMS
    by = {room.code: room.counting_by for room in offices[0].read(progress_by_room, campaign)}
    assert by == {f"M-{n:03}": f"counter{n % 3}" for n in range(ROOMS)}
    for number, window in enumerate(opened):
        page = window.shell.page()
        # The columns of a burst are shown some times a second.
        qtbot.waitUntil(partial(shows_all, page, f"M-{ROOMS - 3 + number:03}"))


def test_one_closes_while_two_scan(windows, offices, building, doors, qtbot):
    campaign, opened = windows
    _rooms, tags = building
    scans = 0
    for place in range(ROOMS):
        feed = opened[place % 2].bench.feed
        for text in (doors[place], *tags[place]):
            feed.put("keyboard", text)
        scans += EACH
    counted = select(func.count()).select_from(CampaignCount)
    qtbot.waitUntil(lambda: rows(offices[2], counted)[0][0] > 20, timeout=60_000)
    offices[2].write(close_campaign, campaign)
    settle(qtbot, opened)
    [[kept]] = rows(offices[0], counted)
    of_things = UnknownScan.text.in_([code for some in tags for code in some])
    [[outside]] = rows(offices[0], select(func.count()).select_from(UnknownScan).where(of_things))
    assert kept + outside == scans  # each is in the count, or on the Today page
    assert outside > 0
    for window in opened[:2]:
        strip = window.shell.page().board.strip
        assert "Count 2026 was closed by counter2" in " ".join(strip.words())
