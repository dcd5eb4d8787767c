"""The board pack as a PDF: what the review body decides about, each thing with its photo, cost and frozen value."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.permissions import reads
from cbo_desk.property.disposal.commands import CASE
from cbo_desk.property.disposal.queries import CaseCard, ItemRow
from cbo_desk.property.disposal.rules import HOW_WORDS, WORDS, CaseState, How
from cbo_desk.property.on_paper import EDGE, HIGH, MM, SIGN_HIGH, WIDE, OnPaper
from cbo_desk.property.touching import KIND
from cbo_desk.tags.output import write_whole
from db.records import Attachment, Blob, Compound

_FIRST, _NEXT, _END = 96.0, 30.0, 262.0
_ROW, _PHOTO = 13.0, 20.0
_SIGN_ROOM = 30.0 + 2 * SIGN_HIGH + 3
_IN_A_LINE, _GRID = 4, 42.0


@dataclass(frozen=True)
class Pictures:
    """The small pictures that go with a case: the newest of each asset, those of the case, names of its papers."""

    compound: str
    of_assets: Mapping[int, bytes]
    of_case: Sequence[bytes]
    papers: Sequence[str]


@reads("property", "look at disposal cases")
def pictures_of(session: Session, card: CaseCard) -> Pictures:
    """The pictures for the pack of a case."""
    ids = [item.asset_id for item in card.items]
    newest = (
        select(Attachment.record_id, func.max(Attachment.id).label("newest"))
        .join(Blob, Blob.sha256 == Attachment.sha256)
        .where(Attachment.record_kind == KIND, Attachment.record_id.in_(ids), Blob.thumbnail.is_not(None))
        .group_by(Attachment.record_id)
        .subquery()
    )
    wanted = (
        select(Attachment.record_id, Blob.thumbnail)
        .join(newest, newest.c.newest == Attachment.id)
        .join(Blob, Blob.sha256 == Attachment.sha256)
    )
    of_assets = {row[0]: bytes(row[1]) for row in session.execute(wanted) if row[1] is not None}
    own = (
        select(Attachment.name, Blob.thumbnail)
        .join(Blob, Blob.sha256 == Attachment.sha256)
        .where(Attachment.record_kind == CASE, Attachment.record_id == card.id)
        .order_by(Attachment.id)
    )
    rows = session.execute(own).all()
    name = session.scalar(select(Compound.value).where(Compound.name == "name"))
    return Pictures(
        str(name or ""),
        of_assets,
        [bytes(row[1]) for row in rows if row[1] is not None],
        [row[0] for row in rows if row[1] is None],
    )


def write_pack(card: CaseCard, pictures: Pictures, out: Path) -> int:
    """Write the pack; returns how many pages it has. Trouble where the file cannot be written."""
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas: Any = Canvas(file, pagesize=(WIDE * MM, HIGH * MM), pageCompression=1)
    canvas.setTitle(f"Board pack {card.reference}")
    pages = _Pack(canvas, card, pictures).draw()
    canvas.save()
    write_whole(out, file.getvalue())
    return pages


class _Pack(OnPaper):
    """The pages of one pack."""

    def __init__(self, canvas: Any, card: CaseCard, pictures: Pictures) -> None:
        super().__init__(canvas)
        self._card, self._pictures = card, pictures
        self._page, self._y = 1, _FIRST

    def draw(self) -> int:
        """Head, things, pictures, decisions and the lines to sign on; returns how many pages there are."""
        self._head()
        self._headings()
        for number, item in enumerate(self._card.items, 1):
            self._item(number, item)
        self._sums()
        self._gallery()
        self._decided()
        if self._card.state not in (CaseState.COMPLETE, CaseState.CANCELLED):
            self._to_sign()
        self._end()
        return self._page

    def _head(self) -> None:
        card = self._card
        self._text(EDGE, 20, self._pictures.compound, 9, grey=True)
        self._text(EDGE, 30, "Board pack", 20, strong=True)
        self._text(EDGE, 38, f"{card.reference} · disposal of property of {card.entity_name}", 12, most=140)
        self._symbol(card.reference, WIDE - EDGE - 18, 12, 0.7)
        limit = "none demanded"
        if card.review_from is not None:
            limit = (
                f"from {card.review_from // 100:,} USD a unit: {'demanded' if card.needs_review else 'not demanded'}"
            )
        facts = (
            ("Entity", card.entity),
            ("State", WORDS[card.state]),
            ("Next step due", f"{card.due_on:%-d %B %Y}" if card.due_on else "none"),
            ("Things", f"{len(card.items):,}"),
            ("Cost", f"{card.cost / 100:,.2f} USD"),
            ("Value, frozen as entered", f"{card.value / 100:,.2f} USD"),
            ("Decision of the review body", limit),
            ("Opened", f"{card.opened_on:%-d %B %Y} by {card.opened_by}"),
        )
        for at, (name, value) in enumerate(facts):
            left, top = EDGE + at % 3 * 60, 48 + at // 3 * 12
            self._text(left, top, name, 8, grey=True)
            self._text(left, top + 4.8, value, 10, most=57)
        self._text(EDGE, 85, f"Reason: {card.reason}", 10, strong=True, most=WIDE - 2 * EDGE)

    def _headings(self) -> None:
        for right, words in ((148, "Cost USD"), (170, "Value USD")):
            self._text_to(right, self._y - 2, words, 8)
        self._text(EDGE + 8, self._y - 2, "Thing", 8, grey=True)
        self._text(174, self._y - 2, "Valued on", 8, grey=True)
        self._rule(EDGE, self._y, WIDE - 2 * EDGE)

    def _item(self, number: int, item: ItemRow) -> None:
        photo = self._pictures.of_assets.get(item.asset_id)
        high = _PHOTO + 3 if photo else _ROW
        if self._y + high > _END:
            self._turn()
            self._headings()
        top, left = self._y, EDGE + 8
        self._text(EDGE, top + 6, f"{number}", 8, grey=True)
        if photo:
            self._picture(photo, left, top + 1.5, _PHOTO)
            left += _PHOTO + 3
        self._text(left, top + 6, item.inventory_no, 10, strong=True, most=60)
        about = " · ".join(part for part in (item.description, item.condition or "condition not stated") if part)
        self._text(left, top + 11, about, 8.5, grey=True, most=122 - left)
        for right, cents in ((148, item.cost), (170, item.value)):
            self._text_to(right, top + 6, "not known" if cents is None else f"{cents / 100:,.2f}", 9)
        self._text(174, top + 6, f"{item.valued_on:%-d %b %Y}", 9)
        self._y += high
        self._rule(EDGE, self._y - 0.6, WIDE - 2 * EDGE)

    def _sums(self) -> None:
        self._room(12)
        self._text(EDGE + 8, self._y + 6, "Together", 10, strong=True)
        self._text_to(148, self._y + 6, f"{self._card.cost / 100:,.2f}", 9, strong=True)
        self._text_to(170, self._y + 6, f"{self._card.value / 100:,.2f}", 9, strong=True)
        self._y += 12

    def _gallery(self) -> None:
        """The pictures of the case itself, and the names of its papers."""
        pictures = self._pictures.of_case
        for start in range(0, len(pictures), _IN_A_LINE):
            self._room(_GRID + 4)
            for at, picture in enumerate(pictures[start : start + _IN_A_LINE]):
                self._picture(picture, EDGE + at * (_GRID + 3), self._y + 2, _GRID)
            self._y += _GRID + 4
        if self._pictures.papers:
            self._room(10)
            papers = ", ".join(self._pictures.papers)
            self._text(EDGE, self._y + 6, f"With papers: {papers}", 9, most=WIDE - 2 * EDGE)
            self._y += 10

    def _decided(self) -> None:
        card = self._card
        for one in reversed(card.decisions):
            self._room(16)
            words = f"{one.decision.capitalize()} by {one.body} on {one.decided_on:%-d %B %Y}, minutes {one.minutes}"
            self._text(EDGE, self._y + 6, words, 10, strong=True, most=WIDE - 2 * EDGE)
            self._text(EDGE, self._y + 11, one.remarks, 9, grey=True, most=WIDE - 2 * EDGE)
            self._y += 14
        if card.state is CaseState.COMPLETE and card.done_on is not None:
            self._room(16)
            to = f" to {card.recipient}" if card.recipient else ""
            words = f"{HOW_WORDS[How(card.how)]}{to} on {card.done_on:%-d %B %Y}"
            self._text(EDGE, self._y + 6, words, 10, strong=True, most=WIDE - 2 * EDGE)
            proof = f"Certificate or receipt: {card.certificate or 'none'}"
            proceeds = f"proceeds {card.proceeds / 100:,.2f} {card.currency}"
            self._text(EDGE, self._y + 11, f"{proof} · {proceeds}", 9, grey=True, most=WIDE - 2 * EDGE)
            self._y += 14

    def _to_sign(self) -> None:
        """What is recommended, to be ticked, and the lines that the body signs on."""
        self._room(_SIGN_ROOM)
        self._text(EDGE, self._y + 7, "Recommended", 10, strong=True)
        words = [*HOW_WORDS.values(), "Deferred", "Refused"]
        for at, word in enumerate(words):
            left, top = EDGE + at % 4 * 44, self._y + 11 + at // 4 * 8
            self._box(left, top, 4)
            self._text(left + 6, top + 3.4, word, 10)
        for at, role in enumerate(("Chairperson", "Member", "Member", "Secretary")):
            self._place_to_sign(EDGE + at % 2 * 96, self._y + 30 + at // 2 * (SIGN_HIGH + 3), 82, role)
        self._y += _SIGN_ROOM

    def _room(self, high: float) -> None:
        if self._y + high > _END + 14:
            self._turn()

    def _turn(self) -> None:
        self._end()
        self._page += 1
        self._text(EDGE, 20, f"Board pack {self._card.reference}", 10, strong=True)
        self._y = _NEXT

    def _end(self) -> None:
        self._text(EDGE, HIGH - 9, f"{self._card.reference} · page {self._page}", 8, grey=True)
        self._canvas.showPage()
