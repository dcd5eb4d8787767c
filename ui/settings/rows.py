"""One line of a settings panel: what it is, what holds, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.kit.cards import line, rule, stack
from ui.kit.chips import Chip, Status
from ui.kit.labels import IconLabel, Label

LONG = 40
"""A value of more letters stands below the explanation, wrapped: beside it, it would push what is pressed out of sight.
"""


def setting_row(
    icon: str, title: str, detail: str, value: str = "", status: Status | None = None, ends: Sequence[QWidget] = ()
) -> QWidget:
    """An icon, a heading with its explanation, the value in force, a chip where one must act, and what to press."""
    long = len(value) > LONG
    told = [Label(title, "h3"), Label(detail, "muted", wrap=True), *([Label(value, wrap=True)] if long else [])]
    words = stack(*told, gap=1)
    row = line(IconLabel(icon, "faint", 18), words, margins=(0, 8, 0, 8), gap=12)
    row.setStretch(1, 1)
    if value and not long:
        row.addWidget(Label(value, "h3"))
    if status is not None:
        row.addWidget(Chip(status))
    for end in ends:
        row.addWidget(end)
    box = QWidget()
    whole = QVBoxLayout(box)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.setSpacing(0)
    whole.addLayout(row)
    whole.addWidget(rule())
    return box
