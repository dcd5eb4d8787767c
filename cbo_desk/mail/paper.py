"""The mail desk's papers as PDF: the round sheet a messenger carries, and the proof of delivery with its signature."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cbo_desk.context import local
from cbo_desk.mail.card import Event, ItemCard, Proof
from cbo_desk.mail.round_queries import RoundCard
from cbo_desk.mail.rules import WORDS, What
from cbo_desk.tags.output import write_whole
from cbo_desk.tags.sheets import EDGE, HIGH, MM, Paper


def write_round_sheet(compound: str, card: RoundCard, out: Path) -> None:
    """Write the round's stops with their items and a line to sign at each; Trouble where it cannot be written."""
    facts = [
        ("Round", card.name),
        ("Messenger", card.messenger or "not named"),
        ("Date", f"{card.planned_on:%-d %B %Y}"),
        ("Stops", f"{len(card.stops)}"),
        ("Items", f"{len(card.items)}"),
    ]
    paper = Paper(compound, "Round sheet", card.number, facts, card.code)
    for stop in card.stops:
        paper.room(12 + 7 * min(len(stop.items), 3) + 12)
        paper.heading(f"{stop.seq}. {stop.name}", f"{stop.code} · {_count(len(stop.items))}")
        for item in stop.items:
            mark = "accountable" if item.accountable else ""
            paper.row(
                item.number, item.addressee, " · ".join(part for part in (item.entity, item.carrier) if part), mark
            )
        paper.sign_line("Taken by, time, signature")
    write_whole(out, paper.whole())


def write_proof(compound: str, card: ItemCard, out: Path) -> None:
    """Write the proof of an item's delivery with its whole way; Trouble where it cannot be written."""
    delivered = next((event for event in reversed(card.events) if event.what is What.DELIVER), None)
    facts = [
        ("Addressee", " · ".join(part for part in (card.addressee, card.entity) if part) or "not known"),
        ("Carrier", card.details.carrier or "none"),
        ("Carrier's number", card.carrier_number or "none"),
        ("Received", _when(card.received_at)),
        ("Status", WORDS[card.state]),
        ("Class", card.details.item_class + (", accountable" if card.details.accountable else "")),
    ]
    paper = ProofPaper(compound, "Proof of delivery", card.number, facts, card.code)
    paper.heading("From hand to hand", "")
    for event in card.events:
        paper.room(12)
        paper.row(_when(event.at), *_hands(event), "OVERRIDE" if event.what is What.OVERRIDE else "")
    if delivered is not None and delivered.proof is not None:
        paper.room(60)
        paper.signature(delivered.proof)
    write_whole(out, paper.whole())


def _hands(event: Event) -> tuple[str, str]:
    way = f"{event.from_hand} → {event.to_hand}" if event.from_hand != event.to_hand else event.to_hand
    about = (event.what.replace("_", " "), event.shelf, event.round, event.reason, event.note)
    return way, " · ".join(part for part in about if part)


def _when(at: datetime) -> str:
    return f"{local(at):%-d %b %Y, %H:%M}"


def _count(number: int) -> str:
    return "1 item" if number == 1 else f"{number} items"


class ProofPaper(Paper):
    """A paper that ends in a signature."""

    def signature(self, proof: Proof) -> None:
        """Who took it and by what it is proven; a signature as it was drawn."""
        self.heading(
            "Taken by", {"signature": "signed on the screen", "badge": "badge scanned"}.get(proof.how, "named")
        )
        if proof.strokes:
            self._strokes(proof, EDGE, self.y, 80, 28)
        self.rule(EDGE, self.y + 32, 80)
        self.text(EDGE, self.y + 37, f"{proof.taken_by} · {_when(proof.at)}", 9)
        self.y += 44

    def _strokes(self, proof: Proof, x: float, y: float, wide: float, high: float) -> None:
        points = [point for stroke in proof.strokes for point in stroke]
        left, top = min(point[0] for point in points), min(point[1] for point in points)
        across, down = (max(point[at] for point in points) - low for at, low in ((0, left), (1, top)))
        scale = min(wide / max(across, 1), high / max(down, 1))
        self.canvas.setLineWidth(1.1)
        self.canvas.setLineCap(1)
        self.canvas.setStrokeGray(0.1)
        for stroke in proof.strokes:
            spots = [((x + (px - left) * scale) * MM, (HIGH - y - (py - top) * scale) * MM) for px, py, _ in stroke]
            path = self.canvas.beginPath()
            path.moveTo(*spots[0])
            for spot in spots[1:] or [(spots[0][0] + 0.1, spots[0][1])]:
                path.lineTo(*spot)
            self.canvas.drawPath(path)
        self.canvas.setLineCap(0)
