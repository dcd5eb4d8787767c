"""The paper of a manifest as PDF: what the carrier takes, line by line, and the signature of who took it."""

from __future__ import annotations

from pathlib import Path

from cbo_desk.context import local
from cbo_desk.mail.outgoing.manifest_queries import ManifestCard
from cbo_desk.mail.outgoing.rules import kg, money
from cbo_desk.mail.paper import ProofPaper
from cbo_desk.plurals import Count
from cbo_desk.tags.output import write_whole


def write_manifest(compound: str, card: ManifestCard, out: Path) -> None:
    """Write a manifest; one that is not closed says that it is a draft. Trouble where it cannot be written."""
    row = card.row
    closed = f"{local(row.closed_at):%-d %b %Y, %H:%M} by {card.closed_by}" if row.closed_at else "DRAFT, not closed"
    facts = [
        ("Carrier", row.carrier),
        ("Pick-up", f"{local(row.pickup_at):%-d %B %Y, %H:%M}"),
        ("Closed", closed),
        ("Items", f"{row.count:,}"),
        ("Weight", kg(row.weight_g)),
        ("Price", " + ".join(money(cents, currency) for currency, cents in card.totals.items()) or "none"),
    ]
    paper = ProofPaper(compound, "Manifest", row.number, facts, card.code)
    paper.heading("Items", f"{Count(row.count):item|items}")
    for line in card.lines:
        about = " · ".join((line.entity, line.item_class, kg(line.weight_g)))
        paper.row(line.number, f"{line.recipient}, {line.country}", about, money(line.price_cents, line.currency))
    if card.proof is not None:
        paper.room(60)
        paper.signature(card.proof)
    else:
        paper.sign_line("Taken by (name), time, signature")
    write_whole(out, paper.whole())
