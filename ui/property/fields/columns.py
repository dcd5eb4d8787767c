"""What the list of custom fields shows of each, and the words for their kinds."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from cbo_desk.property.fields import FieldKind, FieldRow
from ui.kit.cells import Look
from ui.kit.chips import Status
from ui.kit.columns import Column


def kind_word(kind: FieldKind) -> str:
    """What kind of value a field takes, in the person's language."""
    return {
        FieldKind.TEXT: QCoreApplication.translate("fields", "Text"),
        FieldKind.NUMBER: QCoreApplication.translate("fields", "Number"),
        FieldKind.DATE: QCoreApplication.translate("fields", "Day"),
        FieldKind.YES_NO: QCoreApplication.translate("fields", "Yes or no"),
        FieldKind.CHOICE: QCoreApplication.translate("fields", "One of a list"),
    }[kind]


def _takes(row: FieldRow) -> str:
    """What may stand in a field: its bounds or its choices."""
    form = row.field.form
    if form.choices:
        return ", ".join(form.choices)
    least = "" if form.least is None else f"≥ {form.least:,f}"
    most = "" if form.most is None else f"≤ {form.most:,f}"
    return " · ".join(part for part in (least, most, form.unit) if part) or "—"


def _status(row: FieldRow) -> Status:
    if row.field.retired:
        return Status(QCoreApplication.translate("fields", "Retired"), "idle", "archive")
    if row.field.form.required:
        return Status(QCoreApplication.translate("fields", "Needed"), "info", "circle-check")
    return Status(QCoreApplication.translate("fields", "In use"), "ok", "circle-check")


def field_columns() -> tuple[Column, ...]:
    """What the list shows of each field."""
    return (
        Column(
            Look("label", "text", 150, stretch=True),
            QCoreApplication.translate("fields", "Field"),
            lambda row: row.field.form.label,
            sort="label",
        ),
        Column(
            Look("category", "text", 140, sortable=False),
            QCoreApplication.translate("fields", "Category"),
            lambda row: row.category,
        ),
        Column(
            Look("kind", "muted", 104, 3),
            QCoreApplication.translate("fields", "Kind"),
            lambda row: kind_word(row.field.form.kind),
            sort="kind",
        ),
        Column(Look("takes", "muted", 180, 4, sortable=False), QCoreApplication.translate("fields", "Takes"), _takes),
        Column(
            Look("position", "num", 70, 5),
            QCoreApplication.translate("fields", "Place"),
            lambda row: f"{row.field.form.position}",
            sort="position",
        ),
        Column(
            Look("values", "num", 84, 2, sortable=False),
            QCoreApplication.translate("fields", "Values"),
            lambda row: f"{row.values:,}",
        ),
        Column(
            Look("state", "chip", 118, 1, sortable=False),
            QCoreApplication.translate("fields", "State"),
            lambda row: _status(row).word,
            value=_status,
        ),
    )
