"""The list of custom fields as a table for a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cbo_desk.office import Office
from cbo_desk.paging import PAGE, Listing
from cbo_desk.property.fields.queries import FieldRow
from cbo_desk.property.fields.rules import KIND_WORDS
from cbo_desk.tabular import Column

COLUMNS = (
    Column("Field"),
    Column("Category"),
    Column("Kind"),
    Column("Unit"),
    Column("Least", "number"),
    Column("Most", "number"),
    Column("Choices"),
    Column("Needed", "boolean"),
    Column("Place", "integer"),
    Column("Values", "integer"),
    Column("Retired", "boolean"),
)


def rows(office: Office, listing: Listing[FieldRow]) -> Iterator[tuple[Any, ...]]:
    """Every field of a list in its order, page by page."""
    for start in office.read(listing.outline).starts:
        for line in office.read(listing.page, start, PAGE):
            field, form = line.row.field, line.row.field.form
            yield (
                form.label, line.row.category, KIND_WORDS[form.kind], form.unit, form.least, form.most,
                ", ".join(form.choices), form.required, form.position, line.row.values, field.retired,
            )  # fmt: skip
