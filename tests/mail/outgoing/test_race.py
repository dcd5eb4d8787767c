"""Two workstations at once: an item is on one manifest and in one bag, a bag within its limit, a charge made once."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from cbo_desk.mail import outgoing, pouch
from db.charges import Charge
from db.mail_outgoing import MailManifest, MailManifestLine, MailOutgoing
from db.mail_pouch import MailBag, MailBagLine
from tests.mail.outgoing.conftest import bag, for_pouch, hand_in
from tests.mail.outgoing.racing import race
from tests.writing import rows

TIMES = 3


def sheet(office, desk):
    return office.write(outgoing.open_manifest, desk.dhl).ids[0]


def sheet_with(office, desk, items=2):
    made = sheet(office, desk)
    office.write(outgoing.list_items, [hand_in(office, desk, desk.dhl) for _ in range(items)], made)
    return made


def sealed_bag(office, desk):
    made = bag(office, desk)
    office.write(pouch.pack, made, [for_pouch(office, desk), for_pouch(office, desk)])
    office.write(pouch.certify, made)
    office.write(pouch.seal, made, f"UN {made:05}")
    return made


def charges_of(office):
    return Counter(row[0] for row in rows(office, select(Charge.subject_id)))


def winners(told):
    return [sum(not said for said in both) for both in told]


def test_one_item_is_on_one_manifest_and_a_closed_one_is_charged_in_full_and_once(office, desk):
    items = [hand_in(office, desk, desk.dhl) for _ in range(TIMES)]
    one, other = sheet(office, desk), sheet(office, desk)
    listing = [(("list", [item], one), ("list", [item], other)) for item in items]
    closing = [(("close", made), ("close", made)) for made in [sheet_with(office, desk) for _ in range(TIMES)]]
    late = [sheet_with(office, desk, 1) for _ in range(TIMES)]
    joining = [(("close", made), ("list", [hand_in(office, desk, desk.dhl)], made)) for made in late]
    told = race(office, [*listing, *closing, *joining])
    assert winners(told[: 2 * TIMES]) == [1] * (2 * TIMES)
    assert all("manifest" in max(both) or "closed" in max(both) for both in told[: 2 * TIMES])
    # The closing wins always; who came with an item is on it before, or is told that it is closed.
    assert all(not closed and (not listed or "is closed" in listed) for closed, listed in told[2 * TIMES :])
    on_closed = select(MailManifestLine.outgoing_id).join(MailManifest).where(MailManifest.closed_at.is_not(None))
    assert charges_of(office) == Counter(row[0] for row in rows(office, on_closed))
    listed = select(MailOutgoing.id).where(MailOutgoing.manifest_id.is_not(None))
    assert set(rows(office, listed)) == set(rows(office, select(MailManifestLine.outgoing_id)))


def test_one_package_is_in_one_bag_within_its_limit_and_dispatched_once(office, desk):
    one, other = bag(office, desk), bag(office, desk)
    packing = [
        (("pack", one, [item]), ("pack", other, [item])) for item in [for_pouch(office, desk) for _ in range(TIMES)]
    ]
    heavy = [[bag(office, desk), *(for_pouch(office, desk, weight_g=15_500) for _ in range(2))] for _ in range(TIMES)]
    filling = [(("pack", made, [first]), ("pack", made, [second])) for made, first, second in heavy]
    sealed = [sealed_bag(office, desk) for _ in range(TIMES)]
    leaving = [(("dispatch", made, "KQ 112"), ("dispatch", made, "KQ 310")) for made in sealed]
    begun = [bag(office, desk) for _ in range(TIMES)]
    for made in begun:
        office.write(pouch.pack, made, [for_pouch(office, desk)])
    certifying = [(("certify", made), ("pack", made, [for_pouch(office, desk)])) for made in begun]
    told = race(office, [*packing, *filling, *leaving, *certifying])
    assert winners(told[: 3 * TIMES]) == [1] * (3 * TIMES)
    assert all("of 30 kg" in max(both) for both in told[TIMES : 2 * TIMES])
    assert all("has been dispatched" in max(both) for both in told[2 * TIMES : 3 * TIMES])
    assert all(not done and (not put or "is certified" in put) for done, put in told[3 * TIMES :])
    gone = select(MailBagLine.outgoing_id).join(MailBag).where(MailBag.dispatched_at.is_not(None))
    assert charges_of(office) == Counter(row[0] for row in rows(office, gone))
    assert not over_limit(office)


def over_limit(office):
    """The bags that hold more than they may, weighed without trust in any rule."""
    weighed = select(MailBagLine.bag_id, func.sum(MailBagLine.weight_g)).group_by(MailBagLine.bag_id)
    return [ident for ident, weight in rows(office, weighed) if weight > 30_000]


def careless(office, desk):
    """A bag, and two workstations that each put 15.5 kg into it without asking the desk."""
    items = [(for_pouch(office, desk, weight_g=15_500)) for _ in range(2)]
    named = [
        rows(office, select(MailOutgoing.id, MailOutgoing.number).where(MailOutgoing.id == item)) for item in items
    ]
    made = bag(office, desk)
    one, other = (("careless", made, [*found[0], 15_500]) for found in named)
    return one, other


def test_the_database_keeps_the_limit_where_the_program_does_not_and_the_control(office, desk):
    told = race(office, [careless(office, desk) for _ in range(TIMES)])
    assert winners(told) == [1] * TIMES
    assert all("mail_bag_full" in max(both) for both in told)
    assert not over_limit(office)
    # The control: without the rule in the database the same orders overfill the bag, so they do run at once.
    with office.engine.begin() as connection:
        on = " ON mail_bag_line" if office.engine.dialect.name == "postgresql" else ""
        name = "tr_mail_bag_line_refuse" if on else "tr_mail_bag_line_refuse_full"
        connection.exec_driver_sql(f"DROP TRIGGER {name}{on}")
    told = race(office, [careless(office, desk)])
    assert winners(told) == [2]
    assert len(over_limit(office)) == 1
