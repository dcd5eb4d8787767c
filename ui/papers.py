"""Photos and papers of a record on its card: the first photo, how many there are, and the papers by name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QFileDialog, QMenu, QVBoxLayout, QWidget

from cbo_desk.attachments import (
    AttachmentRow,
    Contents,
    attach,
    attachments_of,
    check_size,
    contents_of,
    detach,
    largest,
    may_attach,
    thumbnail_of,
)
from cbo_desk.changes import Changes
from cbo_desk.errors import Trouble
from cbo_desk.plurals import Count
from ui.bench import Bench
from ui.kit.buttons import Button
from ui.kit.drawings import Photo
from ui.kit.own_files import show, write_to_show
from ui.kit.preferences import FOLDERS

PURPOSE = "papers"
PAUSE_MS = 40
"""So long a card stands before its photos are asked for, and longer while scans pass: it is painted first."""
MOST_SMALL = 24
"""So many photos of one record are shown small in its menu."""
WIDEST_NAME = 320
"""Pixels of a name in the menu; a longer one is cut in its middle, so that its end still tells what it is."""


class Papers(QWidget):
    """The photo of one record; pressing it opens a menu of all photos and papers, and of what can be done with them."""

    def __init__(self, bench: Bench, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench, self._kind, self._id = bench, kind, 0
        self.rows: Sequence[AttachmentRow] = ()
        self._small: dict[int, QPixmap] = {}
        self.photo = Photo("package", self.tr("No photo yet"), self)
        self.photo.pressed.connect(self.offer)
        self.more = Button(self.tr("Add photo"), kind="link", run=self.offer, parent=self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addWidget(self.photo, 1)
        box.addWidget(self.more)
        self._may_look = bench.may(attachments_of)  # who may not is not told so at every card
        self._may_add = self._may_look and may_attach(bench.runner.office.actor, kind)
        self._invite()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        bench.runner.changed.connect(self._hear)

    def show_record(self, record_id: int, icon: str) -> None:
        """Show what hangs on another record; `icon` stands where it has no photo."""
        if record_id != self._id:
            self._id, self.rows, self._small = record_id, (), {}
            self.photo.show_icon(icon, self.tr("No photo yet"))
            self.more.set_words(self.tr("Add photo"))
            self._invite()
            self._pause.start()

    def _invite(self) -> None:
        """Who may not add is offered what is there, and nothing where there is nothing."""
        offers = self._may_add or bool(self.rows)
        self.more.setVisible(offers)
        self.photo.setCursor(Qt.CursorShape.PointingHandCursor if offers else Qt.CursorShape.ArrowCursor)

    def _ask(self) -> None:
        if self._bench.runner.scanning:
            self._pause.start()
        else:
            self.refresh()

    def refresh(self) -> None:
        """Read anew what hangs on the record."""
        self._pause.stop()
        if not self._may_look:
            return
        self._bench.runner.read(self, attachments_of, self._kind, self._id, done=partial(self._show, self._id))

    def offer(self) -> None:
        """Open the menu of photos and papers; with none there, ask for a file at once."""
        if not self.rows:
            if self._may_add:
                self.add()
            return
        menu = QMenu(self)
        menu.setProperty("look", "pictures")
        for row in self.rows:
            part = menu.addMenu(self._shown(row.name))
            if row.id in self._small:
                part.setIcon(QIcon(self._small[row.id]))
            part.addAction(self.tr("Open")).triggered.connect(partial(self._open, row.id))
            if self._may_add:
                part.addAction(self.tr("Take off")).triggered.connect(partial(self._take_off, row.id))
        if self._may_add:
            menu.addSeparator()
            menu.addAction(self.tr("Add photo or paper…")).triggered.connect(lambda _=False: self.add())
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _shown(self, name: str) -> str:
        """A name as the menu shows it: no letter of it is a key."""
        return self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, WIDEST_NAME).replace("&", "&&")

    def add(self) -> None:
        """Ask for files and hang them on the record."""
        folder = self._bench.preferences.get(FOLDERS).get(PURPOSE, "")
        kinds = self.tr("Photos and papers (*.jpg *.jpeg *.png *.webp *.gif *.pdf *.docx *.xlsx *.txt)")
        names, _kind = QFileDialog.getOpenFileNames(self, self.tr("Add photos or papers"), folder, kinds)
        if names:
            self._bench.preferences.set_entry(FOLDERS, PURPOSE, str(Path(names[0]).parent))
        for name in names:
            self.add_file(Path(name))

    def add_file(self, path: Path) -> None:
        """Hang one file on the record shown now, whatever the card shows when the file is read."""
        # The card is drawn anew once a file hangs on it: what else was chosen does not go with the old one.
        record, kind, runner = self._id, self._kind, self._bench.runner
        office = runner.office

        def read(_progress: object) -> bytes:
            try:
                check_size(path.name, path.stat().st_size, office.read(largest))  # before it fills the memory
                return path.read_bytes()
            except OSError as error:
                raise Trouble(f"{path.name} cannot be read: {error.strerror}.") from error

        def order(content: bytes) -> None:
            runner.write(attach, kind, record, path.name, content)

        runner.job(runner, read, order)

    def _show(self, record_id: int, rows: Sequence[AttachmentRow]) -> None:
        if record_id != self._id:
            return
        self.rows = rows
        pictures = [row for row in rows if row.has_thumbnail]
        papers = len(rows) - len(pictures)
        words = [self.tr("{count:photo|photos}").format(count=Count(len(pictures)))]
        if papers:
            words.append(self.tr("{count:paper|papers}").format(count=Count(papers)))
        self.more.set_words(" · ".join(words) if rows else self.tr("Add photo"))
        self._invite()
        if not pictures:
            self.photo.show_photo(None, self.tr("No photo yet"))
        for row in pictures[:MOST_SMALL]:
            if row.id not in self._small:
                self._bench.runner.read(self, thumbnail_of, row.id, done=partial(self._keep, record_id, row.id))
        self._paint()

    def _keep(self, record_id: int, ident: int, thumbnail: bytes | None) -> None:
        """A photo came small."""
        picture = QPixmap()
        if record_id == self._id and thumbnail and picture.loadFromData(thumbnail):
            self._small[ident] = picture
            self._paint()

    def _paint(self) -> None:
        """Show the newest photo on the card."""
        newest = next((row for row in self.rows if row.has_thumbnail), None)
        if newest is not None and newest.id in self._small:
            self.photo.show_photo(self._small[newest.id], newest.name)

    def _open(self, attachment_id: int, _checked: bool = False) -> None:
        self._bench.runner.read(self, contents_of, attachment_id, done=self._show_outside)

    def _show_outside(self, contents: Contents) -> None:
        """Hand a copy to the program that this computer opens such files with."""

        def write(_progress: object) -> Path:
            return write_to_show(contents.name, lambda path: path.write_bytes(contents.content))

        self._bench.runner.job(self, write, show)

    def _take_off(self, attachment_id: int, _checked: bool = False) -> None:
        self._bench.runner.write(detach, attachment_id)

    def _hear(self, changes: Changes) -> None:
        if "attachment" in changes.touched():
            self.refresh()
