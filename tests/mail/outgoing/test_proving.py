"""An outgoing item's card says whether its way is whole; who changes rows behind the triggers' back is found out."""

from __future__ import annotations

import pytest

from cbo_desk.mail import Taken, outgoing, pouch
from cbo_desk.mail.outgoing import outgoing_card
from tests.mail.outgoing.conftest import STROKES, bag, for_pouch, hand_in
from tests.tampering import change_mail


@pytest.fixture
def collected(office, desk):
    """An item that was on a manifest, was taken off, and was collected with the next one; and one that waits."""
    ident = hand_in(office, desk, desk.dhl)
    hand_in(office, desk)
    for _ in range(2):
        office.write(outgoing.list_waiting, [ident])
        office.write(outgoing.unlist_items, [ident])
    office.write(outgoing.list_waiting, [ident])
    sheet = office.read(outgoing_card, ident).manifest_id
    office.write(outgoing.close_manifest, sheet)
    office.write(outgoing.collect_manifest, sheet, Taken("Otieno,  J.", strokes=STROKES))
    return ident


def test_an_honest_way_is_whole(office, desk, collected):
    assert office.read(outgoing_card, collected).broken == ""
    office.write(outgoing.give_back_outgoing, [collected], "address unknown")
    assert office.read(outgoing_card, collected).broken == ""
    item, made = for_pouch(office, desk), bag(office, desk)
    for command, args in (
        (pouch.pack, (made, [item])), (pouch.unpack, ([item],)), (pouch.pack, (made, [item])), (pouch.certify, (made,)),
        (pouch.seal, (made, "UN 448120")), (pouch.dispatch, (made, "KQ 112")), (pouch.confirm_delivery, (made,)),
    ):  # fmt: skip
        office.write(command, *args)
        assert office.read(outgoing_card, item).broken == ""


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE mail_outgoing SET state = 'lost'", "stands as lost, but its steps end as with the carrier."),
        ("UPDATE mail_outgoing SET holder = 'Eve'", "is said to be with Eve, but its steps end with Otieno, J., DHL"),
        ("UPDATE mail_outgoing SET manifest_id = NULL", "on another manifest than its last step left it on."),
        ("UPDATE mail_outgoing SET last_event_id = 1", "does not stand where its last step left it."),
        ("DELETE FROM mail_outgoing_event WHERE what = 'collect'", "stands as with the carrier, but its steps end as"),
        ("DELETE FROM mail_outgoing_event WHERE what = 'unlist'", "begins as handed in, but the item was on a manif"),
        ("DELETE FROM mail_outgoing_event WHERE what = 'hand_in'", "Step 1 of O-000001 begins as handed in, but the"),
        ("DELETE FROM mail_outgoing_event", "has no steps at all."),
        ("UPDATE mail_outgoing_event SET to_hand = 'Eve' WHERE what = 'list'", "from Ada Achieng, but Eve had it."),
        ("UPDATE mail_outgoing_event SET proof_id = NULL", "Step 7 of O-000001 has lost its signature."),
        ("UPDATE mail_proof SET taken_by = 'Eve'", "gives the item to Otieno, J., DHL Express, but Eve signed."),
    ],
)
def test_what_is_changed_behind_the_rules_is_found(office, collected, statement, said):
    change_mail(office, statement)
    told = office.read(outgoing_card, collected).broken
    assert said in told
    assert told.endswith("The record was changed from outside: tell an administrator.")
