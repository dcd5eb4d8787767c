"""Where everything stands on the counter's screen: the last scan, the running list, who it is for, the keys."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter

from ui.kit.buttons import Button
from ui.kit.cards import frame, line
from ui.kit.labels import Label
from ui.kit.tables import dress
from ui.mail.strip import KeyBar

if TYPE_CHECKING:  # the page lays itself out by this
    from ui.mail.rapid import RapidPage


def build(page: RapidPage) -> None:
    """Put the parts of the counter together."""
    run = page.bench.shell.actions_.run
    page.add_buttons(
        Button(page.tr("Without a barcode"), "mail", "plain", partial(run, "mail.rapid_letter"), "F5"),
        Button(page.tr("End session"), "check", "primary", partial(run, "mail.rapid_end")),
    )
    page.table.setModel(page.model)
    looks, title = [column.look for column in page.model.columns], page.tr("This session")
    dress(page.table, looks, "mail.session", page.bench.preferences, title=title, sortable=False)
    head = line(Label(title, "h3"), Label(page.tr("newest first"), "small-muted"), None, margins=(14, 10, 14, 6))
    queue = Button(page.tr("Complete"), "circle-dashed", "plain", partial(run, "mail.rapid_queue"), "F8")
    foot = frame(line(page.waiting, None, queue), look="sunk", margins=(14, 8, 10, 8))
    lower = QSplitter(Qt.Orientation.Horizontal)
    lower.addWidget(frame(head, page.table, margins=(1, 1, 1, 1)))
    lower.addWidget(frame(page.who, foot, margins=(14, 12, 14, 12), gap=8))
    lower.setStretchFactor(0, 1)
    lower.setSizes([680, 480])
    page.body.addWidget(page.strip)
    page.body.addWidget(lower, 1)
    page.body.addWidget(KeyBar(page))
