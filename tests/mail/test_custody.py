"""From hand to hand: what each deed needs, what is refused in words, and what no SQL can change on either engine."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from cbo_desk.errors import Refusal
from cbo_desk.mail import (
    Addressed,
    State,
    Taken,
    What,
    address_item,
    bring_back,
    chain,
    deliver_items,
    dispose_items,
    fail_delivery,
    find_items,
    forward_items,
    hold_items,
    item_card,
    lose_items,
    override_state,
    receive_item,
    refuse_items,
    return_items,
    rules,
    shelve_items,
)
from cbo_desk.refusals import sentence_for
from db import mail, mail_rules, triggers
from db.engine import open_engine
from db.migrate import upgrade
from tests.mail.codes import s10

STROKES = (((0.0, 0.0, 0.0), (10.0, 5.0, 40.0)), ((3.0, 1.0, 90.0),))
AT = "2026-08-24T07:00:00.000000Z"
EVENT = (
    "INSERT INTO mail_event (item_id, at, by, workstation, what, before, state, from_hand, to_hand, shelf_id, "
    f"shelf_code, round_id, proof_id, reason, note) VALUES ({{item}}, '{AT}', 'eve', 'X', "
)


@pytest.fixture
def item(office, compound):
    """One registered letter, received for Samir Haddad."""
    ident = office.write(receive_item, s10(11840227)).ids[0]
    office.write(address_item, ident, Addressed(person_id=compound.people["Samir"]))
    return ident


@pytest.fixture
def letter(office, compound):
    """An ordinary letter without a barcode."""
    return office.write(receive_item, "").ids[0]


def stands(office, ident):
    card = office.read(item_card, ident)
    return card.state, card.shelf, card.holder


# --- ordinary days


def test_a_life_from_the_courier_to_the_addressee(office, compound, item):
    office.write(shelve_items, [item], compound.places["R-02"])
    assert stands(office, item) == (State.SHELVED, "R-02", "Ada Achieng")
    office.write(hold_items, [item], compound.places["H-01"])
    office.write(deliver_items, [item], Taken("Haddad, Samir", compound.people["Samir"], strokes=STROKES))
    assert stands(office, item) == (State.DELIVERED, "", "Haddad, Samir")
    events = office.read(chain, item)
    assert [event.what for event in events] == [What.RECEIVE, What.SHELVE, What.HOLD, What.DELIVER]
    assert (events[0].from_hand, events[0].to_hand) == ("Posta Kenya courier", "Ada Achieng")
    assert (events[3].from_hand, events[3].to_hand) == ("Ada Achieng", "Haddad, Samir")
    assert events[3].proof.how == "signature"
    assert events[3].proof.strokes == STROKES


def test_an_accountable_item_needs_a_signature_or_a_badge(office, compound, item, letter):
    with pytest.raises(Refusal, match="is accountable: whoever takes it signs for it, or shows a badge"):
        office.write(deliver_items, [item], Taken("Haddad, Samir"))
    assert stands(office, item)[0] is State.RECEIVED
    office.write(deliver_items, [item], Taken("Somebody Else", badge=True))
    office.write(deliver_items, [letter], Taken("Haddad, Samir"))
    assert office.read(chain, letter)[-1].proof.how == "name"
    with pytest.raises(Refusal, match="Say who takes it"):
        office.write(deliver_items, [letter], Taken("  "))


def test_one_signature_for_all_or_none_is_delivered(office, compound, item, letter):
    office.write(deliver_items, [letter], Taken("A"))
    with pytest.raises(Refusal, match=r"M-000002 has been delivered already, so it cannot be delivered"):
        office.write(deliver_items, [item, letter], Taken("B", strokes=STROKES))
    assert stands(office, item)[0] is State.RECEIVED


def test_what_is_lost_refused_and_disposed_says_why(office, compound, item, letter):
    for command in (lose_items, refuse_items, return_items, dispose_items):
        with pytest.raises(Refusal, match=r"Say why M-000001 is "):
            office.write(command, [item], " ")
    office.write(lose_items, [item], "not on its shelf")
    with pytest.raises(Refusal, match="is lost, so it cannot be put on a shelf"):
        office.write(shelve_items, [item], compound.places["H-01"])
    office.write(find_items, [item])
    office.write(refuse_items, [item], "not ours")
    office.write(return_items, [item], "refused")
    assert stands(office, item) == (State.RETURNED, "", "Posta Kenya courier")
    with pytest.raises(Refusal, match="Say where it is forwarded to"):
        office.write(forward_items, [letter], "", "moved")
    office.write(forward_items, [letter], "UNOG, Geneva", "moved")
    assert stands(office, letter) == (State.FORWARDED, "", "UNOG, Geneva")


def test_undo_is_a_further_event_and_only_of_the_last_deed(office, compound, item):
    office.write(shelve_items, [item], compound.places["R-02"])
    done = office.write(hold_items, [item], compound.places["H-01"])
    office.write(done.undo.command, *done.undo.args)
    assert stands(office, item) == (State.SHELVED, "R-02", "Ada Achieng")
    assert [event.what for event in office.read(chain, item)][-2:] == [What.HOLD, What.TAKE_BACK]
    with pytest.raises(Refusal, match="has been moved since, so this can no longer be undone"):
        office.write(done.undo.command, *done.undo.args)
    office.write(deliver_items, [item], Taken("H", strokes=STROKES))
    assert office.write(receive_item, "").undo is not None


def test_an_override_needs_a_reason_and_stays_in_the_history(office, item):
    with pytest.raises(Refusal, match="Say why"):
        office.write(override_state, item, State.DELIVERED, "")
    with pytest.raises(Refusal, match="goes out only on a round"):
        office.write(override_state, item, State.OUT, "x")
    office.write(override_state, item, State.DELIVERED, "signed on paper, server was down")
    office.write(override_state, item, State.HELD, "wrong item")
    events = office.read(chain, item)
    assert [event.what for event in events[-2:]] == [What.OVERRIDE, What.OVERRIDE]
    assert events[-2].reason == "signed on paper, server was down"


def test_failed_and_brought_back_only_from_a_round(office, item):
    for command, args in ((fail_delivery, ("nobody there",)), (bring_back, ())):
        with pytest.raises(Refusal, match="M-000001 is received, so it cannot be"):
            office.write(command, [item], *args)


def test_rules_and_database_know_the_same_moves():
    said = {f"{before}>{what}>{after}" for what, move in rules.MOVES.items() for before, after in move.ends.items()}
    assert said == set(mail.MOVES)
    assert {str(state) for state in State} == set(mail.STATES)
    assert {str(what) for what in What} == set(mail.WHATS)
    assert {str(what) for what, move in rules.MOVES.items() if move.reasoned} | {"override"} == set(mail.REASONED)
    assert {str(state) for state in rules.ON_SHELF} == set(mail.ON_SHELF)
    assert {str(state) for state in rules.WITH_MESSENGER} == set(mail.WITH_MESSENGER)


# --- attacks by SQL


ATTACKS = {
    "change an event": "UPDATE mail_event SET note = 'x'",
    "change who signed": "UPDATE mail_proof SET taken_by = 'Eve'",
    "delete an event": "DELETE FROM mail_event",
    "delete a proof": "DELETE FROM mail_proof",
    "delete an item": "DELETE FROM mail_item",
    "say it is delivered": "UPDATE mail_item SET state = 'delivered'",
    "say it is elsewhere": "UPDATE mail_item SET shelf_code = 'H-99'",
    "say another has it": "UPDATE mail_item SET holder = 'Eve'",
    "forget its last event": "UPDATE mail_item SET last_event_id = NULL",
    "renumber it": "UPDATE mail_item SET number = 'X'",
    "receive it earlier": "UPDATE mail_item SET received_at = '2020-01-01T00:00:00.000000Z'",
    "make an item that stands somewhere": "INSERT INTO mail_item (id, number, received_at, received_by, state, "
    f"accountable) VALUES (99, 'X', '{AT}', 'eve', 'delivered', false)",
    "deliver without proof": EVENT + "'deliver', 'shelved', 'delivered', 'a', 'b', NULL, '', NULL, NULL, '', '')",
    "move it from elsewhere": EVENT + "'shelve', 'held', 'shelved', 'a', 'b', NULL, '', NULL, NULL, '', '')",
    "go where no deed leads": EVENT + "'shelve', 'shelved', 'delivered', 'a', 'b', NULL, '', NULL, NULL, '', '')",
    "invent a deed": EVENT + "'eat', 'shelved', 'disposed', 'a', 'b', NULL, '', NULL, NULL, 'x', '')",
    "lose it without a reason": EVENT + "'lose', 'shelved', 'lost', 'a', 'b', NULL, '', NULL, NULL, '', '')",
    "override without a reason": EVENT + "'override', 'shelved', 'disposed', 'a', '', NULL, '', NULL, NULL, '', '')",
    "send it out on no round": EVENT + "'load', 'shelved', 'out', 'a', 'b', NULL, '', NULL, NULL, '', '')",
    "deliver it and keep it on the shelf": EVENT
    + "'override', 'shelved', 'delivered', 'a', 'b', {shelf}, 'H-01', NULL, NULL, 'x', '')",
    "take back nothing": EVENT + "'take_back', 'shelved', 'received', 'a', 'b', NULL, '', NULL, NULL, '', '')",
    "take back the receipt": "INSERT INTO mail_event (item_id, at, by, workstation, what, before, state, undoes_id) "
    f"VALUES ({{item}}, '{AT}', 'eve', 'X', 'take_back', 'shelved', 'new', 1)",
}
ON_FILE = {
    "replace an event": "INSERT OR REPLACE INTO mail_event (id, item_id, at, by, workstation, what, before, state) "
    f"VALUES (1, {{item}}, '{AT}', 'eve', 'X', 'receive', 'new', 'received')",
    "replace an item": "INSERT OR REPLACE INTO mail_item (id, number, received_at, received_by, state) "
    f"VALUES ({{item}}, 'X', '{AT}', 'eve', 'new')",
    "replace it by its number": "INSERT OR REPLACE INTO mail_item (number, received_at, received_by, state) "
    f"VALUES ('M-000001', '{AT}', 'eve', 'new')",
    "replace by an update": "UPDATE OR REPLACE mail_item SET id = 1 WHERE id = 2",
}
ON_SERVER = {"empty the events": "TRUNCATE mail_event CASCADE", "empty the items": "TRUNCATE mail_item CASCADE"}
# The control of each: without the triggers these do harm.
CONTROLS = ("change an event", "say it is delivered", "move it from elsewhere", "deliver without proof")


@pytest.fixture
def shelved(office, compound, item, letter):
    """The registered letter is on its shelf; the other one was delivered with a signature."""
    office.write(shelve_items, [item], compound.places["H-01"])
    office.write(deliver_items, [letter], Taken("Amina", strokes=STROKES))
    return {"item": item, "shelf": compound.places["H-01"]}


def run(office, statement):
    with office.engine.begin() as connection:
        connection.exec_driver_sql(statement.replace("%", "%%"))


def test_every_attack_is_refused_in_words(office, shelved):
    server = office.engine.dialect.name == "postgresql"
    for attack, statement in {**ATTACKS, **(ON_SERVER if server else ON_FILE)}.items():
        with pytest.raises(IntegrityError) as refusal:
            run(office, statement.format(**shelved))
        said = sentence_for(refusal.value)
        assert not said.startswith("The database refuses"), (attack, said)
    assert stands(office, shelved["item"]) == (State.SHELVED, "H-01", "Ada Achieng")


def test_another_tool_cannot_replace_either(office, shelved):
    """Tools of others run SQLite without recursive triggers: then a replaced row is deleted without a word."""
    if office.engine.dialect.name == "postgresql":
        return
    with office.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA recursive_triggers=OFF")
        connection.commit()
        for statement in ON_FILE.values():
            with pytest.raises(IntegrityError):
                connection.exec_driver_sql(statement.format(**shelved))
            connection.rollback()
        connection.exec_driver_sql("PRAGMA recursive_triggers=ON")


@pytest.mark.parametrize("attack", CONTROLS)
def test_without_its_triggers_the_attack_works(office, shelved, attack):
    """The control: it is the trigger that refuses, not a slip in the statement."""
    server = office.engine.dialect.name == "postgresql"
    for item in triggers.for_server() if server else triggers.for_sqlite():
        if item.table.startswith("mail_") and "moves" not in item.name:
            run(office, f"DROP TRIGGER {item.name}" + (f" ON {item.table}" if server else ""))
    run(office, ATTACKS[attack].format(**shelved))
    upgrade(office.engine)
    if attack == "change an event":
        with pytest.raises(IntegrityError):
            run(office, ATTACKS[attack].format(**shelved))


def test_on_a_server_the_program_has_no_right_to_change_an_event(postgres_server, make_database):
    """Whoever owns the tables as an ordinary account, as the program does, has no right to change or delete events."""
    import psycopg

    with psycopg.connect(
        host="127.0.0.1", port=postgres_server.port, user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute("CREATE ROLE mailroom LOGIN")
        connection.execute("CREATE DATABASE mailroom OWNER mailroom")
    url = postgres_server.url("mailroom").replace("postgres@", "mailroom@")
    engine = open_engine(url)
    try:
        upgrade(engine)
        for statement in ("UPDATE mail_event SET note = 'x'", "DELETE FROM mail_event", "TRUNCATE mail_event"):
            with pytest.raises(DBAPIError, match="permission denied"), engine.begin() as connection:
                connection.exec_driver_sql(statement)
        with engine.begin() as connection:  # the control: reading and other tables are open to it
            assert connection.exec_driver_sql("SELECT count(*) FROM mail_event").scalar() == 0
            connection.exec_driver_sql("DELETE FROM mail_stop")
        _a_life(engine)
    finally:
        engine.dispose()


def _a_life(engine):
    """The program itself works under these rights."""
    from cbo_desk.office import Office
    from cbo_desk.permissions import administrator

    office = Office(engine, administrator("ada", "Ada", "X"))
    ident = office.write(receive_item, s10(1)).ids[0]
    office.write(deliver_items, [ident], Taken("Bob", badge=True))
    assert office.read(item_card, ident).state is State.DELIVERED


def test_every_rule_of_the_database_has_its_sentence():
    from cbo_desk.refusals import REFERENCES, SENTENCES

    words = {rule[4] for rule in mail_rules.ON_FILE if "append-only" not in rule[4]}
    assert words <= set(SENTENCES)
    for table in mail.Base.metadata.sorted_tables:
        if table.name.startswith("mail_"):
            for constraint in table.constraints:
                name = str(constraint.name)
                assert name.startswith("pk_") or name in SENTENCES or name in REFERENCES, name
