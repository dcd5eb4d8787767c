"""A thousand tags as a PDF of 65 a page: ours, the usual ways, and a floor written by hand.

`python -m benchmarks.tags [--n 1000] [--runs 5]` prints a JSON line a contender. All of them print the same labels:
symbol, code, number, name and entity. Goal: at least 50 times as fast as the plain way, at most 6 times the floor's
time. The widget prints a twentieth of the tags and is scaled, which its line says.
"""

from __future__ import annotations

import argparse
import io
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import report
from cbo_desk.tags import codes, encoder, lettering
from cbo_desk.tags.layout import Composer, TagLabel
from cbo_desk.tags.pdf import path_of, write_pdf
from cbo_desk.tags.stocks import cells, stock
from cbo_desk.typefaces import path_of as file_of

STOCK = stock("avery-l7651")
POINT = 72 / 25.4
NAMES = ("Laptop, Dell Latitude 7440", "Vaccine carrier, 3.4 litres", "Chair, mesh back", "Printer, HP LaserJet M507")
ENTITIES = ("UNEP", "UNICEF", "WFP", "UN-Habitat")
SIDE = 12.7 * POINT  # the symbol without its quiet zone


def labels(count: int) -> list[TagLabel]:
    """Make the labels that all contenders print."""
    fresh = codes.new_codes(codes.Kind.ASSET, count)
    return [TagLabel(code, f"UNEP-{104870 + n}", NAMES[n % 4], ENTITIES[n % 4]) for n, code in enumerate(fresh)]


def words(tag: TagLabel) -> list[tuple[float, float, float, str]]:
    """Return x, y (from the lower left of the label) and size in points of the lines that all contenders print."""
    first, _, rest = tag.name.partition(", ")
    lines = [
        (1.0, 1.9, 1.6, codes.grouped(tag.code)), (18.0, 15.5, 2.1, tag.entity), (18.0, 12.4, 2.4, tag.number),
        (18.0, 9.6, 2.0, first), (18.0, 7.1, 2.0, rest),
    ]  # fmt: skip
    return [(x * POINT, y * POINT, size * POINT, text) for x, y, size, text in lines]


def spread(tags: list[TagLabel]) -> list[tuple[int, float, float, TagLabel]]:
    """Return for each label its page and the lower left corner of its cell in points."""
    height = STOCK.page[1]
    corners = [(cell.x * POINT, (height - cell.y - cell.height) * POINT) for cell in cells(STOCK)]
    return [(n // len(corners), *corners[n % len(corners)], tag) for n, tag in enumerate(tags)]


def with_canvas(tags: list[TagLabel], draw: Callable[[Any, float, float, TagLabel], None]) -> bytes:
    """Print with reportlab's canvas as its manual teaches; `draw` puts the symbol at a place."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    registerFont(TTFont("Plain", str(file_of(lettering.PLAIN))))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(STOCK.page[0] * POINT, STOCK.page[1] * POINT))
    page = 0
    for on, x, y, tag in spread(tags):
        if on != page:
            canvas.showPage()
            page = on
        draw(canvas, x + 3 * POINT, y + 6 * POINT, tag)
        for left, low, size, text in words(tag):
            canvas.setFont("Plain", size)
            canvas.drawString(x + left, y + low, text)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def draw_modules(canvas: Any, x: float, y: float, rows: Any) -> None:
    """Draw a matrix as one path with a rectangle for each dark module."""
    count = len(rows)
    unit = SIDE / count
    path = canvas.beginPath()
    for row, modules in enumerate(rows):
        for column, dark in enumerate(modules):
            if dark:
                path.rect(x + column * unit, y + (count - 1 - row) * unit, unit, unit)
    canvas.drawPath(path, stroke=0, fill=1)


def plain(canvas: Any, x: float, y: float, tag: TagLabel) -> None:
    """Draw as the manual of `qrcode` teaches, with its automatic mask."""
    import qrcode

    code = qrcode.QRCode(version=2, error_correction=qrcode.constants.ERROR_CORRECT_H, border=0)
    code.add_data(tag.code)
    code.make()
    draw_modules(canvas, x, y, code.get_matrix())


def with_segno(canvas: Any, x: float, y: float, tag: TagLabel) -> None:
    """Draw the matrix that segno makes."""
    import segno

    draw_modules(canvas, x, y, segno.make_qr(tag.code, error="h", version=2, boost_error=False).matrix)


def widget(canvas: Any, x: float, y: float, tag: TagLabel) -> None:
    """Draw reportlab's own QR widget."""
    from reportlab.graphics import renderPDF
    from reportlab.graphics.barcode.qr import QrCodeWidget
    from reportlab.graphics.shapes import Drawing

    code = QrCodeWidget(tag.code, barLevel="H", barWidth=SIDE, barHeight=SIDE, barBorder=0)
    drawing = Drawing(SIDE, SIDE)
    drawing.add(code)
    renderPDF.draw(drawing, canvas, x, y)


def floor(tags: list[TagLabel], paths: list[str]) -> bytes:
    """Write the PDF by hand: matrices computed beforehand, strings joined, no fonts embedded, no layout."""
    pages: dict[int, list[str]] = {}
    unit = SIDE / encoder.SIDE
    for (on, x, y, tag), path in zip(spread(tags), paths, strict=True):
        text = "".join(
            f"/F {size:.2f} Tf 1 0 0 1 {x + left:.2f} {y + low:.2f} Tm ({line}) Tj "
            for left, low, size, line in words(tag)
        )
        pages.setdefault(on, []).append(
            f"q {unit:.4f} 0 0 {unit:.4f} {x + 3 * POINT:.2f} {y + 6 * POINT:.2f} cm {path}f Q BT {text}ET\n"
        )
    kids = " ".join(f"{4 + 2 * page} 0 R" for page in pages)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    box = f"[0 0 {STOCK.page[0] * POINT:.2f} {STOCK.page[1] * POINT:.2f}]"
    for page, content in pages.items():
        packed = zlib.compress("".join(content).encode("latin-1"), 1)
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox{box}/Contents {5 + 2 * page} 0 R"
            "/Resources<</Font<</F 3 0 R>>>>>>".encode()
        )
        objects.append(b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed))
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def read_back(data: bytes, tags: list[TagLabel]) -> int:
    """Return how many of the tags an independent reader finds in the PDF, rendered at 300 dpi."""
    import pypdfium2
    import zxingcpp

    found = set()
    with pypdfium2.PdfDocument(data) as document:
        for number in range(len(document)):
            page = document[number]
            picture = page.render(scale=300 / 72, grayscale=True).to_pil()
            page.close()
            found |= {code.text for code in zxingcpp.read_barcodes(picture)}
    return len(found & {tag.code for tag in tags})


