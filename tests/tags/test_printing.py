"""Every output rendered and read back by an independent reader, and every way it can go wrong."""

from __future__ import annotations

import io
import os
import random
import re
import socket
import threading

import pypdfium2
import pytest
import zplkit.rendering
import zxingcpp
from PIL import Image

from cbo_desk.errors import Refusal, Trouble
from cbo_desk.tags import codes, pdf, zpl
from cbo_desk.tags.layout import Composer, LabelLayout, TagLabel
from cbo_desk.tags.output import PrinterProfile
from cbo_desk.tags.printing import make_tags
from cbo_desk.tags.stocks import cells, stock, stocks

NAMES = ("Laptop, Dell Latitude 7440", "Réfrigérateur (médical) \\150 L", "حاسوب محمول", "Chair ^XA ~JA _5E")
ROLLS = [each for each in stocks() if each.is_roll]
every_stock = pytest.mark.parametrize("kind", stocks(), ids=lambda kind: kind.name)
every_roll = pytest.mark.parametrize("kind", ROLLS, ids=lambda kind: kind.name)


def some_labels(count, seed=1):
    rng = random.Random(seed)
    kinds = list(codes.Kind)
    return [
        TagLabel(codes.new_code(kinds[n % 9], rng), f"UNEP-{104870 + n}", NAMES[n % 4], "UNEP") for n in range(count)
    ]


def read_picture(picture):
    found = zxingcpp.read_barcodes(
        picture, formats=zxingcpp.BarcodeFormat.QRCode, text_mode=zxingcpp.TextMode.Plain, try_rotate=False
    )
    return [(code.text, code.position) for code in found]


def read_pdf(path, dpi):
    pages = []
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            pages.append(read_picture(page.render(scale=dpi / 72, grayscale=True).to_pil()))
            page.close()
    return pages


@every_stock
@pytest.mark.parametrize("dpi", [203, 300])
def test_every_symbol_of_a_pdf_is_read_back(kind, dpi, tmp_path):
    count = min(kind.per_page, 65) if kind.per_page > 1 else 3
    labels = some_labels(count)
    report = make_tags(labels, kind, tmp_path / "tags.pdf")
    # A raster finer than the symbol is needed to see it: L4731 and the 12 mm tapes have modules of 0.3 mm.
    seen = dpi if Composer(kind).module >= 0.45 else max(dpi, 300)
    read = [text for page in read_pdf(tmp_path / "tags.pdf", seen) for text, _ in page]
    assert sorted(read) == sorted(label.code for label in labels)
    assert report.tags == count
    assert report.pages == (1 if kind.per_page > 1 else count)


def test_a_thousand_tags_are_read_back(tmp_path):
    labels = some_labels(1000)
    report = make_tags(labels, "avery-l7651", tmp_path / "tags.pdf")
    read = [text for page in read_pdf(tmp_path / "tags.pdf", 203) for text, _ in page]
    assert sorted(read) == sorted(label.code for label in labels)
    assert (report.pages, len(report.cells)) == (16, 1000)


def test_a_part_used_sheet_begins_where_it_is_told(tmp_path):
    kind = stock("avery-5163")
    labels = some_labels(9)
    report = make_tags(labels, kind, tmp_path / "tags.pdf", start_at=3, used_cells={4, 5})
    assert report.cells == tuple((1, c) for c in (3, 6, 7, 8, 9, 10)) + ((2, 1), (2, 2), (2, 3))
    first, second = read_pdf(tmp_path / "tags.pdf", 203)
    assert {text for text, _ in second} == {label.code for label in labels[6:]}
    where = dict(first)
    dot = 25.4 / 203
    for label, (_, number) in zip(labels[:6], report.cells, strict=False):
        cell = cells(kind)[number - 1]
        corner = where[label.code].top_left
        composer = Composer(kind)
        assert corner.x * dot == pytest.approx(cell.x + composer.symbol_x + 4 * composer.module, abs=0.3)
        assert corner.y * dot == pytest.approx(cell.y + composer.symbol_y + 4 * composer.module, abs=0.3)


def test_the_printer_profile_moves_every_page_and_stretches_only_distances(tmp_path):
    kind = stock("avery-5163")
    labels = some_labels(20)
    make_tags(labels, kind, tmp_path / "plain.pdf")
    make_tags(labels, kind, tmp_path / "moved.pdf", profile=PrinterProfile(2.0, -1.0, 0.99))
    dot = 25.4 / 300
    for plain, moved in zip(read_pdf(tmp_path / "plain.pdf", 300), read_pdf(tmp_path / "moved.pdf", 300), strict=True):
        before, after = dict(plain), dict(moved)
        for text, place in before.items():
            now = after[text]
            assert now.top_left.x * dot == pytest.approx(place.top_left.x * dot + 2.0, abs=1.3)
            assert (now.top_right.x - now.top_left.x) == pytest.approx(place.top_right.x - place.top_left.x, abs=3)
    for wrong in ({"dx_mm": 50}, {"scale": 2}, {"dy_mm": float("nan")}):
        with pytest.raises(Refusal):
            PrinterProfile(**wrong)


