"""The columns of the totals of value, with each line's share as a bar."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.property.value import By, Recognition, Valuation, ValueLine
from ui.kit.cells import Look
from ui.kit.columns import Column
from ui.kit.phrases import whole_money


def name_of(line: ValueLine, by: By) -> str:
    """What a line is called."""
    if by == "threshold":
        return {
            Recognition.TRACKED: QCoreApplication.translate("value", "Tracked by its cost"),
            Recognition.ATTRACTIVE: QCoreApplication.translate("value", "Attractive items"),
            Recognition.GROUP: QCoreApplication.translate("value", "Group items"),
            Recognition.BELOW: QCoreApplication.translate("value", "Below every threshold"),
        }[Recognition(line.code)]
    nothing = {
        "class": QCoreApplication.translate("value", "Without a class"),
        "place": QCoreApplication.translate("value", "Without a place"),
    }
    return " · ".join(part for part in (line.code, line.name) if part) or nothing.get(by, "—")


def columns(found: Valuation | None) -> tuple[Column, ...]:
    """What the totals show of each line; the bar is its share of the greatest worth."""
    by: By = found.by if found else "entity"
    most = max((line.value for line in found.lines), default=0) if found else 0
    whole = found.total.value if found else 0
    heads = {
        "entity": QCoreApplication.translate("value", "Entity"),
        "class": QCoreApplication.translate("value", "Class"),
        "place": QCoreApplication.translate("value", "Building"),
        "threshold": QCoreApplication.translate("value", "Threshold"),
    }
    return (
        Column(Look("name", "ref", 190, stretch=True, sortable=False), heads[by], lambda line: name_of(line, by)),
        Column(
            Look("assets", "num", 76, 3, sortable=False),
            QCoreApplication.translate("value", "Assets"),
            lambda line: f"{line.assets:,}",
        ),
        Column(
            Look("cost", "money", 110, 2, sortable=False),
            QCoreApplication.translate("value", "Cost USD"),
            lambda line: whole_money(line.cost),
        ),
        Column(
            Look("charged", "money", 110, 4, sortable=False),
            QCoreApplication.translate("value", "Charged USD"),
            lambda line: whole_money(line.charged),
        ),
        Column(
            Look("value", "money", 110, sortable=False),
            QCoreApplication.translate("value", "Value USD"),
            lambda line: whole_money(line.value),
        ),
        Column(
            Look("share", "share", 190, 1, sortable=False),
            QCoreApplication.translate("value", "Share"),
            lambda line: f"{100 * line.value / whole:.1f} %" if whole else "0 %",
            value=lambda line: (line.value / most if most else 0.0, "live"),
        ),
    )
