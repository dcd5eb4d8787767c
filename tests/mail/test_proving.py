"""An item's card says whether its way is whole; whoever changes the rows behind the triggers' back is found out."""

from __future__ import annotations

import pytest

from cbo_desk.mail import (
    Addressed,
    MailList,
    State,
    Taken,
    address_item,
    deliver_items,
    hold_items,
    item_card,
    override_state,
    receive_item,
    shelve_items,
)
from tests.demo import demo
from tests.mail.codes import s10
from tests.tampering import change_mail

STROKES = (((0.0, 0.0, 0.0), (10.0, 5.0, 40.0)),)
OUTSIDE = "The record was changed from outside: tell an administrator."


@pytest.fixture
def delivered(office, compound):
    """A registered letter: shelved, held, no longer held by Undo, delivered with a signature and a slip of typing."""
    ident = office.write(receive_item, s10(11840227)).ids[0]
    office.write(address_item, ident, Addressed(person_id=compound.people["Samir"]))
    office.write(shelve_items, [ident], compound.places["R-02"])
    undo = office.write(hold_items, [ident], compound.places["H-01"]).undo
    office.write(undo.command, *undo.args)
    office.write(deliver_items, [ident], Taken("Haddad,  Samir", strokes=STROKES))
    return ident


def test_an_honest_life_is_whole(office, delivered, compound):
    assert office.read(item_card, delivered).broken == ""
    letter = office.write(receive_item, "").ids[0]
    office.write(override_state, letter, State.LOST, "seen by nobody")
    assert office.read(item_card, letter).broken == ""


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE mail_item SET state = 'returned'", "stands as returned, but its steps end as delivered."),
        ("UPDATE mail_item SET holder = 'Eve'", "is said to be with Eve, but its steps end with Haddad,  Samir."),
        ("UPDATE mail_item SET shelf_code = 'H-01'", "is said to lie on H-01, but its steps end on no shelf."),
        ("UPDATE mail_item SET last_event_id = 1", "does not stand where its last step left it."),
        ("DELETE FROM mail_event WHERE what = 'deliver'", "stands as delivered, but its steps end as shelved."),
        ("DELETE FROM mail_event WHERE what = 'shelve'", "Step 2 of M-000001 begins as shelved, but"),
        ("DELETE FROM mail_event WHERE what = 'receive'", "Step 1 of M-000001 begins as received, but"),
        ("DELETE FROM mail_event", "has no steps at all."),
        ("UPDATE mail_event SET to_hand = 'Eve' WHERE what = 'shelve'", "from Ada Achieng, but Eve had it"),
        ("UPDATE mail_event SET proof_id = NULL", "Step 5 of M-000001 has lost its signature."),
        ("UPDATE mail_proof SET taken_by = 'Eve'", "gives the item to Haddad,  Samir, but Eve signed."),
        ("UPDATE mail_event SET undoes_id = 1 WHERE what = 'take_back'", "takes back another step than the last one"),
    ],
)  # fmt: skip
def test_what_is_changed_behind_the_rules_is_found(office, delivered, statement, said):
    change_mail(office, statement)
    told = office.read(item_card, delivered).broken
    assert said in told
    assert told.endswith(OUTSIDE)


def test_ten_weeks_of_mail_are_whole(sqlite_office):
    demo(sqlite_office, 1)
    outline = sqlite_office.read(MailList().outline)
    ids = [line.id for start in outline.starts for line in sqlite_office.read(MailList().page, start, 200)]
    assert len(ids) > 300
    assert {sqlite_office.read(item_card, ident).broken for ident in ids} == {""}
