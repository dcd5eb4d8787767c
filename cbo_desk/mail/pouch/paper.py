"""The papers of a bag as PDF: the way bill, which everybody may see, and the invoice, which goes inside the bag."""

from __future__ import annotations

from pathlib import Path

from cbo_desk.context import local
from cbo_desk.errors import Refusal
from cbo_desk.mail.outgoing.rules import kg
from cbo_desk.mail.pouch.queries import BagCard
from cbo_desk.plurals import Count
from cbo_desk.tags.output import write_whole
from cbo_desk.tags.sheets import Paper


def write_way_bill(compound: str, card: BagCard, out: Path) -> None:
    """Write a bag's way bill: numbers and weights, nothing of what is in it. Trouble where it cannot be written.

    Whoever counts the bag at the other end ticks its packages off by them; they are left out for who may not know.
    """
    paper = Paper(compound, "Way bill", card.row.number, _facts(card), card.code)
    paper.heading("Diplomatic pouch", "not to be opened or detained")
    paper.row("Carried by", card.carried_by or "not dispatched yet", "", "")
    paper.sign_line("Handed over by: name, time, signature")
    paper.sign_line("Taken by: name, time, signature")
    paper.sign_line("Seal and bag in order at arrival: name, time, signature")
    if card.lines:
        paper.heading("Packages", f"{Count(len(card.lines)):package|packages}, {kg(card.row.weight_g)} in all")
        for line in card.lines:
            paper.row(line.reference, "", "", kg(line.weight_g))
    write_whole(out, paper.whole())


def write_invoice(compound: str, card: BagCard, out: Path) -> None:
    """Write what is in a bag, for the one who opens it. Refusal for who may not know; Trouble where it is not written.

    A bag that is not certified says so on its invoice.
    """
    if card.hidden:
        raise Refusal("What is in a bag is need-to-know: it takes a role on the Diplomatic pouch desk.")
    paper = Paper(compound, "Invoice", card.row.number, _facts(card), card.code)
    paper.heading("Packages", f"{Count(len(card.lines)):package|packages}")
    for line in card.lines:
        paper.row(line.reference, line.addressee, line.contents, kg(line.weight_g))
    paper.heading("Certificate", "")
    if card.certified_at is not None:
        paper.row("Certified by", card.certified_by, f"on {local(card.certified_at):%-d %B %Y at %H:%M}", "")
    else:
        paper.row("", "NOT CERTIFIED", "", "")
    paper.sign_line("Pouch officer: signature")
    write_whole(out, paper.whole())


def _facts(card: BagCard) -> list[tuple[str, str]]:
    row = card.row
    way = "From" if row.direction == "in" else "To"
    return [
        (way, row.destination),
        ("Seal", row.seal or "not sealed"),
        ("Weight", f"{kg(row.weight_g)} of {kg(row.limit_g)}"),
        ("Packages", f"{row.count:,}"),
        ("Certified", card.certified_by or ("by the sender" if row.direction == "in" else "NOT CERTIFIED")),
        ("Their number", row.their_number or "none"),
    ]
