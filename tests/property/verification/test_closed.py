"""What is closed stands still: every attack by SQL with the application's own rights is refused, on both engines."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from cbo_desk.property.verification import Scope, close_campaign, close_room, count_item, finish_room, open_campaign
from cbo_desk.refusals import sentence_for
from db import triggers
from db.migrate import upgrade
from tests.furnished import made_once
from tests.property.conftest import small_compound
from tests.property.verification.conftest import stock

ATTACKS = {
    "add a count": "INSERT INTO campaign_count (campaign_id, room_id, at, by, workstation, what, text) "
    "VALUES (1, {room}, '2026-08-24T06:00:00.000000Z', 'eve', 'X', 'unknown', 'x')",
    "change a count": "UPDATE campaign_count SET what = 'here' WHERE campaign_id = 1",
    "delete a count": "DELETE FROM campaign_count WHERE campaign_id = 1",
    "take a count back": "INSERT INTO campaign_count (campaign_id, room_id, at, by, workstation, what, undoes_id) "
    "VALUES (1, {room}, '2026-08-24T06:00:00.000000Z', 'eve', 'X', 'taken_back', 1)",
    "take it back from another campaign": "INSERT INTO campaign_count (campaign_id, room_id, at, by, workstation, "
    "what, undoes_id) VALUES (2, {room}, '2026-08-24T06:00:00.000000Z', 'eve', 'X', 'taken_back', 1)",
    "carry a count over": "UPDATE campaign_count SET campaign_id = 2 WHERE campaign_id = 1",
    "add to the list": "INSERT INTO campaign_item (campaign_id, asset_id, room_id, inventory_no, description, "
    "entity_code, category, place_code, custodian_name, state, condition) "
    "VALUES (1, {new}, {room}, 'E1', 'x', 'x', '', 'x', '', 'in_store', '')",
    "add to an open list": "INSERT INTO campaign_item (campaign_id, asset_id, room_id, inventory_no, description, "
    "entity_code, category, place_code, custodian_name, state, condition) "
    "VALUES (2, {new}, {room}, 'E1', 'x', 'x', '', 'x', '', 'in_store', '')",
    "change the list": "UPDATE campaign_item SET description = 'x' WHERE campaign_id = 1",
    "shorten the list": "DELETE FROM campaign_item WHERE campaign_id = 1 "
    "AND asset_id = (SELECT min(asset_id) FROM campaign_item WHERE campaign_id = 1)",
    "thaw an open list": "UPDATE campaign SET expected = NULL WHERE id = 2",
    "add a room": "INSERT INTO campaign_room (campaign_id, place_id, place_code) VALUES (1, 999, 'X')",
    "change a room": "UPDATE campaign_room SET finished_by = 'eve' WHERE campaign_id = 1",
    "reopen a room": "UPDATE campaign_room SET closed_at = NULL, closed_by = '' WHERE campaign_id = 1",
    "reopen a room of an open campaign": "UPDATE campaign_room SET closed_at = NULL WHERE campaign_id = 2 "
    "AND place_id = {room}",
    "count in a closed room": "INSERT INTO campaign_count (campaign_id, room_id, at, by, workstation, what, text) "
    "VALUES (2, {room}, '2026-08-24T06:00:00.000000Z', 'eve', 'X', 'unknown', 'x')",
    "carry a room over": "UPDATE campaign_room SET campaign_id = 1, place_id = 998 WHERE campaign_id = 2 "
    "AND place_id <> {room}",
    "delete a room": "DELETE FROM campaign_room WHERE campaign_id = 1",
    "reopen it": "UPDATE campaign SET closed_at = NULL, closed_by = '' WHERE id = 1",
    "rename it": "UPDATE campaign SET name = 'x' WHERE id = 1",
    "renumber it": "UPDATE campaign SET id = 9 WHERE id = 1",
    "delete it": "DELETE FROM campaign WHERE id = 1",
}
ON_FILE = {
    "replace it": "INSERT OR REPLACE INTO campaign (id, reference, name, scope, opened_at, opened_by) "
    "VALUES (1, 'X', 'x', '{{}}', '2026-08-24T06:00:00.000000Z', 'eve')",
    "replace it by its reference": "INSERT OR REPLACE INTO campaign (reference, name, scope, opened_at, opened_by) "
    "VALUES ('COUNT-0001', 'x', '{{}}', '2026-08-24T06:00:00.000000Z', 'eve')",
    "replace by an update": "UPDATE OR REPLACE campaign SET id = 1 WHERE id = 2",
    "replace a count": "INSERT OR REPLACE INTO campaign_count (id, campaign_id, room_id, at, by, workstation, what) "
    "VALUES (1, 2, {room}, '2026-08-24T06:00:00.000000Z', 'eve', 'X', 'here')",
    "replace a room": "INSERT OR REPLACE INTO campaign_room (campaign_id, place_id, place_code) "
    "VALUES (1, {room}, 'X')",
}
ON_SERVER = {
    "empty the counts": "TRUNCATE campaign_count",
    "empty all": "TRUNCATE campaign CASCADE",
}


@made_once
def close(office):
    """Campaign 1 is closed; campaign 2 is open but for its room M-214."""
    stocked = stock(office, small_compound(office))
    room = stocked.rooms["M-214"]
    for name in ("Closed", "Open"):
        campaign = office.write(open_campaign, name, Scope(place_ids=tuple(stocked.rooms.values()))).ids[0]
        for number in ("A1", "A2", "A3", "A4"):
            office.write(count_item, campaign, room, stocked.tag(number))
        office.write(finish_room, campaign, room)
        office.write(close_campaign if name == "Closed" else close_room, campaign, *([room] if name == "Open" else []))
    return {"room": room, "new": 999}


@pytest.fixture
def closed(office):
    """See `close`."""
    return close(office)


def run(office, statement):
    with office.engine.begin() as connection:
        connection.exec_driver_sql(statement.replace("%", "%%"))


def test_every_attack_is_refused(office, closed):
    server = office.engine.dialect.name == "postgresql"
    for attack, statement in {**ATTACKS, **(ON_SERVER if server else ON_FILE)}.items():
        with pytest.raises(IntegrityError) as refusal:
            run(office, statement.format(**closed))
        said = sentence_for(refusal.value)
        assert said.startswith(("This count", "The list of", "This room is closed", "What has been recorded",
                                "This scan was taken back", "Another count")), (attack, said)  # fmt: skip


def test_another_tool_cannot_replace_either(office, closed):
    """Tools of others run SQLite without recursive triggers: then a replaced row is deleted without a word."""
    if office.engine.dialect.name == "postgresql":
        return
    with office.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA recursive_triggers=OFF")
        connection.commit()
        for statement in ON_FILE.values():
            with pytest.raises(IntegrityError):
                connection.exec_driver_sql(statement.format(**closed))
            connection.rollback()
        connection.exec_driver_sql("PRAGMA recursive_triggers=ON")


CONTROLS = ("change a count", "shorten the list", "rename it", "change a room", "add a count")


def test_without_its_triggers_the_attack_works(office, closed):
    """The control: it is the trigger that refuses, not a slip in the statement."""
    server = office.engine.dialect.name == "postgresql"
    for item in triggers.for_server() if server else triggers.for_sqlite():
        if item.table.startswith("campaign"):
            run(office, f"DROP TRIGGER {item.name}" + (f" ON {item.table}" if server else ""))
    for attack in CONTROLS:
        run(office, ATTACKS[attack].format(**closed))
    upgrade(office.engine)
    for attack in CONTROLS:
        with pytest.raises(IntegrityError):
            run(office, ATTACKS[attack].format(**closed))
