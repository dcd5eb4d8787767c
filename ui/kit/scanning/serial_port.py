"""Serial and USB-CDC scanners, read in a thread of their own; a scanner that is unplugged is waited for."""

from __future__ import annotations

import errno
import threading
from collections.abc import Callable
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, Signal

from cbo_desk.errors import Trouble
from ui.kit.scanning.feed import ScanFeed
from ui.kit.scanning.framing import Overlong, Splitter
from ui.kit.scanning.settings import ScannerSettings

READ_S = 0.2
"""How long one read may wait: within this time the thread hears that it is to end."""

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 8.0
"""Before the first attempt to connect again, and the most it grows to by doubling."""

_Fault = Literal["away", "forbidden", "busy", "overlong", "torn"]


def ports() -> list[tuple[str, str]]:
    """The serial ports of this computer: name and what is plugged in there."""
    from serial.tools import list_ports

    return [(port.device, port.description or port.device) for port in sorted(list_ports.comports())]


class SerialScanner(QObject):
    """Puts what a serial scanner reads into the feed, from `start` until `stop`.

    Signals: `trouble(Trouble)` once per outage, with the sentence for the person; `connected()` each time the scanner
    answers, for the first time or again. Both arrive on the GUI thread.
    """

    trouble = Signal(object)
    connected = Signal()
    _heard = Signal(str)
    _failed = Signal(str)

    def __init__(
        self,
        feed: ScanFeed,
        settings: ScannerSettings,
        parent: QObject | None = None,
        *,
        pause: Callable[[threading.Event, float], bool] = threading.Event.wait,
    ) -> None:
        super().__init__(parent)
        self._feed, self._settings, self._pause = feed, settings, pause
        self._end = threading.Event()
        self._thread: threading.Thread | None = None
        queued = Qt.ConnectionType.QueuedConnection
        self._heard.connect(self._take, queued)
        self._failed.connect(self._tell, queued)

    @property
    def running(self) -> bool:
        """Whether the reader thread is alive."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin to read; without a device in the settings nothing happens."""
        if self.running or not self._settings.serial_device:
            return
        self._end = threading.Event()
        self.destroyed.connect(self._end.set)
        self._thread = threading.Thread(target=self._read_on, args=(self._end,), name="serial scanner", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and close the port; takes at most one read, 0.2 seconds."""
        self._end.set()
        if self._thread is not None:
            self._thread.join(timeout=5 * READ_S)
            self._thread = None

    def apply(self, settings: ScannerSettings) -> None:
        """Read by other settings from now on."""
        self.stop()
        self._settings = settings
        self.start()

    def _read_on(self, end: threading.Event) -> None:
        """The thread: connect, read, and after a fault wait and connect again."""
        wait, told = FIRST_WAIT_S, False
        while not end.is_set():
            splitter = Splitter(self._settings.serial_suffix, self._settings.serial_encoding)
            try:
                with self._open() as port:
                    self.connected.emit()
                    wait, told = FIRST_WAIT_S, False
                    self._read_until(end, port, splitter)
            except (OSError, ValueError) as error:  # serial.SerialException is an OSError
                if splitter.forget():
                    self._failed.emit("torn")
                elif not told:
                    self._failed.emit(_kind(error))
                told = True
                self._pause(end, wait)
                wait = min(2 * wait, LONGEST_WAIT_S)

    def _open(self) -> Any:
        import serial

        return serial.Serial(self._settings.serial_device, self._settings.serial_speed, timeout=READ_S, exclusive=True)

    def _read_until(self, end: threading.Event, port: Any, splitter: Splitter) -> None:
        while not end.is_set():
            piece = port.read(max(1, port.in_waiting))
            if not piece:
                continue
            try:
                texts = splitter.feed(piece)
            except Overlong:
                self._failed.emit("overlong")
                continue
            for text in texts:
                self._heard.emit(text)

    def _take(self, text: str) -> None:
        self._feed.put("serial", text)

    def _tell(self, fault: _Fault) -> None:
        sentences = {
            "away": self.tr("The scanner at %1 does not answer. Plug it in again; it is looked for by itself."),
            "forbidden": self.tr(
                "This computer does not let you use %1. Ask for the right to use serial ports (group dialout)."
            ),
            "busy": self.tr("Another program uses the scanner at %1. Close it; the scanner is tried again by itself."),
            "overlong": self.tr(
                "The scanner at %1 sends without a line end. Check its speed and its suffix in the settings."
            ),
            "torn": self.tr("The scanner at %1 was unplugged in the middle of a scan. Plug it in and scan again."),
        }
        self.trouble.emit(Trouble(sentences[fault].replace("%1", self._settings.serial_device)))


def _kind(error: Exception) -> _Fault:
    """What a failed connection means for the person."""
    number = getattr(error, "errno", None)
    if number in (errno.EACCES, errno.EPERM) or "PermissionError" in str(error):
        return "forbidden"
    if number in (errno.EBUSY, errno.EAGAIN) or "exclusively lock" in str(error):
        return "busy"
    return "away"