def test_a_pdf_says_what_it_is_and_has_its_words_as_text(tmp_path):
    make_tags(some_labels(3), "avery-l7163", tmp_path / "tags.pdf")
    with pypdfium2.PdfDocument(tmp_path / "tags.pdf") as document:
        assert document.get_metadata_dict()["Title"] == "Tags on Avery L7163"
        text = document[0].get_textpage().get_text_bounded()
    for expected in ("UNEP-104870", "Laptop, Dell Latitude 7440", "Réfrigérateur (médical) \\150 L"):
        assert expected in text


def test_an_emblem_and_guides_are_drawn_once(tmp_path):
    Image.new("RGBA", (64, 64), (0, 90, 160, 255)).save(tmp_path / "emblem.png")
    layout = LabelLayout(
        ("emblem", "number", "code", "text"), "Return to room C-204", {"UNEP": tmp_path / "emblem.png"}
    )
    labels = some_labels(14)
    pdf.write_pdf(labels, stock("l7163"), tmp_path / "tags.pdf", layout=layout, guides=True)
    raw = (tmp_path / "tags.pdf").read_bytes()
    assert len(re.findall(rb"/Subtype /Form", raw)) == 2
    assert len(read_pdf(tmp_path / "tags.pdf", 203)[0]) == 14
    make_tags(labels[:2], "l7163", tmp_path / "tags.png", layout=layout)
    assert len(read_picture(Image.open(tmp_path / "tags.png"))) == 2
    (tmp_path / "emblem.png").write_text("no picture")
    with pytest.raises(Refusal, match="cannot be read as a picture"):
        make_tags(labels, "l7163", tmp_path / "other.pdf", layout=layout)
    assert not (tmp_path / "other.pdf").exists()


def test_the_ruler_page_has_its_lines_at_twenty_millimetres(tmp_path):
    pdf.write_ruler_pdf(stock("l7651"), tmp_path / "ruler.pdf")
    with pypdfium2.PdfDocument(tmp_path / "ruler.pdf") as document:
        picture = document[0].render(scale=600 / 72, grayscale=True).to_pil()
    dark = picture.point(lambda shade: 255 * (shade < 128)).getbbox()
    assert dark[0] * 25.4 / 600 == pytest.approx(20, abs=0.15)
    assert dark[1] * 25.4 / 600 == pytest.approx(20, abs=0.15)
    assert dark[2] * 25.4 / 600 == pytest.approx(190, abs=0.15)


# --- PNG


@every_stock
def test_every_symbol_of_a_picture_is_read_back(kind, tmp_path):
    labels = some_labels(min(kind.per_page, 12) if kind.per_page > 1 else 2)
    report = make_tags(labels, kind, tmp_path / "tags.png")
    read = []
    for path in report.files:
        with Image.open(path) as picture:
            assert picture.mode == "1"
            assert picture.info["dpi"][0] == pytest.approx(kind.dpi, abs=0.1)
            read += [text for text, _ in read_picture(picture.convert("L"))]
    assert sorted(read) == sorted(label.code for label in labels)
    assert len(report.files) == report.pages


# --- ZPL


def rendered(text, kind):
    options = zplkit.Options(
        width=round(kind.label[0] / 25.4 * kind.dpi), height=round(kind.label[1] / 25.4 * kind.dpi), dpi=kind.dpi
    )
    document = zplkit.render(text, options, limits=zplkit.rendering.Limits(graphic_bytes=10_000_000))
    return [Image.open(io.BytesIO(label.png())).convert("L") for label in document.labels]


@pytest.mark.parametrize("mode", ["dots", "printer", "picture"])
@pytest.mark.parametrize("name", ["zebra-50x25", "zebra-100x50", "brother-dk-11209"])
def test_every_symbol_of_zpl_is_read_back(name, mode):
    kind = stock(name)
    labels = some_labels(4)
    text, _ = zpl.labels_zpl(labels, kind, mode=mode)
    assert text.count("^XA") == text.count("^XZ") == 4
    pictures = rendered(text, kind)
    assert [found for picture in pictures for found, _ in read_picture(picture)] == [label.code for label in labels]


