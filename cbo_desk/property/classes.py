"""The categories of property: their useful lives, and whether their things are attractive; kept by a supervisor."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.changes import Changes, Deed
from cbo_desk.errors import Faults, Refusal
from cbo_desk.permissions import Role, deed, reads
from cbo_desk.versions import check_version
from db.property import Category

CATEGORY = "property.category"
LONGEST_LIFE = 1200
_LABELS = {"code": "the code", "name": "the name", "useful_life_months": "the useful life", "attractive": "attractive"}


@dataclass(frozen=True)
class CategoryForm:
    """What a person says about a category: its useful life in months, and whether its things are attractive.

    Attractive are things that are small, portable and wanted by others: they are tracked from a lower cost.
    """

    code: str
    name: str
    useful_life_months: int = 60
    attractive: bool = False


@dataclass(frozen=True)
class CategoryRow:
    """One category with what is written about it; `version` goes back with a change."""

    id: int
    version: int
    form: CategoryForm


@deed("property.add_category", "add categories", Role.SUPERVISOR)
def add_category(
    session: Session, code: str, name: str, useful_life_months: int = 60, attractive: bool = False
) -> Changes:
    """Add a class of property."""
    form = CategoryForm(code.strip().upper(), name.strip(), useful_life_months, attractive)
    _check(session, form)
    category = Category(code=form.code, name=form.name, useful_life_months=useful_life_months, attractive=attractive)
    session.add(category)
    session.flush()
    return Changes(CATEGORY, (category.id,), f"Category {category.name} added.")


@deed("property.edit_category", "change categories", Role.SUPERVISOR)
def edit_category(session: Session, category_id: int, version: int, form: CategoryForm) -> Changes:
    """Change a class of property; its useful life counts for what has none of its own and no policy says otherwise."""
    category = session.get(Category, category_id, with_for_update=True)
    if category is None:
        raise Refusal("This category is no longer there.")
    check_version(session, category, version, category.name, _LABELS)
    before = _form_of(category)
    form = CategoryForm(form.code.strip().upper(), form.name.strip(), form.useful_life_months, form.attractive)
    _check(session, form, category_id)
    if form == before:
        return Changes(CATEGORY, (), f"{category.name}: nothing changed.")
    category.code, category.name = form.code, form.name
    category.useful_life_months, category.attractive = form.useful_life_months, form.attractive
    session.flush()
    back = Deed(edit_category, (category_id, category.version, before))
    return Changes(CATEGORY, (category_id,), f"Category {category.name} saved.", back)


@reads("property", "look at the register")
def category_rows(session: Session) -> list[CategoryRow]:
    """Every category with what is written about it, by name."""
    return [CategoryRow(row.id, row.version, _form_of(row)) for row in session.scalars(_BY_NAME)]


_BY_NAME = select(Category).order_by(Category.name, Category.id)


def _form_of(row: Category) -> CategoryForm:
    return CategoryForm(row.code, row.name, row.useful_life_months, row.attractive)


def _check(session: Session, form: CategoryForm, but_id: int = 0) -> None:
    faults = {}
    if not form.code:
        faults["code"] = "A category needs a code and a name."
    elif session.scalar(select(Category.id).where(Category.code == form.code, Category.id != but_id)) is not None:
        faults["code"] = f"Another category has the code {form.code}. Choose another one."
    if not form.name:
        faults["name"] = "A category needs a code and a name."
    if not 0 <= form.useful_life_months <= LONGEST_LIFE:
        faults["months"] = f"A useful life is between 0 and {LONGEST_LIFE:,} months."
    if faults:
        raise Faults(faults)
