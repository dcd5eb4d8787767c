"""A count from its frozen list to its closing: what each scan means, and that the register waits for the supervisor."""

from __future__ import annotations

from datetime import timedelta

import openpyxl
import pytest

from cbo_desk.errors import Refusal
from cbo_desk.permissions import Actor, Role
from cbo_desk.property import AssetForm, State, change_state, move_assets, receive_assets
from cbo_desk.property.custody import Kind, Order, hand_over_assets
from cbo_desk.property.verification import (
    Scope,
    What,
    campaign_card,
    campaigns,
    close_campaign,
    close_room,
    count_item,
    describe_count,
    finish_room,
    last_own_event,
    mark_missing,
    open_campaign,
    open_room,
    progress_by_room,
    reopen_room,
    report_rows,
    room_view,
    take_back_counts,
    who_counts,
    write_report,
)
from cbo_desk.property.verification.rules import sample_size
from cbo_desk.tags import replace_tag, to_reprint, unknown_scans
from db.property import AssetEvent
from db.verification import CampaignItem
from tests.disposing import dispose
from tests.places_to_sign import places_to_sign
from tests.writing import insert, rows


def numbers(lines):
    return [line.inventory_no for line in lines]


def undo(office, changes):
    return office.write(changes.undo.command, *changes.undo.args)


def test_a_badge_is_called_by_its_name_and_has_no_condition(office, stocked, campaign):
    room = stocked.rooms["M-214"]
    badge = office.write(count_item, campaign, room, stocked.badge)
    assert badge.said.startswith("Lindqvist, Erik: this is the tag of a person, and no asset.")
    with pytest.raises(Refusal, match="Lindqvist, Erik is no thing that could be damaged"):
        office.write(describe_count, campaign, badge.event_id, "broken")
    unknown = office.write(count_item, campaign, room, "KE-2207")  # whatever it is, it may be damaged
    assert office.write(describe_count, campaign, unknown.event_id, "broken").said == "KE-2207: broken noted."
    assert office.write(take_back_counts, campaign, (badge.event_id,)).said == "Lindqvist, Erik taken back."
    office.write(hand_over_assets, [stocked.assets["A1"]], Order(Kind.ISSUE, stocked.erik))
    number = office.write(count_item, campaign, room, "HO-0001")  # the number of what carries no tags
    assert (number.what, number.said[:34]) == (What.EXCEPTION, "HO-0001: this is the tag of a hand")


