"""What a supervisor does with the custom fields of categories: define, change, retire and put in order."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.context import now
from cbo_desk.errors import Faults, Refusal
from cbo_desk.permissions import Role, deed
from cbo_desk.property.fields import rules
from cbo_desk.property.fields.queries import KIND, field_of, values_under
from cbo_desk.property.fields.rules import CustomField, FieldForm
from cbo_desk.versions import check_version
from db.custom_fields import CategoryField
from db.property import Category

LABELS = {
    "label": "the name",
    "kind": "the kind",
    "unit": "the unit",
    "choices": "the choices",
    "required": "whether it is needed",
}
_PHRASE = "define fields of categories"


@deed("property.define_field", _PHRASE, Role.SUPERVISOR)
def define_field(session: Session, form: FieldForm) -> Changes:
    """Give a category a further field; its values are kept under a key made of its name."""
    category = _category(session, form)
    key = rules.key_of(form.label)
    _check(session, form, key)
    same = select(CategoryField).where(CategoryField.category_id == category.id, CategoryField.key == key)
    known = session.scalars(same).one_or_none()
    if known is not None:
        words = "a retired field of that name: bring it back" if known.retired_at else "a field of that name already"
        raise Refusal(f"{category.name} has {words}.", "label")
    last = select(func.max(CategoryField.position)).where(CategoryField.category_id == category.id)
    row = CategoryField(category_id=category.id, key=key, position=(session.scalar(last) or 0) + 1)
    _write(row, form)
    session.add(row)
    session.flush()
    said = f"{category.name} now has the field {row.label}."
    return Changes(KIND, (row.id,), said, Deed(retire_field, (row.id, True)))


@deed("property.change_field", _PHRASE, Role.SUPERVISOR)
def change_field(session: Session, field_id: int, version: int, form: FieldForm) -> Changes:
    """Change a field's definition; refused with their number where values of assets would not fit it.

    A name or unit that other categories share is changed there too, since a key means the same everywhere.
    """
    row = _row(session, field_id)
    check_version(session, row, version, row.label, LABELS)
    before = field_of(row)
    _check(session, form, row.key, before)
    if form.kind != before.form.kind or not _is_wider(before.form, form):
        _check_values(session, before, form)
    _write(row, form)
    others = session.scalars(select(CategoryField).where(CategoryField.key == row.key, CategoryField.id != row.id))
    ids = [row.id]
    for other in others.all():
        if (other.label, other.unit) != (row.label, row.unit):
            other.label, other.unit = row.label, row.unit
            ids.append(other.id)
    session.flush()
    back = Deed(change_field, (row.id, row.version, before.form))
    return Changes(KIND, tuple(ids), f"The field {row.label} is changed.", back, {"property.category": ()})


@deed("property.retire_field", _PHRASE, Role.SUPERVISOR)
def retire_field(session: Session, field_id: int, retired: bool = True) -> Changes:
    """No longer ask for a field, or ask for it again; the values stay where they are either way."""
    row = _row(session, field_id)
    if (row.retired_at is not None) == retired:
        raise Refusal(f"{row.label} is {'retired' if retired else 'in use'} already.")
    row.retired_at = now(session) if retired else None
    session.flush()
    said = f"{row.label} is retired; its values stay on the cards." if retired else f"{row.label} is asked for again."
    return Changes(KIND, (row.id,), said, Deed(retire_field, (row.id, not retired)))


@deed("property.move_field", _PHRASE, Role.SUPERVISOR)
def move_field(session: Session, field_id: int, up: bool) -> Changes:
    """Put a field before the one above it, or after the one below it, in its category's order."""
    row = _row(session, field_id)
    wanted = select(CategoryField).where(CategoryField.category_id == row.category_id)
    rows = list(session.scalars(wanted.order_by(CategoryField.position, CategoryField.label, CategoryField.id)))
    at = rows.index(row)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        raise Refusal(f"{row.label} is the {'first' if up else 'last'} field of its category already.")
    rows[at], rows[to] = rows[to], rows[at]
    for place, one in enumerate(rows, 1):
        if one.position != place:
            one.position = place
    session.flush()
    said = f"{row.label} now stands {'before' if up else 'after'} {rows[at].label}."
    return Changes(KIND, tuple(one.id for one in rows), said, Deed(move_field, (field_id, not up)))


def _category(session: Session, form: FieldForm) -> Category:
    category = session.get(Category, form.category_id)
    if category is None:
        raise Refusal("Choose the category that has this field.", "category_id")
    return category


def _row(session: Session, field_id: int) -> CategoryField:
    row = session.get(CategoryField, field_id, with_for_update=True)
    if row is None:
        raise Refusal("This field is no longer there.")
    return row


def _check(session: Session, form: FieldForm, key: str, before: CustomField | None = None) -> None:
    """Refuse a definition that is wrong in itself or at odds with the fields of other categories."""
    from cbo_desk.property.import_fields import FIELDS

    rules.check_definition(
        form, [word for field in FIELDS for word in (field.title, field.name, *field.aliases)] + ["Tag"]
    )
    others = [field_of(row) for row in session.scalars(select(CategoryField)) if before is None or row.id != before.id]
    for other in others:
        if other.key == key and other.form.kind is not form.kind:
            kind = rules.KIND_WORDS[other.form.kind]
            words = f"Another category has {other.form.label} as {kind}. Take the same kind, or another name."
            raise Faults({"label" if before is None else "kind": words})
        if other.key == key and before is None and (other.form.label, other.form.unit) != (form.label, form.unit):
            words = f"Another category writes it {other.title}. Write it alike: a column of a file is one thing."
            raise Faults({"label" if other.form.label != form.label.strip() else "unit": words})
        if other.key != key and other.title.casefold() == _title(form).casefold():
            raise Faults({"label": f"Another category calls a field of its own {other.title}. Choose another name."})


def _title(form: FieldForm) -> str:
    return f"{form.label.strip()} ({form.unit.strip()})" if form.unit.strip() else form.label.strip()


def _is_wider(before: FieldForm, after: FieldForm) -> bool:
    """Whether whatever fitted before fits after, so that no value need be looked at."""
    lower = after.least is None or (before.least is not None and after.least <= before.least)
    higher = after.most is None or (before.most is not None and after.most >= before.most)
    return lower and higher and set(before.choices) <= set(after.choices)


def _check_values(session: Session, before: CustomField, form: FieldForm) -> None:
    values = values_under(session, before.key, before.form.category_id)
    bad = [value for value in values if not rules.fits(form, value)]
    if bad:
        some = f"{len(bad):,} assets hold a value" if len(bad) > 1 else "1 asset holds a value"
        field = "kind" if form.kind is not before.form.kind else "choices" if form.choices else "least"
        example = rules.told(before, bad[0])
        raise Faults({field: f"{some} that this would not take, such as {example}. Change them first."})


def _write(row: CategoryField, form: FieldForm) -> None:
    row.label, row.kind, row.unit = form.label.strip(), str(form.kind), form.unit.strip()
    row.least = None if form.least is None else float(form.least)
    row.most = None if form.most is None else float(form.most)
    row.choices, row.required = [choice.strip() for choice in form.choices], form.required
