"""The computer's printers: which there are, and a PDF of tags on one of them, dot for dot."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from cbo_desk.errors import Trouble
from cbo_desk.tags.plan import Tell
from cbo_desk.tags.spool import has_spooler, print_pdf
from cbo_desk.tags.stocks import LabelStock

MOST_DPI = 1200
"""Above it a page of A4 takes more than 140 MB and no printer of labels is finer."""


@dataclass(frozen=True)
class Printers:
    """The printers of this computer by name, and the usual one, "" where there is none."""

    names: tuple[str, ...]
    usual: str


def find_printers() -> Printers:
    """Ask the computer for its printers; takes as long as a printer on the network takes to answer."""
    return Printers(tuple(QPrinterInfo.availablePrinterNames()), QPrinterInfo.defaultPrinterName())


def print_on(queue: str, path: Path, stock: LabelStock, tell: Tell) -> None:
    """Print a PDF of tags on a printer; raises Trouble where it does not take it."""
    if has_spooler():
        print_pdf(queue, path, stock)
        return
    info = QPrinterInfo.printerInfo(queue)
    if info.isNull():
        raise Trouble(f"The printer {queue} is not there any more. Choose another one.")
    draw_pages(QPrinter(info, QPrinter.PrinterMode.HighResolution), path, stock, tell)


def draw_pages(printer: QPrinter, path: Path, stock: LabelStock, tell: Tell) -> None:
    """Draw every page of a PDF on a printer at its full resolution, neither scaled nor fitted."""
    import pypdfium2

    size = QPageSize(QSizeF(*stock.page), QPageSize.Unit.Millimeter, stock.title, QPageSize.SizeMatchPolicy.FuzzyMatch)
    printer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF()))
    printer.setFullPage(True)
    printer.setDocName(f"Tags on {stock.title}")
    if printer.resolution() > MOST_DPI:
        printer.setResolution(MOST_DPI)
    painter = QPainter()
    if not painter.begin(printer):
        raise Trouble(f"The printer {printer.printerName()} does not take the print. Is it switched on?")
    try:
        with pypdfium2.PdfDocument(path) as document:
            for number, page in enumerate(document):
                tell(number, len(document))
                if number and not printer.newPage():
                    raise Trouble(f"The printer {printer.printerName()} stopped after {number} pages.")
                bitmap = page.render(scale=printer.resolution() / 72, grayscale=True)
                picture = QImage(
                    bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_Grayscale8
                )
                painter.drawImage(QRectF(0, 0, bitmap.width, bitmap.height), picture)
                del picture
                page.close()
    finally:
        painter.end()