def test_every_kind_of_find(office, stocked, campaign, register, clock):
    before = register()
    room, other = stocked.rooms["M-214"], stocked.rooms["M-118"]
    opened = office.write(count_item, campaign, 0, stocked.door("M-214"))
    assert (opened.what, opened.room_id, opened.said) == (None, room, "Counting in M-214: 4 expected.")
    here = office.write(count_item, campaign, room, stocked.tag("A1"))
    assert (here.what, here.said, here.good) == (What.HERE, "A1 found here.", True)
    away = office.write(count_item, campaign, room, stocked.tag("B1"))
    assert away.what is What.ELSEWHERE
    assert away.said == "B1 is listed in M-118. Its place is corrected when the room is closed."
    typed = office.write(count_item, campaign, room, "a2")
    assert typed.what is What.HERE
    assert typed.said.endswith("Counted by its number; a tag is to be printed.")
    assert [line.subject.number for line in office.read(to_reprint)] == ["A2"]
    form = AssetForm(entity_id=stocked.entity, inventory_no="NEW-1", description="Radio")
    [new] = office.write(receive_assets, form).ids
    extra = office.write(count_item, campaign, room, "", new)
    assert extra.what is What.NOT_EXPECTED
    unknown = office.write(count_item, campaign, room, "KE-2207")
    assert (unknown.what, unknown.good) == (What.UNKNOWN, False)
    badge = office.write(count_item, campaign, room, stocked.badge)
    assert badge.what is What.EXCEPTION
    assert "Lindqvist, Erik: this is the tag of a person, and no asset" in badge.said
    damaged = office.write(describe_count, campaign, here.event_id, "broken", "leg off")
    assert office.write(mark_missing, campaign, room).said == "2 assets marked as missing."
    view = office.read(room_view, campaign, room)
    assert numbers(view.expected) == []
    assert numbers(view.found) == ["A1", "A2"]
    assert numbers(view.missing) == ["A3", "A4"]
    assert set(numbers(view.not_expected)) == {"B1", "NEW-1", "KE-2207", stocked.badge}
    assert view.found[0].condition == "broken"
    assert view.last[0].what is What.MISSING
    assert numbers(office.read(room_view, campaign, other).elsewhere) == ["B1"]
    assert {number: standing for number, standing in register().items() if number != "NEW-1"} == before
    assert damaged.undo is not None
    clock.now += timedelta(minutes=5)
    done = office.write(close_campaign, campaign)
    assert done.said == "Count 2026 closed: 6 assets counted, 2 places corrected, 2 missing."
    after = register()
    assert after["A1"] == (State.IN_SERVICE, "M-214", "broken")
    assert after["B1"] == (State.IN_SERVICE, "M-214", "")
    assert after["NEW-1"][1] == "M-214"
    assert after["A3"][0] == after["A4"][0] == State.MISSING
    assert {n: after[n] for n in after if n not in ("A1", "A3", "A4", "B1", "NEW-1")} == {
        n: before[n] for n in before if n not in ("A1", "A3", "A4", "B1")
    }
    said = rows(office, AssetEvent.__table__.select().with_only_columns(AssetEvent.said).where(
        AssetEvent.what == "counted", AssetEvent.asset_id.in_([stocked.assets["A1"], stocked.assets["A3"]])
    ).order_by(AssetEvent.asset_id))  # fmt: skip
    assert said == [("Found in M-214 in count COUNT-0001. leg off",), ("Missing: not found in count COUNT-0001.",)]


def test_a_scan_is_taken_back_and_put_back(office, stocked, campaign):
    room = stocked.rooms["M-214"]
    made = office.write(count_item, campaign, room, "A1")
    assert office.read(last_own_event, campaign, room, "ada") == made.event_id
    taken = undo(office, made)
    assert taken.said == "A1 taken back."
    view = office.read(room_view, campaign, room)
    assert numbers(view.expected) == ["A1", "A2", "A3", "A4"]
    assert [(line.inventory_no, line.what) for line in view.last] == [("A1", What.TAKEN_BACK)]
    assert office.read(last_own_event, campaign, room, "ada") == 0
    assert office.read(to_reprint) == []
    with pytest.raises(Refusal, match="taken back already"):
        office.write(take_back_counts, campaign, (made.event_id,))
    again = undo(office, taken)
    assert numbers(office.read(room_view, campaign, room).found) == ["A1"]
    assert len(office.read(to_reprint)) == 1
    undo(office, again)
    missing = office.write(mark_missing, campaign, room)
    undo(office, missing)
    assert len(office.read(room_view, campaign, room).expected) == 4


def test_two_counters_of_one_asset(office, stocked, campaign, clock):
    office.write(count_item, campaign, stocked.rooms["M-214"], stocked.tag("A1"))
    clock.now += timedelta(minutes=2)
    bob = office.signed_in(Actor("bob", "Bob", {"property": Role.CLERK}, "DESK-2"))
    second = bob.write(count_item, campaign, stocked.rooms["M-118"], stocked.tag("A1"))
    assert second.said.endswith("ada counted it in M-214 at 09:00 already.")
    assert not second.good
    assert numbers(office.read(room_view, campaign, stocked.rooms["M-214"]).elsewhere) == ["A1"]
    assert numbers(office.read(room_view, campaign, stocked.rooms["M-118"]).not_expected) == ["A1"]
    assert [(c.login, c.room) for c in office.read(who_counts, campaign)] == [("bob", "M-118"), ("ada", "M-214")]
    bob.write(take_back_counts, campaign, (second.event_id,))
    assert numbers(office.read(room_view, campaign, stocked.rooms["M-214"]).found) == ["A1"]
    with pytest.raises(Refusal, match="You may not close counts: it needs the role supervisor"):
        bob.write(close_campaign, campaign)


