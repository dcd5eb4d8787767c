from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from cbo_desk.errors import Faults, Refusal
from cbo_desk.permissions import Actor, Role, reads
from cbo_desk.property import (
    AssetFilter,
    AssetList,
    State,
    asset_card,
    change_state,
    edit_asset,
    figures,
    move_assets,
    receive_assets,
)
from cbo_desk.property.custody import Kind, Order, hand_over_assets
from cbo_desk.search import find
from cbo_desk.tags import carriers, never_printed, resolve
from cbo_desk.tags.carriers import formats
from db.property import Asset, AssetEvent
from db.records import AuditEntry
from tests.demo import demo
from tests.disposing import dispose
from tests.writing import insert, rows


def receive(office, form, *numbers):
    return office.write(receive_assets, form, numbers).ids


def card(office, asset_id):
    return office.read(asset_card, asset_id)


def undo(office, changes):
    return office.write(changes.undo.command, *changes.undo.args)


def standing(office):
    columns = (Asset.id, Asset.inventory_no, Asset.state, Asset.state_since, Asset.place_code, Asset.custodian_name)
    return rows(office, select(*columns).order_by(Asset.id))


def test_a_received_asset_has_a_tag_that_opens_it(office, laptop):
    [ident] = receive(office, laptop)
    shown = card(office, ident)
    answer = office.read(resolve, shown.code.lower())
    assert (answer.opened.kind, answer.opened.record_id, answer.opened.title) == ("property.asset", ident, "UNEP-1")
    assert shown.state is State.IN_STORE
    assert [event.said for event in shown.events] == ["Received on PO 4500-2817."]
    assert [line.tag_id for line in office.read(never_printed, "property.asset")]


@pytest.mark.parametrize("typed", ["unep-1", "UNEP-1", " 7hq2k94 ", "7HQ2K94"])
def test_number_and_serial_open_it_too(office, laptop, typed):
    [ident] = receive(office, laptop)
    assert office.read(resolve, typed).opened.record_id == ident


def test_a_tag_of_ours_is_known_without_the_formats_of_all_carriers(office, laptop):
    [ident] = receive(office, laptop)
    code = card(office, ident).code
    formats.cache_clear()
    carriers._by_length.cache_clear()
    assert office.read(resolve, code).opened.record_id == ident
    assert formats.cache_info().currsize == 0
    assert office.read(resolve, "1Z999AA10123456784").opened is None
    assert formats.cache_info().currsize == 1, "a carrier's number asks for them: the first half would tell"


def test_a_delivery_of_several_has_a_number_each(office, laptop):
    ids = receive(office, laptop, "UNEP-7", "UNEP-8", "UNEP-9")
    assert [card(office, ident).form.inventory_no for ident in ids] == ["UNEP-7", "UNEP-8", "UNEP-9"]
    assert len({card(office, ident).code for ident in ids}) == 3


def test_the_same_number_twice_leaves_nothing(office, laptop):
    receive(office, laptop)
    with pytest.raises(Refusal, match="already has an asset with that inventory number"):
        receive(office, laptop, "UNEP-2", "UNEP-1")
    assert office.read(figures).total == 1


def test_another_entity_may_use_the_same_number(office, laptop, compound):
    receive(office, laptop)
    receive(office, replace(laptop, entity_id=compound.wfp))
    assert office.read(figures).total == 2


def hand_over(office, ids, person):
    """Give assets to a person: those nobody has, wherever they stand."""
    return office.write(hand_over_assets, ids, Order(Kind.ISSUE, person))


def test_faults_stand_beside_their_fields(office, laptop):
    bad = replace(laptop, inventory_no=" ", cost_cents=-1, acquired_on=date(2031, 1, 1), currency="dollars")
    with pytest.raises(Faults) as refused:
        receive(office, bad)
    assert set(refused.value.faults) == {"inventory_no", "cost_cents", "acquired_on", "currency"}


def test_move_hand_over_return_and_back_again(office, laptop, compound):
    ids = receive(office, laptop, "A-1", "A-2")
    before = standing(office)
    moved = office.write(move_assets, ids, compound.places["M-214"])
    given = hand_over(office, ids, compound.erik)
    assert {row[2:] for row in standing(office)} == {("in_service", date(2026, 8, 24), "M-214", "Lindqvist, Erik")}
    returned = office.write(hand_over_assets, ids, Order(Kind.RETURN, None, compound.places["S1"]))
    assert {row[2:] for row in standing(office)} == {("in_store", date(2026, 8, 24), "S1", "")}
    for changes in (returned, given, moved):
        undo(office, changes)
    assert standing(office) == before


