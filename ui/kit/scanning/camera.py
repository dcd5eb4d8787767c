"""A camera as scanner, where the optional package with QtMultimedia is installed; elsewhere it says why not."""

from __future__ import annotations

import importlib
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QImage

from cbo_desk.errors import Refusal
from ui.kit.background import Background
from ui.kit.scanning.feed import ScanFeed
from ui.kit.scanning.images import Code, find_codes


def available() -> str:
    """Empty if a camera can be used, otherwise the sentence that says why not and what helps."""
    try:
        multimedia: Any = importlib.import_module("PySide6.QtMultimedia")
    except ImportError as error:
        if getattr(error, "name", None) in ("PySide6.QtMultimedia", "PySide6"):
            return QCoreApplication.translate(
                "Camera", "Cameras need an optional part: run pip install 'cbo-desk[camera]' and start again."
            )
        return QCoreApplication.translate(
            "Camera", "A library for cameras is missing (%1). On Debian and Ubuntu install libpulse0."
        ).replace("%1", str(error)[:120])
    if not multimedia.QMediaDevices.videoInputs():
        return QCoreApplication.translate("Camera", "No camera is plugged in.")
    return ""


class FrameReader(QObject):
    """Reads codes from a camera's frames in one worker; frames that come while it is busy are dropped.

    Signals: `seen(list[Code])` for each frame that was read.
    """

    seen = Signal(object)

    def __init__(self, feed: ScanFeed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._worker = Background(1, self)
        self.dropped = 0

    def offer(self, frame: QImage) -> bool:
        """Read a frame; False if it was dropped because the last one is still being read."""
        if self._worker.busy:
            self.dropped += 1
            return False
        self._worker.run(self, partial(find_codes, frame.copy()), self._found, self._failed)
        return True

    def finish(self) -> None:
        """Wait for the frame under way."""
        self._worker.finish()

    def _found(self, codes: list[Code]) -> None:
        for code in codes:
            self._feed.put("camera", code.text)  # the feed drops the same code in the next frames
        self.seen.emit(codes)

    def _failed(self, error: Exception) -> None:
        raise error


class Camera(QObject):
    """The computer's camera, reading from `start` to `stop`. Raises Refusal where `available` names a reason.

    Signals: `frame(QImage)` for the picture on the screen.
    """

    frame = Signal(object)

    def __init__(self, feed: ScanFeed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        reason = available()
        if reason:
            raise Refusal(reason)
        multimedia: Any = importlib.import_module("PySide6.QtMultimedia")
        self.reader = FrameReader(feed, self)
        self._camera: Any = multimedia.QCamera(multimedia.QMediaDevices.defaultVideoInput(), self)
        self._sink: Any = multimedia.QVideoSink(self)
        self._session: Any = multimedia.QMediaCaptureSession(self)
        self._session.setCamera(self._camera)
        self._session.setVideoSink(self._sink)
        self._sink.videoFrameChanged.connect(self._take)

    def start(self) -> None:
        """Begin to look."""
        self._camera.start()

    def stop(self) -> None:
        """Stop looking; the camera's light goes out."""
        self._camera.stop()
        self.reader.finish()

    def _take(self, video_frame: Any) -> None:
        image = video_frame.toImage()
        if not image.isNull():
            self.frame.emit(image)
            self.reader.offer(image)
