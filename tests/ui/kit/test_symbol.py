"""A tag's symbol on the screen: every module where the matrix has it, at whole and at broken sizes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from cbo_desk.tags.encoder import matrix
from ui.kit.drawings import QUIET, paint_symbol


@pytest.mark.parametrize("unit", [1, 3, 4, 3.5])
def test_every_module_is_painted_where_the_matrix_has_it(qapp, unit):
    rows = matrix("CBOA7EFYK8W1TJK")
    modules = [[bool(row >> (len(rows) - 1 - at) & 1) for at in range(len(rows))] for row in rows]
    side = (len(rows) + 2 * QUIET) * unit
    picture = QImage(int(side) + 1, int(side) + 1, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    painter = QPainter(picture)
    paint_symbol(painter, modules, QRectF(0, 0, side, side))
    painter.end()

    def is_dark(row: int, column: int) -> bool:
        at = [int((QUIET + place + 0.5) * unit) for place in (column, row)]
        return picture.pixelColor(*at).lightness() < 128

    found = [[is_dark(row, column) for column in range(len(rows))] for row in range(len(rows))]
    assert found == modules
    assert picture.pixelColor(0, 0) == QColor("white")
