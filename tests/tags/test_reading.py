"""Codes out of pictures, and every file that is none."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cbo_desk.errors import Refusal
from cbo_desk.tags.encoder import symbol
from cbo_desk.tags.layout import TagLabel
from cbo_desk.tags.png import symbol_picture
from cbo_desk.tags.printing import make_tags
from cbo_desk.tags.reading import read_codes

CODE = "CBOA7EFYK8W1TJK"


def picture(mode="L"):
    page = Image.new("L", (300, 260), 255)
    page.paste(symbol_picture(symbol(CODE), 5), (60, 40))
    return page.convert(mode)


def as_bytes(image, kind="PNG"):
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("1", "PNG"), ("L", "PNG"), ("RGB", "JPEG"), ("P", "GIF"), ("RGB", "BMP"), ("CMYK", "TIFF"), ("RGBA", "WEBP")],
)
def test_a_code_is_read_from_every_usual_picture(mode, kind):
    (found,) = read_codes(as_bytes(picture(mode), kind))
    assert (found.format, found.text, found.page) == ("QRCode", CODE, 1)
    (left, top), _, (right, low), _ = found.position
    assert (left, top, right, low) == pytest.approx((60, 40, 185, 165), abs=3)


def test_transparent_and_sixteen_bit_pictures():
    clear = Image.new("RGBA", (300, 260), (0, 0, 0, 0))
    clear.paste(
        (0, 0, 0, 255), (60, 40), symbol_picture(symbol(CODE), 5).point(lambda dark: 255 * (not dark)).convert("L")
    )
    assert [found.text for found in read_codes(as_bytes(clear))] == [CODE]
    deep = picture("I").point(lambda shade: shade * 257).convert("I;16")
    assert [found.text for found in read_codes(as_bytes(deep))] == [CODE]


def test_other_barcodes_are_named(tmp_path):
    made = zxingcpp.create_barcode("RR473124829KE", zxingcpp.BarcodeFormat.Code128)
    Image.fromarray(__import__("numpy").array(made.to_image(scale=3))).save(tmp_path / "parcel.png")
    (found,) = read_codes(tmp_path / "parcel.png")
    assert (found.format, found.text) == ("Code128", "RR473124829KE")


def test_all_pages_of_a_pdf_are_read(tmp_path):
    tags = [TagLabel(CODE, "N-1"), TagLabel("C-204", "N-2")]
    make_tags(tags, "zebra-50x25", tmp_path / "two.pdf")
    assert [(found.page, found.text) for found in read_codes(tmp_path / "two.pdf")] == [(1, CODE), (2, "C-204")]


def test_a_picture_without_a_code_has_none():
    assert read_codes(as_bytes(Image.new("RGB", (50, 50), "white"))) == []
    assert read_codes(as_bytes(Image.new("1", (1, 1), 0))) == []


def bomb():
    """A PNG of a few bytes that claims to be 40,000 dots square."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 40_000, 40_000, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes(10_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b"this is a text", "is not an image or PDF"),
        (as_bytes(picture())[:200], "is damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "image or PDF|damaged"),
        (b"%PDF-1.7 nothing behind it", "cannot be opened"),
        (bomb(), "too many dots|safely"),
    ],
)
def test_hostile_files_are_refused_in_words(data, words, tmp_path):
    path = tmp_path / "scan.png"
    path.write_bytes(data)
    with pytest.raises(Refusal, match=words):
        read_codes(path)


def test_files_that_are_not_there(tmp_path):
    with pytest.raises(Refusal, match="There is no file"):
        read_codes(tmp_path / "gone.png")
    with pytest.raises(Refusal, match="is a folder"):
        read_codes(tmp_path)
    with pytest.raises(Refusal, match="There is no such file"):
        read_codes("a\x00b")


GOOD = as_bytes(picture())


@settings(max_examples=60, deadline=None)
@given(st.integers(8, len(GOOD) - 1), st.binary(min_size=1, max_size=8), st.booleans())
def test_a_file_damaged_anywhere_is_read_or_refused(place, noise, cut):
    data = GOOD[:place] + noise + (b"" if cut else GOOD[place + len(noise) :])
    try:
        found = read_codes(data)
    except Refusal as refused:
        told = str(refused)
    else:
        told = "read" + "".join(code.text for code in found)
    assert told
