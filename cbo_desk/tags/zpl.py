"""Tags in ZPL, the language of Zebra's label printers: to a file, or straight to a printer's port 9100.

Symbols go either as our own dots (`^GFA` with Z64 packing: the same symbol as on every other output) or as the
printer's (`^BQN`: a third of the bytes, its own mask). Text goes as the printer's scalable font; letters it does not
have go as dots.
"""

from __future__ import annotations

import base64
import binascii
import socket
import time
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from cbo_desk.errors import Refusal, Trouble
from cbo_desk.tags import lettering
from cbo_desk.tags.codes import has_tag_shape
from cbo_desk.tags.encoder import QUIET, SIDE, symbol
from cbo_desk.tags.layout import Composed, Composer, LabelLayout, TagLabel, TextLine
from cbo_desk.tags.output import PrinterProfile, PrintReport, said, write_whole
from cbo_desk.tags.plan import Tell
from cbo_desk.tags.png import draw_label, symbol_picture
from cbo_desk.tags.stocks import LabelStock
from cbo_desk.typefaces import in_order_of_sight, path_of

PORT = 9100  # what every label printer listens on for raw data
Mode = Literal["dots", "printer", "picture"]  # ^GFA symbol, ^BQN symbol, the whole label as one ^GFA

_HARMLESS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -.,:;/()+*#%&=!?'")


def label_zpl(tag: TagLabel, label: Composed, composer: Composer, profile: PrinterProfile, mode: Mode) -> str:
    """Write one label as a format from `^XA` to `^XZ`."""
    stock, dot = composer.stock, composer.dot
    width, height = (round(length / dot) for length in stock.label)
    right, down = round(profile.dx_mm / dot), round(profile.dy_mm / dot)
    parts = [f"^XA^CI28^PW{width}^LL{height}^LH0,0"]
    if mode == "picture" or label.emblem is not None:
        parts.append(f"^FO{max(0, right)},{max(0, down)}{_packed(_whole_label(tag, label, composer))}^FS")
        return "".join([*parts, "^XZ"])
    quiet = QUIET * composer.dots
    left = max(0, round(composer.symbol_x / dot) + quiet + right)
    top = max(0, round(composer.symbol_y / dot) + quiet + down)
    if mode == "printer" and has_tag_shape(tag.code) and composer.dots <= 10:
        # The printer adds the bar height of ^BY to the symbol's place: set to its least, 1 dot, and taken off again.
        parts.append(f"^BY2,2,1^FO{left},{max(0, top - 1)}^BQN,2,{composer.dots}^FDHA,{tag.code}^FS")
    else:
        made = symbol(tag.code)
        dots = composer.dots * SIDE // made.size
        if dots < 1:
            raise Refusal(f"The code “{tag.code[:40]}” is too long for {stock.title}.", "code")
        parts.append(f"^FO{left},{top}{_packed(symbol_picture(made, dots))}^FS")
    parts += [_line(line, dot, right, down) for line in label.lines]
    return "".join([*parts, "^XZ"])


def _line(line: TextLine, dot: float, right: int, down: int) -> str:
    size = line.size / dot
    x, baseline = line.x / dot + right, line.y / dot + down
    if all(ord(character) < 0x250 for character in line.text):
        # Font 0 is a narrow sans serif: set as wide as our own, it keeps to the room that was measured.
        tall = max(10, round(size))
        wide = max(8, round(0.95 * size))
        text = _field(in_order_of_sight(line.text))
        return f"^FT{max(0, round(x))},{max(0, round(baseline))}^A0N,{tall},{wide}^FH_^FD{text}^FS"
    picture = _line_picture(line, size)
    top = round(baseline - lettering.ASCENT * size)
    return f"^FO{max(0, round(x))},{max(0, top)}{_packed(picture)}^FS"


def _line_picture(line: TextLine, size: float) -> Any:
    """Draw a line whose letters the printer does not have."""
    from PIL import Image, ImageDraw, ImageFont

    wide = max(1, round(lettering.width(line.text, line.face) * size) + 2)
    picture = Image.new("1", (wide, max(1, round(size * (lettering.ASCENT + lettering.DESCENT)) + 1)), 1)
    pen = ImageDraw.Draw(picture)
    pen.fontmode = "1"
    at = 0.0
    for run in lettering.runs(line.text, line.face):
        face = ImageFont.truetype(str(path_of(run.face)), size)
        pen.text((at, lettering.ASCENT * size), run.text, fill=0, font=face, anchor="ls")
        at += face.getlength(run.text)
    return picture


