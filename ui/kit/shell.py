"""The window: sidebar, top bar and the page of the desk that is open; everything else hangs on it."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from ui.kit.actions import Action, Actions
from ui.kit.bell import BellList
from ui.kit.chips import Tone
from ui.kit.errands import TypeAhead
from ui.kit.overlay import Overlay
from ui.kit.page import Closes, Opens, Page, Undoes
from ui.kit.palette import PaletteBox, Search
from ui.kit.preferences import GEOMETRY, LAST_DESK, SCALE, THEME, Preferences
from ui.kit.presence import Presence, spoken
from ui.kit.problems import Problems
from ui.kit.sidebar import Desk, Sidebar
from ui.kit.theme import apply_theme, current
from ui.kit.toasts import Toasts
from ui.kit.topbar import TopBar
from ui.kit.trail import Stop, Trail

SIZE = (1440, 900)


class Shell(QMainWindow):
    """The window.

    Signals: `entered(text)` for what was scanned or typed and confirmed in the field; `went(desk id)` after a page was
    opened; `help_asked(help page)` for F1; `closing` before the window goes; `heard(Changes)` for every deed, here and
    elsewhere; `switch_asked(url)` for another compound in place of the one that is open; `connection_told(str)` what is
    wrong with the connection, as `trouble` says, "" while all is well; `boxed(QWidget)` when a box came to the front,
    `uncovered` when it, or the lock, went; `made(QWidget)` a page was opened for the
    first time; `counted(desk, count)` how many wait at a desk by now.
    """

    entered = Signal(str)
    went = Signal(str)
    help_asked = Signal(str)
    closing = Signal()
    heard = Signal(object)
    switch_asked = Signal(str)
    connection_told = Signal(str)
    boxed = Signal(object)
    made = Signal(object)
    uncovered = Signal()
    counted = Signal(str, int)

    def __init__(
        self,
        desks: Sequence[Desk],
        preferences: Preferences,
        *,
        settings: Callable[[QWidget], QWidget] | None = None,
        search: Search | None = None,
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.trouble = ""
        self.setWindowTitle("CBO Desk")
        self.preferences, self.search = preferences, search
        self.desks = {desk.id: desk for desk in desks}
        self._further: dict[str, Callable[[QWidget], QWidget]] = {}
        self._settings = settings
        self._pages: dict[str, QWidget] = {}
        self._trail = Trail()
        self._overlay: Overlay | None = None
        self._lock: QWidget | None = None
        self._bell: BellList | None = None
        self.actions_ = Actions(self)
        self.actions_.covered = lambda: self._overlay is not None
        self.type_ahead = TypeAhead(self)
        self.actions_.set_off = self.set_off
        self.sidebar = Sidebar(desks, self)
        self.top = TopBar(now, self)
        self.pages = QStackedWidget(self)
        self.toasts = Toasts(self)
        self.problems = Problems(self.toasts)
        self.presence = Presence(self)
        self._showing: dict[QWidget, tuple[str, int]] = {}
        self._arrange()
        self._connect()
        self._add_actions()
        self._recall()
        self.top.field.setFocus()

    # --- what others ask of the window

    def add_page(self, name: str, make: Callable[[QWidget], QWidget]) -> None:
        """Make a further page of a desk known, named "desk/page"; `go` opens it, its desk stays chosen."""
        self._further[name] = make

    def go(self, desk: str, detail: str = "", *, remember: bool = True) -> QWidget:
        """Open a desk's page or a further one, and there what `detail` names; KeyError where there is none.

        A further page opens although its desk was never opened before.
        """
        page, left = self._page(desk), self.pages.currentWidget()
        if page is not left:
            self.type_ahead.go(page)
        within = left is not None and left is not page and left.isAncestorOf(self.focusWidget() or self)
        if isinstance(left, Page) and left is not page and left.keeps_scan_field():
            within = within or (self.top.field.hasFocus() and not self.top.field.text())
        self.pages.setCurrentWidget(page)
        if within and isinstance(page, Page):
            page.focus_body()  # Qt would choose the filter, and a letter key would be typed there
        self.sidebar.set_chosen(self.desk())
        self.presence.attend(self._showing.get(page))
        if remember:
            self._trail.visit(Stop(desk, detail))
        if detail and isinstance(page, Opens):
            page.open_at(detail)
        self.toasts.place()
        self.went.emit(self.desk())
        return page

    def note_stop(self, desk: str, detail: str) -> None:
        """A page tells that it shows something in particular, so that Alt+← finds it again."""
        self._trail.visit(Stop(desk, detail))
        kind, _, ident = detail.partition(":")
        page = self.pages.currentWidget()
        if page is not None and kind and ident.isdigit() and self._pages.get(desk) is page:
            self._showing[page] = (kind, int(ident))
            self.presence.attend(self._showing[page])

    def desk(self) -> str:
        """The id of the desk that is open, "" before any."""
        page = self.pages.currentWidget()
        return next((name.partition("/")[0] for name, made in self._pages.items() if made is page), "")

    def page(self) -> QWidget | None:
        """The page that is open."""
        return self.pages.currentWidget()

    def set_compound(self, name: str, *, demo: bool = False) -> None:
        """Say which compound is open; a made-up one is marked."""
        self.sidebar.set_compound(name, demo=demo)

    def set_count(self, desk: str, count: int, tone: Tone = "idle") -> None:
        """So many wait at a desk; amber (`warn`) where one must act, red (`bad`) where something is late."""
        self.sidebar.set_count(desk, count, tone)
        self.counted.emit(desk, count)

    def set_connection(self, words: str, more: str = "", *, tone: Tone = "ok", icon: str = "") -> None:
        """Say in words where the data is, and what is unsaved or queued."""
        self.sidebar.set_connection(words, more, tone=tone, icon=icon)
        self.trouble = f"{words} · {more}" if tone != "ok" and more else words if tone != "ok" else ""
        self.connection_told.emit(self.trouble)

    def set_person(self, name: str, menu: QMenu | None = None) -> None:
        """Say who is signed in."""
        self.top.set_person(name, menu)

    def open_palette(self, typed: str = "") -> None:
        """Open Ctrl+K over the page, with what was typed already."""
        if self._overlay is not None:
            return
        self.top.field.clear()
        titles = {name: desk.title for name, desk in self.desks.items()}
        box = PaletteBox(self.actions_, self.preferences, self.desk(), titles, self.search)
        overlay = self.open_overlay(box)
        box.done.connect(overlay.close_it)
        box.begin(typed)

    def set_off(self, deed: Callable[[], object], shortcut: str = "") -> None:
        """Run a deed that may ask before it opens its form: what is typed meanwhile is kept for the form."""
        self.type_ahead.set_off(deed, self.page, shortcut)

    def is_free_for(self) -> bool:
        """Whether a box may open: none is there, and who asked for it is still on the page where it belongs."""
        return self._overlay is None and self.type_ahead.is_wanted(self.page())

    def open_overlay(self, box: QWidget, *, takes_keys: bool = False) -> Overlay:
        """Put one box in front of the page; ValueError while another is there (never more than one deep).

        What was typed ahead is forgotten, unless the box takes it.
        """
        if self._overlay is not None:
            raise ValueError("There is a box in front of the page already.")
        if not takes_keys:
            self.type_ahead.drop()
        self._overlay = Overlay(self, box)
        self._overlay.closed.connect(self._overlay_gone)
        self.boxed.emit(box)
        return self._overlay

    def in_front(self) -> QWidget | None:
        """What stands before the page and is to be done with first: the lock, or a box."""
        return self._lock or (self._overlay.box if self._overlay is not None else None)

    def put_below_box(self, strip: QWidget | None) -> None:
        """Put a strip below the box in front, or take it away."""
        if self._overlay is not None:
            self._overlay.put_below(strip)

    def lock(self, screen: QWidget | None) -> None:
        """Let nothing be reached but this screen, which covers the window; None lets everything be as it was."""
        self.actions_.locked = screen is not None
        self._lock = screen
        if self._bell is not None:
            self._bell.close_it()
        for part in (self.centralWidget(), self._overlay):
            if part is not None:
                part.setEnabled(screen is None)
        if screen is None:
            self.uncovered.emit()

    def set_theme(self, name: str) -> None:
        """Switch to "light", "dark" or "system", and remember it."""
        self.preferences.set(THEME, name)
        self._apply_look()

    def set_scale(self, scale: float) -> None:
        """Switch to another text size, and remember it."""
        self.preferences.set(SCALE, scale)
        self._apply_look()

    def close_topmost(self) -> bool:
        """Close the topmost thing: bell, box, the page's own, toast; else lead the focus to the scan field or back."""
        if self._bell is not None:
            self._bell.close_it()
        elif self._overlay is not None:
            self._overlay.close_it()
        elif self._page_closes():
            return True
        elif not self.toasts.close_it():
            page = self.pages.currentWidget()
            if self.top.field.hasFocus() and isinstance(page, Page):
                page.focus_body()  # without the mouse there is no shorter way from the field into the list
            else:
                self.top.field.setFocus()
            return False
        return True

    # --- what Qt asks

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hear a key."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_topmost()
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember what is to be remembered, then go."""
        self.closing.emit()
        self.preferences.set(GEOMETRY, base64.b64encode(self.saveGeometry().data()).decode())
        self.preferences.set(LAST_DESK, self.desk())
        self.preferences.flush()
        super().closeEvent(event)

    # --- parts

    def _arrange(self) -> None:
        right = QWidget(self)
        right.setProperty("look", "page")
        right.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(right)
        column.setContentsMargins(16, 10, 16, 14)
        column.setSpacing(10)
        column.addWidget(self.top)
        column.addWidget(self.pages, 1)
        root = QWidget(self)
        row = QHBoxLayout(root)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addWidget(right, 1)
        self.setCentralWidget(root)
        self.resize(*SIZE)

    def _connect(self) -> None:
        self.sidebar.asked.connect(self._asked)
        self.top.field.entered.connect(self.entered)
        self.top.field.command_asked.connect(self.open_palette)
        self.top.bell_asked.connect(self._open_bell)
        self.top.theme_asked.connect(self.switch_theme)
        self.presence.moved.connect(self._say_others)
        self.presence.heard.connect(self._say_others)
        self.toasts.notices.changed.connect(lambda: self.top.bell.set_unread(self.toasts.notices.unread))

    def _add_actions(self) -> None:
        for number, desk in enumerate(self.desks.values(), 1):
            label = self.tr("Go to {desk}").format(desk=desk.title)
            key = f"Ctrl+{number}" if number < 10 else ""
            self.actions_.add(self, Action(f"go.{desk.id}", label, partial(self.go, desk.id), desk.icon, key))
        find = self.tr("Find a command or a record")
        self.actions_.add(
            self,
            Action("palette", find, self.open_palette, "search", "Ctrl+K", listed=False),
            Action("scan", self.tr("Go to the scan field"), self.top.field.setFocus, "scan-line", "F2"),
            Action("filter", self.tr("Filter this list"), self._focus_filter, "list-filter", "/"),
            Action("back", self.tr("Go back"), lambda: self._walk(self._trail.back()), "arrow-left", "Alt+Left"),
            Action("forth", self.tr("Go forth"), lambda: self._walk(self._trail.forth()), "arrow-right", "Alt+Right"),
            Action("undo", self.tr("Undo what was done last"), self._undo, "undo-2", "Ctrl+Z"),
            Action("help", self.tr("Help for this screen"), self._help, "circle-help", "F1"),
            Action("theme", self.tr("Switch between light and dark"), self.switch_theme, "moon"),
        )
        for percent in (100, 125, 150):
            label = self.tr("Text at {percent} %").format(percent=percent)
            run = partial(self.set_scale, percent / 100)
            self.actions_.add(self, Action(f"scale.{percent}", label, run, "zoom-in"))
        if self._settings is not None:
            run_settings = partial(self.go, "settings")
            self.actions_.add(self, Action("settings", self.tr("Settings"), run_settings, "settings", "Ctrl+,"))

    def switch_theme(self) -> None:
        """Light becomes dark, dark becomes light."""
        self.set_theme("light" if current().dark else "dark")

    def _undo(self) -> None:
        page: object = self.page()
        if not (isinstance(page, Undoes) and page.undo_last()):
            self.toasts.undo()

    def _page_closes(self) -> bool:
        page: object = self.page()
        return isinstance(page, Closes) and page.close_topmost()

    def _page(self, name: str) -> QWidget:
        if name not in self._pages:
            desk, _, further = name.partition("/")
            if further and name not in self._further:
                page = self._page(desk)  # which makes its further pages known
                if isinstance(page, Page) and page.shut:
                    return page
            make = self._settings if name == "settings" and self._settings else self._further.get(name)
            make = make or self.desks[name].make_page
            page = make(self.pages)
            self._pages[name] = page
            self.pages.addWidget(page)
            self.made.emit(page)
        return self._pages[name]

    def _asked(self, name: str) -> None:
        if name == "help":
            self._help()
        elif name != "settings" or self._settings is not None:
            self.go(name)
        present = self.desk()
        self.sidebar.set_chosen(present)

    def _walk(self, stop: Stop | None) -> None:
        if stop is not None:
            self.go(stop.desk, stop.detail, remember=False)

    def _help(self) -> None:
        shown = (self._overlay.box if self._overlay is not None else None, self.page())
        named = (getattr(one, "help_page", "") for one in shown)  # a box in front may have help of its own
        self.help_asked.emit(next((name for name in named if name), "") or self.desk() or "start")

    def _focus_filter(self) -> None:
        page = self.page()
        if isinstance(page, Page) and page.filter_box.isVisible():
            page.focus_filter()

    def _open_bell(self) -> None:
        if self._bell is not None:
            self._bell.close_it()
            return
        bell = self.top.bell
        self._bell = BellList(self.toasts.notices, self)
        self._bell.closed.connect(self._bell_gone)
        self._bell.open_below(bell.mapTo(self, bell.rect().bottomRight()))

    def _bell_gone(self) -> None:
        self._bell = None
        self.top.bell.setFocus()

    def _say_others(self) -> None:
        page = self.page()
        if isinstance(page, Page):
            page.say_others(spoken(self.presence.beside()))

    def _overlay_gone(self) -> None:
        self._overlay = None
        self.uncovered.emit()

    def _apply_look(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, self.preferences.get(THEME), self.preferences.get(SCALE))  # type: ignore[arg-type]

    def _recall(self) -> None:
        kept = self.preferences.get(GEOMETRY)
        if kept:
            self.restoreGeometry(QByteArray(base64.b64decode(kept)))
