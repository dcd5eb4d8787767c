"""How this workstation looks: theme, size of text."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.bench import Bench
from ui.kit.cards import ScrollCard
from ui.kit.preferences import SCALE, THEME
from ui.kit.tabs import Tabs, segments
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
            self._row("moon", self.tr("Theme"), self.tr("Light and dark have the same contrast."), self.theme),
            self._row("zoom-in", self.tr("Size of text"), self.tr("Everything grows with it."), self.scale),
            gap=0,
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.card)

    def _row(self, icon: str, title: str, detail: str, choice: Tabs) -> QWidget:
        row = setting_row(icon, title, detail)
        head = row.layout()
        assert head is not None
        first = head.itemAt(0)
        inner = first.layout() if first is not None else None
        assert inner is not None
        inner.addWidget(choice)
        return row