def _field(text: str) -> str:
    """Write field data with every byte that the printer could take for a command as hexadecimal (`^FH_`)."""
    return "".join(chr(byte) if byte in _HARMLESS else f"_{byte:02X}" for byte in text.encode())


def _packed(picture: Any) -> str:
    """Write a one-bit picture as `^GFA` with Z64: deflated, base 64, and a CRC-16 of that text."""
    row = (picture.width + 7) // 8
    raw = bytes(255 - byte for byte in picture.tobytes())  # in ZPL a set bit is black
    spare = row * 8 - picture.width
    if spare:  # the padding bits were white and are now black: clear them
        mask = 255 << spare & 255
        raw = bytes(byte & mask if place % row == row - 1 else byte for place, byte in enumerate(raw))
    text = base64.b64encode(zlib.compress(raw, 9)).decode()
    check = binascii.crc_hqx(text.encode(), 0)
    return f"^GFA,{len(raw)},{len(raw)},{row},:Z64:{text}:{check:04X}"


def _whole_label(tag: TagLabel, label: Composed, composer: Composer) -> Any:
    from PIL import Image

    width, height = (round(length / composer.dot) for length in composer.stock.label)
    picture = Image.new("1", (width, height), 1)
    draw_label(picture, 0, 0, tag, label, composer)
    return picture


def labels_zpl(
    labels: Sequence[TagLabel],
    stock: LabelStock,
    *,
    layout: LabelLayout | None = None,
    profile: PrinterProfile | None = None,
    mode: Mode = "dots",
    tell: Tell | None = None,
) -> tuple[str, tuple[str, ...]]:
    """Return the ZPL of all labels, one format each, and the warnings; raises Refusal for a sheet.

    `tell` hears before each label how far it is and may stop it.
    """
    if not stock.is_roll:
        raise Refusal(f"ZPL needs a roll and {stock.title} is a sheet. Choose a roll, or save a PDF.", "stock")
    composer = Composer(stock, layout)
    composed = [composer.compose(tag) for tag in labels]
    shift = profile or PrinterProfile()
    formats: list[str] = []
    for tag, label in zip(labels, composed, strict=True):
        if tell is not None:
            tell(len(formats), len(labels))
        formats.append(label_zpl(tag, label, composer, shift, mode))
    return "\n".join(formats) + "\n", said(composer.warnings, composed)


def write_zpl(
    labels: Sequence[TagLabel],
    stock: LabelStock,
    out: Path,
    *,
    layout: LabelLayout | None = None,
    profile: PrinterProfile | None = None,
    mode: Mode = "dots",
    tell: Tell | None = None,
) -> PrintReport:
    """Write the labels to a file that a Zebra printer takes as it is."""
    started = time.perf_counter()
    text, warnings = labels_zpl(labels, stock, layout=layout, profile=profile, mode=mode, tell=tell)
    write_whole(out, text.encode())
    spots = tuple((page, 1) for page in range(1, len(labels) + 1))
    return PrintReport(len(labels), len(labels), time.perf_counter() - started, spots, warnings, (out,))


def send_zpl(text: str, host: str, port: int = PORT, timeout: float = 10.0) -> None:
    """Send ZPL to a printer's raw port; raises Trouble where it is away or stops taking data (`timeout` in seconds)."""
    try:
        with socket.create_connection((host, port), timeout) as connection:
            connection.sendall(text.encode())
            connection.shutdown(socket.SHUT_WR)
            # A printer closes when it has read everything; waiting tells a dropped line from a taken job.
            while connection.recv(4096):
                pass
    except TimeoutError as error:
        raise Trouble(f"The printer {host} does not answer. Is it switched on, with paper and closed?") from error
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no such printer"
        raise Trouble(f"The printer {host} cannot be reached: {reason}. Check its name, cable and port.") from error