def test_undo_is_refused_once_somebody_touched_it(office, laptop, compound):
    ids = receive(office, laptop)
    moved = office.write(move_assets, ids, compound.places["M-214"])
    hand_over(office, ids, compound.erik)
    with pytest.raises(Refusal, match="changed since"):
        undo(office, moved)


def test_an_undone_deed_can_be_done_again(office, laptop, compound):
    ids = receive(office, laptop)
    office.write(move_assets, ids, compound.places["M-214"])
    after = standing(office)
    undone = undo(office, office.write(change_state, ids, State.MISSING, "not in its room"))
    assert standing(office) == after
    undo(office, undone)
    assert card(office, ids[0]).state is State.MISSING


def test_a_move_to_where_it_stands_is_refused(office, laptop, compound):
    ids = receive(office, laptop, "A-1", "A-2")
    office.write(move_assets, ids[:1], compound.places["M-214"])
    with pytest.raises(Refusal, match="A-1: already in M-214"):
        office.write(move_assets, ids[:1], compound.places["M-214"])
    assert office.write(move_assets, ids, compound.places["M-214"]).said == "A-2 moved to M-214."


def test_redo_says_that_it_is_done_again(office, laptop, compound):
    ids = receive(office, laptop)
    undone = undo(office, office.write(move_assets, ids, compound.places["M-214"]))
    assert undone.said == "UNEP-1 put back."
    assert undo(office, undone).said == "UNEP-1: done again."


def test_nobody_who_left_is_handed_anything(office, laptop, compound):
    ids = receive(office, laptop)
    with pytest.raises(Refusal, match="left on 31 Jan 2026"):
        hand_over(office, ids, compound.gone)


def test_a_taken_back_receipt_frees_the_number(office, laptop):
    received = office.write(receive_assets, laptop, ())
    undo(office, received)
    assert office.read(figures).total == 0
    assert [hit for hit in office.read(find, "latitude") if not hit.near] == []
    receive(office, laptop)
    assert office.read(figures).total == 1


def test_a_used_asset_is_not_taken_back(office, laptop, compound):
    received = office.write(receive_assets, laptop, ())
    office.write(move_assets, received.ids, compound.places["M-214"])
    with pytest.raises(Refusal, match="has been used since"):
        undo(office, received)


def test_two_editors_of_one_asset(office, laptop):
    [ident] = receive(office, laptop)
    first = card(office, ident)
    office.write(edit_asset, ident, first.version, replace(first.form, description="Laptop, mended"))
    with pytest.raises(Refusal, match="ada changed UNEP-1 in the meantime: the description from .* to Laptop, mended"):
        office.write(edit_asset, ident, first.version, replace(first.form, notes="mine"))
    assert card(office, ident).form.description == "Laptop, mended"


def test_an_edit_is_found_by_its_new_words_and_undone(office, laptop):
    [ident] = receive(office, laptop)
    first = card(office, ident)
    changed = office.write(edit_asset, ident, first.version, replace(first.form, serial="NEW777", notes="x"))
    assert [hit.record_id for hit in office.read(find, "new777")] == [ident]
    assert [hit for hit in office.read(find, "7hq2k94") if not hit.near] == []
    undo(office, changed)
    assert card(office, ident).form == first.form
    assert [hit.record_id for hit in office.read(find, "7hq2k94")] == [ident]


def test_disposed_assets_stand_still(office, laptop, compound):
    [ident] = receive(office, laptop)
    insert(office, dispose)
    with pytest.raises(Refusal, match="has been disposed"):
        office.write(move_assets, [ident], compound.places["S1"])


def test_a_viewer_looks_but_does_not_touch(office, laptop):
    [ident] = receive(office, laptop)
    office.actor = Actor("eve", "Eve", {"property": Role.VIEWER})
    assert card(office, ident).form.inventory_no == "UNEP-1"
    with pytest.raises(Refusal, match="You may not move assets"):
        office.write(move_assets, [ident], 1)
    office.actor = Actor("eve", "Eve", {})
    with pytest.raises(Refusal, match="look at the register"):
        card(office, ident)


