"""The mail desk's papers as PDF: the round sheet a messenger carries, and the proof of delivery with its signature."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from cbo_desk.context import local
from cbo_desk.mail.card import Event, ItemCard, Proof
from cbo_desk.mail.round_queries import RoundCard
from cbo_desk.mail.rules import WORDS, What
from cbo_desk.tags import lettering
from cbo_desk.tags.encoder import symbol
from cbo_desk.tags.output import write_whole
from cbo_desk.tags.pdf import path_of

_MM = 72 / 25.4
_WIDE, _HIGH, _EDGE, _FOOT = 210.0, 297.0, 16.0, 16.0


def write_round_sheet(compound: str, card: RoundCard, out: Path) -> None:
    """Write the round's stops with their items and a line to sign at each; Trouble where it cannot be written."""
    facts = [
        ("Round", card.name),
        ("Messenger", card.messenger or "not named"),
        ("Date", f"{card.planned_on:%-d %B %Y}"),
        ("Stops", f"{len(card.stops)}"),
        ("Items", f"{len(card.items)}"),
    ]
    paper = _Paper(compound, "Round sheet", card.number, facts)
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
    paper = _Paper(compound, "Proof of delivery", card.number, facts)
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


class _Paper:
    """Pages of one paper; lengths in millimetres from the upper left corner."""

    def __init__(self, compound: str, title: str, reference: str, facts: Sequence[tuple[str, str]]) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self._file = io.BytesIO()
        self._canvas: Any = Canvas(self._file, pagesize=(_WIDE * _MM, _HIGH * _MM), pageCompression=1)
        self._canvas.setTitle(f"{title} {reference}")
        self._compound, self._title, self._reference, self._page = compound, title, reference, 1
        self._text(_EDGE, 20, compound, 9, grey=True)
        self._text(_EDGE, 29, title, 18, strong=True)
        self._text(_EDGE, 37, reference, 11)
        self._symbol(reference, _WIDE - _EDGE - 16, 12, 0.6)
        for at, (name, value) in enumerate(facts):
            left, top = _EDGE + at % 3 * 60, 46 + at // 3 * 11
            self._text(left, top, name, 8, grey=True)
            self._text(left, top + 4.6, value, 10, most=57)
        self._y = 74.0

    def whole(self) -> bytes:
        """Finish and give the file's bytes."""
        self._footer()
        self._canvas.showPage()
        self._canvas.save()
        return self._file.getvalue()

    def room(self, high: float) -> None:
        """Go on with the next page where so much no longer fits."""
        if self._y + high > _HIGH - _FOOT:
            self._footer()
            self._canvas.showPage()
            self._page += 1
            self._text(_EDGE, 20, f"{self._title} {self._reference}", 10, strong=True)
            self._y = 30.0

    def heading(self, words: str, about: str) -> None:
        """One part's heading."""
        self._rule(_EDGE, self._y - 4, _WIDE - 2 * _EDGE)
        self._text(_EDGE, self._y + 2, words, 12, strong=True, most=110)
        self._text(_EDGE + 130, self._y + 2, about, 9, grey=True, most=48)
        self._y += 9

    def row(self, first: str, second: str, third: str, mark: str = "") -> None:
        """One line of a part."""
        self.room(7)
        self._text(_EDGE, self._y, first, 9, strong=True, most=38)
        self._text(_EDGE + 40, self._y, second, 9, most=66)
        self._text(_EDGE + 108, self._y, third, 8, grey=True, most=48)
        self._text(_EDGE + 158, self._y, mark, 8, most=24)
        self._y += 6.5

    def sign_line(self, words: str) -> None:
        """A line to sign on."""
        self.room(14)
        self._rule(_EDGE + 40, self._y + 5, 110)
        self._text(_EDGE + 40, self._y + 9, words, 8, grey=True)
        self._y += 18

    def signature(self, proof: Proof) -> None:
        """Who took it and by what it is proven; a signature as it was drawn."""
        self.heading(
            "Taken by", {"signature": "signed on the screen", "badge": "badge scanned"}.get(proof.how, "named")
        )
        if proof.strokes:
            self._strokes(proof, _EDGE, self._y, 80, 28)
        self._rule(_EDGE, self._y + 32, 80)
        self._text(_EDGE, self._y + 37, f"{proof.taken_by} · {_when(proof.at)}", 9)
        self._y += 44

    def _strokes(self, proof: Proof, x: float, y: float, wide: float, high: float) -> None:
        points = [point for stroke in proof.strokes for point in stroke]
        left, top = min(point[0] for point in points), min(point[1] for point in points)
        across, down = (max(point[at] for point in points) - low for at, low in ((0, left), (1, top)))
        scale = min(wide / max(across, 1), high / max(down, 1))
        self._canvas.setLineWidth(1.1)
        self._canvas.setLineCap(1)
        self._canvas.setStrokeGray(0.1)
        for stroke in proof.strokes:
            spots = [((x + (px - left) * scale) * _MM, (_HIGH - y - (py - top) * scale) * _MM) for px, py, _ in stroke]
            path = self._canvas.beginPath()
            path.moveTo(*spots[0])
            for spot in spots[1:] or [(spots[0][0] + 0.1, spots[0][1])]:
                path.lineTo(*spot)
            self._canvas.drawPath(path)
        self._canvas.setLineCap(0)

    def _footer(self) -> None:
        self._text(_EDGE, _HIGH - 9, f"{self._compound}  {self._reference} · page {self._page}", 8, grey=True)

    def _text(
        self, x: float, y: float, text: str, size: float, *, strong: bool = False, grey: bool = False, most: float = 0
    ) -> None:
        """Write a text with its baseline at y, cut with an ellipsis where it is wider than `most`."""
        face = lettering.STRONG if strong else lettering.PLAIN
        shown = lettering.clean(text)
        if most and lettering.width(shown, face) * size / _MM > most:
            while shown and lettering.width(shown + "…", face) * size / _MM > most:
                shown = shown[:-1]
            shown = shown.rstrip() + "…"
        self._canvas.setFillGray(0.38 if grey else 0.1)
        left = x * _MM
        for run in lettering.runs(shown, face):
            self._canvas.setFont(lettering.font(run.face).fontName, size)
            self._canvas.drawString(left, (_HIGH - y) * _MM, run.text)
            left += lettering.width(run.text, run.face) * size

    def _rule(self, x: float, y: float, wide: float) -> None:
        self._canvas.setLineWidth(0.4)
        self._canvas.setStrokeGray(0.7)
        self._canvas.line(x * _MM, (_HIGH - y) * _MM, (x + wide) * _MM, (_HIGH - y) * _MM)

    def _symbol(self, text: str, x: float, y: float, module: float) -> None:
        made = symbol(text)
        side, bottom = module * _MM, (_HIGH - y - made.size * module) * _MM
        self._canvas.setFillGray(0)
        self._canvas.addLiteral(f"q {side:.4f} 0 0 {side:.4f} {x * _MM:.3f} {bottom:.3f} cm {path_of(made)} f Q")
