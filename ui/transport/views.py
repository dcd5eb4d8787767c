"""The views of the list of requests: shipped ones with their counts, and saved ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from ui.bench import Bench
from ui.kit.buttons import Tool
from ui.kit.dialogs import FormBox, open_form
from ui.kit.fields import Field
from ui.kit.forms import Form
from ui.kit.saved_views import SavedView, SavedViews

LISTING = "transport.requests"
VIEWS = ("all", "needs", "road", "late", "requests", "gone")


def view_words() -> dict[str, str]:
    """The shipped views in the person's language."""
    return {
        "all": QCoreApplication.translate("transport", "All today"),
        "needs": QCoreApplication.translate("transport", "Needs vehicle"),
        "road": QCoreApplication.translate("transport", "On road"),
        "late": QCoreApplication.translate("transport", "Late"),
        "requests": QCoreApplication.translate("transport", "Requests"),
        "gone": QCoreApplication.translate("transport", "Cancelled"),
    }


class RequestViews(QObject):
    """Which view is shown, and the saved ones: a view with the words in the filter. `opened(view, words)`."""

    opened = Signal(str, str)

    def __init__(self, bench: Bench, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = bench
        self.view, self.words = "all", ""
        self.saved = SavedViews(bench.preferences, LISTING)
        self.tool = Tool("bookmark", self.tr("Saved views"), self.open_menu, parent)

    def in_words(self) -> str:
        """What the list is narrowed to."""
        return self.words

    def keep(self) -> None:
        """Ask what the view in force is to be called, and keep it."""
        form = Form([Field("name", self.tr("Name of the view"), required=True, longest=60)])

        def save(values: Mapping[str, Any], done: Callable[[], object], _failed: Callable[[Exception], object]) -> None:
            self.saved.keep(SavedView(values["name"], {"view": self.view, "words": self.words}))
            done()

        open_form(self._bench.shell, FormBox(self.tr("Save as view"), form, save, self.tr("Save"), width=420))

    def open_menu(self) -> None:
        """Every saved view, to open or to throw away, and the way to keep this one."""
        menu = QMenu(self.tool)
        for view in self.saved.all():
            menu.addAction(view.name, partial(self.open_view, view))
        if self.saved.all():
            menu.addSeparator()
        menu.addAction(self.tr("Save this view …"), self.keep)
        for view in self.saved.all():
            menu.addAction(self.tr("Delete {view}").format(view=view.name), partial(self.saved.forget, view.name))
        menu.popup(self.tool.mapToGlobal(self.tool.rect().bottomLeft()))

    def open_view(self, view: SavedView) -> None:
        """Show a saved view."""
        kept = dict(view.filters)
        self.opened.emit(str(kept.get("view", "all")), str(kept.get("words", "")))
