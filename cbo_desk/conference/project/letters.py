"""Letters to the clients whose bookings were moved, a page each."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.conference.project.plans import letter_body
from cbo_desk.context import today
from cbo_desk.permissions import reads
from cbo_desk.tags import lettering
from cbo_desk.tags.output import write_whole
from db.capital_project import RelocationMove
from db.conference import Booking

_MM = 72 / 25.4
_WIDE, _HIGH, _EDGE = 210.0, 297.0, 25.0
_LINE = 5.6
_SIZE = 11.0


@dataclass(frozen=True)
class Letter:
    """What one client is told."""

    reference: str
    title: str
    to: str
    written: date
    body: str


@reads("conference", "look at the capital project")
def letters_of(session: Session, plan_id: int) -> list[Letter]:
    """A letter for each move of a plan that was accepted."""
    wanted = select(RelocationMove, Booking).join(Booking, Booking.id == RelocationMove.booking_id)
    found = session.execute(
        wanted.where(RelocationMove.plan_id == plan_id, RelocationMove.decision == "accepted").order_by(Booking.starts)
    )
    return [
        Letter(booking.reference, booking.title, booking.contact, today(session),
               letter_body(session, booking, move.before))
        for move, booking in found
    ]  # fmt: skip


def write_letters(compound: str, letters: Sequence[Letter], out: Path) -> None:
    """Write the letters as one PDF; Trouble where it cannot be written."""
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas: Any = Canvas(file, pagesize=(_WIDE * _MM, _HIGH * _MM), pageCompression=1)
    canvas.setTitle("Letters to clients")
    for letter in letters:
        _page(canvas, compound, letter)
        canvas.showPage()
    canvas.save()
    write_whole(out, file.getvalue())


def _page(canvas: Any, compound: str, letter: Letter) -> None:
    y = 28.0
    for text, strong in (
        (compound, True), ("Conference desk", False), ("", False), (f"{letter.written:%-d %B %Y}", False), ("", False),
        (letter.to, False), ("", False), (f"{letter.title} ({letter.reference}): new room", True), ("", False),
    ):  # fmt: skip
        _text(canvas, y, text, strong)
        y += _LINE
    for paragraph in letter.body.strip().split("\n"):
        for line in _lines(paragraph):
            _text(canvas, y, line, False)
            y += _LINE
    _text(canvas, y + 2 * _LINE, "Conference desk, Central Support Service", False)


def _lines(paragraph: str) -> list[str]:
    """A paragraph in lines that fit the page."""
    room = (_WIDE - 2 * _EDGE) * _MM
    found, line = [], ""
    for word in paragraph.split():
        longer = f"{line} {word}".strip()
        if line and lettering.width(longer) * _SIZE > room:
            found.append(line)
            longer = word
        line = longer
    return [*found, line]


def _text(canvas: Any, y: float, text: str, strong: bool) -> None:
    left = _EDGE * _MM
    canvas.setFillGray(0.1)
    for run in lettering.runs(lettering.clean(text), lettering.STRONG if strong else lettering.PLAIN):
        canvas.setFont(lettering.font(run.face).fontName, _SIZE)
        canvas.drawString(left, (_HIGH - y) * _MM, run.text)
        left += lettering.width(run.text, run.face) * _SIZE
