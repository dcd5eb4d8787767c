"""The scanner's self-test: scan the symbol on the screen and see what the scanner sends, how fast, and what helps."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QWidget

from ui.kit.bidi import identifier
from ui.kit.buttons import Button
from ui.kit.cards import Fact, Facts, frame, line, stack
from ui.kit.drawings import Drawing, Symbol
from ui.kit.labels import Label
from ui.kit.scanning.keys import character_of, is_f13, suffix_of
from ui.kit.scanning.measure import F13, Finding, Stroke, examine
from ui.kit.scanning.settings import ScannerSettings
from ui.kit.scanning.showing import visible
from ui.kit.scanning.wedge import Wedge
from ui.kit.theme import colour, letters, px

TEST_TEXT = "CBO-SELF-TEST-12345"
"""What the symbol on the screen says: no tag, so that no record opens by it."""

QUIET_MS = 600
"""After this much silence the test scan has ended."""

BIN_MS, BINS = 5, 24


class ScanArea(QFrame):
    """The place to scan at: while it has the focus, every key comes here; Esc leaves it.

    Signals: `scanned(list[Stroke])` when the scanner has fallen silent.
    """

    scanned = Signal(object)

    def __init__(self, wedge: Wedge, parent: QWidget | None = None, *, timer: QTimer | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "sunk")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._wedge = wedge
        self._strokes: list[Stroke] = []
        self._silence = timer or QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.timeout.connect(self._ended)
        self.words = Label("", "h3", self, centred=True, wrap=True)
        self.setLayout(stack(self.words, margins=(16, 24, 16, 24)))
        self._invite(False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Begin to listen to every key."""
        super().focusInEvent(event)
        self._wedge.listen(self._hear)
        self._invite(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave the keys to the others again."""
        super().focusOutEvent(event)
        self._stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A ring shows that keys come here."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            try:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.setPen(QPen(colour("accent"), 2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
            finally:
                painter.end()

    def hideEvent(self, event: QHideEvent) -> None:
        """A page that is left listens no longer."""
        super().hideEvent(event)
        self._stop()

    def _stop(self) -> None:
        self._wedge.listen(None)
        self._silence.stop()
        self._strokes = []
        self._invite(False)

    def _invite(self, listening: bool) -> None:
        words = self.tr("Scan the symbol now. Esc leaves this field.") if listening else self.tr("Click here first")
        self.words.setText(words)
        self.setAccessibleName(words)

    def _hear(self, event: QKeyEvent, at: float) -> bool:
        if event.key() == Qt.Key.Key_Escape.value:
            self.clearFocus()
            return True
        text = F13 if is_f13(event) else suffix_of(event) or character_of(event)
        if text:
            self._strokes.append(Stroke(text, at))
            self._silence.start(QUIET_MS)
        return True

    def _ended(self) -> None:
        strokes, self._strokes = self._strokes, []
        if strokes:
            self.scanned.emit(strokes)


class SelfTest(QWidget):
    """The panel on the Settings page. Signals: `suggested(ScannerSettings)` when the person takes the advice."""

    suggested = Signal(object)

    def __init__(
        self,
        wedge: Wedge,
        settings: ScannerSettings,
        parent: QWidget | None = None,
        *,
        timer: QTimer | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self.finding: Finding | None = None
        self.area = ScanArea(wedge, self, timer=timer)
        self.area.scanned.connect(self.show_strokes)
        self.verdict = Label("", "h3", self, wrap=True)
        self.advice = Label("", "muted", self, wrap=True)
        self.facts = Facts((), self, columns=2)
        self.histogram = Drawing(self._paint_gaps, self.tr("Gaps between keys"), self)
        self.histogram.setMinimumHeight(px(120))
        self.use = Button(self.tr("Use these settings"), "check", "plain", self._use, parent=self)
        self.use.setEnabled(False)
        caption = Label(TEST_TEXT, "small-muted", self, centred=True)
        left = stack(frame(_test_symbol(self), look="white"), caption, None, gap=4)
        told = (self.area, self.verdict, self.advice, self.facts, self.histogram, line(self.use, None), None)
        self.setLayout(line(left, stack(*told, gap=8), gap=16))
        self._say()

    def show_strokes(self, strokes: list[Stroke]) -> None:
        """Show what these keys say about the scanner."""
        self.finding = examine(strokes)
        self._say()

    def _say(self) -> None:
        found = self.finding
        self.facts.setVisible(found is not None)
        self.histogram.setVisible(found is not None)
        if found is None:
            self.verdict.setText(self.tr("Nothing scanned yet"))
            self.advice.setText(self.tr("Click the field above and scan the symbol beside it."))
            return
        verdict, advice = self._words(found)
        self.verdict.setText(verdict)
        self.advice.setText(advice)
        self.use.setEnabled(found.settings(self._settings) != self._settings)
        milliseconds = self.tr("%1 ms").replace("%1", f"{found.median:.0f}")
        ends = {"enter": self.tr("Enter"), "tab": self.tr("Tab"), "": self.tr("none")}
        read = identifier(visible(found.text, 60))
        self.facts.show_facts(
            [
                Fact("scan-barcode", self.tr("What came"), read),
                Fact("timer", self.tr("Median gap"), milliseconds),
                Fact("log-in", self.tr("Prefix"), self.tr("none") if found.prefix == "none" else found.prefix),
                Fact("log-out", self.tr("Suffix"), ends[found.suffix]),
            ]
        )
        self.histogram.setAccessibleName(self.tr("Gaps between keys: median %1").replace("%1", milliseconds))
        self.histogram.update()

    def _words(self, found: Finding) -> tuple[str, str]:
        """The verdict and what to do about it."""
        gap = f"{found.median:.0f}"
        certain = self.tr("Programme the prefix F13 for certainty; the scanner's manual has the symbol for it.")
        slow = self.tr("Your scanner types one key in %1 ms, as fast as a person.").replace("%1", gap)
        fast = self.tr("Your scanner types one key in %1 ms.").replace("%1", gap)
        return {
            "prefix": (self.tr("Certain: your scanner sends the prefix %1.").replace("%1", found.prefix), fast),
            "timing": (self.tr("Works by timing."), f"{fast} {certain}"),
            "slow": (self.tr("Too slow for timing."), f"{slow} {certain}"),
            "uneven": (
                self.tr("Not certain by timing: the scanner stalls within a code."),
                f"{fast} {certain}",
            ),
            "no_suffix": (
                self.tr("The end of a code cannot be seen."),
                self.tr("Programme the suffix Enter; the scanner's manual has the symbol for it."),
            ),
            "grammar": (
                self.tr("This text does not look like a code."),
                self.tr("Scan the symbol beside this. If it still comes out wrong, set the scanner's keyboard layout."),
            ),
            "nothing": (self.tr("Nothing to judge yet."), self.tr("One key is not enough. Scan the symbol.")),
        }[found.verdict]

    def _use(self) -> None:
        if self.finding is not None:
            self._settings = self.finding.settings(self._settings)
            self.use.setEnabled(False)
            self.suggested.emit(self._settings)

    def _paint_gaps(self, painter: QPainter, room: QRectF) -> None:
        """A bar for every 5 ms, the last one for all longer gaps, and a line at the limit for scanners."""
        found = self.finding
        if found is None or not found.gaps:
            return
        counts = Counter(min(BINS - 1, int(max(0.0, gap) // BIN_MS)) for gap in found.gaps)
        floor, step, high = room.height() - px(18), room.width() / BINS, max(counts.values())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("accent"))
        for number, count in counts.items():
            height = (floor - px(16)) * count / high
            painter.drawRect(QRectF(number * step + 1, floor - height, step - 2, height))
        painter.setPen(QPen(colour("strong"), 1))
        painter.drawLine(QPointF(0, floor), QPointF(room.width(), floor))
        limit = self._settings.max_gap_ms / BIN_MS * step
        painter.setPen(QPen(colour("text"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(limit, 0), QPointF(limit, floor))
        painter.setFont(letters(11))
        painter.setPen(colour("muted"))
        painter.drawText(QPointF(limit + px(4), px(11)), self.tr("limit"))
        for number in range(0, BINS, 4):
            painter.drawText(QPointF(number * step, room.height() - px(4)), str(number * BIN_MS))
        painter.drawText(QPointF(room.width() - px(22), room.height() - px(4)), self.tr("ms"))


def _test_symbol(parent: QWidget) -> Symbol:
    from cbo_desk.tags.encoder import symbol

    code = symbol(TEST_TEXT)
    matrix = [[code.is_dark(column, row) for column in range(code.size)] for row in range(code.size)]
    return Symbol(matrix, f"QR {TEST_TEXT}", 5, parent=parent)
