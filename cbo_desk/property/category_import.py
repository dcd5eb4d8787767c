"""A file of categories: checked row by row, written in one transaction, known by their codes; and their list as one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.errors import Refusal
from cbo_desk.imports import Importable, Rows
from cbo_desk.office import Office
from cbo_desk.people.rules import code_from
from cbo_desk.permissions import Role, deed, reads
from cbo_desk.plurals import Count
from cbo_desk.progress import Progress
from cbo_desk.property.classes import CATEGORY, LONGEST_LIFE, CategoryForm, add_category, category_rows, edit_category
from cbo_desk.tabular import Column, Field
from db.property import Asset, Category

FIELDS = (
    Field("code", "Code", "identifier", required=True, key=True, aliases=("Category code", "Class", "Class code"),
          if_blank="A category needs a code and a name."),
    Field("name", "Name", required=True, aliases=("Category", "Class name", "Description", "Nom", "Nombre"),
          if_blank="A category needs a code and a name."),
    Field("useful_life_months", "Useful life in months", "integer", aliases=("Useful life", "Life in months"), least=0),
    Field("attractive", "Attractive", "boolean", aliases=("Attractive items", "Tracked", "Portable")),
)  # fmt: skip
CATEGORY_COLUMNS = (Column("Code"), Column("Name"), Column("Useful life in months", "integer"), Column("Attractive"))


class CategoryLookup:
    """Answers an import's questions from the categories (see `tabular.Lookup`)."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def existing(self, keys: Sequence[Any], names: Sequence[str]) -> Mapping[Any, tuple[Any, ...]]:
        """The categories that are there, by code."""
        known = {_code(row.form.code): row.form for row in self._office.read(category_rows)}
        found: dict[Any, tuple[Any, ...]] = {}
        for key in keys:
            form = known.get(_code(key))
            if form is not None:
                found[key] = tuple(key if name == "code" else getattr(form, name) for name in names)
        return found

    def resolve(self, _name: str, _texts: Sequence[str]) -> Mapping[str, Any]:
        """Categories refer to nothing."""
        return {}

    def rule(self, _outcome: str, values: Mapping[str, Any], _before: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What is wrong with a whole row (see `tabular.RowRule`)."""
        if (values.get("useful_life_months") or 0) > LONGEST_LIFE:
            yield "useful_life_months", f"A useful life is between 0 and {LONGEST_LIFE:,} months."


@reads("property", "look at the register")
def category_table(session: Session) -> list[tuple[str, str, int, str]]:
    """Every category as the lines of a file, by name."""
    forms = [row.form for row in category_rows(session)]
    return [(form.code, form.name, form.useful_life_months, "Yes" if form.attractive else "No") for form in forms]


@deed("property.import_categories", "import categories", Role.SUPERVISOR)
def import_categories(session: Session, rows: Rows, progress: Progress | None = None) -> Changes:
    """Create and change the categories that a checked file names."""
    created: list[int] = []
    updated: list[int] = []
    known = {_code(row.code): row for row in session.scalars(select(Category))}
    for batch in rows:
        for row in batch:
            there = known.get(_code(row.key))
            if (there is not None) != (row.outcome == "update"):
                raise Refusal("The categories have changed since the file was checked. Check the file again.")
            if there is None:
                form = _form(CategoryForm(row.key, ""), row.values)
                created += add_category(session, form.code, form.name, form.useful_life_months, form.attractive).ids
            else:
                before = CategoryForm(there.code, there.name, there.useful_life_months, there.attractive)
                edit_category(session, there.id, there.version, _form(before, row.values))
                updated.append(there.id)
        if progress is not None:
            progress.report(len(created) + len(updated))
    said = f"{rows}: {Count(len(created)):category|categories} created, {len(updated):,} updated."
    return Changes(CATEGORY, (*created, *updated), said)


@deed("property.add_named_categories", "add categories", Role.SUPERVISOR)
def add_named_categories(session: Session, names: Sequence[str]) -> Changes:
    """Add the categories that a file names and nobody knows, each under a code made of its name."""
    taken = {_code(code) for code in session.scalars(select(Category.code))}
    ids: list[int] = []
    for name in dict.fromkeys(names):
        code = code_from(name, taken)
        taken.add(code)
        ids += add_category(session, code, name).ids
    undo = Deed(remove_named_categories, (tuple(ids),))
    return Changes(CATEGORY, tuple(ids), f"{Count(len(ids)):category|categories} added.", undo)


@deed("property.remove_named_categories", "remove categories", Role.SUPERVISOR)
def remove_named_categories(session: Session, ids: Sequence[int]) -> Changes:
    """Remove categories that nothing is of yet."""
    if session.scalar(select(Asset.id).where(Asset.category_id.in_(ids)).limit(1)) is not None:
        raise Refusal("Something is of these categories by now, so they stay.")
    for row in session.scalars(select(Category).where(Category.id.in_(ids))).all():
        session.delete(row)
    return Changes(CATEGORY, tuple(ids), f"{Count(len(ids)):category|categories} removed.")


def _form(before: CategoryForm, values: Mapping[str, Any]) -> CategoryForm:
    life = values.get("useful_life_months")
    return CategoryForm(
        before.code,
        values.get("name") or before.name,
        before.useful_life_months if life is None else int(life),
        before.attractive if values.get("attractive") is None else bool(values["attractive"]),
    )


def _code(text: str) -> str:
    return text.strip().upper()


CATEGORIES = Importable("categories", CATEGORY, FIELDS, CategoryLookup, import_categories)
