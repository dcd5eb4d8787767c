"""The register as a table for a file: the columns an import knows again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cbo_desk.office import Office
from cbo_desk.paging import PAGE
from cbo_desk.permissions import reads
from cbo_desk.property.fields.queries import fields_by_key, holding
from cbo_desk.property.fields.rules import CustomField, FieldKind
from cbo_desk.property.queries import AssetList
from cbo_desk.property.rules import WORDS, State
from cbo_desk.property.touching import KIND
from cbo_desk.tabular import Column
from cbo_desk.tabular.writing import ColumnKind
from cbo_desk.tags.codes import grouped
from db.property import Asset, Category
from db.tags import Tag

COLUMNS = (
    Column("Inventory no."),
    Column("Description"),
    Column("Entity"),
    Column("Category"),
    Column("Maker"),
    Column("Model"),
    Column("Serial"),
    Column("Place"),
    Column("Custodian"),
    Column("Status"),
    Column("Condition"),
    Column("Cost", "money"),
    Column("Currency"),
    Column("Acquired", "date"),
    Column("Received", "date"),
    Column("Warranty until", "date"),
    Column("Purchase order"),
    Column("Fund"),
    Column("Part of"),
    Column("Useful life in months", "integer"),
    Column("Notes"),
    Column("Tag"),
)


_KINDS: Mapping[FieldKind, ColumnKind] = {
    FieldKind.NUMBER: "number",
    FieldKind.DATE: "date",
    FieldKind.YES_NO: "boolean",
}


@dataclass(frozen=True)
class AssetTable:
    """The table of assets as it is when it is written: its columns, those of custom fields last."""

    fields: tuple[CustomField, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The headings, those that an import knows again."""
        more = (Column(field.title, _KINDS.get(field.form.kind, "text")) for field in self.fields)
        return (*COLUMNS, *more)


@reads("property", "export the register")
def asset_table(session: Session) -> AssetTable:
    """The table of assets with a column for each custom field: those asked for, and retired ones that hold values."""
    known = fields_by_key(session).values()
    return AssetTable(tuple(one for one in known if not one.retired or _is_held(session, one.key)))


def _is_held(session: Session, key: str) -> bool:
    return session.scalar(select(Asset.id).where(holding(key)).limit(1)) is not None


def rows(office: Office, listing: AssetList, table: AssetTable = AssetTable()) -> Iterator[tuple[Any, ...]]:
    """Every asset of a list in its order, page by page, so that a million rows need little memory."""
    outline = office.read(listing.outline)
    for start in outline.starts:
        ids = [line.id for line in office.read(listing.page, start, PAGE)]
        yield from office.read(_page, ids, table)


def chosen_rows(office: Office, ids: Sequence[int], table: AssetTable = AssetTable()) -> Iterator[tuple[Any, ...]]:
    """Some assets in the order of their ids as given, page by page; one that is gone by now is left out."""
    for start in range(0, len(ids), PAGE):
        yield from office.read(_page, list(ids[start : start + PAGE]), table)


@reads("property", "export the register")
def _page(session: Session, ids: list[int], table: AssetTable) -> list[tuple[Any, ...]]:
    classes = {row.id: row.name for row in session.execute(select(Category.id, Category.name))}
    tags = select(Tag.subject_id, Tag.code).where(
        Tag.subject_kind == KIND, Tag.subject_id.in_(ids), Tag.ours, Tag.retired_at.is_(None)
    )
    codes = {row.subject_id: row.code for row in session.execute(tags)}
    assets = {asset.id: asset for asset in session.scalars(select(Asset).where(Asset.id.in_(ids)))}
    wholes = {asset.parent_id for asset in assets.values() if asset.parent_id}
    numbers = select(Asset.id, Asset.inventory_no).where(Asset.id.in_(wholes))
    named = {row.id: row.inventory_no for row in session.execute(numbers)} if wholes else {}
    return [
        _row(
            assets[ident],
            classes.get(assets[ident].category_id or 0, ""),
            codes.get(ident, ""),
            named.get(assets[ident].parent_id or 0, ""),
        )
        + tuple(_cell(field, assets[ident].custom.get(field.key)) for field in table.fields)
        for ident in ids
        if ident in assets
    ]


def _cell(field: CustomField, value: Any) -> Any:
    return date.fromisoformat(value) if value is not None and field.form.kind is FieldKind.DATE else value


def _row(asset: Asset, category: str, code: str, whole: str) -> tuple[Any, ...]:
    return (
        asset.inventory_no,
        asset.description,
        asset.entity_code,
        category,
        asset.maker,
        asset.model,
        asset.serial,
        asset.place_code,
        asset.custodian_name,
        WORDS[State(asset.state)],
        asset.condition.capitalize(),
        asset.cost_cents / 100,
        asset.currency,
        asset.acquired_on,
        asset.received_on,
        asset.warranty_until,
        asset.purchase_order,
        asset.fund,
        whole,
        asset.useful_life_months,
        asset.notes,
        grouped(code) if code else "",
    )
