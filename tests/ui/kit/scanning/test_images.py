"""Codes in pictures, drawn by one implementation and read by another."""

from __future__ import annotations

import random

import pytest
import qrcode
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from ui.kit.scanning.camera import Camera, FrameReader, available
from ui.kit.scanning.feed import ScanFeed
from ui.kit.scanning.images import ImageScans, find_codes


def symbol(text: str, module: int = 5) -> QImage:
    """A QR code as the `qrcode` package draws it."""
    code = qrcode.QRCode(border=4)
    code.add_data(text)
    matrix = code.get_matrix()
    side = len(matrix) * module
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                for dy in range(module):
                    for dx in range(module):
                        image.setPixel(x * module + dx, y * module + dy, 0xFF000000)
    return image


def sheet(*texts: str) -> QImage:
    """Symbols below each other on a page."""
    page = QImage(400, 260 * len(texts), QImage.Format.Format_ARGB32)
    page.fill(QColor("white"))
    painter = QPainter(page)
    for number, text in enumerate(texts):
        painter.drawImage(60, 260 * number + 20, symbol(text))
    painter.end()
    return page


@pytest.fixture
def feed(qapp):
    return ScanFeed()


@pytest.fixture
def scans(feed):
    got = []
    feed.scanned.connect(lambda scan: got.append((scan.source, scan.text)))
    return got


@pytest.fixture
def reader(feed):
    reader = ImageScans(feed)
    reader.answers = []
    reader.several.connect(reader.answers.append)
    reader.refused.connect(lambda refusal: reader.answers.append(str(refusal)))
    yield reader
    reader.finish()


def test_every_code_of_a_page_is_found_from_top_to_bottom(qapp):
    codes = find_codes(sheet("CBOA7K3M9XQ2ZR4", "INV-20391", "CBOA7K3M9XQ2ZR4"))
    assert [(code.text, "QR" in code.format) for code in codes] == [("CBOA7K3M9XQ2ZR4", True), ("INV-20391", True)]
    assert abs(codes[1].centre[1] - codes[0].centre[1] - 260) < 20


@pytest.mark.parametrize("kind", ["RGB32", "ARGB32", "RGB888", "Grayscale8", "Mono", "Indexed8", "RGB16"])
def test_every_kind_of_picture(qapp, kind):
    image = symbol("INV-20391").convertToFormat(QImage.Format[f"Format_{kind}"])
    assert [code.text for code in find_codes(image)] == ["INV-20391"]


def test_nothing_in_nothing(qapp):
    assert find_codes(QImage()) == []


@given(st.binary(max_size=400))
@settings(max_examples=40, deadline=None)
def test_no_file_breaks_the_reader(qapp, data):
    image = QImage.fromData(QByteArray(data))
    find_codes(image)


def test_one_code_is_a_scan(qtbot, reader, scans, tmp_path):
    symbol("INV-20391").save(str(tmp_path / "photo.png"))
    reader.read_file(tmp_path / "photo.png")
    qtbot.waitUntil(lambda: not reader.busy)
    assert (scans, reader.answers) == ([("image", "INV-20391")], [])


def test_several_codes_are_a_choice(qtbot, reader, scans):
    reader.read_image(sheet("INV-1", "INV-2"))
    qtbot.waitUntil(lambda: not reader.busy)
    assert scans == []
    (codes,) = reader.answers
    reader.choose(codes[1])
    assert scans == [("image", "INV-2")]


@pytest.mark.parametrize("what", ["blank", "noise", "text", "empty", "missing", "torn"])
def test_a_picture_without_a_code_is_refused_in_words(qtbot, reader, scans, tmp_path, what):
    path = tmp_path / "photo.png"
    if what == "blank":
        symbol("INV-1").scaled(4, 4).save(str(path))
    elif what == "noise":
        image = QImage(200, 200, QImage.Format.Format_Grayscale8)
        dice = random.Random(3)
        for y in range(200):
            for x in range(200):
                image.setPixelColor(x, y, QColor(*[dice.randrange(256)] * 3))
        image.save(str(path))
    elif what == "text":
        path.write_text("not a picture")
    elif what == "empty":
        path.write_bytes(b"")
    elif what == "torn":
        symbol("INV-1").save(str(path))
        path.write_bytes(path.read_bytes()[:60])
    reader.read_file(path)
    qtbot.waitUntil(lambda: not reader.busy)
    (sentence,) = reader.answers
    assert ("no code" in sentence) if what in ("blank", "noise") else ("photo.png is not a picture" in sentence)
    assert scans == []


def test_pasted_and_dropped(qtbot, reader, scans, tmp_path):
    clipboard = QGuiApplication.clipboard()
    clipboard.setImage(symbol("INV-1"))
    assert reader.read_mime(clipboard.mimeData())
    symbol("INV-2").save(str(tmp_path / "a.png"))
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png"))])
    assert reader.read_mime(dropped)
    words = QMimeData()
    words.setText("INV-3")
    assert not reader.read_mime(words)
    assert not reader.read_mime(None)
    qtbot.waitUntil(lambda: not reader.busy)
    assert [text for _, text in scans] == ["INV-1", "INV-2"]


def test_a_photograph_taken_sideways(qtbot, reader, scans, tmp_path):
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    from PySide6.QtGui import QTransform

    symbol("INV-20391").transformed(QTransform().rotate(31)).save(buffer, "JPG", 70)
    (tmp_path / "photo.jpg").write_bytes(bytes(buffer.data()))
    reader.read_file(tmp_path / "photo.jpg")
    qtbot.waitUntil(lambda: not reader.busy)
    assert [text for _, text in scans] == ["INV-20391"]


def test_frames_are_dropped_while_one_is_read(qtbot, feed, scans):
    reader, seen = FrameReader(feed), []
    reader.seen.connect(seen.append)
    frame = symbol("INV-20391")
    taken = [reader.offer(frame) for _ in range(10)]
    assert taken == [True] + [False] * 9
    assert reader.dropped == 9
    qtbot.waitUntil(lambda: len(seen) == 1)
    assert reader.offer(frame)
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert scans == [("camera", "INV-20391")]
    reader.finish()


def test_without_the_optional_part_the_camera_says_what_is_missing(feed, monkeypatch):
    from cbo_desk.errors import Refusal

    monkeypatch.setitem(__import__("sys").modules, "PySide6.QtMultimedia", None)
    assert "cbo-desk[camera]" in available()
    with pytest.raises(Refusal, match="optional part"):
        Camera(feed)
