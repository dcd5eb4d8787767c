"""What can be looked up of custom fields: those of a category, those of all, and the values that stand under one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ColumnElement, Row, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session

from cbo_desk.errors import Refusal
from cbo_desk.paging import PagedList, Sort
from cbo_desk.permissions import reads
from cbo_desk.property.fields.rules import CustomField, FieldForm, FieldKind
from cbo_desk.property.rules import State
from db.custom_fields import CategoryField
from db.property import Asset, Category

KIND = "property.category_field"


def field_of(row: CategoryField | Row[Any]) -> CustomField:
    """A definition as a plain value."""
    form = FieldForm(
        row.category_id,
        row.label,
        FieldKind(row.kind),
        row.unit,
        _decimal(row.least),
        _decimal(row.most),
        tuple(row.choices),
        row.required,
        row.position,
    )
    return CustomField(row.id, row.version, row.key, form, row.retired_at is not None)


def _decimal(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(repr(number)).normalize()


# Built once: every card asks for them.
_OF_CATEGORY = (
    select(
        CategoryField.id, CategoryField.version, CategoryField.key, CategoryField.category_id, CategoryField.label,
        CategoryField.kind, CategoryField.unit, CategoryField.least, CategoryField.most, CategoryField.choices,
        CategoryField.required, CategoryField.position, CategoryField.retired_at,
    )
    .where(CategoryField.category_id == bindparam("category"))
    .order_by(CategoryField.position, CategoryField.label, CategoryField.id)
)  # fmt: skip


@reads("property", "look at the register")
def fields_of(session: Session, category_id: int | None) -> list[CustomField]:
    """The fields of a category in their order, retired ones too; none where there is no category."""
    if category_id is None:
        return []
    return [field_of(row) for row in session.execute(_OF_CATEGORY, {"category": category_id})]


@reads("property", "look at the register")
def field_now(session: Session, field_id: int) -> CustomField:
    """A field as it is defined now; refuses one that is not there."""
    row = session.get(CategoryField, field_id)
    if row is None:
        raise Refusal("This field is no longer there.")
    return field_of(row)


@reads("property", "look at the register")
def all_fields(session: Session) -> dict[int, list[CustomField]]:
    """The fields of every category by the category's id, each in their order."""
    wanted = select(CategoryField).order_by(CategoryField.position, CategoryField.label, CategoryField.id)
    found: dict[int, list[CustomField]] = {}
    for row in session.scalars(wanted):
        found.setdefault(row.category_id, []).append(field_of(row))
    return found


@reads("property", "look at the register")
def fields_by_key(session: Session) -> dict[str, CustomField]:
    """One field for each key there is, in the order of their labels: a key means the same in every category.

    A field that is in use goes before a retired one; a choice takes what any of the categories takes.
    """
    found: dict[str, CustomField] = {}
    for fields in all_fields(session).values():
        for field in fields:
            known = found.get(field.key)
            if known is None:
                found[field.key] = field
            else:
                found[field.key] = _joined(known, field)
    return dict(sorted(found.items(), key=lambda item: (item[1].form.label.casefold(), item[0])))


def _joined(one: CustomField, other: CustomField) -> CustomField:
    from dataclasses import replace

    first, second = (other, one) if one.retired and not other.retired else (one, other)
    choices = tuple(dict.fromkeys((*first.form.choices, *second.form.choices)))
    form = replace(first.form, choices=choices, least=None, most=None, required=False)
    return replace(first, form=form)


def holding(key: str, category_id: int | None = None) -> ColumnElement[bool]:
    """The assets that hold a value under a key, of one category or of all; those taken back too: nothing is lost."""
    held: ColumnElement[bool] = type_coerce(Asset.custom, JSON)[key].as_string().is_not(None)
    return held if category_id is None else held & (Asset.category_id == category_id)


def values_under(session: Session, key: str, category_id: int) -> list[Any]:
    """Every value that assets of a category hold under a key."""
    found = session.scalars(select(Asset.custom).where(holding(key, category_id)))
    return [custom[key] for custom in found if key in custom]


@dataclass(frozen=True)
class FieldRow:
    """One field in the list of all: its category and how many assets hold a value under it."""

    id: int
    category: str
    field: CustomField
    values: int


SORTS: dict[str, Any] = {
    "label": CategoryField.label,
    "kind": CategoryField.kind,
    "position": CategoryField.position,
}
_CATEGORY = select(Category.name).where(Category.id == CategoryField.category_id).correlate(CategoryField)


@reads("property", "look at the register")
class FieldList(PagedList[FieldRow]):
    """The custom fields of all categories, narrowed by words."""

    kind = KIND

    def __init__(
        self, words: str = "", sort: str = "label", descending: bool = False, category_id: int | None = None
    ) -> None:
        where = func.lower(CategoryField.label).contains(words.strip().lower(), autoescape=True)
        if category_id is not None:
            where = where & (CategoryField.category_id == category_id)
        lines = select(CategoryField.id, _CATEGORY.scalar_subquery().label("category"), CategoryField)
        super().__init__(lines, CategoryField.id, Sort((SORTS[sort], CategoryField.id), descending), where)

    def is_long(self, session: Session) -> bool:
        """There are few."""
        return False

    def row_of(self, values: Any) -> FieldRow:
        """One line."""
        return FieldRow(values[0], values[1], field_of(values[2]), 0)

    def _read(self, session: Session, wanted: Any) -> Any:
        """The lines with the number of values of each: counted one by one, for a page has few."""
        from dataclasses import replace

        lines = super()._read(session, wanted)
        return [replace(line, row=replace(line.row, values=_count(session, line.row.field))) for line in lines]


def _count(session: Session, field: CustomField) -> int:
    here = (holding(field.key, field.form.category_id), Asset.state != State.TAKEN_BACK)
    return int(session.scalar(select(func.count()).where(*here)) or 0)


@dataclass(frozen=True)
class Shown:
    """One value on a card: what it is called, what it says, and why it is no longer asked for ("" or a word)."""

    label: str
    value: str
    aside: str = ""


def shown_values(session: Session, category_id: int | None, custom: dict[str, Any]) -> tuple[Shown, ...]:
    """The values of an asset in the order of its category's fields; then what other categories or nobody defines."""
    from cbo_desk.property.fields.rules import told

    if category_id is None and not custom:
        return ()
    found = []
    fields = fields_of(session, category_id)
    for field in sorted(fields, key=lambda one: one.retired):
        if field.key in custom:
            aside = "retired" if field.retired else ""
            found.append(Shown(field.form.label, told(field, custom[field.key]), aside))
        elif not field.retired:
            found.append(Shown(field.form.label, ""))
    known = {field.key for field in fields}
    rest = [key for key in custom if key not in known]
    if rest:
        others = fields_by_key(session)
        for key in rest:
            other = others.get(key)
            label = other.form.label if other else key.replace("_", " ")
            found.append(Shown(label, told(other, custom[key]), "of another category"))
    return tuple(found)


def active(fields: Sequence[CustomField]) -> list[CustomField]:
    """The fields that are asked for."""
    return [field for field in fields if not field.retired]