def test_shelves_belong_to_their_store(office, stocked, campaign, register):
    opened = office.write(count_item, campaign, 0, stocked.door("S1-03"))
    assert opened.room_id == stocked.rooms["S1"]
    assert office.write(count_item, campaign, opened.room_id, stocked.tag("C1")).what is What.HERE
    office.write(close_campaign, campaign)
    assert register()["C1"][1] == "S1-03"


def test_retired_and_disposed(office, stocked, campaign):
    office.write(replace_tag, stocked.tag("A1"), "Torn.")
    worn = office.write(count_item, campaign, stocked.rooms["M-214"], stocked.tag("A1"))
    assert worn.what is What.HERE
    assert worn.said.endswith("Its tag is retired; the new one is to be printed and put on.")

    insert(office, lambda session: dispose(session, [stocked.assets["A2"]]))
    gone = office.write(count_item, campaign, stocked.rooms["M-214"], stocked.tag("A2"))
    assert gone.what is What.EXCEPTION
    assert gone.said == "A2 has been disposed and is here all the same. It is kept for the supervisor."


def test_the_list_is_frozen(office, stocked, campaign, register, clock):
    wanted = CampaignItem.__table__.select().order_by(CampaignItem.asset_id)
    before = rows(office, wanted)
    clock.now += timedelta(minutes=1)
    office.write(move_assets, [stocked.assets["A1"]], stocked.rooms["M-118"])
    office.write(change_state, [stocked.assets["A2"]], State.UNDER_REPAIR)
    assert rows(office, wanted) == before
    made = office.write(count_item, campaign, stocked.rooms["M-118"], stocked.tag("A1"))
    assert made.what is What.ELSEWHERE
    office.write(mark_missing, campaign, stocked.rooms["M-214"])
    clock.now += timedelta(minutes=1)
    office.write(change_state, [stocked.assets["A3"]], State.UNDER_REPAIR, "the chair was at the workshop")
    office.write(close_campaign, campaign)
    after = register()
    assert (after["A2"][0], after["A3"][0], after["A4"][0]) == (State.MISSING, State.UNDER_REPAIR, State.MISSING)


def test_rooms_are_finished_reopened_and_closed(office, stocked, campaign, register):
    room = stocked.rooms["M-214"]
    for number in ("A1", "A2", "A3"):
        office.write(count_item, campaign, room, stocked.tag(number))
    with pytest.raises(Refusal, match=r"1 asset is still to be found in M-214\. Scan them, or mark"):
        office.write(finish_room, campaign, room)
    with pytest.raises(Refusal, match="still being counted"):
        office.write(close_room, campaign, room)
    office.write(mark_missing, campaign, room)
    done = office.write(finish_room, campaign, room)
    assert done.said == "M-214 is counted."
    undo(office, done)
    office.write(finish_room, campaign, room)
    office.write(count_item, campaign, room, stocked.tag("B1"))
    assert {r.code: r.state for r in office.read(progress_by_room, campaign)}["M-214"] == "counting"
    office.write(reopen_room, campaign, room)
    office.write(finish_room, campaign, room)
    told = []
    assert office.write(close_room, campaign, room).said.startswith("M-214 closed: 5 assets counted, 1 place corrected")
    assert register()["A4"][0] == State.MISSING
    late = office.write(count_item, campaign, room, stocked.tag("A4"))
    assert (late.what, late.good) == (None, False)
    assert late.said.startswith("M-214 is closed in Count 2026")
    assert [line.text for line in office.read(unknown_scans)] == [stocked.tag("A4")]
    with pytest.raises(Refusal, match="closed already"):
        office.write(close_room, campaign, room)
    office.write(count_item, campaign, stocked.rooms["M-118"], stocked.tag("A4"))
    from cbo_desk.progress import Progress

    office.write(close_campaign, campaign, Progress(lambda done, total: told.append((done, total))))
    assert told[-1][0] == told[-1][1] > 0
    assert register()["A4"] == (State.IN_SERVICE, "M-118", "")


