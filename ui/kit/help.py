"""F1: the help of the screen that is open, and the list of everything that can be done there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QFont, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from ui.kit.actions import Actions, keys_in_words
from ui.kit.shipped import SHIPPED
from ui.kit.theme import changed, letters, px

START = "start"


class HelpWindow(QWidget):
    """A window beside the work: one Markdown page of `resources/help`, then the keys of the screen."""

    def __init__(self, actions: Actions, parent: QWidget | None = None, folder: Path = SHIPPED / "help") -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._actions, self._folder = actions, folder
        self.page = START
        self._scope = ""
        self.setWindowTitle(self.tr("CBO Desk help"))
        self.text = QTextBrowser(self)
        self.text.setOpenLinks(False)
        self.text.setAccessibleName(self.tr("Help"))
        self.text.anchorClicked.connect(self._follow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text)
        self.resize(px(460), px(720))
        changed.connect(self._write)

    def open_page(self, page: str, scope: str = "") -> None:
        """Show the help of a page with the actions of a desk; a page without help shows the first page."""
        self.page = page if (self._folder / f"{page}.md").is_file() else START
        self._scope = scope or self._scope
        self._write()
        self.show()
        self.raise_()
        self.activateWindow()
        self.text.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the window."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)

    def markdown(self) -> str:
        """What is shown, as Markdown."""
        file = self._folder / f"{self.page}.md"
        text = file.read_text(encoding="utf-8") if file.is_file() else f"# {self.tr('Help')}\n"
        return f"{text.rstrip()}\n\n## {self.tr('What can be done here')}\n\n{self._keys()}"

    def _keys(self) -> str:
        lines = [f"| {self.tr('Action')} | {self.tr('Key')} |", "|---|---|"]
        for action in self._actions.of(self._scope):
            key = keys_in_words(action.shortcut)
            lines.append(f"| {action.label} | {f'**{key}**' if key else self.tr('in Ctrl+K')} |")
        return "\n".join(lines)

    def _write(self) -> None:
        self.text.document().setDefaultFont(letters())
        self.text.setMarkdown(self.markdown())
        self._space_out()

    def _space_out(self) -> None:
        """Give headings their size and paragraphs their air; Markdown comes in without."""
        block = self.text.document().begin()
        while block.isValid():
            cursor = QTextCursor(block)
            style = block.blockFormat()
            level = style.headingLevel()
            if cursor.currentTable() is None:
                style.setTopMargin(px(14) if level else 0)
                style.setBottomMargin(px(4) if block.textList() else px(8))
                cursor.setBlockFormat(style)
            if level:
                cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
                letter = QTextCharFormat()
                letter.setFont(letters(20 if level == 1 else 16, QFont.Weight.DemiBold))
                cursor.mergeCharFormat(letter)
            block = block.next()

    def _follow(self, link: QUrl) -> None:
        if link.scheme() in ("", "file"):
            self.open_page(link.fileName().removesuffix(".md"))
