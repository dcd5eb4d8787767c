"""An item's way from hand to hand: one row a step, a line through all, the signature at the hand-over it proves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cbo_desk.context import clock, local
from cbo_desk.mail import Event, Proof, What
from cbo_desk.mail.telling import REMINDED, TOLD
from ui.kit.bidi import isolate
from ui.kit.chips import Tone
from ui.kit.icons import pixmap
from ui.kit.phrases import day
from ui.kit.theme import changed, colour, letters, px
from ui.mail.looks import step_icon, step_words

_AMBER = (What.FAIL, What.REFUSE)
_RED = (What.OVERRIDE, What.LOSE)


@dataclass(frozen=True)
class Next:
    """What happens by itself next, unless somebody does something: when, what, and why."""

    on: date
    words: str
    about: str


@dataclass(frozen=True)
class Step:
    """One step as it is painted: who gave it to whom or what was done, and about it how, why and by what proven."""

    at: datetime
    title: str
    about: str
    icon: str
    tone: Tone = "idle"
    proof: Proof | None = None


class Chain(QWidget):
    """Paints every step: solid is past, filled is now, dashed is what comes by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: tuple[Step, ...] = ()
        self._next: Next | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        changed.connect(self._rescale)

    def show_events(self, events: Sequence[Event], following: Next | None = None) -> None:
        """Show the steps of an item that came in."""
        self.show_steps([step_of(event) for event in events], following)

    def show_steps(self, steps: Sequence[Step], following: Next | None = None) -> None:
        """Show other steps."""
        self._steps, self._next = tuple(steps), following
        self.setAccessibleName(". ".join(self.sentences()))
        self.updateGeometry()
        self.setFixedHeight(self.sizeHint().height())
        self.update()

    def sentences(self) -> list[str]:
        """Every step in words, as it is read aloud."""
        said = []
        for step in self._steps:
            about = f", {step.about}" if step.about else ""
            said.append(f"{day(local(step.at).date())} {local(step.at):%H:%M} {step.title}{about}")
        if self._next is not None:
            said.append(f"{day(self._next.on)} {self._next.words}, {self._next.about}")
        return said

    def sizeHint(self) -> QSize:
        """As high as its steps."""
        rows = len(self._steps) + (self._next is not None)
        return QSize(px(300), max(rows * px(46), px(10)))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it as it stands now."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            before: date | None = None
            for row, step in enumerate(self._steps):
                there = local(step.at)
                self._row(painter, row, step, there.date() != before)
                before = there.date()
            if self._next is not None:
                self._coming(painter, len(self._steps), self._next)
        finally:
            painter.end()

    def _row(self, painter: QPainter, row: int, step: Step, new_day: bool) -> None:
        top = row * px(46)
        last = row == len(self._steps) - 1
        spot = QPointF(px(92), top + px(15))
        if not last or self._next is not None:
            dashed = last and self._next is not None
            self._thread(painter, spot, dashed)
        tone = step.tone
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent") if last and tone == "idle" else colour(f"{tone}_back"))
        painter.drawEllipse(spot, px(11), px(11))
        token = "on_accent" if last and tone == "idle" else f"{tone}_text"
        size = px(13)
        painter.drawPixmap(spot - QPointF(size / 2, size / 2), pixmap(step.icon, token, size))
        there = local(step.at)
        if new_day:
            form = f"{there:%a} {day(there.date())}" if there.year != local(clock()).year else f"{there:%a %-d %b}"
            self._text(painter, 0, top + px(4), px(76), form, strong=True, size=12)
            self._text(painter, 0, top + px(21), px(76), f"{there:%H:%M}", token="muted", size=12)
        else:
            self._text(painter, 0, top + px(4), px(76), f"{there:%H:%M}", token="muted", size=12)
        right = self.width() - px(114)
        wide = right - (px(92) if step.proof and step.proof.strokes else 0)
        words = "bad_text" if tone == "bad" else "text"
        self._text(painter, px(114), top + px(3), wide, step.title, strong=True, token=words)
        self._text(
            painter, px(114), top + px(21), wide, step.about, token=f"{tone}_text" if tone != "idle" else "muted"
        )
        if step.proof is not None and step.proof.strokes:
            room = QRectF(self.width() - px(86), top + px(1), px(84), px(38))
            paint_signature(painter, room, step.proof)

    def _coming(self, painter: QPainter, row: int, coming: Next) -> None:
        top = row * px(46)
        spot = QPointF(px(92), top + px(15))
        pen = QPen(colour("muted"), 1.2, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(spot, px(11), px(11))
        size = px(13)
        painter.drawPixmap(spot - QPointF(size / 2, size / 2), pixmap("corner-up-right", "muted", size))
        self._text(
            painter, 0, top + px(4), px(76), f"{coming.on:%a} {coming.on.day} {coming.on:%b}", strong=True, size=12
        )
        self._text(painter, px(114), top + px(3), self.width() - px(114), coming.words, strong=True, token="muted")
        self._text(painter, px(114), top + px(21), self.width() - px(114), coming.about, token="muted")

    def _thread(self, painter: QPainter, spot: QPointF, dashed: bool) -> None:
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(colour("border"), 2, style))
        painter.drawLine(spot + QPointF(0, px(12)), spot + QPointF(0, px(34)))

    def _text(
        self, painter: QPainter, x: float, y: float, wide: float, words: str, *, strong: bool = False,
        token: str = "text", size: float = 13,
    ) -> None:  # fmt: skip
        weight = QFont.Weight.DemiBold if strong else QFont.Weight.Normal
        font = letters(size if strong else min(size, 12), weight)
        painter.setFont(font)
        painter.setPen(colour(token))
        short = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(wide))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextDontClip
        painter.drawText(QRectF(x, y, wide, px(18)), int(flags), isolate(short))

    def _rescale(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
        self.update()


def paint_signature(painter: QPainter, room: QRectF, proof: Proof) -> None:
    """Paint a signature into a white box as large as it fits: dark on white in every theme, as on paper."""
    painter.save()
    painter.setPen(QPen(colour("border"), 1))
    painter.setBrush(QColor("#FFFFFF"))
    painter.drawRoundedRect(room, 5, 5)
    points = [point for stroke in proof.strokes for point in stroke]
    left, top = min(p[0] for p in points), min(p[1] for p in points)
    across = max(max(p[0] for p in points) - left, 1.0)
    down = max(max(p[1] for p in points) - top, 1.0)
    inner = room.adjusted(px(6), px(5), -px(6), -px(5))
    scale = min(inner.width() / across, inner.height() / down)
    start = inner.center() - QPointF(across * scale / 2, down * scale / 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor("#101418"), 1.3, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    for stroke in proof.strokes:
        path = QPainterPath(start + QPointF((stroke[0][0] - left) * scale, (stroke[0][1] - top) * scale))
        for x, y, _ms in stroke[1:] or [(stroke[0][0] + 0.1, stroke[0][1], 0)]:
            path.lineTo(start + QPointF((x - left) * scale, (y - top) * scale))
        painter.drawPath(path)
    painter.restore()


def step_of(event: Event) -> Step:
    """One step of an item that came in, in words."""
    tone: Tone = "bad" if event.what in _RED else "warn" if event.what in _AMBER else "idle"
    return Step(event.at, _title(event), _about(event), step_icon(event.what), tone, event.proof)


def _title(event: Event) -> str:
    """Who gave it to whom; what happened where nobody did."""
    if event.what is What.OVERRIDE:
        return f"{step_words(event.what)}: {event.reason}"
    if event.what is What.REMIND and event.note.startswith(TOLD):
        return QCoreApplication.translate("mail", "Addressee told")
    if event.from_hand != event.to_hand and event.to_hand and event.from_hand:
        return f"{event.from_hand} → {event.to_hand}"
    if event.shelf and event.what in (What.SHELVE, What.HOLD):
        return f"{step_words(event.what)} · {event.shelf}"
    return step_words(event.what)


def _about(event: Event) -> str:
    """Where, why and by what it is proven."""
    proof = event.proof
    parts = [event.round, event.shelf if event.what not in (What.SHELVE, What.HOLD, What.REMIND) else ""]
    parts.append("" if event.what is What.OVERRIDE else event.reason)
    parts.append(event.note.removeprefix(TOLD).removeprefix(REMINDED))
    if event.from_hand != event.to_hand and event.what not in (What.RECEIVE, What.OVERRIDE):
        parts.append(step_words(event.what).lower())
    if proof is not None:
        parts.append({"signature": "signed", "badge": "badge scanned"}.get(proof.how, "by name"))
    parts.append(event.by if not any(parts) else "")
    return " · ".join(part for part in parts if part)