def test_after_closing_nothing_scanned_is_lost(office, stocked, campaign):
    office.write(close_campaign, campaign)
    late = office.write(count_item, campaign, stocked.rooms["M-214"], stocked.tag("A1"))
    assert late.said.startswith("Count 2026 was closed by ada on 24 Aug 2026, 09:00: nothing in it can be changed")
    assert [line.text for line in office.read(unknown_scans)] == [stocked.tag("A1")]
    for deed, args in ((open_room, (stocked.rooms["M-214"],)), (mark_missing, (stocked.rooms["M-214"],)),
                       (take_back_counts, ((1,),)), (close_campaign, ())):  # fmt: skip
        with pytest.raises(Refusal, match="was closed by ada"):
            office.write(deed, campaign, *args)


def test_scopes_and_samples(office, stocked):
    one = office.write(open_campaign, "Room", Scope(place_ids=(stocked.rooms["S1"],)))
    assert one.said == "Room is open: 4 assets to find."
    assert [room.code for room in office.read(progress_by_room, one.ids[0])] == ["S1"]
    drawn = office.write(open_campaign, "Sample", Scope(percent=20.0), 7)
    again = office.write(open_campaign, "Sample", Scope(percent=20.0), 7)
    assert office.read(campaign_card, drawn.ids[0]).line.expected == sample_size(12, 20) == 3
    chosen = [
        sorted(rows(office, CampaignItem.__table__.select().with_only_columns(CampaignItem.asset_id).where(
            CampaignItem.campaign_id == made.ids[0]
        )))
        for made in (drawn, again)
    ]  # fmt: skip
    assert chosen[0] == chosen[1]
    assert [line.name for line in office.read(campaigns)] == ["Sample", "Sample", "Room"]
    with pytest.raises(Refusal, match="Nothing in the register fits"):
        office.write(open_campaign, "None", Scope(category_ids=(99,)))
    with pytest.raises(Refusal, match="at most 100 per cent"):
        office.write(open_campaign, "None", Scope(percent=101))
    with pytest.raises(Refusal, match="Give the count a name"):
        office.write(open_campaign, " ", Scope())


def test_the_report(office, stocked, campaign, tmp_path):
    room = stocked.rooms["M-214"]
    office.write(count_item, campaign, room, stocked.tag("A1"))
    office.write(count_item, campaign, room, stocked.tag("C1"))
    office.write(count_item, campaign, room, "KE-2207")
    office.write(mark_missing, campaign, room)
    office.write(close_campaign, campaign)
    told = {row[1]: (row[0], row[4], row[5]) for row in office.read(report_rows, campaign)}
    assert told["A1"] == ("Found here", "M-214", "M-214")
    assert told["C1"] == ("Found elsewhere", "S1-03", "M-214")
    assert told["A2"] == ("Missing", "M-214", "")
    assert told["B1"] == ("Not counted", "M-118", "")
    assert told["KE-2207"][0] == "Unknown tag"
    assert len(told) == 13
    assert write_report(office, campaign, tmp_path / "count.xlsx") == 13
    sheet = openpyxl.load_workbook(tmp_path / "count.xlsx").active
    assert {row[1]: row[0] for row in sheet.iter_rows(min_row=2, values_only=True)} == {
        k: v[0] for k, v in told.items()
    }
    assert write_report(office, campaign, tmp_path / "count.pdf", differences=True) == 12
    assert places_to_sign(tmp_path / "count.pdf") == [3]
    assert (tmp_path / "count.pdf").read_bytes().startswith(b"%PDF")
