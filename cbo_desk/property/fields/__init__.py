"""Custom fields: what a category of property notes of its assets beside what every asset has."""

from cbo_desk.property.fields.commands import change_field, define_field, move_field, retire_field
from cbo_desk.property.fields.queries import (
    KIND,
    FieldList,
    FieldRow,
    Shown,
    active,
    all_fields,
    field_now,
    fields_by_key,
    fields_of,
    shown_values,
)
from cbo_desk.property.fields.rules import KIND_WORDS, PREFIX, CustomField, FieldForm, FieldKind, checked, told

__all__ = [
    "KIND",
    "KIND_WORDS",
    "PREFIX",
    "CustomField",
    "FieldForm",
    "FieldKind",
    "FieldList",
    "FieldRow",
    "Shown",
    "active",
    "all_fields",
    "change_field",
    "checked",
    "define_field",
    "field_now",
    "fields_by_key",
    "fields_of",
    "move_field",
    "retire_field",
    "shown_values",
    "told",
]
