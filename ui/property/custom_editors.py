"""The custom fields of a category as fields of a form, and what such a form says of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QCoreApplication

from cbo_desk.property.fields import PREFIX, CustomField, FieldKind, active
from ui.kit.fields import Field, Kind

_KINDS: dict[FieldKind, Kind] = {FieldKind.NUMBER: "number", FieldKind.DATE: "date", FieldKind.TEXT: "text"}


def editors_for(fields: Sequence[CustomField]) -> list[Field]:
    """A line of the form for each field that is asked for, two side by side.

    A choice and yes or no stay unsaid until somebody says them, also where they are needed: the rules refuse them then.
    """
    return [_editor(field, beside=bool(place % 2)) for place, field in enumerate(active(fields))]


def _editor(field: CustomField, beside: bool) -> Field:
    form = field.form
    if form.kind is FieldKind.YES_NO:
        yes = QCoreApplication.translate("custom_editors", "Yes")
        no = QCoreApplication.translate("custom_editors", "No")
        return Field(field.name, field.title, "choice", choices=[(True, yes), (False, no)], beside=beside)
    if form.kind is FieldKind.CHOICE:
        return Field(field.name, field.title, "choice", choices=[(one, one) for one in form.choices], beside=beside)
    return Field(field.name, field.title, _KINDS[form.kind], _bounds(field), form.required, beside=beside, longest=500)


def _bounds(field: CustomField) -> str:
    """What a number may be, as the hint in its empty line."""
    least, most = field.form.least, field.form.most
    if least is not None and most is not None:
        return f"{least:,f} – {most:,f}"
    return f"≥ {least:,f}" if least is not None else f"≤ {most:,f}" if most is not None else ""


def values_for(fields: Sequence[CustomField], custom: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the form's lines show them."""
    found: dict[str, Any] = {}
    for field in active(fields):
        value = custom.get(field.key)
        if value is not None and field.form.kind is FieldKind.NUMBER:
            value = Decimal(repr(value))
        elif value is not None and field.form.kind is FieldKind.DATE:
            value = date.fromisoformat(value)
        found[field.name] = value
    return found


def custom_of(values: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """All custom values that a form says, over what stood before; None and "" empty."""
    typed = {name.removeprefix(PREFIX): value for name, value in values.items() if name.startswith(PREFIX)}
    return {**before, **typed}
