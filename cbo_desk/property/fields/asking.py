"""Asking a list for the values of custom fields: the conditions on `asset.custom`, alike on both engines."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ColumnElement, func, type_coerce

from cbo_desk.property.fields.rules import CustomField, FieldKind, read_value
from db.property import Asset

Asked = tuple[str, str, Any]
"""A field's key, how it is asked ("holds", "is", "from", "to") and the value, as a saved view can keep it."""


def condition(key: str, how: str, value: Any) -> ColumnElement[bool]:
    """The assets whose value under a key is as asked; texts and choices without regard to case."""
    held = type_coerce(Asset.custom, JSON)[key]
    found: ColumnElement[bool]
    if isinstance(value, bool):
        found = held.as_boolean() == value
        return found
    if isinstance(value, int | float):
        number = held.as_float()
        found = number == value if how == "is" else number >= value if how == "from" else number <= value
        return found
    text = held.as_string()
    if how == "holds":
        return func.lower(text).contains(str(value).lower(), autoescape=True)
    found = text == value if how == "is" else text >= value if how == "from" else text <= value
    return found


def asked_of(field: CustomField, first: str, last: str) -> tuple[Asked, ...]:
    """The conditions that what was typed for a field means; raises `Wrong` for what its kind cannot read.

    A number or a day in `first` alone is the least, in `last` alone the most; other kinds look at `first`.
    """
    from dataclasses import replace

    form = replace(field.form, least=None, most=None)
    if form.kind in (FieldKind.NUMBER, FieldKind.DATE):
        low, high = read_value(form, first), read_value(form, last)
        if low is not None and low == high:
            return ((field.key, "is", low),)
        found = ((field.key, "from", low), (field.key, "to", high))
        return tuple(one for one in found if one[2] is not None)
    if form.kind is FieldKind.TEXT:
        return ((field.key, "holds", first.strip()),) if first.strip() else ()
    value = read_value(form, first)
    return () if value is None else ((field.key, "is", value),)