def test_both_ways_of_zpl_print_the_symbol_at_the_same_place():
    kind = stock("zebra-50x25")
    corners = []
    for mode in ("dots", "printer", "picture"):
        text, _ = zpl.labels_zpl(some_labels(1), kind, mode=mode)
        ((_, place),) = read_picture(rendered(text, kind)[0])
        corners.append((place.top_left.x, place.top_left.y, place.bottom_right.x, place.bottom_right.y))
    for other in corners[1:]:
        assert other == pytest.approx(corners[0], abs=2)


def test_words_cannot_smuggle_commands_into_zpl():
    tag = TagLabel(codes.new_code("A"), "^XZ~JR", "_5E ^FS\\&", "A^B")
    text, _ = zpl.labels_zpl([tag], stock("zebra-100x50"))
    assert text.count("^XZ") == 1
    assert "~" not in text
    assert text.count("^FD") == text.count("^A0N")


def test_zpl_is_for_rolls_and_rolls_have_one_cell(tmp_path):
    with pytest.raises(Refusal, match="needs a roll"):
        make_tags(some_labels(1), "l7651", tmp_path / "tags.zpl")
    with pytest.raises(Refusal, match="start at a cell from 1 to 1"):
        make_tags(some_labels(1), "zebra-50x25", tmp_path / "tags.zpl", start_at=2)
    report = make_tags(some_labels(3), "zebra-50x25", tmp_path / "tags.zpl")
    assert (report.tags, report.pages) == (3, 3)
    assert (tmp_path / "tags.zpl").read_text().startswith("^XA^CI28")


def test_zpl_reaches_a_printer_on_the_network():
    text, _ = zpl.labels_zpl(some_labels(50), stock("zebra-50x25"))
    taken = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def printer():
            connection, _ = server.accept()
            with connection:
                while data := connection.recv(4096):
                    taken.extend(data)

        thread = threading.Thread(target=printer)
        thread.start()
        zpl.send_zpl(text, "127.0.0.1", server.getsockname()[1])
        thread.join(10)
    assert taken.decode() == text


def test_a_printer_that_is_away_or_silent_is_trouble():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(Trouble, match="does not answer"):
            zpl.send_zpl("^XA^XZ", "127.0.0.1", port, timeout=0.2)
    with pytest.raises(Trouble, match="cannot be reached"):
        zpl.send_zpl("^XA^XZ", "127.0.0.1", port, timeout=0.5)
    with pytest.raises(Trouble, match="cannot be reached"):
        zpl.send_zpl("^XA^XZ", "x" * 300, port, timeout=0.5)


# --- what cannot be


def test_what_cannot_be_printed_is_refused_and_leaves_no_file(tmp_path):
    labels = some_labels(2)
    for stock_name, name, start, words in [
        ("l7651", "tags.docx", 1, "saved as .pdf, .zpl or .png"),
        ("l7651", "tags", 1, "saved as .pdf, .zpl or .png"),
        ("L9999", "tags.pdf", 1, "There is no label stock"),
        ("l7651", "tags.pdf", 66, "start at a cell from 1 to 65"),
        ("l7651", "tags.png", 0, "start at a cell from 1 to 65"),
    ]:
        with pytest.raises(Refusal, match=words):
            make_tags(labels, stock_name, tmp_path / name, start_at=start)
    with pytest.raises(Refusal, match="no tags to print"):
        make_tags([], "l7651", tmp_path / "tags.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_missing_is_refused(tmp_path):
    with pytest.raises(Refusal, match="could not be written: No such file or directory"):
        make_tags(some_labels(1), "l7651", tmp_path / "gone" / "tags.pdf")
    (tmp_path / "plain").write_text("a file, no folder")
    with pytest.raises(Refusal, match="could not be written"):
        make_tags(some_labels(1), "l7651", tmp_path / "plain" / "tags.pdf")


@pytest.mark.skipif(not hasattr(os, "setrlimit") and os.name != "posix", reason="limits files the POSIX way")
def test_a_full_disk_is_trouble_and_keeps_the_old_file(tmp_path):
    import resource
    import signal

    old = tmp_path / "tags.pdf"
    old.write_bytes(b"the last good print")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        with pytest.raises(Trouble, match="could not be written"):
            make_tags(some_labels(10), "l7651", old)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert old.read_bytes() == b"the last good print"
    assert [path.name for path in tmp_path.iterdir()] == ["tags.pdf"]


def test_another_payload_than_ours_prints_too(tmp_path):
    labels = [TagLabel("https://example.org/a/rather/long/address/of/an/asset", "N-1", "Foreign", "X")]
    make_tags(labels, "l7163", tmp_path / "tags.pdf")
    assert read_pdf(tmp_path / "tags.pdf", 300)[0][0][0] == labels[0].code
