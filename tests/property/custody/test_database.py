"""What is written about a handover stands still: every attack by SQL with the application's own rights is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from alembic import command
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from cbo_desk.property.custody import Kind, Order, hand_over_assets, reverse_handover, sign_handover
from cbo_desk.refusals import sentence_for
from db import guard, migrate, triggers
from db.custody import Handover, HandoverItem
from tests.conftest import MORNING
from tests.writing import rows

_ITEM = (
    "INTO handover_item (handover_id, asset_id, inventory_no, description, serial, entity_code, condition, tag_code, "
    "from_state, from_name, from_place, to_state, to_name, to_place) "
    "VALUES ({of}, {asset}, 'X', 'x', '', '', '', '', 'in_store', '', '', 'in_service', '', '')"
)
_HANDOVER = "INTO handover (id, reference, kind, at, by, items, taker_id, taker_name{names}) VALUES "
_AT = "'2026-08-24T06:00:00.000000Z'"
ATTACKS = {
    "change who took": "UPDATE handover SET taker_name = 'Eve', taker_id = {grace} WHERE id = 2",
    "change who took and sign": "UPDATE handover SET signed_by = 'x', signed_at = at, taker_id = {grace} WHERE id = 2",
    "change the day": "UPDATE handover SET at = '2020-01-01T06:00:00.000000Z' WHERE id = 2",
    "change the count": "UPDATE handover SET items = 9 WHERE id = 2",
    "sign again": "UPDATE handover SET signed_by = 'Eve' WHERE id = 1",
    "take the signature off": "UPDATE handover SET signed_at = NULL, signed_by = '', signature = '[]' WHERE id = 1",
    "draw another": "UPDATE handover SET signature = '[[[1, 1, 0], [2, 2, 1]]]' WHERE id = 1",
    "delete a handover": "DELETE FROM handover WHERE id = 2",
    "change a line": "UPDATE handover_item SET inventory_no = 'X' WHERE handover_id = 2",
    "delete a line": "DELETE FROM handover_item WHERE handover_id = 2",
    "add a line": "INSERT " + _ITEM.format(of=2, asset="{other}"),
    "reverse twice": "INSERT "
    + _HANDOVER.format(names=", reverses_id")
    + f"(99, 'HO-99', 'reversal', {_AT}, 'eve', 1, {{erik}}, 'E', 3)",
    "a loan for ever": "INSERT "
    + _HANDOVER.format(names="")
    + f"(99, 'HO-99', 'lend', {_AT}, 'eve', 1, {{erik}}, 'E')",
    "an issue to nobody": f"INSERT INTO handover (reference, kind, at, by, items) VALUES ('X', 'issue', {_AT}, 'e', 1)",
    "a return to nowhere": "INSERT INTO handover (reference, kind, at, by, items) "
    f"VALUES ('X', 'return', {_AT}, 'e', 1)",
    "an extension for ever": "INSERT "
    + _HANDOVER.format(names="")
    + f"(99, 'HO-99', 'extend', {_AT}, 'eve', 1, {{erik}}, 'E')",
    "forget who took": "DELETE FROM person WHERE id = {erik}",
    "change an answer": "UPDATE custody_answer SET answer = 'disputed', note = 'x'",
    "delete an answer": "DELETE FROM custody_answer",
    "an unexplained dispute": "INSERT INTO custody_answer (asset_id, person_id, at, by, answer, note, inventory_no) "
    f"VALUES ({{asset}}, {{erik}}, {_AT}, 'e', 'disputed', '', 'A1')",
}
ON_FILE = {
    "replace a handover": "INSERT OR REPLACE " + _HANDOVER.format(names="")
    + f"(2, 'HO-77', 'issue', {_AT}, 'eve', 1, {{erik}}, 'E')",
    "replace by the reference": "INSERT OR REPLACE " + _HANDOVER.format(names="")
    + f"(77, 'HO-0002', 'issue', {_AT}, 'eve', 1, {{erik}}, 'E')",
    "replace a reversal": "INSERT OR REPLACE " + _HANDOVER.format(names=", reverses_id")
    + f"(77, 'HO-77', 'reversal', {_AT}, 'eve', 1, {{erik}}, 'E', 3)",
    "replace a line": "INSERT OR REPLACE " + _ITEM.format(of=2, asset="{asset}"),
    "replace by an update": "UPDATE OR REPLACE handover SET id = 1 WHERE id = 2",
}  # fmt: skip
ON_SERVER = {
    "empty the lines": "TRUNCATE handover_item",
    "empty all": "TRUNCATE handover CASCADE",
    "empty the answers": "TRUNCATE custody_answer",
}


@pytest.fixture
def written(office, shop):
    """Handover 1 is signed, 2 is not, 3 is reversed by 4, and one answer is kept."""
    first, second, third = (
        office.write(hand_over_assets, [asset], Order(Kind.ISSUE, shop.erik)).handover_id for asset in shop.all[:3]
    )
    office.write(sign_handover, first, "Erik", [], True)
    office.write(reverse_handover, third)
    assert (first, second, third) == (1, 2, 3)
    names = {"asset": shop.all[1], "other": shop.all[5], "erik": shop.erik, "grace": shop.grace}
    with office.engine.begin() as connection:
        connection.execute(text(
            "INSERT INTO custody_answer (asset_id, person_id, at, by, answer, inventory_no) "
            f"VALUES ({names['asset']}, {names['erik']}, {_AT}, 'e', 'confirmed', 'A2')"
        ))  # fmt: skip
    return names


def attack(office, statement, names):
    with office.engine.begin() as connection:
        connection.exec_driver_sql(statement.format(**names))


def attacks(office):
    own = ON_FILE if office.engine.dialect.name == "sqlite" else ON_SERVER
    return {**ATTACKS, **own}


def test_every_attack_is_refused_with_a_sentence(office, written):
    for name, statement in attacks(office).items():
        with pytest.raises(IntegrityError) as caught:
            attack(office, statement, written)
        said = sentence_for(caught.value)
        assert re.fullmatch(r"(?!.*database refuses).*\.", said), f"{name}: {said}"


def test_the_attacks_would_work_without_the_rules(office, written):
    """The negative control: with the triggers gone, what they alone hold back goes through."""
    with office.engine.begin() as connection:
        if office.engine.dialect.name == "sqlite":
            for item in triggers.for_sqlite():
                if item.table in ("handover", "handover_item", "custody_answer"):
                    connection.exec_driver_sql(f"DROP TRIGGER {item.name}")
        else:
            for table in ("handover", "handover_item", "custody_answer"):
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for name in ("draw another", "change who took", "sign again", "add a line", "change a line", "change an answer"):
        attack(office, ATTACKS[name], written)


def test_a_signature_is_added_once(office, written):
    sign = "UPDATE handover SET signed_by = 'Erik', signed_at = at, signature = '[[[1, 1, 0]]]' WHERE id = 2"
    attack(office, sign, written)
    with pytest.raises(IntegrityError, match="handover_signed_once"):
        attack(office, sign, written)


_LONGER = (
    "INSERT INTO handover_item (handover_id, asset_id, inventory_no, description, serial, entity_code, condition, "
    "tag_code, from_state, from_person_id, from_name, from_place_id, from_place, from_due_on, to_state, to_person_id, "
    "to_name, to_place_id, to_place, to_due_on) VALUES (50, {asset}, 'A', 'x', '', '', '', '', '{was}', {who}, 'E', "
    "{store}, 'S1', {due}, '{now}', {takes}, 'E', {goes}, 'S1', {day})"
)
_WELL = {"was": "on_loan", "now": "on_loan", "due": "'2026-08-27'", "day": "'2026-09-03'"}
_DRAWN_OUT = {
    "to the day that stands": {"day": "'2026-08-27'", "paper": "2026-08-27"},
    "to an earlier day": {"day": "'2026-08-25'", "paper": "2026-08-25"},
    "to no day": {"day": "NULL"},
    "to another day than the paper says": {"day": "'2026-09-04'"},
    "from a day that never stood": {"due": "'2026-08-20'"},
    "from no day": {"due": "NULL"},
    "of what is in store": {"asset": "{other}", "due": "NULL"},
    "to be in service": {"now": "in_service"},
    "from being in store": {"was": "in_store"},
    "for another borrower": {"takes": "{grace}"},
    "from another borrower": {"who": "{grace}"},
    "to another place": {"goes": "{room}"},
}


def test_a_loan_is_extended_onwards_or_not_at_all(office, shop):
    lend = Order(Kind.LEND, shop.erik, due_on=MORNING.date() + timedelta(days=3))
    office.write(hand_over_assets, shop.all[:1], lend)
    names = {
        "asset": shop.all[0], "other": shop.all[5], "who": shop.erik, "takes": shop.erik, "grace": shop.grace,
        "store": shop.store, "goes": shop.store, "room": shop.places["M-214"],
    }  # fmt: skip

    def insert(paper="2026-09-03", at=_AT, **parts):
        line = {**_WELL, **names, **{key: str(part).format(**names) for key, part in parts.items()}}
        with office.engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO handover (id, reference, kind, at, by, items, taker_id, taker_name, due_on) "
                f"VALUES (50, 'HO-50', 'extend', {at}, 'eve', 1, {shop.erik}, 'Lindqvist, Erik', '{paper}')"
            )
            connection.exec_driver_sql(_LONGER.format(**line))

    for what, parts in _DRAWN_OUT.items():
        with pytest.raises(IntegrityError, match="loan_stretched_onwards") as caught:
            insert(**parts)
        assert sentence_for(caught.value).startswith("A loan is extended for who has it"), what
    with pytest.raises(IntegrityError, match="loan_stretched_onwards"):
        insert(at="'2026-09-05T06:00:00.000000Z'")  # the new day was over when it was written
    insert()  # the control: nothing else stood in the way


def test_an_older_schema_learns_of_extensions_and_forgets_them(office, shop):
    """The lines go on naming their handovers while SQLite makes the table of handovers anew, both ways."""
    lend = Order(Kind.LEND, shop.erik, due_on=MORNING.date() + timedelta(days=3))
    first = office.write(hand_over_assets, shop.all[:2], lend)
    longer = replace(lend, kind=Kind.EXTEND, due_on=MORNING.date() + timedelta(days=9))
    office.write(hand_over_assets, shop.all[:1], longer)
    office.write(sign_handover, first.handover_id, "Erik", [], True)
    wanted = select(Handover.id, Handover.kind, Handover.due_on, Handover.signed_by, HandoverItem.inventory_no).join(
        HandoverItem, HandoverItem.handover_id == Handover.id
    )
    before = rows(office, wanted.order_by(HandoverItem.id))
    assert [row[1] for row in before] == ["lend", "lend", "extend"]
    config = migrate.configuration()
    with office.engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0027")
    assert [row[1] for row in rows(office, wanted.order_by(HandoverItem.id))] == ["lend", "lend", "lend"]
    migrate.upgrade(office.engine)
    assert guard.deviations(office.engine) == []
    after = rows(office, wanted.order_by(HandoverItem.id))
    assert [(row[0], *row[2:]) for row in after] == [(row[0], *row[2:]) for row in before]
    with pytest.raises(IntegrityError):
        attack(office, "DELETE FROM handover WHERE id = 1", {})
    if office.engine.dialect.name == "sqlite":
        with office.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
