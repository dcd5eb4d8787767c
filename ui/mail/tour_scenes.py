"""The tour through outgoing mail and the pouch: handed out of the demo's counter, closed, packed, certified, sealed."""

from __future__ import annotations

from typing import Any


def send_mail(tour: Any) -> None:
    """Carriers are compared for an item that waits; one is chosen, and the item goes on its manifest."""
    from cbo_desk.mail.outgoing import OutgoingFilter, OutgoingList, State, outgoing_card

    office = tour.window.office
    tour.shell.go("mail")
    page = tour.shell.go("mail/outgoing")
    waits = office.read(OutgoingList(OutgoingFilter(states=("handed_in",), way="carrier")).first)
    item = next(line.id for line in waits if line.row.item_class == "express")
    page.list.show_record(item)
    tour.wait("The item's card", lambda: page.card.card is not None and page.card.card.id == item)
    tour.shell.actions_.run("mail.carrier_1")
    tour.wait("The choice of its carrier", lambda: bool(page.card.card.carrier))
    tour.picture("mail_outgoing")
    tour.shell.actions_.run("mail.to_manifest")
    tour.wait("Its place on a manifest", lambda: office.read(outgoing_card, item).state is State.MANIFESTED)
    sheet = office.read(outgoing_card, item).manifest_id
    page = tour.shell.go("mail/manifests", f"mail.manifest:{sheet}")
    tour.wait("The manifest", lambda: page.card.card is not None)
    tour.picture("mail_manifest")


def pack_pouch(tour: Any) -> None:
    """The bag that is being packed is certified and sealed; the one with a broken seal shows its case."""
    from cbo_desk.mail.pouch import BagList, BagState, bag_card, seal

    office = tour.window.office
    page = tour.shell.go("mail/pouch")
    bags = {line.row.state: line.id for line in office.read(BagList().first)}
    for state in (BagState.ARRIVED, BagState.OPEN):
        page.list.show_record(bags[state])
        tour.wait("The bag", lambda of=state: page.card.card is not None and page.card.card.row.state is of)
        tour.picture(f"mail_pouch_{state}")
    tour.shell.actions_.run("mail.certify")
    tour.wait("The certificate", lambda: office.read(bag_card, bags[BagState.OPEN]).row.state is BagState.CERTIFIED)
    office.write(seal, bags[BagState.OPEN], "UN 448121")
    tour.wait("The seal", lambda: office.read(bag_card, bags[BagState.OPEN]).row.state is BagState.SEALED)
