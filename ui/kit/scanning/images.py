"""Codes read from a picture: a file, something pasted or something dropped; decoded in a thread beside the window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QImage, QImageReader

from cbo_desk.errors import Refusal
from ui.kit.background import Background
from ui.kit.scanning.feed import ScanFeed, Source

LARGEST = 12_000 * 12_000
"""Pixels; a picture with more is refused before it fills the memory."""


@dataclass(frozen=True)
class Code:
    """One code found in a picture: what it says, its symbology, and its centre in pixels from the upper left."""

    text: str
    format: str
    centre: tuple[int, int]


def find_codes(image: QImage) -> list[Code]:
    """Every code in a picture, from top to bottom, each text once. Safe in any thread; others go on meanwhile."""
    import zxingcpp

    if image.isNull():
        return []
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    found: dict[str, Code] = {}
    for one in zxingcpp.read_barcodes(grey, text_mode=zxingcpp.TextMode.Plain):
        corners = (one.position.top_left, one.position.bottom_right)
        centre = (sum(at.x for at in corners) // 2, sum(at.y for at in corners) // 2)
        if one.text:
            found.setdefault(one.text, Code(one.text, str(one.format), centre))
    return sorted(found.values(), key=lambda code: (code.centre[1], code.centre[0]))


class ImageScans(QObject):
    """Reads pictures and puts a single code into the feed; where there are several, somebody has to choose.

    Signals: `several(list[Code])` for the list to choose from, whose answer goes to `choose`; `refused(Refusal)` for
    a picture without a code, or that is none.
    """

    several = Signal(object)
    refused = Signal(object)

    def __init__(self, feed: ScanFeed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._worker = Background(1, self)

    @property
    def busy(self) -> bool:
        """Whether a picture is being read."""
        return self._worker.busy > 0

    def read_image(self, image: QImage, source: Source = "image") -> None:
        """Read a picture that is in memory already."""
        # A copy of its own: the caller may paint on while the worker reads.
        self._worker.run(self, partial(find_codes, image.copy()), partial(self._found, source), self._failed)

    def read_file(self, path: Path) -> None:
        """Read a picture file."""
        sentences = (
            self.tr("%1 is not a picture that can be read. Save it as PNG or JPEG.").replace("%1", path.name),
            self.tr("%1 is too large. Cut out the part with the code.").replace("%1", path.name),
        )
        self._worker.run(self, partial(_read_file, path, *sentences), partial(self._found, "image"), self._failed)

    def read_mime(self, data: QMimeData | None) -> bool:
        """Read what was pasted or dropped; False if there is no picture in it."""
        if data is None:
            return False
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        for path in files:
            self.read_file(path)
        if files:
            return True
        image = data.imageData() if data.hasImage() else None
        if not isinstance(image, QImage):
            return False
        self.read_image(image)
        return True

    def choose(self, code: Code) -> None:
        """Take the code that a person chose from the list."""
        self._feed.put("image", code.text)

    def finish(self) -> None:
        """Wait for the picture under way."""
        self._worker.finish()

    def _found(self, source: Source, codes: list[Code]) -> None:
        if len(codes) == 1:
            self._feed.put(source, codes[0].text)
        elif codes:
            self.several.emit(codes)
        else:
            sentence = self.tr("There is no code to be read in this picture. Take it closer, straight and with light.")
            self.refused.emit(Refusal(sentence))

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, Refusal):
            raise error
        self.refused.emit(error)


def _read_file(path: Path, not_a_picture: str, too_large: str) -> list[Code]:
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)  # photographs carry their turn beside the pixels
    size = reader.size()
    if size.isValid() and size.width() * size.height() > LARGEST:
        raise Refusal(too_large)
    image = reader.read()
    if image.isNull():
        raise Refusal(not_a_picture)
    return find_codes(image)
