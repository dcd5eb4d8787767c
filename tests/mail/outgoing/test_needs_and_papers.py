"""What waits of outgoing mail stands on the Today page; papers and files tell what they may, read back by others."""

from __future__ import annotations

from datetime import timedelta

import pypdfium2
import pytest

from cbo_desk.errors import Refusal
from cbo_desk.mail import Taken, outgoing, pouch
from cbo_desk.mail.outgoing import ManifestList, OutgoingList, manifest_card
from cbo_desk.mail.outgoing.exporting import manifest_rows_of, outgoing_rows_of, rate_rows_of
from cbo_desk.mail.outgoing.paper import write_manifest
from cbo_desk.mail.outgoing.rate_queries import RateList
from cbo_desk.mail.pouch import BagList, SealFound, WayBillLine, bag_card
from cbo_desk.mail.pouch.exporting import rows as bag_rows
from cbo_desk.mail.pouch.paper import write_invoice, write_way_bill
from cbo_desk.reports.need import What
from cbo_desk.reports.outgoing_needs import outgoing_needs
from tests.mail.outgoing.conftest import CUT_OFF, STROKES, bag, for_pouch, hand_in
from tests.mail.outgoing.test_pouch import clerk


def read(path):
    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_what_waits_on_the_today_page(office, desk, clock):
    one = hand_in(office, desk, desk.dhl)
    sheet = office.write(outgoing.open_manifest, desk.dhl).ids[0]
    office.write(outgoing.list_items, [one], sheet)
    packed = bag(office, desk)
    assert office.read(outgoing_needs) == []
    clock.now += timedelta(hours=3)
    assert [(need.what, need.name) for need in office.read(outgoing_needs)] == [(What.BAG_CUT_OFF, "PB-0001")]
    coming = office.write(pouch.announce, desk.gva, "G 1", "GE 1", CUT_OFF, (WayBillLine("A1", 5),)).ids[0]
    office.write(pouch.take_in, coming, SealFound.MISSING)
    clock.now += timedelta(hours=8)
    assert {need.what: need.record_id for need in office.read(outgoing_needs)} == {
        What.MANIFEST_WAITS: sheet, What.BAG_CUT_OFF: packed, What.BAG_UNCOUNTED: coming, What.BAG_CASE: coming,
    }  # fmt: skip
    office.write(outgoing.close_manifest, sheet)
    office.write(outgoing.collect_manifest, sheet, Taken("O", strokes=STROKES))
    office.write(pouch.pack, packed, [for_pouch(office, desk)])
    office.write(pouch.certify, packed)
    office.write(pouch.mark_missing, coming)
    office.write(pouch.confirm, coming)
    for case in office.read(bag_card, coming).cases:
        office.write(pouch.close_case, case.id, "told")
    assert office.read(outgoing_needs) == []


def test_many_of_a_kind_are_one_line(office, desk, clock):
    for _ in range(5):
        bag(office, desk)
    clock.now += timedelta(hours=9)
    [need] = office.read(outgoing_needs)
    assert (need.what, need.count, need.name, need.record_id) == (What.BAG_CUT_OFF, 5, "PB-0001", 0)


def test_the_papers_say_what_they_may(office, desk, tmp_path):
    ids = [hand_in(office, desk, desk.dhl, recipient=f"Recipient {n}") for n in range(60)]
    sheet = office.write(outgoing.open_manifest, desk.dhl).ids[0]
    office.write(outgoing.list_items, ids, sheet)
    write_manifest("Gigiri", office.read(manifest_card, sheet), tmp_path / "draft.pdf")
    assert "DRAFT, not closed" in read(tmp_path / "draft.pdf")
    office.write(outgoing.close_manifest, sheet)
    office.write(outgoing.collect_manifest, sheet, Taken("Otieno J.", strokes=STROKES))
    write_manifest("Gigiri", office.read(manifest_card, sheet), tmp_path / "sheet.pdf")
    said = read(tmp_path / "sheet.pdf")
    assert all(f"Recipient {n}, Switzerland" in said for n in range(60))
    assert "2,550.00 USD" in said
    assert "Otieno J." in said
    item, ident = for_pouch(office, desk), bag(office, desk)
    office.write(pouch.pack, ident, [item])
    office.write(pouch.certify, ident)
    office.write(pouch.seal, ident, "UN 7")
    card = office.read(bag_card, ident)
    write_way_bill("Gigiri", card, tmp_path / "way.pdf")
    way = read(tmp_path / "way.pdf")
    assert "UN 7" in way
    assert "1 package, 2.4 kg in all" in way
    assert card.lines[0].reference in way  # what the other end counts by
    assert "agreements" not in way
    assert "Registry" not in way
    write_invoice("Gigiri", card, tmp_path / "invoice.pdf")
    inside = read(tmp_path / "invoice.pdf")
    assert "signed agreements" in inside
    assert "Certified by Ada Achieng on 24 August 2026 at 09:00" in inside  # whole: the hour was cut away
    write_way_bill("Gigiri", clerk(office).read(bag_card, ident), tmp_path / "open.pdf")
    assert card.lines[0].reference not in read(tmp_path / "open.pdf")
    with pytest.raises(Refusal, match="need-to-know"):
        write_invoice("Gigiri", clerk(office).read(bag_card, ident), tmp_path / "no.pdf")
    assert not (tmp_path / "no.pdf").exists()


def test_files_hold_what_the_lists_show_and_no_more(office, desk):
    item, ident = for_pouch(office, desk), bag(office, desk)
    office.write(pouch.pack, ident, [item])
    hand_in(office, desk, desk.dhl)
    office.write(outgoing.open_manifest, desk.dhl)
    eve = clerk(office)
    kept = repr([list(outgoing_rows_of(eve, OutgoingList())), list(bag_rows(eve, BagList()))])
    assert "Registry" not in kept
    assert "Permanent Mission of Norway" in kept
    assert "Registry" in repr(list(outgoing_rows_of(office, OutgoingList())))
    assert [row[:2] for row in manifest_rows_of(eve, ManifestList())] == [("MF-0001", "DHL Express")]
    assert len(list(rate_rows_of(eve, RateList()))) == 5
    assert {row[3] for row in rate_rows_of(eve, RateList("dhl africa"))} == {500}
