"""Custom fields in files: the columns that an import knows, and the values as a file's cells are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from cbo_desk.permissions import reads
from cbo_desk.property.fields.queries import fields_by_key
from cbo_desk.property.fields.rules import LONGEST_VALUE, PREFIX, FieldKind
from cbo_desk.tabular import Field
from cbo_desk.tabular.fields import Kind
from db.property import Asset

_KINDS: Mapping[FieldKind, Kind] = {
    FieldKind.NUMBER: "number",
    FieldKind.DATE: "date",
    FieldKind.YES_NO: "boolean",
    FieldKind.CHOICE: "choice",
}


@reads("property", "look at the register")
def custom_columns(session: Session) -> tuple[Field, ...]:
    """The custom fields of all categories as columns of a file, those no longer asked for as well."""
    return tuple(
        Field(
            one.name,
            one.title,
            _KINDS.get(one.form.kind, "text"),
            aliases=(one.form.label, one.key),
            choices={choice: choice for choice in one.form.choices},
            longest=LONGEST_VALUE if one.form.kind is FieldKind.TEXT else 0,
        )
        for one in fields_by_key(session).values()
    )


def custom_values(asset: Asset, names: Sequence[str], days: Collection[str]) -> dict[str, Any]:
    """The values of custom fields as a file's cells are read, None for blank."""
    found: dict[str, Any] = {}
    for name in names:
        if name.startswith(PREFIX):
            value = asset.custom.get(name.removeprefix(PREFIX))
            if isinstance(value, int | float) and not isinstance(value, bool):
                value = Decimal(repr(value))
            elif isinstance(value, str) and name.removeprefix(PREFIX) in days:
                value = date.fromisoformat(value)
            found[name] = value
    return found
