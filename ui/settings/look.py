"""How this workstation looks: theme, size of text."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cbo_desk.people.signing_in import change_password
from ui.bench import Bench
from ui.kit.cards import ScrollCard
from ui.kit.preferences import LOCK_MINUTES, SCALE, THEME
from ui.kit.tabs import segments
from ui.settings.rows import setting_row


class LookPanel(QWidget):
    """Theme and text size, at once and remembered."""

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        themes = [("light", self.tr("Light")), ("dark", self.tr("Dark")), ("system", self.tr("As the computer"))]
        sizes = [("1", "100 %"), ("1.25", "125 %"), ("1.5", "150 %")]
        self.theme = segments(themes, bench.shell.set_theme, bench.preferences.get(THEME))
        scale = f"{bench.preferences.get(SCALE):g}"
        self.scale = segments(sizes, lambda size: bench.shell.set_scale(float(size)), scale)
        self.card = ScrollCard(self)
        self.card.show_content(
            setting_row("moon", self.tr("Theme"), self.tr("Light and dark have the same contrast."), ends=[self.theme]),
            setting_row("zoom-in", self.tr("Size of text"), self.tr("Everything grows with it."), ends=[self.scale]),
            *([self._lock_row()] if bench.may(change_password) else []),
            gap=0,
        )
        bench.preferences.changed.connect(self._recall)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.card)

    def _lock_row(self) -> QWidget:
        """After how long this workstation's screen locks; asked only of those who have a password."""
        choices = [(str(n), self.tr("{n} min").format(n=n)) for n in (2, 5, 15, 30)]
        kept = self._bench.preferences
        self.lock = segments(
            [*choices, ("0", self.tr("Never"))],
            lambda minutes: kept.set(LOCK_MINUTES, int(minutes)),
            str(kept.get(LOCK_MINUTES)),
        )
        words = self.tr("When nobody touches it; Ctrl+Alt+L locks at once. What was typed and scanned is kept.")
        return setting_row("lock", self.tr("The screen locks"), words, ends=[self.lock])

    def _recall(self, key: str) -> None:
        """The theme is switched in the top bar too."""
        kept = self._bench.preferences
        if key == THEME.key:
            self.theme.choose(kept.get(THEME))
        elif key == SCALE.key:
            self.scale.choose(f"{kept.get(SCALE):g}")
