"""Everything that scans at this workstation: keyboard and serial scanners, pictures, and the strip of the last scan."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication

from cbo_desk.errors import Refusal, Trouble
from ui.bench import Bench
from ui.frame import Frame
from ui.kit.actions import Action
from ui.kit.holding import Holding
from ui.kit.preferences import SCANNER
from ui.kit.scanning.code_list import CodeList
from ui.kit.scanning.feed import ScanFeed, Scanned
from ui.kit.scanning.images import Code, ImageScans
from ui.kit.scanning.last_scan import LastScan
from ui.kit.scanning.serial_port import SerialScanner
from ui.kit.scanning.settings import ScannerSettings
from ui.kit.scanning.sounds import Sounds
from ui.kit.scanning.wedge import Wedge


class Scanners(QObject):
    """The readers of one window and the feed that they fill; from `start` until `stop`."""

    def __init__(self, bench: Bench, frame: Frame, parent: QObject) -> None:
        super().__init__(parent)
        self._bench, self._frame = bench, frame
        self._watching = False
        self.feed = ScanFeed(self)
        bench.feed = self.feed
        self.holding = Holding(self.feed, frame, bench.drafts, self)
        settings = self._settings()
        self.sounds = Sounds(settings.sound, self)
        self.wedge = bench.wedge = Wedge(self.feed, settings, self)
        self.serial = SerialScanner(self.feed, settings, self)
        self.images = ImageScans(self.feed, self)
        self.strip = LastScan(self.feed, self.sounds, frame)
        self.strip.hide()
        frame.add_foot(self.strip)
        self._connect()

    def start(self) -> None:
        """Begin to listen to scanners."""
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        self.wedge.watch(app)
        self.serial.start()
        self.holding.recall()
        self._watching = True

    def stop(self) -> None:
        """Leave every scanner alone; a picture under way is read to its end."""
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        if self._watching:
            self.wedge.unwatch(app)
            self._watching = False
        self.serial.stop()
        self.images.finish()
        self.holding.stop()
        self._frame.removeEventFilter(self)

    def paste(self) -> None:
        """Read the codes of a picture that was copied."""
        if not self.images.read_mime(QApplication.clipboard().mimeData()):
            self._tell(Refusal(self.tr("There is no picture to paste. Copy one that shows a code.")))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take pictures that are dropped on the window where no page takes them."""
        if event.type() == QEvent.Type.DragEnter:
            entering = cast(QDragEnterEvent, event)
            data = entering.mimeData()
            if data.hasImage() or any(url.isLocalFile() for url in data.urls()):
                entering.acceptProposedAction()
                return True
        if event.type() == QEvent.Type.Drop:
            return self.images.read_mime(cast(QDropEvent, event).mimeData())
        return False

    def _connect(self) -> None:
        self._frame.setAcceptDrops(True)
        self._frame.installEventFilter(self)
        self._bench.preferences.changed.connect(self._apply)
        self.feed.scanned.connect(self._show_strip)
        self.serial.trouble.connect(self._tell)
        self.images.refused.connect(self._tell)
        self.images.several.connect(self._offer)
        key = QKeySequence("Ctrl+Shift+V").toString()
        words = self.tr("Scan the picture that was copied")
        self._frame.actions_.add(self._frame, Action("scan.paste", words, self.paste, "image", key))

    def _settings(self) -> ScannerSettings:
        try:
            kept: dict[str, Any] = self._bench.preferences.get(SCANNER)
            return ScannerSettings.from_dict(kept)
        except Refusal:
            return ScannerSettings()  # a damaged preference reads as the default

    def _apply(self, key: str) -> None:
        if key == SCANNER.key:
            settings = self._settings()
            self.sounds.on = settings.sound
            self.wedge.apply(settings)
            self.serial.apply(settings)

    def _show_strip(self, _scan: Scanned) -> None:
        self.strip.show()

    def _tell(self, news: Refusal | Trouble) -> None:
        self._frame.problems.show(news)

    def _offer(self, codes: list[Code]) -> None:
        """Several codes in one picture: the person chooses."""
        box = CodeList(codes)
        overlay = self._frame.open_overlay(box)
        box.chosen.connect(self.images.choose)
        box.chosen.connect(overlay.close_it)
        box.setFocus()