def main() -> None:
    """Measure, read back and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--n", type=int, default=1000)
    arguments.add_argument("--runs", type=int, default=5)
    chosen = arguments.parse_args()
    tags = labels(chosen.n)
    few = tags[: max(1, chosen.n // 20)]
    paths = [path_of(encoder.symbol(tag.code)) for tag in tags]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "tags.pdf"
        made: dict[str, tuple[list[TagLabel], Callable[[], object]]] = {
            "ours": (tags, lambda: write_pdf(tags, STOCK, out)),
            "floor by hand": (tags, lambda: floor(tags, paths)),
            "qrcode and reportlab": (tags, lambda: with_canvas(tags, plain)),
            "segno and reportlab": (tags, lambda: with_canvas(tags, with_segno)),
            "reportlab's widget": (few, lambda: with_canvas(few, widget)),
        }
        write_pdf(few, STOCK, out)  # imports, fonts and template: a print's first second, not its thousandth tag
        quick = report.medians(chosen.runs, {name: made[name][1] for name in ("ours", "floor by hand")})
        slow = report.medians(max(1, chosen.runs // 2), {name: made[name][1] for name in list(made)[2:]})
        per_tag = {name: time / len(made[name][0]) for name, time in {**quick, **slow}.items()}
        for name, (printed, work) in made.items():
            result = work()
            data = result if isinstance(result, bytes) else out.read_bytes()
            report.line(
                benchmark="tags",
                contender=name,
                tags=chosen.n,
                measured_with=len(printed),
                scaled=len(printed) != chosen.n,
                seconds=round(per_tag[name] * chosen.n, 4),
                times_ours=round(per_tag[name] / per_tag["ours"], 2),
                bytes_a_tag=round(len(data) / len(printed)),
                read_back=f"{read_back(data, printed)} of {len(printed)}",
            )
    report.line(
        benchmark="tags",
        summary=Composer(STOCK).words,
        faster_than_plain=round(per_tag["qrcode and reportlab"] / per_tag["ours"], 1),
        goal_faster=50,
        times_the_floor=round(per_tag["ours"] / per_tag["floor by hand"], 2),
        goal_floor=6,
    )


if __name__ == "__main__":
    main()
