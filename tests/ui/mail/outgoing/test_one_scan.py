"""One scan opens anything of mail, from any desk: an item, a bag, a round, a manifest by its paper's symbol."""

from __future__ import annotations

import pypdfium2
import zxingcpp

from cbo_desk.mail import item_card, outgoing, plan_round, receive_item, round_card
from cbo_desk.mail.outgoing.paper import write_manifest
from cbo_desk.mail.paper import write_proof, write_round_sheet
from cbo_desk.mail.pouch import bag_card
from cbo_desk.mail.pouch.paper import write_way_bill
from tests.mail.outgoing.conftest import bag, hand_in


def symbol_on(path):
    """What another program reads off the first page."""
    with pypdfium2.PdfDocument(path) as document:
        picture = document[0].render(scale=3).to_pil()
    [found] = zxingcpp.read_barcodes(picture)
    return found.text


def test_the_symbol_of_every_paper_opens_what_it_is_about(at, desk, sqlite_office, tmp_path):
    office = sqlite_office
    sheet = office.write(outgoing.open_manifest, desk.dhl).ids[0]
    item = office.write(receive_item, "").ids[0]
    tour = office.write(plan_round, "North blocks", "Kamau S.", [desk.places["M-214"]]).ids[0]
    packed, sent = bag(office, desk), hand_in(office, desk, desk.dhl)
    papers = {
        "Manifests": (write_manifest, office.read(outgoing.manifest_card, sheet)),
        "Rounds": (write_round_sheet, office.read(round_card, tour)),
        "Pouch": (write_way_bill, office.read(bag_card, packed)),
        "Mail": (write_proof, office.read(item_card, item)),
    }
    scans = {"Outgoing": (office.read(outgoing.outgoing_card, sent).code, sent)}
    idents = {"Manifests": sheet, "Rounds": tour, "Pouch": packed, "Mail": item}
    for title, (write, card) in papers.items():
        write("Gigiri", card, tmp_path / f"{title}.pdf")
        scans[title] = symbol_on(tmp_path / f"{title}.pdf"), idents[title]
    assert scans["Manifests"][0] == papers["Manifests"][1].code
    clerk = at("outgoing")
    for from_desk in ("people", "mail"):
        for title, (code, ident) in scans.items():
            clerk.window.shell.go(from_desk)
            clerk.scan(code)
            clerk.until(lambda title=title: clerk.page.title.words() == title)
            clerk.until(lambda ident=ident: clerk.page.card.card is not None and id_of(clerk.page.card.card) == ident)
    clerk.window.shell.go("people")
    clerk.window.bench.feed.put("keyboard", "mf-0001")  # typed off the paper in place of a symbol that is torn
    clerk.until(lambda: clerk.page.title.words() == "Manifests")
    clerk.still()


def id_of(card):
    return card.row.id if hasattr(card, "row") else card.id
