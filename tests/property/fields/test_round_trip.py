"""Custom fields through a file: what is exported is imported unchanged; faults stand at their row and column."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from cbo_desk.imports import Rows
from cbo_desk.property import AssetList, add_category, asset_card, receive_assets
from cbo_desk.property.exporting import asset_table, rows
from cbo_desk.property.fields import FieldForm, FieldKind, define_field, fields_of, retire_field
from cbo_desk.property.importing import ASSETS
from cbo_desk.tabular import Choices, check, suggest_mapping, write_table
from tests.property.conftest import compound, laptop

__all__ = ["compound", "laptop"]


@pytest.fixture
def filled(office, compound, laptop):
    """Two laptops with values of each kind, one of a retired field, and a chair without any."""
    category = office.write(add_category, "LAP", "Laptops").ids[0]
    chairs = office.write(add_category, "CHR", "Chairs").ids[0]
    for form in (
        FieldForm(category, "Memory", FieldKind.NUMBER, "GB", Decimal(1), Decimal(1024), required=True),
        FieldForm(category, "Encrypted", FieldKind.YES_NO),
        FieldForm(category, "Licence ends", FieldKind.DATE),
        FieldForm(category, "Keyboard", FieldKind.CHOICE, choices=("English", "Français")),
        FieldForm(category, "Sticker"),
    ):
        office.write(define_field, form)
    one = replace(
        laptop,
        category_id=category,
        custom={"memory": Decimal("7.5"), "encrypted": False, "licence_ends": date(2027, 2, 3), "sticker": "=1+1, ‘x’"},
    )
    first = office.write(receive_assets, one).ids[0]
    two = replace(one, inventory_no="UNEP-2", serial="", custom={"memory": 16, "keyboard": "Français"})
    office.write(receive_assets, two)
    office.write(receive_assets, replace(laptop, inventory_no="UNEP-3", category_id=chairs, serial=""))
    office.write(retire_field, next(one.id for one in office.read(fields_of, category) if one.key == "sticker"))
    return first


def taken(office, path, **allowed):
    kind = ASSETS.whole(office)
    table = kind.open(path)
    lookup = kind.lookup(office)
    mapping = suggest_mapping(table.names, kind.fields)
    return mapping, check(table, mapping, kind.fields, Choices(**allowed), lookup, rules=lookup.rule)


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx"])
def test_what_is_exported_comes_back_unchanged(office, filled, tmp_path, suffix):
    table = office.read(asset_table)
    path = tmp_path / f"assets.{suffix}"
    write_table(path, table.columns, rows(office, AssetList(), table), title="Assets")
    mapping, preview = taken(office, path)
    named = {name for name in mapping.columns.values() if name.startswith("custom.")}
    assert named == {f"custom.{key}" for key in ("memory", "encrypted", "licence_ends", "keyboard", "sticker")}
    counts = preview.counts
    assert (counts.unchanged, counts.create, counts.update, counts.refused) == (3, 0, 0, 0)


FILE = """Entity,Inventory no.,Description,Category,Memory (GB),Encrypted,Licence ends,Keyboard,Sticker
UNEP,UNEP-1,,,32,yes,2028-01-31,,
UNEP,UNEP-3,,,8,,,,
UNEP,UNEP-2,,,0.5,,,,
UNEP,N-1,Laptop,Laptops,,,,,
UNEP,N-2,Laptop,Laptops,64,no,,english,
UNEP,N-3,Laptop,Laptops,64,perhaps,,,
UNEP,N-4,Laptop,Laptops,64,,,Deutsch,
UNEP,N-5,Laptop,Laptops,64,,,,Note
"""


def test_faults_stand_at_row_and_column_and_good_rows_are_written(office, filled, tmp_path):
    path = tmp_path / "more.csv"
    path.write_text(FILE, encoding="utf-8")
    _mapping, preview = taken(office, path)
    found = {(fault.row, fault.column): fault.what_to_do for fault in preview.faults()}
    assert set(found) == {
        (3, "Memory (GB)"), (4, "Memory (GB)"), (5, "Memory (GB)"), (7, "Encrypted"), (8, "Keyboard"), (9, "Sticker"),
    }  # fmt: skip
    assert found[3, "Memory (GB)"] == "Memory is no field of this category."
    assert found[4, "Memory (GB)"] == "Memory is at least 1 GB."
    assert found[5, "Memory (GB)"] == "Memory is needed."
    assert found[9, "Sticker"] == "Sticker is no longer a field of this category."
    done = office.write(ASSETS.command, Rows("more.csv", lambda: preview.ready(100)))
    assert done.said == "more.csv: 1 assets created, 1 updated."
    card = office.read(asset_card, filled)
    assert card.form.custom == {"memory": 32, "encrypted": True, "licence_ends": "2028-01-31", "sticker": "=1+1, ‘x’"}
    (new,) = [line.id for line in office.read(AssetList().first) if line.row.inventory_no == "N-2"]
    assert office.read(asset_card, new).form.custom == {"memory": 64, "encrypted": False, "keyboard": "English"}
