"""Bad input at the counter, on either engine: each is said where it happened, and nothing is half saved."""

from __future__ import annotations

from cbo_desk.mail import MailList, Taken, address_item, deliver_items, item_card
from cbo_desk.mail.addressing import Addressed
from cbo_desk.property import AssetForm, receive_assets
from cbo_desk.tags import tags_of, unknown_scans
from tests.mail.codes import s10


def held(office):
    return [line.row.carrier_number for line in office.read(MailList().first)]


def test_bad_input_is_said_and_nothing_is_half_saved(either_counter, office):
    counter = either_counter
    refused = (
        ("RR123456784KE", "The check digit of this postal item number is wrong"),
        ("x" * 10_000, "10,000 characters long"),
        ("RR123456784KE\x00\x00", "The check digit of this postal item number is wrong"),
    )
    for text, said in refused:
        counter.scan(text)
        counter.until(lambda said=said: said in counter.told())
        assert held(office) == []
    for text in ("\x01\x02", "\x00", "\ud800", "\u202e"):
        counter.scan(text)
        assert held(office) == [], repr(text)
    counter.until(lambda: "RR123456784KE" in [line.text for line in office.read(unknown_scans)])
    # A scanner that sends everything twice, within a moment and a little later.
    feed = counter.window.bench.feed
    assert feed.put("serial", s10(9))
    assert not feed.put("serial", s10(9))
    counter.still()
    counter.scan(s10(9))
    assert held(office) == [s10(9)]
    counter.until(lambda: "was received on 24 Aug 2026 at 09:00 as M-000001" in counter.page.strip.fault.words())
    # One that is delivered already is shown, and is not received anew.
    ident = counter.page.item.id
    office.write(address_item, ident, Addressed(person_id=counter.room.people["Samir"]))
    office.write(deliver_items, [ident], Taken("Haddad, Samir", strokes=(((0.0, 0.0, 0.0), (9.0, 5.0, 40.0)),)))
    counter.scan(office.read(item_card, ident).code)
    assert held(office) == [s10(9)]
    # Two carriers fit: none is taken without a key.
    counter.scan("01000000002")
    assert office.read(item_card, counter.page.item.id).details.carrier == ""
    # A tag of an asset opens the asset on its own desk.
    form = AssetForm(entity_id=counter.room.unep, inventory_no="L-1", description="Laptop")
    [tag] = office.read(tags_of, "property.asset", list(office.write(receive_assets, form).ids))
    counter.scan(tag.code)
    counter.until(lambda: counter.window.shell.desk() == "property")
    assert "L-1 is not mail: it is shown on its own desk." in counter.told()
    assert len(held(office)) == 2