def test_every_deed_is_audited_with_before_and_after(office, laptop, compound):
    ids = receive(office, laptop)
    office.write(move_assets, ids, compound.places["M-214"])
    command, touched, said = rows(
        office, select(AuditEntry.command, AuditEntry.touched, AuditEntry.said).order_by(AuditEntry.seq.desc())
    )[0]
    assert (command, said) == ("property.move_assets", "UNEP-1 moved to M-214.")
    assert touched[f"property.asset:{ids[0]}"]["place_code"] == ["", "M-214"]


def test_renaming_a_place_renames_it_on_every_asset(office, laptop, compound):
    ids = receive(office, laptop)
    office.write(move_assets, ids, compound.places["M-214"])
    insert(office, lambda s: s.execute(text("UPDATE place SET code = 'M-215' WHERE code = 'M-214'")))
    assert card(office, ids[0]).place == "M-215"


def test_the_register_is_what_the_events_add_up_to(office, laptop, compound):
    ids = receive(office, laptop, *[f"N-{n}" for n in range(20)])
    office.write(move_assets, ids[3:9], compound.places["M-214"])
    hand_over(office, ids[5:12], compound.erik)
    office.write(change_state, ids[6:7], State.UNDER_REPAIR, "screen")
    newest = select(func.max(AssetEvent.id)).group_by(AssetEvent.asset_id)
    told = select(AssetEvent.asset_id, AssetEvent.state, AssetEvent.place_code, AssetEvent.custodian_name)
    kept = select(Asset.id, Asset.state, Asset.place_code, Asset.custodian_name)
    assert sorted(rows(office, told.where(AssetEvent.id.in_(newest)))) == sorted(rows(office, kept))


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE asset_event SET said = 'nothing'",
        "DELETE FROM asset_event",
        "UPDATE asset SET cost_cents = -1",
        "UPDATE asset SET state = 'stolen'",
        "UPDATE asset SET place_code = 'ELSEWHERE'",
        "UPDATE asset SET parent_id = id",
        "UPDATE asset SET inventory_no = ''",
    ],
)
def test_the_database_defends_the_register(office, laptop, compound, attack):
    ids = receive(office, laptop)
    office.write(move_assets, ids, compound.places["M-214"])
    with pytest.raises(DBAPIError):
        insert(office, lambda s: s.execute(text(attack)))


def test_filters_agree_with_counting_by_hand(office, laptop, compound):
    ids = receive(office, laptop, *[f"N-{n:02}" for n in range(30)])
    office.write(move_assets, ids[:12], compound.places["M-214"])
    hand_over(office, ids[6:20], compound.erik)

    def shown(**parts):
        return {line.id for line in office.read(AssetList(AssetFilter(**parts)).first)}

    assert shown(place_path=compound.site) == set(ids[:12])
    assert shown(custodian_id=compound.erik) == set(ids[6:20])
    assert shown(states=(State.IN_SERVICE,), place_path=compound.site) == set(ids[6:12])
    assert shown(words="n-07") == {ids[7]}
    assert shown(words="latitude dell", cost_from=168_400, cost_to=168_400) == set(ids)
    assert shown(cost_from=168_401) == set()
    assert shown(never_printed=True, entities=("UNEP",)) == set(ids)
    assert shown(acquired_from=date(2026, 1, 30), acquired_to=date(2026, 1, 30)) == set(ids)


@pytest.mark.parametrize("sort", ["inventory_no", "place", "custodian", "entity", "cost", "state", "changed", "serial"])
@pytest.mark.parametrize("descending", [True, False])
def test_pages_meet_without_gap_in_every_order(sqlite_office, clock, sort, descending):
    office = sqlite_office
    demo(office, 0.5, 3)
    clock.now += timedelta(days=1)
    listing = AssetList(sort=sort, descending=descending)
    outline = office.read(listing.outline)
    seen = [line for start in outline.starts for line in office.read(listing.page, start, 200)]
    assert len(seen) == outline.total == len({line.id for line in seen}) == 600
    assert [line.key for line in seen] == sorted((line.key for line in seen), reverse=descending)


def test_the_chain_holds_after_all_this(office, laptop, compound):
    from cbo_desk.audit import verify

    ids = receive(office, laptop)
    undo(office, office.write(move_assets, ids, compound.places["M-214"]))
    assert office.read(reads("property")(verify)).bad_seq is None
